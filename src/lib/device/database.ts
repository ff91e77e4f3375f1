/**
 * The phone's database, one an account (DEV-13). Rows have ids, types, versions and states as keys; everything else is
 * one `body` that passes the vault. Migrations only add or convert; none drops a table with unsent work.
 */
import { Dexie, type Table } from './dexie';
import type { Sealed } from './vault';

/** What a feed brought; kept by (feed, type, id) so that a door which moves is never lost to an order (DEV-16). */
export type ItemRow = { feed: string; type: string; id: string; version: number; body: Sealed };
/** The highest version stored of a feed. */
export type CursorRow = { feed: string; version: number };
export type DraftRow = {
  id: string;
  submissionId: string;
  kind: string;
  targetType: string;
  targetId: string;
  body: Sealed;
};
/** A revision that waits for its receipt; `body` is a `RevisionBody`. */
export type OutboxRow = {
  id: string;
  revision: number;
  /** Place in the queue. */
  order: number;
  digest: string;
  state: 'waiting' | 'set-aside';
  /** 1 from before the first request that carried it (DEV-15). */
  handedOver: 0 | 1;
  /** Stands in a rescue file that was given out, from before it was (DEV-15). */
  inFile?: true;
  /** Of its JSON text, UTF-8. */
  bytes: number;
  /** App version that set it aside: a newer one tries again (DEV-10). */
  setAsideBy: string | null;
  body: Sealed;
};
/** A revision with its receipt, and the epoch of the answer that brought it (DEV-3). */
export type SentRow = {
  id: string;
  revision: number;
  order: number;
  digest: string;
  bytes: number;
  epoch: string;
  status: 'stored' | 'quarantined';
  /** 1 once the account feed had its `submission` after the receipt (DEV-4). */
  held: 0 | 1;
  body: Sealed;
};
export type MetaRow = { key: string; value: string | number };

export class PhoneDatabase extends Dexie {
  declare readonly items: Table<ItemRow, [string, string, string]>;
  declare readonly cursors: Table<CursorRow, string>;
  declare readonly drafts: Table<DraftRow, string>;
  declare readonly outbox: Table<OutboxRow, [string, number]>;
  declare readonly sent: Table<SentRow, [string, number]>;
  declare readonly meta: Table<MetaRow, string>;

  constructor(accountId: string) {
    // strict: what the interface calls saved is on the disk, not in a cache of the system (architecture.md, Durability).
    super(databaseName(accountId), { chromeTransactionDurability: 'strict' });
    this.version(1).stores({
      items: '[feed+type+id]',
      cursors: 'feed',
      drafts: 'id',
      outbox: '[id+revision], order',
      sent: '[id+revision], epoch, held',
      meta: 'key',
    });
  }
}

export function databaseName(accountId: string): string {
  return `qiaomen-${accountId}`;
}

/** Key range of all items of one feed. */
export function itemsOfFeed(feed: string): [lower: unknown[], upper: unknown[]] {
  return [[feed], [feed, Dexie.maxKey]];
}
