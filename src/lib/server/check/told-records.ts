/** What phones are told of records: their author, and whoever else pushed revisions of them (REC-7). */
import type { Selectable } from 'kysely';
import type { FeedId } from '../../sync/protocol';
import { inPages } from '../database/in-pages';
import type { ReadSnapshot } from '../database/open';
import type { SubmissionTable } from '../database/tables';
import { submissionBodies } from '../feeds/bodies/submission';
import { page } from './finding';
import { readEach } from './readable';
import type { Standing, Unreadable } from './told';

/** `before`: what was approved or voided earlier (RFC 3339, UTC) may have left its author's feed (DEV-4). */
export async function* recordsTold(
  db: ReadSnapshot,
  communityId: string,
  before: string,
  unreadable: Unreadable,
): AsyncGenerator<Standing> {
  const submissions = inPages<Pick<Selectable<SubmissionTable>, 'id' | 'account_id' | 'review' | 'decided_at'>>(
    page,
    (last) =>
      db
        .selectFrom('submission')
        .select(['id', 'account_id', 'review', 'decided_at'])
        .where('community_id', '=', communityId)
        .where('id', '>', last?.id ?? '')
        .orderBy('id')
        .limit(page)
        .execute(),
  );
  for await (const rows of submissions) {
    const pushers = await othersWho(
      db,
      communityId,
      rows.map(({ id }) => id),
    );
    const own = rows.map(({ id, account_id, review, decided_at }) => {
      const isOver = (review === 'approved' || review === 'voided') && decided_at !== null && decided_at < before;
      return { id, account: account_id, mayBeGone: isOver };
    });
    for (const [account, told] of Map.groupBy([...own, ...pushers], (row) => row.account)) {
      const feed: FeedId = `account/${account}`;
      const bodies = await readEach(
        told.map(({ id }) => id),
        (some) => submissionBodies(db, communityId, some, account),
        (id) => unreadable({ feed, type: 'submission', id }),
      );
      for (const { id, mayBeGone } of told)
        yield { feed, type: 'submission', id, body: bodies.get(id) ?? null, mayBeGone };
    }
  }
}

/** What stands for nobody's record but the pusher's is told as long as it is there. */
async function othersWho(db: ReadSnapshot, communityId: string, ids: readonly string[]) {
  const rows = await db
    .selectFrom('revision')
    .select(['submission_id', 'account_id'])
    .distinct()
    .where('community_id', '=', communityId)
    .where('submission_id', 'in', ids)
    .where('place', '=', 'foreign')
    .execute();
  return rows.map(({ submission_id: id, account_id: account }) => ({ id, account, mayBeGone: false }));
}
