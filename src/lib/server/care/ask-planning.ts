/** An approved visit is open again (TWO-4): what rests on it is worked out after the push, by `afterwork` whose subject is the person (FEED-10). */
import type { Transaction } from '../database/database';
import { republishRecipient } from '../feeds/republish';
import { planAfterVisits } from './plans';

export const planningKind = 'care';

/** `at`: RFC 3339, the office's clock. */
export async function askPlanning(
  tx: Transaction,
  communityId: string,
  residentIds: readonly string[],
  at: string,
): Promise<void> {
  const ids = [...new Set(residentIds)].sort();
  if (ids.length === 0) return;
  await tx
    .insertInto('afterwork')
    .values(ids.map((id) => ({ community_id: communityId, submission_id: id, kind: planningKind, at })))
    // What stands there already is held until this commits, as where doors count.
    .onConflict((conflict) => conflict.columns(['community_id', 'submission_id', 'kind']).doUpdateSet({ at }))
    .execute();
}

/** The plan's next date, and the phones of those who care, without the visit. */
export async function planAnew(tx: Transaction, communityId: string, residentId: string): Promise<void> {
  await planAfterVisits(tx, communityId, residentId);
  await republishRecipient(tx, communityId, residentId);
}
