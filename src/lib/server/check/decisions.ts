/** Whether decisions are a chain that ends where their record stands (TWO-3), each on a revision that is there. */
import { sql } from 'kysely';
import type { ReadSnapshot } from '../database/open';
import { faultsAside } from './aside';
import { faultsOfChain } from './chain';
import type { Finding } from './finding';
import { recordHistories } from './record-history';

/** Answers how many decisions were looked at. */
export async function checkDecisions(
  db: ReadSnapshot,
  communityId: string,
  found: (finding: Finding) => void,
): Promise<number> {
  const say = (subject: string, what: string) => found({ check: 'decisions', communityId, subject, what });
  const { rows: groundless } = await sql<Decision>`
    SELECT one.id, one.submission_id, one.revision FROM decision AS one
    WHERE one.community_id = ${communityId} AND NOT EXISTS (
      SELECT 1 FROM revision WHERE revision.community_id = one.community_id AND revision.submission_id = one.submission_id
        AND revision.revision = one.revision AND revision.pushed_digest = one.digest)
    LIMIT 100`.execute(db);
  for (const { id, submission_id, revision } of groundless)
    say(`decision ${id}`, `revision ${submission_id}/${revision}, on which it was taken, is not there`);
  let looked = 0;
  for await (const histories of recordHistories(db, communityId)) {
    for (const history of histories) {
      for (const { about, id, what } of [...faultsOfChain(history), ...faultsAside(history)])
        say(`${about} ${id}`, what);
      looked += history.decisions.length;
    }
  }
  return looked;
}

type Decision = { id: string; submission_id: string; revision: number };
