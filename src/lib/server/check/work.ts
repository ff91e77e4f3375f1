/** Whether what is left to be done is about something: what nobody can do stays for ever. */
import { sql } from 'kysely';
import { planningKind } from '../care/ask-planning';
import type { ReadSnapshot } from '../database/open';
import type { Finding } from './finding';

/** Doors are counted by any id that a record names; each of the others names a row, or the community itself. */
const subjects = [
  ['attempt', 'submission'],
  ['recheck', 'submission'],
  ['recheck-account', 'account'],
  ['round', 'round'],
  [planningKind, 'resident'],
] as const;

/** Answers how many kinds of work were looked at; a database looks at the rows themselves. */
export async function checkWork(
  db: ReadSnapshot,
  communityId: string,
  found: (finding: Finding) => void,
): Promise<number> {
  for (const [kind, table] of subjects) {
    const { rows } = await sql<{ submission_id: string }>`
      SELECT submission_id FROM afterwork AS one
      WHERE one.community_id = ${communityId} AND one.kind = ${kind} AND NOT EXISTS (
        SELECT 1 FROM ${sql.table(table)} AS other WHERE other.community_id = one.community_id AND other.id = one.submission_id)
      LIMIT 100`.execute(db);
    for (const { submission_id: id } of rows)
      found({ check: 'references', communityId, subject: `afterwork ${kind} ${id}`, what: `no such ${table}` });
  }
  return subjects.length;
}
