/** How far an office has come, and one submission in it: short words that are others as soon as anything changed that the desk shows. */
import type { Office } from '../office';

/** `record` is null where none was asked for, or the community has none of that id. */
export type AsOf = { office: string; record: string | null };

/**
 * `office`: the versions of all the community's feeds together, which move with everything that a phone is told (FEED-1), and how many
 * submissions wait to be marked. `record`: what a submission stands for, what was decided of each of its revisions and whether somebody was erased from it. Two equal words:
 * nothing happened between them. Costs one row a feed.
 */
export async function deskAsOf(office: Office, communityId: string, submissionId?: string): Promise<AsOf> {
  return office.database.read(async (db) => {
    const feeds = await db
      .selectFrom('feed')
      .select((eb) => eb.fn.sum<number | string>('version').as('versions'))
      .where('community_id', '=', communityId)
      .executeTakeFirst();
    const work = await db
      .selectFrom('afterwork')
      .select((eb) => eb.fn.countAll().as('open'))
      .where('community_id', '=', communityId)
      .executeTakeFirst();
    const word = `${Number(feeds?.versions ?? 0)}.${Number(work?.open ?? 0)}`;
    if (!submissionId) return { office: word, record: null };
    const revisions = await db
      .selectFrom('submission')
      .innerJoin('revision', (join) =>
        join
          .onRef('revision.community_id', '=', 'submission.community_id')
          .onRef('revision.submission_id', '=', 'submission.id'),
      )
      .select(['submission.review', 'submission.stale', 'submission.decision_id as decided'])
      .select(['revision.revision', 'revision.digest', 'revision.decision_id as aside', 'revision.erased_at'])
      .where('submission.community_id', '=', communityId)
      .where('submission.id', '=', submissionId)
      .orderBy('revision.revision')
      .orderBy('revision.digest')
      .execute();
    const record = revisions.map((row) => Object.values(row).join(' ')).join(', ');
    return { office: word, record: record || null };
  });
}
