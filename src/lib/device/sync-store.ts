/** The loop's store over the phone's database: each of its verbs is one transaction, and what it changed is told afterwards. */
import { limits, type Change, type FeedAnswer, type SyncResponse } from '../sync/protocol';
import type { Connection } from './connection';
import { itemsOfFeed, type ItemRow, type OutboxRow, type PhoneDatabase, type SentRow } from './database';
import { itemOf, itemRow } from './item-row';
import type { HeldItem, ItemRef } from './items-memory';
import { revisionKey, type RevisionKey } from './own-revision';
import { RESCUE_KEY, rescueKeyIn } from './rescue-key';
import { openRevision, sealRevision } from './revision-body';
import type { Handed, Offered, Question, Queued } from './question';
import type { OfficeTime, SyncStore, Taken } from './sync-loop';
import { removeUnneededSent } from './sent';
import { isStopped, STOPPED } from './stopped';
import type { Vault } from './vault';

/** What a transaction of the loop changed, for the memory and for other tabs. */
export type StoreChange =
  | { kind: 'items'; emptied: string[]; put: HeldItem[]; gone: ItemRef[] }
  | { kind: 'own'; submissions: string[] }
  /** The office took this phone out of use, or back into it. */
  | { kind: 'stopped'; stopped: boolean }
  | { kind: 'erased' };

type Parts = {
  accountId: string;
  connection: Connection<PhoneDatabase>;
  vault: Vault;
  app: string;
  /** Revisions in one request at most. */
  pushAtMost: number;
  changed: (change: StoreChange) => void;
};
type Key = [string, number];

export function makeSyncStore({ accountId, connection, vault, app, pushAtMost, changed }: Parts): SyncStore {
  const accountFeed = `account/${accountId}`;
  /** What the last plan read of the queue, so that handing it over need not read it again. */
  let planned: OutboxRow[] = [];

  async function plan(): Promise<Awaited<ReturnType<SyncStore['plan']>>> {
    return connection.run((database) =>
      database.transaction('r', database.outbox, database.sent, database.cursors, database.meta, async () => {
        const epoch = await readEpoch(database);
        const [waiting, all, cursors, older] = await Promise.all([
          oldestWaiting(database, 3 * pushAtMost + 1), // two under way and one made ready; one more, to know that something is left
          database.outbox.count(),
          database.cursors.limit(limits.have).toArray(),
          epoch === null ? [] : sentInOthers(database, epoch, limits.offer),
        ]);
        planned = waiting;
        return {
          epoch,
          have: Object.fromEntries(cursors.map(({ feed, version }) => [feed, version])),
          queue: waiting.map(({ id, revision, bytes }): Queued => ({ id, revision, bytes })),
          waiting: all,
          offer: older.map(({ id, revision, digest }): Offered => ({ id, revision, digest })),
        };
      }),
    );
  }

  async function handOver(queued: Queued[]): Promise<Handed[]> {
    if (queued.length === 0) return [];
    const keys = queued.map(({ id, revision }): Key => [id, revision]);
    const asked = new Set(queued.map(revisionKey));
    const read = planned.filter((row) => asked.has(revisionKey(row)));
    const rows = read.length === keys.length ? read : await connection.run((database) => database.outbox.bulkGet(keys));
    const handed = await Promise.all(
      rows
        .filter((row) => row !== undefined)
        .map(async ({ id, revision, digest, body }) => ({
          id,
          revision,
          digest,
          text: (await openRevision(vault, body)).text,
        })),
    );
    const kept = await connection.run((database) =>
      database.transaction('rw', database.outbox, async () => {
        // What was thrown away in between does not go, also where another was saved under its number.
        const now = (await database.outbox.bulkGet(keys)).filter(
          (row) => row !== undefined && handed.some(({ digest }) => digest === row.digest),
        );
        const fresh = now.flatMap((row) => (row?.handedOver === 0 ? [row] : []));
        if (fresh.length > 0) await database.outbox.bulkPut(fresh.map((row) => ({ ...row, handedOver: 1 })));
        return { digests: new Set(now.map((row) => row?.digest)), fresh };
      }),
    );
    if (kept.fresh.length > 0) changed({ kind: 'own', submissions: kept.fresh.map(({ id }) => id) });
    return handed.filter(({ digest }) => kept.digests.has(digest));
  }

  async function settle(question: Question, answer: SyncResponse): Promise<number> {
    if (answer.receipts.length === 0 && question.offer.length === 0) return 0;
    const problems = await sealProblems(answer);
    const wanted = new Set(answer.wanted.map(revisionKey));
    const submissions = await connection.run((database) =>
      database.transaction('rw', database.outbox, database.sent, async () => {
        const keyOf = ({ id, revision }: Offered): Key => [id, revision];
        const [waiting, offered] = await Promise.all([
          database.outbox.bulkGet(answer.receipts.map(keyOf)),
          database.sent.bulkGet(question.offer.map(keyOf)),
        ]);
        const received = new Map<RevisionKey, SentRow>();
        for (const [index, { digest, status }] of answer.receipts.entries()) {
          const row = waiting[index];
          if (!row || row.digest !== digest) continue; // leaves only by a receipt with its digest (DEV-3)
          const { id, revision, order, bytes } = row;
          const body = problems.get(digest) ?? row.body;
          const sent = { id, revision, order, digest, bytes, epoch: answer.epoch, status, held: 0 as const, body };
          received.set(revisionKey(row), sent);
        }
        const kept = offered.flatMap((row, index) => {
          const isOlder = row?.digest === question.offer[index]?.digest && row?.epoch !== answer.epoch;
          return row && isOlder && !received.has(revisionKey(row)) ? [row] : [];
        });
        const isWanted = (row: SentRow) => wanted.has(revisionKey(row));
        const back = kept.filter(isWanted).map(waitingAgain);
        const stays = kept.filter((row) => !isWanted(row)).map((row): SentRow => ({ ...row, epoch: answer.epoch }));
        await Promise.all([
          database.outbox.bulkDelete([...received.values()].map(keyOf)),
          database.sent.bulkDelete(back.map(keyOf)),
          database.sent.bulkPut([...received.values(), ...stays]),
          database.outbox.bulkPut(back),
        ]);
        return [...received.values(), ...kept].map(({ id }) => id);
      }),
    );
    if (submissions.length > 0) changed({ kind: 'own', submissions: [...new Set(submissions)] });
    return submissions.length;
  }

  /** Bodies with the problems of their receipts, sealed before the transaction opens; by digest. */
  async function sealProblems(answer: SyncResponse): Promise<Map<string, OutboxRow['body']>> {
    const told = answer.receipts.filter((receipt) => receipt.problems && receipt.problems.length > 0);
    const keys = told.map(({ id, revision }): Key => [id, revision]);
    const rows = keys.length === 0 ? [] : await connection.run((database) => database.outbox.bulkGet(keys));
    const sealed = new Map<string, OutboxRow['body']>();
    for (const [index, row] of rows.entries()) {
      const problems = told[index]?.problems;
      if (!row || !problems) continue;
      const { text } = await openRevision(vault, row.body);
      sealed.set(row.digest, await sealRevision(vault, { text, problems }));
    }
    return sealed;
  }

  async function take(question: Question, answer: SyncResponse): Promise<Taken> {
    const newEpoch = question.epoch !== null && question.epoch !== answer.epoch;
    const feeds = answer.feeds
      .map((feed) => ({ ...feed, empty: feed.reset === true || newEpoch, from: question.have[feed.id] }))
      .filter(({ empty, version, from }) => empty || from === undefined || version >= from);
    const lost = newEpoch
      ? Object.keys(question.have).filter((id) => !answer.feeds.some((feed) => feed.id === id))
      : [];
    const left = [...answer.left, ...lost];
    const prepared = await Promise.all(feeds.map(async (feed) => ({ ...feed, ...(await prepareChanges(feed)) })));
    const moved =
      question.epoch !== answer.epoch ||
      left.length > 0 ||
      feeds.some(({ empty, version, from }) => empty || version !== from);
    const ofOwn = feeds.find((feed) => feed.id === accountFeed);
    const spokeOfOwn =
      ofOwn !== undefined &&
      (ofOwn.empty || ofOwn.changes.length > 0 || answer.receipts.length > 0 || question.offer.length > 0);
    if (!moved && !spokeOfOwn) return { moved: false, stored: 0, stale: false };
    const onlyHandsOver = answer.feeds.length === 0;

    const rescueKey = rescueKeyIn(prepared.flatMap((feed) => feed.items));
    const outcome = await connection.run((database) =>
      database.transaction('rw', database.items, database.cursors, database.meta, database.sent, async () => {
        if (!(await isAsAsked(database, question))) return null;
        const turned = (await isStopped(database)) !== onlyHandsOver;
        if (turned) await database.meta.put({ key: STOPPED, value: onlyHandsOver ? 1 : 0 });
        for (const feed of [...left, ...prepared.filter(({ empty }) => empty).map(({ id }) => id)]) {
          await database.items
            .where('[feed+type+id]')
            .between(...itemsOfFeed(feed))
            .delete();
        }
        await database.cursors.bulkDelete(left);
        for (const feed of prepared) {
          await database.items.bulkDelete(
            feed.gone.map((ref): [string, string, string] => [ref.feed, ref.type, ref.id]),
          );
          await database.items.bulkPut(feed.rows);
        }
        await database.cursors.bulkPut(prepared.map(({ id: feed, version }) => ({ feed, version })));
        await database.meta.put({ key: 'epoch', value: answer.epoch });
        if (rescueKey !== null) await database.meta.put({ key: RESCUE_KEY, value: rescueKey });
        if (!spokeOfOwn) return { removed: [], turned };
        const told = answer.feeds.find((feed) => feed.id === accountFeed)?.more === false;
        return { removed: await removeUnneededSent(database, accountFeed, told ? answer.epoch : null), turned };
      }),
    );
    if (!outcome) return { moved: false, stored: 0, stale: true };
    const put = prepared.flatMap((feed) => feed.items);
    const gone = prepared.flatMap((feed) => feed.gone);
    const emptied = [...left, ...prepared.filter(({ empty }) => empty).map(({ id }) => id)];
    if (emptied.length + put.length + gone.length > 0) changed({ kind: 'items', emptied, put, gone });
    if (outcome.removed.length > 0) changed({ kind: 'own', submissions: outcome.removed });
    if (outcome.turned) changed({ kind: 'stopped', stopped: onlyHandsOver });
    return { moved, stored: put.length, stale: false };
  }

  async function prepareChanges(feed: FeedAnswer): Promise<{ rows: ItemRow[]; items: HeldItem[]; gone: ItemRef[] }> {
    const latest = new Map<string, Change>();
    for (const change of feed.changes) latest.set(`${change.type}/${change.id}`, change);
    const items: HeldItem[] = [];
    const gone: ItemRef[] = [];
    for (const change of latest.values()) {
      const { type, id, version } = change;
      if ('gone' in change) gone.push({ feed: feed.id, type, id });
      else items.push(itemOf({ feed: feed.id, type, id }, version, change.body));
    }
    const rows = await Promise.all(items.map((item) => itemRow(vault, item)));
    return { rows, items, gone };
  }

  async function setAside({ id, revision }: Queued): Promise<void> {
    await connection.run((database) => database.outbox.update([id, revision], { state: 'set-aside', setAsideBy: app }));
    changed({ kind: 'own', submissions: [id] });
  }

  async function sendLast({ id, revision }: Queued): Promise<void> {
    await connection.run((database) =>
      database.transaction('rw', database.outbox, database.meta, async () => {
        const last = (await database.meta.get('order'))?.value;
        const order = (typeof last === 'number' ? last : 0) + 1;
        await database.outbox.update([id, revision], { order });
        await database.meta.put({ key: 'order', value: order });
      }),
    );
    changed({ kind: 'own', submissions: [id] });
  }

  async function erase(epoch: string | null): Promise<void> {
    await connection.run((database) => {
      const { items, cursors, sent, outbox, meta } = database;
      return database.transaction('rw', items, cursors, sent, outbox, meta, async () => {
        const older = epoch === null ? [] : await sentInOthers(database, epoch, Infinity);
        await outbox.bulkPut(older.map(waitingAgain));
        await Promise.all([items.clear(), cursors.clear(), sent.clear()]);
        await meta.put({ key: STOPPED, value: 1 });
      });
    });
    changed({ kind: 'erased' });
    changed({ kind: 'stopped', stopped: true });
  }

  async function finished({ clock, ahead }: OfficeTime): Promise<void> {
    await connection.run((database) =>
      database.meta.bulkPut([
        { key: 'lastSyncedAt', value: clock },
        { key: 'clockOffset', value: ahead },
      ]),
    );
  }

  return { plan, handOver, settle, take, setAside, sendLast, erase, finished };
}

/** The queue's first, in pages: what was set aside is left out without a turn to the store for each row. */
async function oldestWaiting(database: PhoneDatabase, count: number): Promise<OutboxRow[]> {
  const waiting: OutboxRow[] = [];
  let last = -Infinity;
  for (;;) {
    const page = await database.outbox.where('order').above(last).limit(count).toArray();
    waiting.push(...page.filter(({ state }) => state === 'waiting'));
    const end = page.at(-1);
    if (!end || page.length < count || waiting.length >= count) return waiting.slice(0, count);
    last = end.order;
  }
}

/** What was sent in another epoch, `most` of it. Two ranges, for Dexie's `notEqual` steps over every row of the present epoch, at each plan anew. */
async function sentInOthers(database: PhoneDatabase, epoch: string, most: number): Promise<SentRow[]> {
  const byEpoch = database.sent.where('epoch');
  const [before, after] = await Promise.all([
    byEpoch.below(epoch).limit(most).toArray(),
    byEpoch.above(epoch).limit(most).toArray(),
  ]);
  return [...before, ...after].slice(0, most);
}

function waitingAgain({ id, revision, order, digest, bytes, body }: SentRow): OutboxRow {
  return { id, revision, order, digest, bytes, body, state: 'waiting', handedOver: 1, setAsideBy: null };
}

async function readEpoch(database: PhoneDatabase): Promise<string | null> {
  const value = (await database.meta.get('epoch'))?.value;
  return typeof value === 'string' ? value : null;
}

/** Epoch and cursors are still those that the question named (DEV-12). */
async function isAsAsked(database: PhoneDatabase, { epoch, have }: Question): Promise<boolean> {
  if ((await readEpoch(database)) !== epoch) return false;
  const cursors = await database.cursors.limit(limits.have).toArray();
  return cursors.length === Object.keys(have).length && cursors.every(({ feed, version }) => have[feed] === version);
}
