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

/** So many rows for each that is wanted are read rather than asked for one by one. */
const SPAN_FACTOR = 4;

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

/**
 * Of one batch of a push the ids lie side by side, being told by time: one question brings them all. Where much else lies between, each is asked for
 * by itself, and all at once: one after the other, a turn to the store each would keep a long push waiting for seconds.
 */
async function revisionsOf<Row extends { id: string }>(
  table: Table<Row, [string, number]>,
  submissions: string[],
): Promise<Row[]> {
  const sorted = [...submissions].sort();
  const [first, last] = [sorted.at(0), sorted.at(-1)];
  if (first === undefined || last === undefined) return [];
  const span = table.where('[id+revision]').between([first, 0], [last, Infinity]);
  if (sorted.length > 1 && (await span.count()) <= SPAN_FACTOR * sorted.length) {
    const wanted = new Set(sorted);
    return (await span.toArray()).filter(({ id }) => wanted.has(id));
  }
  const rows = sorted.map((id) => table.where('[id+revision]').between([id, 0], [id, Infinity]).toArray());
  return (await Promise.all(rows)).flat();
}
