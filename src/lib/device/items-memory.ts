/** What the feeds brought, in memory: by type and id, and under each id by feed (DEV-16). Bodies stay as they came (FEED-7). */
import type { DoorHead } from './door-head';

export type ItemRef = { feed: string; type: string; id: string };
/** `head`: of a door, what counting needs; null for all else and for what is no door. */
export type HeldItem = ItemRef & { readonly version: number; readonly body: unknown; readonly head: DoorHead | null };

export class ItemsMemory {
  #types = new Map<string, Map<string, Map<string, HeldItem>>>();

  put(item: HeldItem): void {
    let ids = this.#types.get(item.type);
    if (!ids) this.#types.set(item.type, (ids = new Map()));
    let feeds = ids.get(item.id);
    if (!feeds) ids.set(item.id, (feeds = new Map()));
    // Set anew at the end: of a door told in two feeds, what came last is shown.
    feeds.delete(item.feed);
    feeds.set(item.feed, item);
  }

  remove({ feed, type, id }: ItemRef): void {
    const ids = this.#types.get(type);
    const feeds = ids?.get(id);
    if (!ids || !feeds?.delete(feed)) return;
    if (feeds.size === 0) ids.delete(id);
  }

  /** Empties one feed; answers with what went. */
  removeFeed(feed: string): ItemRef[] {
    const gone: ItemRef[] = [];
    for (const ids of this.#types.values()) {
      for (const feeds of ids.values()) {
        const item = feeds.get(feed);
        if (item) gone.push(item);
      }
    }
    for (const item of gone) this.remove(item);
    return gone;
  }

  /** The item that is shown under this id, `null` when no feed holds one. */
  get(type: string, id: string): HeldItem | null {
    let last: HeldItem | null = null;
    for (const item of this.#types.get(type)?.get(id)?.values() ?? []) last = item;
    return last;
  }

  ids(type: string): string[] {
    return [...(this.#types.get(type)?.keys() ?? [])];
  }

  /** All that is held, for a change that tells nothing more exact than "anything". */
  all(): ItemRef[] {
    const refs: ItemRef[] = [];
    for (const ids of this.#types.values()) for (const feeds of ids.values()) refs.push(...feeds.values());
    return refs;
  }
}
