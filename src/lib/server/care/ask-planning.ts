/** An approved visit is open again (TWO-4): what rests on it is worked out after the push, by `afterwork` whose subject is the person (FEED-10). */
import { askAfterwork } from '../database/ask-afterwork';
import type { Transaction } from '../database/database';
import type { Reader } from '../register/read';
import { republishRecipient } from '../feeds/republish';
import { planAfterVisits } from './plans';
import { whoseVisits } from './visits';

export const planningKind = 'care';

/** `at`: RFC 3339, the office's clock. */
export function askPlanning(
  tx: Transaction,
  communityId: string,
  residentIds: readonly string[],
  at: string,
): Promise<void> {
  return askAfterwork(tx, communityId, planningKind, residentIds, at);
}

/** People whose plan's next date is still to be worked out anew. */
export async function waitForPlanning(db: Reader, communityId: string): Promise<ReadonlySet<string>> {
  const rows = await db
    .selectFrom('afterwork')
    .select('submission_id')
    .where('community_id', '=', communityId)
    .where('kind', '=', planningKind)
    .execute();
  const ids = rows.map((row) => row.submission_id);
  return whoseVisits(db, communityId, ids);
}

/** The plan's next date, and the phones of those who care, without the visit. */
export async function planAnew(tx: Transaction, communityId: string, residentId: string): Promise<void> {
  for (const id of await whoseVisits(tx, communityId, [residentId])) {
    await planAfterVisits(tx, communityId, id);
    await republishRecipient(tx, communityId, id);
  }
}
