/** Rows read from the store, opened by the vault, as the memory holds them. */
import type { Connection } from './connection';
import type { OutboxRow, PhoneDatabase, SentRow } from './database';
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

/** Revisions of the named submissions, or all (`null`), in outbox and sent. */
export async function loadOwn(store: Store, submissions: string[] | null): Promise<OwnRevision[]> {
  const { outbox, sent } = await store.connection.run((database) =>
    database.transaction('r', database.outbox, database.sent, async () => {
      if (submissions === null) {
        return { outbox: await database.outbox.toArray(), sent: await database.sent.toArray() };
      }
      const outbox: OutboxRow[] = [];
      const sent: SentRow[] = [];
      for (const id of new Set(submissions)) {
        const [lower, upper] = [
          [id, 0],
          [id, Infinity],
        ];
        outbox.push(...(await database.outbox.where('[id+revision]').between(lower, upper).toArray()));
        sent.push(...(await database.sent.where('[id+revision]').between(lower, upper).toArray()));
      }
      return { outbox, sent };
    }),
  );
  return Promise.all([
    ...outbox.map(async (row) => fromOutbox(row, await openRevision(store.vault, row.body))),
    ...sent.map(async (row) => fromSent(row, await openRevision(store.vault, row.body))),
  ]);
}
