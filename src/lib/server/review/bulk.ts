/** Approving in bulk what is all as registered, after one in twenty, drawn by the server, was opened. */
import * as z from 'zod';
import type { World } from '../../domain/world';
import type { Transaction } from '../database/database';
import { lockCommunity, lockSubmissions } from '../database/locks';
import type { Office, SignedIn } from '../office';
import { isUnreadable, logLeftOut } from '../readable';
import type { Reader } from '../register/read';
import { decideWithin } from './decide';
import { Refused, type DecisionAnswer } from './decision';
import { needsLook, queue, type QueueFilter, type QueueRow } from './queue';

const Member = z.object({ id: z.string(), revision: z.int(), digest: z.string(), previous: z.string().nullable() });
/** A record as it was drawn: approved only while it is still that. */
export type Member = z.infer<typeof Member>;

export type Bulk = {
  id: string;
  members: Member[];
  /** Ids of submissions to open: one in twenty, rounded up. */
  sample: string[];
  opened: string[];
  startedAt: string;
};

export type LeftOut = {
  id: string;
  why:
    | Extract<DecisionAnswer, { refused: string }>['refused']
    /** Something of it, or of its door, cannot be read. */
    | 'unreadable';
};
export type BulkAnswer =
  /** `waiting`: how many of what was left out wait for a decision still; the others somebody decided meanwhile. */
  | { approved: string[]; leftOut: LeftOut[]; waiting: number }
  | { refused: 'unknown' }
  /** These of the sample were not opened yet. */
  | { refused: 'unopened'; ids: string[] };

/** One bulk holds at most so many; the next takes what is left. */
const mostMembers = 1000;
/** A transaction of the bulk ends after so many milliseconds: others write in between. */
const pieceMs = 100;
const pieceMembers = 50;

/** Draws a bulk from the queue's *all as registered*, as far as the filter goes; a basis that has grown old is left out. */
export async function startBulk(office: Office, account: SignedIn, filter: QueueFilter): Promise<Bulk> {
  const members = await office.database.read((db) => eligible(db, account.communityId, filter));
  const bulk: Bulk = {
    id: office.world.uuid(),
    members,
    sample: drawn(
      office.world,
      members.map(({ id }) => id),
    ),
    opened: [],
    startedAt: new Date(office.world.now()).toISOString(),
  };
  await office.database.write(async (tx) => {
    // Whoever starts anew gives up what was drawn before.
    await tx
      .deleteFrom('bulk_sample')
      .where('community_id', '=', account.communityId)
      .where('by_account', '=', account.id)
      .execute();
    await tx
      .insertInto('bulk_sample')
      .values({
        community_id: account.communityId,
        id: bulk.id,
        by_account: account.id,
        members: JSON.stringify(bulk.members),
        sample: JSON.stringify(bulk.sample),
        opened: '[]',
        at: bulk.startedAt,
      })
      .execute();
  });
  return bulk;
}

/** A bulk of this account, finished or not; null when another was drawn since, or it is somebody else's. */
export async function bulkOf(db: Reader, account: SignedIn, bulkId: string): Promise<Bulk | null> {
  const row = await db
    .selectFrom('bulk_sample')
    .selectAll()
    .where('community_id', '=', account.communityId)
    .where('id', '=', bulkId)
    .where('by_account', '=', account.id)
    .executeTakeFirst();
  return (
    (row && {
      id: row.id,
      members: z.array(Member).parse(JSON.parse(row.members)),
      sample: z.array(z.string()).parse(JSON.parse(row.sample)),
      opened: z.array(z.string()).parse(JSON.parse(row.opened)),
      startedAt: row.at,
    }) ||
    null
  );
}

/** Notes that one of the sample was opened on the screen; opening what was not drawn counts for nothing. */
export async function markOpened(
  office: Office,
  account: SignedIn,
  bulkId: string,
  submissionId: string,
): Promise<void> {
  await office.database.write(async (tx) => {
    await lockCommunity(tx, account.communityId);
    const bulk = await bulkOf(tx, account, bulkId);
    if (!bulk?.sample.includes(submissionId) || bulk.opened.includes(submissionId)) return;
    await tx
      .updateTable('bulk_sample')
      .set({ opened: JSON.stringify([...bulk.opened, submissionId]) })
      .where('community_id', '=', account.communityId)
      .where('id', '=', bulkId)
      .execute();
  });
}

/**
 * Approves the members that are still as drawn, each by a decision of its own, in pieces of well under 200 ms; says which were left out
 * and why. Asked again, after it broke off half-way or its answer was lost, it counts what the same account approved already.
 */
export async function approveBulk(office: Office, account: SignedIn, bulkId: string): Promise<BulkAnswer> {
  const bulk = await office.database.read((db) => bulkOf(db, account, bulkId));
  if (!bulk) return { refused: 'unknown' };
  const unopened = bulk.sample.filter((id) => !bulk.opened.includes(id));
  if (unopened.length > 0) return { refused: 'unopened', ids: unopened };
  const approved: string[] = [];
  const others: LeftOut[] = [];
  for (let next = 0; next < bulk.members.length;) {
    const piece = await office.database.write((tx) =>
      approvePiece(office, tx, account, bulk.members.slice(next, next + pieceMembers)),
    );
    approved.push(...piece.filter(({ why }) => why === null).map(({ id }) => id));
    others.push(...piece.flatMap(({ id, why }) => (why ? [{ id, why }] : [])));
    next += piece.length;
  }
  const waiting = await office.database.read((db) => countWaiting(db, account.communityId, others));
  return { approved, leftOut: others, waiting };
}

async function countWaiting(db: Reader, communityId: string, others: readonly LeftOut[]): Promise<number> {
  if (others.length === 0) return 0;
  const rows = await db
    .selectFrom('submission')
    .select('id')
    .where('community_id', '=', communityId)
    .where('review', '=', 'pending')
    .where(
      'id',
      'in',
      others.map(({ id }) => id),
    )
    .execute();
  return rows.length;
}

/** As many of `members`, from the first on, as go into one transaction. */
async function approvePiece(
  office: Office,
  tx: Transaction,
  account: SignedIn,
  members: readonly Member[],
): Promise<{ id: string; why: LeftOut['why'] | null }[]> {
  await lockCommunity(tx, account.communityId);
  await lockSubmissions(
    tx,
    account.communityId,
    members.map(({ id }) => id),
  );
  const until = office.world.now() + pieceMs;
  const done: { id: string; why: LeftOut['why'] | null }[] = [];
  for (const member of members) {
    done.push({ id: member.id, why: await approveMember(office, tx, account, member) });
    if (office.world.now() >= until) break;
  }
  return done;
}

async function approveMember(
  office: Office,
  tx: Transaction,
  account: SignedIn,
  { id, revision, digest, previous }: Member,
): Promise<LeftOut['why'] | null> {
  try {
    await office.database.attempt(tx, () =>
      decideWithin(tx, office.world, account, { submissionId: id, revision, digest, previous, kind: 'approve' }),
    );
    return null;
  } catch (error) {
    if (error instanceof Refused && 'refused' in error.answer) {
      const { answer } = error;
      const isOwn = answer.refused === 'decided' && answer.byId === account.id && answer.kind === 'approve';
      return isOwn ? null : answer.refused;
    }
    if (!isUnreadable(error)) throw error;
    leftOut(id, error);
    return 'unreadable';
  }
}

async function eligible(db: Reader, communityId: string, filter: QueueFilter): Promise<Member[]> {
  const members: Member[] = [];
  let after: string | undefined;
  while (members.length < mostMembers) {
    const { rows } = await queue(db, communityId, { ...filter, show: 'same', page: undefined, after, limit: 200 });
    for (const row of rows) {
      if (members.length < mostMembers && (await isPlain(db, communityId, row))) members.push(memberOf(row));
    }
    after = rows.at(-1)?.cursor;
    if (rows.length === 0 || after === undefined) break;
  }
  return members;
}

/** Nothing of it needs a look, and all of it can be read. */
async function isPlain(db: Reader, communityId: string, row: QueueRow): Promise<boolean> {
  try {
    return !(await needsLook(db, communityId, row));
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    leftOut(row.id, error);
    return false;
  }
}

const leftOut = logLeftOut('bulk', 'submission');

function memberOf({ id, revision, digest, decisionId }: QueueRow): Member {
  return { id, revision, digest, previous: decisionId };
}

/** How many of a bulk are opened: one in twenty, rounded up. */
export function sampleSize(members: number): number {
  return Math.ceil(members / 20);
}

/** Each equally likely. */
function drawn(world: World, ids: readonly string[]): string[] {
  const left = [...ids];
  const sample: string[] = [];
  const size = sampleSize(ids.length);
  while (sample.length < size) {
    const [picked] = left.splice(Math.floor(world.random() * left.length), 1);
    if (picked === undefined) break;
    sample.push(picked);
  }
  return sample;
}
