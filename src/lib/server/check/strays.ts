/** Whether phones are told of nothing that the office does not have, and of each thing only where it belongs: a stray item is somebody's data in a wrong hand. */
import { type RawBuilder, sql } from 'kysely';
import type { ReadSnapshot } from '../database/open';
import type { Finding } from './finding';

/** Where an item of each type belongs: a condition on `item`. */
const belongs: Record<string, RawBuilder<unknown>> = {
  grid: sql`item.feed_id = 'grid/' || item.item_id AND EXISTS (
    SELECT 1 FROM grid WHERE grid.community_id = item.community_id AND grid.id = item.item_id)`,
  building: sql`EXISTS (SELECT 1 FROM building WHERE building.community_id = item.community_id AND building.id = item.item_id
    AND item.feed_id = 'grid/' || building.grid_id)`,
  dwelling: sql`EXISTS (SELECT 1 FROM dwelling WHERE dwelling.community_id = item.community_id AND dwelling.id = item.item_id
    AND dwelling.retired_at IS NULL AND item.feed_id = 'grid/' || dwelling.grid_id)`,
  profile: sql`item.feed_id = 'account/' || item.item_id AND EXISTS (
    SELECT 1 FROM account WHERE account.community_id = item.community_id AND account.id = item.item_id)`,
  community: sql`item.feed_id = 'community/' || item.item_id AND item.item_id = item.community_id`,
  form: sql`item.feed_id = 'community/' || item.community_id`,
  'code-list': sql`item.feed_id = 'community/' || item.community_id`,
  submission: sql`EXISTS (SELECT 1 FROM submission WHERE submission.community_id = item.community_id AND submission.id = item.item_id)
    AND EXISTS (SELECT 1 FROM revision WHERE revision.community_id = item.community_id AND revision.submission_id = item.item_id
      AND item.feed_id = 'account/' || revision.account_id)`,
  recipient: sql`EXISTS (SELECT 1 FROM care_plan JOIN resident ON resident.community_id = care_plan.community_id
      AND resident.id = care_plan.resident_id AND resident.retired_at IS NULL
    WHERE care_plan.community_id = item.community_id AND care_plan.resident_id = item.item_id
      AND item.feed_id LIKE 'account/%' AND care_plan.by_accounts LIKE '%"' || substr(item.feed_id, 9) || '"%')`,
};

/** Answers how many types of items were looked at; a database looks at the items themselves. At most 100 findings a type. */
export async function checkStrays(
  db: ReadSnapshot,
  communityId: string,
  found: (finding: Finding) => void,
): Promise<number> {
  for (const [type, condition] of Object.entries(belongs)) {
    const { rows } = await sql<{ feed_id: string; item_id: string }>`
      SELECT item.feed_id, item.item_id FROM feed_item AS item
      WHERE item.community_id = ${communityId} AND item.type = ${type} AND item.gone = 0 AND NOT (${condition})
      LIMIT 100`.execute(db);
    for (const { feed_id, item_id } of rows) {
      const subject = `${feed_id} ${type} ${item_id}`;
      found({ check: 'told', communityId, subject, what: 'is told and should not be' });
    }
  }
  return Object.keys(belongs).length;
}
