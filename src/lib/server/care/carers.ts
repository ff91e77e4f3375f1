/** Who cared for whom and when: intervals beside the plan, which says who cares now (SCO-4). */
import { endOfInterval } from '../database/intervals';
import type { ReadSnapshot, Transaction } from '../database/open';

/** From `at` (RFC 3339, UTC) on these accounts care for the person, and no others. Intervals end and begin; none is overwritten. */
export async function setCarers(
  tx: Transaction,
  communityId: string,
  residentId: string,
  accountIds: readonly string[],
  at: string,
): Promise<void> {
  const rows = await tx
    .selectFrom('account_recipient')
    .select('account_id')
    .where('community_id', '=', communityId)
    .where('resident_id', '=', residentId)
    .where('until_at', 'is', null)
    .execute();
  const held = new Set(rows.map((row) => row.account_id));
  const gone = [...held].filter((id) => !accountIds.includes(id));
  if (gone.length > 0) {
    await tx
      .updateTable('account_recipient')
      .set({ until_at: endOfInterval(at) })
      .where('community_id', '=', communityId)
      .where('resident_id', '=', residentId)
      .where('account_id', 'in', gone)
      .where('until_at', 'is', null)
      .execute();
  }
  const added = [...new Set(accountIds)].filter((id) => !held.has(id));
  if (added.length === 0) return;
  await tx
    .insertInto('account_recipient')
    .values(
      added.map((account_id) => ({
        community_id: communityId,
        account_id,
        resident_id: residentId,
        from_at: at,
        until_at: null,
      })),
    )
    // Taken away and given back within one millisecond: the interval goes on.
    .onConflict((conflict) =>
      conflict.columns(['community_id', 'account_id', 'resident_id', 'from_at']).doUpdateSet({ until_at: null }),
    )
    .execute();
}

/** Two records were found to be one person, or not to be: whoever cares for `from` cares for `to` from `at` on. */
export async function moveCarers(
  tx: Transaction,
  communityId: string,
  from: string,
  to: string,
  at: string,
): Promise<void> {
  const rows = await tx
    .selectFrom('account_recipient')
    .select('account_id')
    .where('community_id', '=', communityId)
    .where('resident_id', '=', from)
    .where('until_at', 'is', null)
    .execute();
  await setCarers(
    tx,
    communityId,
    to,
    rows.map((row) => row.account_id),
    at,
  );
  await setCarers(tx, communityId, from, [], at);
}

/** Whether the account cared at `then` for somebody of these ids: all that count for one person. */
export async function caredFor(
  db: ReadSnapshot,
  communityId: string,
  accountId: string,
  residentIds: readonly string[],
  then: string,
): Promise<boolean> {
  const row = await db
    .selectFrom('account_recipient')
    .select('resident_id')
    .where('community_id', '=', communityId)
    .where('account_id', '=', accountId)
    .where('resident_id', 'in', residentIds)
    .where('from_at', '<=', then)
    .where((eb) => eb.or([eb('until_at', 'is', null), eb('until_at', '>', then)]))
    .executeTakeFirst();
  return row !== undefined;
}
