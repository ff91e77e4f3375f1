/** Submissions leave their author's feed 90 days after they were approved or voided: by that, phones know what they may forget (DEV-4). */
import { sql } from 'kysely';
import type { ReadSnapshot, Transaction } from '../database/open';
import { lockCommunity, lockSubmissions } from '../database/locks';
import { publish, type FeedChange } from '../feeds/publish';
import type { Office } from '../office';

/** How long phones are told of them after that. */
export const keptMs = 90 * 24 * 3600 * 1000;
/** Pieces stay far below the 200 ms that another writer may be kept waiting. */
const atOnce = 200;

/** Lets all leave whose time has come; answers how many did. */
export async function retireSubmissions(office: Office): Promise<number> {
  const before = new Date(office.world.now() - keptMs).toISOString();
  let retired = 0;
  for (;;) {
    const due = await office.database.read((db) => dueBy(db, before));
    for (const [communityId, own] of Map.groupBy(due, (row) => row.community_id)) {
      await office.database.write((tx) => retire(tx, communityId, before, own));
    }
    retired += due.length;
    if (due.length < atOnce) return retired;
  }
}

type Due = { community_id: string; id: string; feed_id: string };

/** Of the author's feed alone: what somebody else pushed of it, and nobody decided on, stays told. */
function dueBy(db: ReadSnapshot, before: string, ids?: readonly string[]): Promise<Due[]> {
  return db
    .selectFrom('submission')
    .innerJoin('feed_item', (join) =>
      join
        .onRef('feed_item.community_id', '=', 'submission.community_id')
        .onRef('feed_item.item_id', '=', 'submission.id')
        .on('feed_item.type', '=', 'submission')
        .on('feed_item.gone', '=', 0),
    )
    .select(['submission.community_id', 'submission.id', 'feed_item.feed_id'])
    .where('submission.review', 'in', ['approved', 'voided'])
    .where('submission.decided_at', '<', before)
    .$if(ids !== undefined, (query) => query.where('submission.id', 'in', ids ?? []))
    .whereRef('feed_item.feed_id', '=', sql<string>`${'account/'} || submission.account_id`)
    .limit(atOnce)
    .execute();
}

/** What was decided anew since it was read stays. */
async function retire(tx: Transaction, communityId: string, before: string, due: readonly Due[]): Promise<void> {
  const ids = due.map(({ id }) => id);
  await lockCommunity(tx, communityId);
  await lockSubmissions(tx, communityId, ids);
  const still = await dueBy(tx, before, ids);
  const changes = still
    .filter((row) => row.community_id === communityId)
    .map(({ id, feed_id }): FeedChange => ({ feed: feed_id, type: 'submission', id, gone: true }));
  await publish(tx, communityId, changes);
}
