/** The review queue: what waits, oldest first, by filters that one index answers (`submission_queue`, `submission_counts`), with its counts. */
import { sql, type ExpressionBuilder, type Expression, type SqlBool } from 'kysely';
import type { ReviewState } from '../../sync/items';
import type { Tables } from '../database/tables';
import { pageWithin } from '../page-within';
import { loadReadable } from '../register/load-readable';
import { resolveAliases, type Reader } from '../register/read';
import { namedDoor, reviewedDoor } from './door';
import { stalenessOf, weigh } from './weigh';
import { WeighingReads } from './weighing-reads';
import { doorIdOf } from './approve';
import { sameNumbers } from './same-number';
import { storedHead } from './revision';

/**
 * What a view of the queue holds. `waiting`: everything that waits for a decision (what is in quarantine has a desk of its own); `same`
 * (all as registered), `changed`, `stale` (merges by itself) and `conflict` (asks) are parts of it; `attempts` were accepted by rule and
 * `decided` by a person, both newest first.
 */
export type Show = 'waiting' | 'same' | 'changed' | 'stale' | 'conflict' | 'returned' | 'attempts' | 'decided';

export type QueueFilter = {
  show?: Show;
  kind?: string;
  gridId?: string;
  buildingId?: string;
  /** The worker's account. */
  accountId?: string;
  /** Only what came in before this time (RFC 3339, UTC). */
  receivedBefore?: string;
  /** From 1; or `after`, the cursor of the last row shown, which stays right while rows come and go. */
  page?: number;
  after?: string;
  /** 50 where it is not given, at most 500. */
  limit?: number;
};

export type QueueRow = {
  id: string;
  kind: string;
  target: { type: string; id: string };
  review: ReviewState;
  revision: number;
  digest: string;
  /** Visit outcome, care outcome or concern category. */
  outcome: string;
  changes: number;
  /** The register changed since the basis; `asks`: and not only where the record says nothing else. */
  stale: boolean;
  asks: boolean;
  byRule: boolean;
  recordedAt: string;
  receivedAt: string;
  decidedAt: string | null;
  decisionId: string | null;
  worker: { id: string; name: string };
  gridId: string | null;
  /** Null where the register lacks the door: its address is in the record. */
  door: { id: string; compound: string; building: string; unit: string; floor: number; room: string } | null;
  /** The person that a care visit or a concern is about. */
  person: string | null;
  /** For `QueueFilter.after`. */
  cursor: string;
};

export type Counts = Record<Show, number>;
export type Queue = { rows: QueueRow[]; total: number; page: number; pages: number; counts: Counts };

const defaultLimit = 50;
const mostRows = 500;

/** One page of a view – the last where it has fewer –, how many rows the view has, and how many each view would have under the same filters. */
export async function queue(db: Reader, communityId: string, filter: QueueFilter): Promise<Queue> {
  const show = filter.show ?? 'waiting';
  const counts = await countShows(db, communityId, filter);
  const total = counts[show];
  const { page, pages } = pageWithin(total, limitOf(filter), filter.page);
  const ids = await pageOf(db, communityId, { ...filter, page }, show);
  return { rows: await rowsOf(db, communityId, ids), total, page, pages, counts };
}

/** The id of the row that follows `id` in a view, for the desk's *next*; null at its end. */
export async function nextInQueue(
  db: Reader,
  communityId: string,
  filter: QueueFilter,
  cursor: string,
): Promise<string | null> {
  const show = filter.show ?? 'waiting';
  const [next] = await pageOf(db, communityId, { ...filter, page: undefined, after: cursor, limit: 1 }, show);
  return next ?? null;
}

const limitOf = ({ limit }: QueueFilter) => Math.min(mostRows, Math.max(1, limit ?? defaultLimit));

type Where = (eb: ExpressionBuilder<Tables, 'submission'>) => Expression<SqlBool>;
const all: Where = () => sql<SqlBool>`1 = 1`;

/** Each view is states, whether a rule decides, and a condition; a state is one range of the index. */
const shows: Record<Show, { states: ReviewState[]; byRule: 0 | 1; newestFirst?: true; where: Where }> = {
  waiting: { states: ['pending'], byRule: 0, where: all },
  same: {
    states: ['pending'],
    byRule: 0,
    where: (eb) =>
      eb.and([
        eb('kind', '=', 'household-verification'),
        eb('outcome', '=', 'verified'),
        eb('changes', '=', 0),
        eb('stale', '=', 0),
      ]),
  },
  changed: {
    states: ['pending'],
    byRule: 0,
    where: (eb) => eb.and([eb('kind', '=', 'household-verification'), eb('changes', '>', 0)]),
  },
  stale: { states: ['pending'], byRule: 0, where: (eb) => eb('stale', '=', 1) },
  conflict: { states: ['pending'], byRule: 0, where: (eb) => eb('stale', '=', 2) },
  returned: { states: ['returned'], byRule: 0, where: all },
  attempts: { states: ['approved', 'pending'], byRule: 1, newestFirst: true, where: all },
  decided: { states: ['approved', 'voided'], byRule: 0, newestFirst: true, where: all },
};

/** Each state is one range of the index in its order; the database merges the ranges and sorts nothing. */
async function pageOf(db: Reader, communityId: string, filter: QueueFilter, show: Show): Promise<string[]> {
  const { states, newestFirst } = shows[show];
  const limit = limitOf(filter);
  const skip = filter.after === undefined ? limit * ((filter.page ?? 1) - 1) : 0;
  const direction = newestFirst ? 'desc' : 'asc';
  const ranges = states.map((state) => {
    const query = inView(db, communityId, filter, show, state).select(['id', 'received_at']);
    return filter.after === undefined ? query : beyond(query, filter.after, direction);
  });
  const rows = await ranges
    .reduce((all, range) => all.unionAll(range))
    .orderBy('received_at', direction)
    .orderBy('id', direction)
    .limit(limit)
    .offset(skip)
    .execute();
  return rows.map(({ id }) => id);
}

function inView(db: Reader, communityId: string, filter: QueueFilter, show: Show, state: ReviewState) {
  const { byRule, where } = shows[show];
  return db
    .selectFrom('submission')
    .where('community_id', '=', communityId)
    .where('review', '=', state)
    .where('by_rule', '=', byRule)
    .where(where)
    .$if(filter.kind !== undefined, (query) => query.where('kind', '=', filter.kind ?? ''))
    .$if(filter.gridId !== undefined, (query) => query.where('grid_id', '=', filter.gridId ?? ''))
    .$if(filter.buildingId !== undefined, (query) => query.where('building_id', '=', filter.buildingId ?? ''))
    .$if(filter.accountId !== undefined, (query) => query.where('account_id', '=', filter.accountId ?? ''))
    .$if(filter.receivedBefore !== undefined, (query) => query.where('received_at', '<', filter.receivedBefore ?? ''));
}

function beyond<Q extends ReturnType<typeof inView>>(query: Q, cursor: string, direction: 'asc' | 'desc'): Q {
  const bar = cursor.indexOf('|');
  const at = cursor.slice(0, bar);
  const id = cursor.slice(bar + 1);
  const sign = direction === 'asc' ? '>' : '<';
  return query.where((eb) => eb(eb.refTuple('received_at', 'id'), sign, eb.tuple(at, id))) as Q;
}

async function countShows(db: Reader, communityId: string, filter: QueueFilter): Promise<Counts> {
  const counts: Counts = {
    waiting: 0,
    same: 0,
    changed: 0,
    stale: 0,
    conflict: 0,
    returned: 0,
    attempts: 0,
    decided: 0,
  };
  const count = async (show: Show, state: ReviewState) => {
    const row = await inView(db, communityId, filter, show, state)
      .select((eb) => eb.fn.countAll().as('n'))
      .executeTakeFirst();
    counts[show] += Number(row?.n ?? 0);
  };
  for (const show of ['returned', 'attempts', 'decided'] as const) {
    for (const state of shows[show].states) await count(show, state);
  }
  // What is pending may be very much: its parts are counted in one pass over the index.
  const part = (eb: ExpressionBuilder<Tables, 'submission'>, show: Show) =>
    eb.fn.sum<number>(eb.case().when(shows[show].where(eb)).then(1).else(0).end());
  const pending = await inView(db, communityId, filter, 'waiting', 'pending')
    .select((eb) => [
      eb.fn.countAll().as('waiting'),
      part(eb, 'same').as('same'),
      part(eb, 'changed').as('changed'),
      part(eb, 'stale').as('stale'),
      part(eb, 'conflict').as('conflict'),
    ])
    .executeTakeFirst();
  counts.waiting = Number(pending?.waiting ?? 0);
  counts.same = Number(pending?.same ?? 0);
  counts.changed = Number(pending?.changed ?? 0);
  counts.stale = Number(pending?.stale ?? 0);
  counts.conflict = Number(pending?.conflict ?? 0);
  return counts;
}

/** Rows by id, in that order. */
async function rowsOf(db: Reader, communityId: string, ids: readonly string[]): Promise<QueueRow[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom('submission')
    .leftJoin('account', (join) =>
      join
        .onRef('account.community_id', '=', 'submission.community_id')
        .onRef('account.id', '=', 'submission.account_id'),
    )
    .selectAll('submission')
    .select('account.name as worker_name')
    .where('submission.community_id', '=', communityId)
    .where('submission.id', 'in', ids)
    .execute();
  const byId = new Map(rows.map((row) => [row.id, row]));
  const doorIds = rows.flatMap((row) => doorIdOf(row) ?? []);
  const aliases = await resolveAliases(db, communityId, 'dwelling', doorIds);
  const doors = await loadReadable(db, communityId, 'dwelling', [...doorIds, ...aliases.values()], 'queue');
  const targets = rows.filter((row) => row.target_type === 'resident').map((row) => row.target_id);
  const people = await loadReadable(db, communityId, 'resident', targets, 'queue');
  return ids.flatMap((id): QueueRow[] => {
    const row = byId.get(id);
    if (!row) return [];
    const doorId = doorIdOf(row);
    const door = doorId === null ? null : (doors.get(aliases.get(doorId) ?? doorId) ?? null);
    return [
      {
        id,
        kind: row.kind,
        target: { type: row.target_type, id: row.target_id },
        review: row.review,
        revision: row.revision,
        digest: row.digest,
        outcome: row.outcome,
        changes: row.changes,
        stale: row.stale > 0,
        asks: row.stale === 2,
        byRule: row.by_rule === 1,
        recordedAt: row.recorded_at,
        receivedAt: row.received_at,
        decidedAt: row.decided_at,
        decisionId: row.decision_id,
        worker: { id: row.account_id, name: row.worker_name ?? row.account_id },
        gridId: row.grid_id,
        door: door && { id: door.id, ...addressOf(door.fields) },
        person: people.get(row.target_id)?.fields.name ?? null,
        cursor: `${row.received_at}|${id}`,
      },
    ];
  });
}

/** One row of the queue, whatever view it is in; null when the office has no such submission. */
export async function queueRow(db: Reader, communityId: string, id: string): Promise<QueueRow | null> {
  return (await rowsOf(db, communityId, [id]))[0] ?? null;
}

/** Whether a submission needs a look of its own: its basis is old, something asks, or a number is somebody else's; looked at now. */
export async function needsLook(db: Reader, communityId: string, row: QueueRow): Promise<boolean> {
  const revision = await storedHead(db, communityId, row);
  if (!revision) return false;
  const dwellingId = namedDoor(row.target, row.door?.id ?? null);
  const about = { submissionId: row.id, dwellingId, body: revision.body };
  const door = await reviewedDoor(db, communityId, about);
  const weighed = await weigh(new WeighingReads(db, communityId), revision, door);
  if ('wrongPath' in weighed || stalenessOf(weighed) > 0) return true;
  return (await sameNumbers(db, communityId, revision.body, row.door?.id ?? null)).length > 0;
}

function addressOf({ compound, building, unit, floor, room }: Omit<NonNullable<QueueRow['door']>, 'id'>) {
  return { compound, building, unit, floor, room };
}
