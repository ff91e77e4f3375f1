/** Whether decisions are a chain that ends where their record stands (TWO-3), each on a revision that is there, and each with what it did to the register. */
import { sql } from 'kysely';
import { open } from '../codec';
import type { ReadSnapshot } from '../database/open';
import type { Sealed } from '../database/tables';
import { page, type Check, type Finding } from './finding';
import { isJson } from './is-json';

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
    LIMIT 100`.execute(db);
  for (const { id } of loose) say(`decision ${id}`, 'neither its record nor a later decision knows of it');
  return rowsOf(db, communityId, 'decision');
}

/** Answers how many effects were looked at. */
export async function checkEffects(
  db: ReadSnapshot,
  communityId: string,
  found: (finding: Finding) => void,
): Promise<number> {
  const say = sayer(communityId, 'effects', found);
  // An undo keeps none of its own: it is not undone.
  const { rows: untold } = await sql<{ decision_id: string; entity_type: string; entity_id: string }>`
    SELECT DISTINCT change.decision_id, change.entity_type, change.entity_id FROM register_change AS change
    LEFT JOIN decision_effect AS effect ON effect.community_id = change.community_id AND effect.decision_id = change.decision_id
      AND effect.entity_type = change.entity_type AND effect.entity_id = change.entity_id
    WHERE change.community_id = ${communityId} AND change.decision_id IS NOT NULL AND change.source <> 'undo'
      AND effect.entity_id IS NULL
    LIMIT 100`.execute(db);
  for (const { decision_id, entity_type, entity_id } of untold)
    say(`decision ${decision_id}`, `what it did to ${entity_type} ${entity_id} is not known`);
  return checkBefore(db, communityId, say);
}

type Decision = { id: string; submission_id: string; revision: number };
type Say = (subject: string, what: string) => void;

/** What an undo would put back can be read. */
async function checkBefore(db: ReadSnapshot, communityId: string, say: Say): Promise<number> {
  let looked = 0;
  for (let last = ['', '', '']; ;) {
    const { rows } = await sql<{ decision_id: string; entity_type: string; entity_id: string; before: Sealed }>`
      SELECT decision_id, entity_type, entity_id, before FROM decision_effect
      WHERE community_id = ${communityId} AND (decision_id, entity_type, entity_id) > (${sql.join(last)})
      ORDER BY decision_id, entity_type, entity_id LIMIT ${sql.lit(page)}`.execute(db);
    for (const { decision_id, entity_type, entity_id, before } of rows) {
      if (!isJson(open(before)))
        say(`decision ${decision_id}`, `how ${entity_type} ${entity_id} stood before it cannot be read`);
    }
    looked += rows.length;
    const end = rows.at(-1);
    if (!end || rows.length < page) return looked;
    last = [end.decision_id, end.entity_type, end.entity_id];
  }
}

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
