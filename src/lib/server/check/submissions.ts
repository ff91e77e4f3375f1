/** Whether every submission stands for a revision that is there, and every place is taken once. */
import { sql } from 'kysely';
import type { ReadSnapshot } from '../database/open';
import type { Finding } from './finding';

/** Answers how many submissions were looked at. */
export async function checkSubmissions(
  db: ReadSnapshot,
  communityId: string,
  found: (finding: Finding) => void,
): Promise<number> {
  const headless = await db
    .selectFrom('submission')
    .leftJoin('revision', (join) =>
      join
        .onRef('revision.community_id', '=', 'submission.community_id')
        .onRef('revision.submission_id', '=', 'submission.id')
        .onRef('revision.revision', '=', 'submission.revision')
        .onRef('revision.account_id', '=', 'submission.account_id')
        .onRef('revision.pushed_digest', '=', 'submission.digest'),
    )
    .select('submission.id')
    .where('submission.community_id', '=', communityId)
    .where('revision.submission_id', 'is', null)
    .limit(100)
    .execute();
  for (const { id } of headless)
    found({
      check: 'submissions',
      communityId,
      subject: `submission ${id}`,
      what: 'the revision that it stands for is not there',
    });
  const undecided = await db
    .selectFrom('submission')
    .select(['id', 'review'])
    .where('community_id', '=', communityId)
    .where('review', 'in', ['approved', 'returned', 'voided'])
    .where('decision_id', 'is', null)
    .limit(100)
    .execute();
  for (const { id, review } of undecided)
    found({ check: 'submissions', communityId, subject: `submission ${id}`, what: `is ${review} without a decision` });
  const { rows: twice } = await sql<{ submission_id: string; revision: number }>`
    SELECT submission_id, revision FROM revision WHERE community_id = ${communityId} AND place = 'first'
    GROUP BY submission_id, revision HAVING count(*) > 1 LIMIT 100`.execute(db);
  for (const row of twice)
    found({
      check: 'submissions',
      communityId,
      subject: `revision ${row.submission_id}/${row.revision}`,
      what: 'two hold its place',
    });
  const { rows: placed } = await sql<{ submission_id: string; revision: number }>`
    SELECT submission_id, revision FROM revision WHERE community_id = ${communityId}
      AND ((place = 'first' AND (review NOT IN ('pending', 'quarantined') OR (status = 'stored' AND review <> 'pending')))
        OR mark NOT IN ('', 'scope-ended', 'account-ended', 'device-revoked'))
    LIMIT 100`.execute(db);
  for (const row of placed)
    found({
      check: 'submissions',
      communityId,
      subject: `revision ${row.submission_id}/${row.revision}`,
      what: 'stands as none does that holds its place, or came in by no exception that there is',
    });
  const { rows } = await sql<{
    count: number;
  }>`SELECT count(*) AS count FROM submission WHERE community_id = ${communityId}`.execute(db);
  return Number(rows[0]?.count ?? 0);
}
