/**
 * What a push leaves to be done, each piece in a transaction of its own, found again after a crash (FEED-10): acceptance by rule – attempts need
 * nobody's decision – counting the doors that records are about, and telling doors and people in care whose record is open again. An
 * update leaves feeds to be told anew.
 */
import type { Selectable } from 'kysely';
import { isAttempt } from '../../domain/outcomes';
import { planAnew, planningKind } from '../care/ask-planning';
import { recomputeDoors } from '../coverage/recompute';
import { DatabaseUnavailableError, type ReadSnapshot, type Transaction } from '../database/database';
import type { AfterworkTable } from '../database/tables';
import { lockCommunity, lockSubmissions } from '../database/locks';
import { reach } from '../fault-point';
import { isRenewal, renewSome } from '../feeds/renew';
import { republishDoors } from '../feeds/republish';
import { log, plainError } from '../log';
import type { Office } from '../office';
import { isRecheck, recheckWork } from '../quarantine/recheck';
import { resumeRound } from '../rounds/rounds';
import { decideWithin } from './decide';
import { Refused } from './decision';

type Work = Selectable<AfterworkTable>;
/** Waited for before each piece, so that phones come first. */
type Turn = () => Promise<void>;

/** Doors of one transaction: long enough to share its commit, short enough to let a push in between. */
const doorsAtOnce = 25;

/** What this process itself is at, by community. */
const underWay = new WeakMap<Office, Map<string, Promise<Outcome>>>();

/**
 * Does all that is left to do, in each community oldest first; each piece is a transaction that ends with its row of `afterwork`. A piece that fails is
 * logged, stays for the next run, and holds up no other. One process at a time does a community's: true where another was at it, which may have looked
 * before the newest came. Throws a DatabaseUnavailableError.
 */
export async function runAfterwork(office: Office, turn: Turn = () => Promise.resolve()): Promise<boolean> {
  const own = underWay.get(office) ?? new Map<string, Promise<Outcome>>();
  underWay.set(office, own);
  const done = new Map<string, Outcome>();
  for (;;) {
    const waiting = (await office.database.read(communitiesWithWork)).filter((id) => (done.get(id) ?? 'all') === 'all');
    if (waiting.length === 0) return [...done.values()].includes('elsewhere');
    for (const communityId of waiting) {
      const run = own.get(communityId) ?? workAlone(office, communityId, turn).finally(() => own.delete(communityId));
      own.set(communityId, run);
      done.set(communityId, await run);
    }
  }
}

/** All was done; some of it failed and stays; another process is at it. */
type Outcome = 'all' | 'some' | 'elsewhere';

async function workAlone(office: Office, communityId: string, turn: Turn): Promise<Outcome> {
  const giveBack = await office.database.claim(`afterwork ${communityId}`);
  if (!giveBack) return 'elsewhere';
  return workOf(office, communityId, turn).finally(giveBack);
}

async function communitiesWithWork(db: ReadSnapshot): Promise<string[]> {
  const rows = await db.selectFrom('afterwork').select('community_id').distinct().orderBy('community_id').execute();
  return rows.map((row) => row.community_id);
}

async function workOf(office: Office, communityId: string, turn: Turn): Promise<Outcome> {
  let outcome: Outcome = 'all';
  let last: Pick<Work, 'at' | 'submission_id' | 'kind'> = { at: '', submission_id: '', kind: '' };
  for (;;) {
    const left = await office.database.read((db) => workAfter(db, communityId, last));
    for (const pieces of together(left)) {
      await turn();
      if (!(await workOnAll(office, pieces))) outcome = 'some';
    }
    const newest = left.at(-1);
    if (!newest) return outcome;
    last = newest;
  }
}

/** Doors that count anew are done several at a time, and after what makes most of them count anew by itself. */
function together(left: readonly Work[]): Work[][] {
  const single = left.filter(({ kind }) => kind !== 'count').map((work) => [work]);
  const doors = left.filter(({ kind }) => kind === 'count');
  for (let from = 0; from < doors.length; from += doorsAtOnce) single.push(doors.slice(from, from + doorsAtOnce));
  return single;
}

/** False where something failed: it stays, and what was to be done with it is done without it. */
async function workOnAll(office: Office, pieces: readonly Work[]): Promise<boolean> {
  const [first, ...more] = pieces;
  if (!first) return true;
  try {
    await (first.kind === 'count' ? countDoors(office, pieces) : workAt(office, first));
    return true;
  } catch (error) {
    if (error instanceof DatabaseUnavailableError) throw error;
    if (more.length === 0) {
      log({ event: 'afterwork-failed', work: first.kind, ...plainError(error) });
      return false;
    }
    let isAll = true;
    for (const piece of pieces) isAll = (await workOnAll(office, [piece])) && isAll;
    return isAll;
  }
}

/** What comes after that piece; what came in meanwhile is younger, or the next run's. */
function workAfter(
  db: ReadSnapshot,
  communityId: string,
  last: Pick<Work, 'at' | 'submission_id' | 'kind'>,
): Promise<Work[]> {
  return db
    .selectFrom('afterwork')
    .selectAll()
    .where('community_id', '=', communityId)
    .where((eb) =>
      eb(eb.refTuple('at', 'submission_id', 'kind'), '>', eb.tuple(last.at, last.submission_id, last.kind)),
    )
    .orderBy('at')
    .orderBy('submission_id')
    .orderBy('kind')
    .limit(200)
    .execute();
}

async function workAt(office: Office, work: Work): Promise<void> {
  if (isRecheck(work)) await recheckWork(office, work);
  else if (work.kind === 'door') await tellReopened(office, work);
  else if (work.kind === planningKind) await planReopened(office, work);
  else if (isRenewal(work)) await renewSome(office, work);
  else if (work.kind === 'round') await resumeRound(office, work.community_id, work.submission_id);
  else await acceptByRule(office, work);
}

/** Records about these doors of one community came in or went: where they stand, and the queue's marks. */
async function countDoors({ database }: Office, pieces: readonly Work[]): Promise<void> {
  const communityId = pieces[0]?.community_id ?? '';
  const asked = pieces.map((work) => work.submission_id);
  await database.write(async (tx) => {
    await lockCommunity(tx, communityId);
    // A push that asks for one of these doors is waited for, and so seen.
    const held = await tx
      .selectFrom('afterwork')
      .select('submission_id')
      .where('community_id', '=', communityId)
      .where('kind', '=', 'count')
      .where('submission_id', 'in', asked)
      .orderBy('submission_id')
      .forUpdate()
      .execute();
    const ids = held.map((row) => row.submission_id);
    if (ids.length === 0) return;
    await tx
      .deleteFrom('afterwork')
      .where('community_id', '=', communityId)
      .where('kind', '=', 'count')
      .where('submission_id', 'in', ids)
      .execute();
    await recomputeDoors(tx, communityId, ids);
  });
}

/** A record of this door was approved and is open again (TWO-4): phones are told of the door without it. */
async function tellReopened({ database }: Office, work: Work): Promise<void> {
  const { community_id: communityId, submission_id: dwellingId } = work;
  await database.write(async (tx) => {
    await lockCommunity(tx, communityId);
    if (!(await finish(tx, work))) return;
    await republishDoors(tx, communityId, await recomputeDoors(tx, communityId, [dwellingId]));
  });
}

/** A visit to this person was approved and is open again (TWO-4): neither the plan nor a phone counts it. */
async function planReopened({ database }: Office, work: Work): Promise<void> {
  await database.write(async (tx) => {
    await lockCommunity(tx, work.community_id);
    if (await finish(tx, work)) await planAnew(tx, work.community_id, work.submission_id);
  });
}

/** Ends a piece of work; false where it was ended already. */
async function finish(tx: Transaction, { community_id, submission_id, kind }: Work): Promise<boolean> {
  const finished = await tx
    .deleteFrom('afterwork')
    .where('community_id', '=', community_id)
    .where('submission_id', '=', submission_id)
    .where('kind', '=', kind)
    .returning('submission_id')
    .executeTakeFirst();
  return finished !== undefined;
}

/** An attempt becomes `approved` by the rule, and its door is told with its attempts. What is no attempt any more waits for a person. */
async function acceptByRule(office: Office, work: Work): Promise<void> {
  await office.database.write(async (tx) => {
    await lockCommunity(tx, work.community_id);
    await lockSubmissions(tx, work.community_id, [work.submission_id]);
    if (!(await finish(tx, work))) return;
    reach('afterwork:begun');
    const submission = await tx
      .selectFrom('submission')
      .selectAll()
      .where('community_id', '=', work.community_id)
      .where('id', '=', work.submission_id)
      .executeTakeFirst();
    if (!submission || submission.review !== 'pending' || submission.by_rule !== 1) return;
    if (submission.kind !== 'household-verification' || !isAttempt(submission.outcome)) return;
    const rule = { communityId: work.community_id, id: '', name: '', rule: 'attempt' };
    try {
      await office.database.attempt(tx, () =>
        decideWithin(tx, office.world, rule, {
          submissionId: submission.id,
          revision: submission.revision,
          digest: submission.digest,
          previous: submission.decision_id,
          kind: 'approve',
        }),
      );
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      // The rule does not hold for this one: it goes to a person, and counts, like any other.
      await tx
        .updateTable('submission')
        .set({ by_rule: 0 })
        .where('community_id', '=', work.community_id)
        .where('id', '=', submission.id)
        .execute();
      if (submission.dwelling_id !== null) await recomputeDoors(tx, work.community_id, [submission.dwelling_id]);
    }
    reach('afterwork:decided');
  });
}
