/**
 * An item of a feed between memory and store. Its body is kept as the text that it is, and beside it what counting needs of a door: a
 * start copies strings, and reads only the doors that a screen shows. Both pass the vault.
 */
import type { ItemRow } from './database';
import { doorHead, type DoorHead } from './door-head';
import type { HeldItem, ItemRef } from './items-memory';
import type { Vault } from './vault';

/** What the vault keeps of an item. */
type ItemBody = { text: string; head: DoorHead | null };

/** An item as it came: `body` is JSON. */
export function itemOf(ref: ItemRef, version: number, body: unknown): HeldItem {
  const { feed, type, id } = ref;
  return { feed, type, id, version, body, head: type === 'dwelling' ? doorHead(body) : null };
}

export async function itemRow(vault: Vault, { feed, type, id, version, body, head }: HeldItem): Promise<ItemRow> {
  const kept: ItemBody = { text: JSON.stringify(body), head };
  return { feed, type, id, version, body: await vault.seal(kept) };
}

/** Rejects when the row's body was not sealed by this vault. */
export async function openItemRow(vault: Vault, { feed, type, id, version, body }: ItemRow): Promise<HeldItem> {
  const { text, head } = (await vault.open(body)) as ItemBody; // written by `itemRow`
  return new StoredItem({ feed, type, id }, version, text, head);
}

/** Read from its text when somebody asks for the body. */
class StoredItem implements HeldItem {
  readonly feed: string;
  readonly type: string;
  readonly id: string;
  readonly version: number;
  readonly head: DoorHead | null;
  #text: string | null;
  #body: unknown = null;

  constructor({ feed, type, id }: ItemRef, version: number, text: string, head: DoorHead | null) {
    this.feed = feed;
    this.type = type;
    this.id = id;
    this.version = version;
    this.head = head;
    this.#text = text;
  }

  get body(): unknown {
    if (this.#text !== null) {
      this.#body = JSON.parse(this.#text);
      this.#text = null;
    }
    return this.#body;
  }
}
