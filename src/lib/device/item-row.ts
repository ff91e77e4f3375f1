/**
 * An item of a feed between memory and store. Its body is kept as the text that it is, in UTF-8, and beside it what counting needs of a
 * door: a start copies bytes, and reads only the doors that a screen shows. (A text with one Chinese character in it would be stored with
 * two bytes for each letter, and every start would copy them all into the memory that is searched for garbage.) Both pass the vault.
 */
import type { ItemRow } from './database';
import { doorHead, type DoorHead } from './door-head';
import type { HeldItem, ItemRef } from './items-memory';
import type { Vault } from './vault';

/** What the vault keeps of an item: its JSON in UTF-8, and what counting needs. */
type ItemBody = { json: Uint8Array; head: DoorHead | null };

const utf8 = { encoder: new TextEncoder(), decoder: new TextDecoder() };

/** An item as it came: `body` is JSON. */
export function itemOf(ref: ItemRef, version: number, body: unknown): HeldItem {
  const { feed, type, id } = ref;
  return { feed, type, id, version, body, head: type === 'dwelling' ? doorHead(body) : null };
}

export async function itemRow(vault: Vault, { feed, type, id, version, body, head }: HeldItem): Promise<ItemRow> {
  const kept: ItemBody = { json: utf8.encoder.encode(JSON.stringify(body)), head };
  return { feed, type, id, version, body: await vault.seal(kept) };
}

/** Rejects when the row's body was not sealed by this vault. */
export async function openItemRow(vault: Vault, { feed, type, id, version, body }: ItemRow): Promise<HeldItem> {
  const { json, head } = (await vault.open(body)) as ItemBody; // written by `itemRow`
  return new StoredItem({ feed, type, id }, version, json, head);
}

/** Read from its text when somebody asks for the body. */
class StoredItem implements HeldItem {
  readonly feed: string;
  readonly type: string;
  readonly id: string;
  readonly version: number;
  readonly head: DoorHead | null;
  #json: Uint8Array | null;
  #body: unknown = null;

  constructor({ feed, type, id }: ItemRef, version: number, json: Uint8Array, head: DoorHead | null) {
    this.feed = feed;
    this.type = type;
    this.id = id;
    this.version = version;
    this.head = head;
    this.#json = json;
  }

  get body(): unknown {
    if (this.#json !== null) {
      this.#body = JSON.parse(utf8.decoder.decode(this.#json));
      this.#json = null;
    }
    return this.#body;
  }
}
