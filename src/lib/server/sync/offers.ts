/** Of the revisions that a device says it sent, those that the office misses among this account's (RES-2). */
import type { Offer, SyncResponse } from '../../sync/protocol';
import type * as z from 'zod';
import type { ReadSnapshot } from '../database/open';
import type { Scope } from '../scope';

export async function missing(
  db: ReadSnapshot,
  { communityId, id }: Scope,
  offer: readonly z.infer<typeof Offer>[],
): Promise<SyncResponse['wanted']> {
  if (offer.length === 0) return [];
  const rows = await db
    .selectFrom('revision')
    .select(['submission_id', 'revision', 'pushed_digest'])
    .where('community_id', '=', communityId)
    .where('submission_id', 'in', [...new Set(offer.map((offered) => offered.id))])
    .where('account_id', '=', id)
    .execute();
  const held = new Set(rows.map((row) => `${row.submission_id} ${row.revision} ${row.pushed_digest}`));
  return offer
    .filter((offered) => !held.has(`${offered.id} ${offered.revision} ${offered.digest}`))
    .map((offered) => ({ id: offered.id, revision: offered.revision }));
}
