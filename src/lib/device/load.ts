/** Rows read from the store, opened by the vault, as the memory holds them. */
import type { Connection } from './connection';
import type { PhoneDatabase } from './database';
import type { Table } from './dexie';
import { openItemRow } from './item-row';
import type { HeldItem, ItemRef } from './items-memory';
import { fromOutbox, fromSent, type OwnRevision } from './own-revision';
import type { Draft } from './phone';
import { openRevision } from './revision-body';
import type { OfficeTime } from './sync-loop';
import type { Vault } from './vault';

type Store = { connection: Connection<PhoneDatabase>; vault: Vault };

/** All that a phone starts from. */
export type Loaded = {
  items: HeldItem[];
  revisions: OwnRevision[];
  drafts: Draft[];
  /** Null before the first complete sync. */
  lastSyncedAt: OfficeTime | null;
  /** The office took this phone out of use. */
  stopped: boolean;
};

/** The named items as they are now, or all (`null`); what is not there any more is named as gone. */
export async function loadItems(store: Store, refs: ItemRef[] | null): Promise<{ put: HeldItem[]; gone: ItemRef[] }> {
  const rows = await store.connection.run((database) =>
    refs === null
      ? database.items.toArray()
      : database.items.bulkGet(refs.map(({ feed, type, id }): [string, string, string] => [feed, type, id])),
  );
  const held = rows.filter((row) => row !== undefined);
  const put = await Promise.all(held.map((row) => openItemRow(store.vault, row)));
  const gone = refs === null ? [] : refs.filter((_, index) => rows[index] === undefined);
  return { put, gone };
}

/**
 * Revisions of the named submissions, or all (`null`), in outbox and sent. `known`: as the memory has it, so that a text which was read
 * before is not read again.
 */
export async function loadOwn(
  store: Store,
  submissions: string[] | null,
  known: (row: { id: string; revision: number }) => OwnRevision | undefined = () => undefined,
): Promise<OwnRevision[]> {
  const { outbox, sent } = await store.connection.run((database) =>
    database.transaction('r', database.outbox, database.sent, async () => {
      if (submissions === null) {
        return { outbox: await database.outbox.toArray(), sent: await database.sent.toArray() };
      }
      const ids = [...new Set(submissions)];
      const [outbox, sent] = await Promise.all([revisionsOf(database.outbox, ids), revisionsOf(database.sent, ids)]);
      return { outbox, sent };
    }),
  );
  return Promise.all([
    ...outbox.map(async (row) => fromOutbox(row, await openRevision(store.vault, row.body), known(row))),
    ...sent.map(async (row) => fromSent(row, await openRevision(store.vault, row.body), known(row))),
  ]);
}

/** Asked for all at once: one after the other, a turn to the store each would keep a long push waiting for seconds. */
async function revisionsOf<Row>(table: Table<Row, [string, number]>, submissions: string[]): Promise<Row[]> {
  const rows = submissions.map((id) => table.where('[id+revision]').between([id, 0], [id, Infinity]).toArray());
  return (await Promise.all(rows)).flat();
}
