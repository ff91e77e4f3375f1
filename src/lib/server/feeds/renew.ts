/**
 * After an update of the office: what its feeds tell in the words of an older version is told anew, and what an older version made of records is worked
 * out anew, in pieces that each end with the asking for the next one, so that a start after a crash goes on where it was. What says nothing new keeps
 * its version; what cannot be read is left as it is, and `check` names it.
 */
import type { Selectable } from 'kysely';
import { planAfterVisits } from '../care/plans';
import { proposedDoors } from '../coverage/proposed-doors';
import { recomputeDoors } from '../coverage/recompute';
import { lockCommunity } from '../database/locks';
import type { ReadSnapshot, Transaction } from '../database/open';
import type { AfterworkTable } from '../database/tables';
import type { Office } from '../office';
import { eachReadable, logLeftOut } from '../readable';
import type { Reader } from '../register/read';
import { shapeOfBodies } from './bodies/shape';
import { type FeedChange, publish } from './publish';
import {
  buildingChanges,
  gridItem,
  republishAccount,
  republishCommunity,
  republishDoors,
  submissionChangesFor,
} from './republish';

type Work = Selectable<AfterworkTable>;
/** Those of one kind: `after` an id, in the order of ids; `renew` does some of them as the last thing of a transaction. */
type Step = {
  kind: keyof typeof atOnce;
  after: (db: Reader, communityId: string, last: string) => Promise<string[]>;
  renew: (tx: Transaction, communityId: string, ids: readonly string[]) => Promise<void>;
};

/** Pieces stay far below what another writer may be kept waiting. */
const atOnce = {
  community: 1,
  plan: 50,
  account: 10,
  grid: 3,
  building: 50,
  dwelling: 50,
  proposed: 50,
  submission: 50,
};
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

/** Does one piece, and asks for the next: a crash in between does it again, and it says nothing new. */
export async function renewSome({ database, world }: Office, work: Work): Promise<void> {
  const { community_id: communityId, submission_id: subject } = work;
  const { shape, step, after } = placeOf(subject);
  const renewal = shape === shapeOfBodies ? steps[step] : undefined;
  const ids = renewal ? await database.read((db) => renewal.after(db, communityId, after)) : [];
  if (renewal) {
    const renew = (some: readonly string[]) =>
      database.write(async (tx) => {
        await lockCommunity(tx, communityId);
        await renewal.renew(tx, communityId, some);
      });
    await eachReadable(ids, renew, logLeftOut(kind, renewal.kind));
  }
  await database.write(async (tx) => {
    await lockCommunity(tx, communityId);
    const finished = await tx
      .deleteFrom('afterwork')
      .where('community_id', '=', communityId)
      .where('kind', '=', kind)
      .where('submission_id', '=', subject)
      .returning('submission_id')
      .executeTakeFirst();
    if (!finished || shape !== shapeOfBodies) return;
    if (!renewal) {
      const told = { told_shape: shapeOfBodies };
      await tx.updateTable('community').set(told).where('community_id', '=', communityId).execute();
      return;
    }
    const last = ids.length < atOnce[renewal.kind] ? undefined : ids.at(-1);
    const next = last === undefined ? { step: step + 1, after: '' } : { step, after: last };
    await ask(tx, communityId, next, new Date(world.now()).toISOString());
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
  {
    kind: 'community',
    after: (_db, communityId, last) => Promise.resolve([communityId].filter((id) => id > last)),
    renew: (tx, communityId) => republishCommunity(tx, communityId),
  },
  {
    kind: 'plan',
    after: async (db, communityId, last) => {
      const plans = await db
        .selectFrom('care_plan')
        .select('resident_id')
        .where('community_id', '=', communityId)
        .where('resident_id', '>', last)
        .orderBy('resident_id')
        .limit(atOnce.plan)
        .execute();
      return plans.map((plan) => plan.resident_id);
    },
    renew: async (tx, communityId, ids) => {
      for (const id of ids) await planAfterVisits(tx, communityId, id);
    },
  },
  {
    kind: 'account',
    after: idsAfter('account'),
    renew: async (tx, communityId, ids) => {
      for (const id of ids) await republishAccount(tx, communityId, id);
    },
  },
  {
    kind: 'grid',
    after: idsAfter('grid'),
    renew: async (tx, communityId, ids) => {
      const changes: FeedChange[] = [];
      for (const id of ids) changes.push(...(await gridItem(tx, communityId, id)));
      await publish(tx, communityId, changes);
    },
  },
  {
    kind: 'dwelling',
    after: idsAfter('dwelling'),
    renew: async (tx, communityId, ids) => {
      await recomputeDoors(tx, communityId, ids);
      await republishDoors(tx, communityId, ids);
    },
  },
  {
    kind: 'proposed',
    after: (db, communityId, last) => proposedDoors(db, communityId, last, atOnce.proposed),
    renew: async (tx, communityId, ids) => {
      await recomputeDoors(tx, communityId, ids);
    },
  },
  { kind: 'submission', after: idsAfter('submission'), renew: renewSubmissions },
  {
    kind: 'building',
    after: idsAfter('building'),
    renew: async (tx, communityId, ids) => publish(tx, communityId, await buildingChanges(tx, communityId, ids)),
  },
];

function idsAfter(table: 'account' | 'grid' | 'building' | 'dwelling' | 'submission'): Step['after'] {
  return async (db, communityId, last) => {
    const rows = await db
      .selectFrom(table)
      .select('id')
      .where('community_id', '=', communityId)
      .where('id', '>', last)
      .orderBy('id')
      .limit(atOnce[table])
      .execute();
    return rows.map(({ id }) => id);
  };
}

/** Of those that are told: what left a feed (DEV-4) does not come back. */
async function renewSubmissions(tx: Transaction, communityId: string, ids: readonly string[]): Promise<void> {
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
  await publish(tx, communityId, changes);
}
