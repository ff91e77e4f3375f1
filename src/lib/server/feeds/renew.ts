/**
 * After an update of the office: what its feeds tell in the words of an older version is told anew, and what an older version made of records is worked
 * out anew, in pieces that are each a transaction and end with the
 * asking for the next one, so that a start after a crash goes on where it was. What says nothing new keeps its version.
 */
import type { Selectable } from 'kysely';
import { planAfterVisits } from '../care/plans';
import { proposedDoors } from '../coverage/proposed-doors';
import { recomputeDoors } from '../coverage/recompute';
import { lockCommunity } from '../database/locks';
import type { ReadSnapshot, Transaction } from '../database/open';
import type { AfterworkTable } from '../database/tables';
import type { Office } from '../office';
import { shapeOfBodies } from './bodies/shape';
import { type FeedChange, publish } from './publish';
import { doorChanges, gridChanges, republishAccount, republishCommunity, submissionChangesFor } from './republish';

type Work = Selectable<AfterworkTable>;
/** `last`: the id after which the next piece begins; null where nothing is left. `tell`: the last thing that the transaction does. */
type Piece = { last: string | null; tell: () => Promise<void> };
type Step = (tx: Transaction, communityId: string, after: string) => Promise<Piece>;

/** Pieces stay far below what another writer may be kept waiting. */
const atOnce = { plan: 50, account: 10, grid: 3, dwelling: 50, submission: 50 };
const kind = 'renew';

/** Asks for it in each community that needs it, where nobody has asked yet. */
export async function askRenewal({ database, world }: Pick<Office, 'database' | 'world'>): Promise<void> {
  for (const id of await database.read(toldOtherwise)) {
    await database.write(async (tx) => {
      await lockCommunity(tx, id);
      const asked = await tx
        .selectFrom('afterwork')
        .select('submission_id')
        .where('community_id', '=', id)
        .where('kind', '=', kind)
        .execute();
      if (asked.some(({ submission_id }) => placeOf(submission_id).shape === shapeOfBodies)) return;
      // Begun by a version in between: from the beginning.
      await tx.deleteFrom('afterwork').where('community_id', '=', id).where('kind', '=', kind).execute();
      await ask(tx, id, { step: 0, after: '' }, new Date(world.now()).toISOString());
    });
  }
}

/** Communities of which feeds still tell something as an older version had it. */
export async function toldOtherwise(db: ReadSnapshot): Promise<string[]> {
  const rows = await db
    .selectFrom('community')
    .select('community_id')
    .where('told_shape', '<', shapeOfBodies)
    .orderBy('community_id')
    .execute();
  return rows.map(({ community_id }) => community_id);
}

/** Does one piece, and asks for the next. */
export async function renewSome({ database, world }: Office, work: Work): Promise<void> {
  const { community_id: communityId, submission_id: subject } = work;
  await database.write(async (tx) => {
    await lockCommunity(tx, communityId);
    const finished = await tx
      .deleteFrom('afterwork')
      .where('community_id', '=', communityId)
      .where('kind', '=', kind)
      .where('submission_id', '=', subject)
      .returning('submission_id')
      .executeTakeFirst();
    const { shape, step, after } = placeOf(subject);
    const renew = steps[step];
    if (!finished || shape !== shapeOfBodies) return;
    if (!renew) {
      const told = { told_shape: shapeOfBodies };
      await tx.updateTable('community').set(told).where('community_id', '=', communityId).execute();
      return;
    }
    const { last, tell } = await renew(tx, communityId, after);
    const next = last === null ? { step: step + 1, after: '' } : { step, after: last };
    await ask(tx, communityId, next, new Date(world.now()).toISOString());
    await tell();
  });
}

export function isRenewal(work: Pick<Work, 'kind'>): boolean {
  return work.kind === kind;
}

type Place = { step: number; after: string };

async function ask(tx: Transaction, communityId: string, { step, after }: Place, at: string): Promise<void> {
  const row = { community_id: communityId, submission_id: `${shapeOfBodies}/${step}/${after}`, kind, at };
  await tx.insertInto('afterwork').values(row).execute();
}

function placeOf(subject: string): Place & { shape: number } {
  const [shape = '', step = '', ...after] = subject.split('/');
  return { shape: Number(shape), step: Number(step), after: after.join('/') };
}

const steps: readonly Step[] = [
  async (tx, communityId) => ({ last: null, tell: () => republishCommunity(tx, communityId) }),
  async (tx, communityId, after) => {
    const plans = await tx
      .selectFrom('care_plan')
      .select('resident_id')
      .where('community_id', '=', communityId)
      .where('resident_id', '>', after)
      .orderBy('resident_id')
      .limit(atOnce.plan)
      .execute();
    const ids = plans.map((plan) => plan.resident_id);
    for (const id of ids) await planAfterVisits(tx, communityId, id);
    return { last: lastOf(ids, atOnce.plan), tell: () => Promise.resolve() };
  },
  async (tx, communityId, after) => {
    const ids = await idsAfter(tx, communityId, 'account', after);
    const tell = async () => {
      for (const id of ids) await republishAccount(tx, communityId, id);
    };
    return { last: lastOf(ids, atOnce.account), tell };
  },
  async (tx, communityId, after) => {
    const ids = await idsAfter(tx, communityId, 'grid', after);
    const changes: FeedChange[] = [];
    for (const id of ids) changes.push(...(await gridChanges(tx, communityId, id)));
    return { last: lastOf(ids, atOnce.grid), tell: () => publish(tx, communityId, changes) };
  },
  async (tx, communityId, after) => {
    const ids = await idsAfter(tx, communityId, 'dwelling', after);
    await recomputeDoors(tx, communityId, ids);
    const changes = await doorChanges(tx, communityId, ids);
    return { last: lastOf(ids, atOnce.dwelling), tell: () => publish(tx, communityId, changes) };
  },
  async (tx, communityId, after) => {
    const ids = await proposedDoors(tx, communityId, after, atOnce.dwelling);
    await recomputeDoors(tx, communityId, ids);
    return { last: lastOf(ids, atOnce.dwelling), tell: () => Promise.resolve() };
  },
  renewSubmissions,
];

async function idsAfter(
  tx: Transaction,
  communityId: string,
  table: 'account' | 'grid' | 'dwelling' | 'submission',
  after: string,
): Promise<string[]> {
  const rows = await tx
    .selectFrom(table)
    .select('id')
    .where('community_id', '=', communityId)
    .where('id', '>', after)
    .orderBy('id')
    .limit(atOnce[table])
    .execute();
  return rows.map(({ id }) => id);
}

const lastOf = (ids: readonly string[], full: number) => (ids.length < full ? null : (ids.at(-1) ?? null));

/** Of those that are told: what left a feed (DEV-4) does not come back. */
async function renewSubmissions(tx: Transaction, communityId: string, after: string): Promise<Piece> {
  const ids = await idsAfter(tx, communityId, 'submission', after);
  if (ids.length === 0) return { last: null, tell: () => Promise.resolve() };
  const told = await tx
    .selectFrom('feed_item')
    .select(['feed_id', 'item_id'])
    .where('community_id', '=', communityId)
    .where('type', '=', 'submission')
    .where('item_id', 'in', ids)
    .where('gone', '=', 0)
    .execute();
  const byFeed = [...Map.groupBy(told, ({ feed_id }) => feed_id)];
  const changes = byFeed.flatMap(([feed, items]) =>
    submissionChangesFor(
      tx,
      communityId,
      items.map(({ item_id }) => item_id),
      feed.slice('account/'.length),
    ),
  );
  return { last: lastOf(ids, atOnce.submission), tell: () => publish(tx, communityId, changes) };
}
