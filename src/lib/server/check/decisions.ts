/** Whether decisions are a chain that ends where their record stands (TWO-3), each on a revision that is there. */
import { sql } from 'kysely';
import type { ReadSnapshot } from '../database/open';
import type { Check, Finding } from './finding';

/** Answers how many decisions were looked at. */
export async function checkDecisions(
  db: ReadSnapshot,
  communityId: string,
  found: (finding: Finding) => void,
): Promise<number> {
  const say = sayer(communityId, 'decisions', found);
  const { rows: groundless } = await sql<Decision>`
    SELECT one.id, one.submission_id, one.revision FROM decision AS one
    WHERE one.community_id = ${communityId} AND NOT EXISTS (
      SELECT 1 FROM revision WHERE revision.community_id = one.community_id AND revision.submission_id = one.submission_id
        AND revision.revision = one.revision AND revision.pushed_digest = one.digest)
    LIMIT 100`.execute(db);
  for (const { id, submission_id, revision } of groundless)
    say(`decision ${id}`, `revision ${submission_id}/${revision}, on which it was taken, is not there`);
  const { rows: loose } = await sql<Pick<Decision, 'id'>>`
    SELECT one.id FROM decision AS one
    WHERE one.community_id = ${communityId}
      AND NOT EXISTS (SELECT 1 FROM decision AS later WHERE later.community_id = one.community_id
        AND later.submission_id = one.submission_id AND later.previous_id = one.id)
      AND NOT EXISTS (SELECT 1 FROM submission WHERE submission.community_id = one.community_id
        AND submission.id = one.submission_id AND submission.decision_id = one.id)
      AND NOT EXISTS (SELECT 1 FROM revision WHERE revision.community_id = one.community_id
        AND revision.submission_id = one.submission_id AND revision.decision_id = one.id)
      -- Said of a revision beside that was chosen since: the choice stands for it.
      AND NOT (one.aside IS NOT NULL AND EXISTS (SELECT 1 FROM decision AS chosen WHERE chosen.community_id = one.community_id
        AND chosen.submission_id = one.submission_id AND chosen.head_before IS NOT NULL))
    LIMIT 100`.execute(db);
  for (const { id } of loose) say(`decision ${id}`, 'neither its record nor a later decision knows of it');
  const { rows: astray } = await sql<Pick<Decision, 'id'>>`
    SELECT one.id FROM decision AS one JOIN decision AS earlier ON earlier.community_id = one.community_id AND earlier.id = one.previous_id
    WHERE one.community_id = ${communityId} AND (earlier.id = one.id OR earlier.submission_id <> one.submission_id)
    LIMIT 100`.execute(db);
  for (const { id } of astray) say(`decision ${id}`, 'follows on itself or on a decision about another record');
  const { rows: undone } = await sql<Pick<Decision, 'id'>>`
    SELECT one.id FROM decision AS one WHERE one.community_id = ${communityId}
      AND (one.undone_at IS NOT NULL OR one.kind = 'undo') AND NOT EXISTS (
      SELECT 1 FROM decision AS other WHERE other.community_id = one.community_id AND other.submission_id = one.submission_id
        AND ((one.kind = 'undo' AND other.undone_at = one.at) OR (other.kind = 'undo' AND other.at = one.undone_at)))
    LIMIT 100`.execute(db);
  for (const { id } of undone) say(`decision ${id}`, 'is said to be undone without an undo, or the other way round');
  const { rows: otherwise } = await sql<Pick<Decision, 'id'>>`
    SELECT one.id FROM submission JOIN decision AS one ON one.community_id = submission.community_id AND one.id = submission.decision_id
    WHERE submission.community_id = ${communityId} AND one.kind <> 'undo' AND (
      (submission.review = 'approved' AND one.kind <> 'approve') OR (submission.review = 'returned' AND one.kind <> 'return')
      OR (submission.review = 'voided' AND one.kind <> 'void'))
    LIMIT 100`.execute(db);
  for (const { id } of otherwise) say(`decision ${id}`, 'is not what its record stands as');
  return rowsOf(db, communityId, 'decision');
}

type Decision = { id: string; submission_id: string; revision: number };
type Say = (subject: string, what: string) => void;

async function rowsOf(db: ReadSnapshot, communityId: string, table: 'decision'): Promise<number> {
  const counted = await db
    .selectFrom(table)
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('community_id', '=', communityId)
    .executeTakeFirstOrThrow();
  return Number(counted.count);
}

function sayer(communityId: string, check: Check, found: (finding: Finding) => void): Say {
  return (subject, what) => found({ check, communityId, subject, what });
}
