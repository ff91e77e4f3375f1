/** Which grids an account has, kept as intervals (SCO-4). */
import { endOfInterval } from '../database/intervals';
import type { Transaction } from '../database/open';
import { AccountProblem } from './problem';

/** What goes ends now, what stays is untouched, what comes begins now. Throws an AccountProblem `grid-unknown`. */
export async function setGrids(
  tx: Transaction,
  communityId: string,
  accountId: string,
  gridIds: readonly string[],
  now: string,
): Promise<void> {
  const wanted = new Set(gridIds);
  if (wanted.size > 0) {
    const known = await tx
      .selectFrom('grid')
      .select('id')
      .where('community_id', '=', communityId)
      .where('id', 'in', [...wanted])
      .execute();
    if (known.length !== wanted.size) throw new AccountProblem('grid-unknown');
  }
  const held = await tx
    .selectFrom('account_grid')
    .select('grid_id')
    .where('community_id', '=', communityId)
    .where('account_id', '=', accountId)
    .where('until_at', 'is', null)
    .execute();
  const gone = held.map((row) => row.grid_id).filter((id) => !wanted.has(id));
  if (gone.length > 0) {
    await tx
      .updateTable('account_grid')
      .set({ until_at: endOfInterval(now) })
      .where('community_id', '=', communityId)
      .where('account_id', '=', accountId)
      .where('until_at', 'is', null)
      .where('grid_id', 'in', gone)
      .execute();
  }
  const isHeld = new Set(held.map((row) => row.grid_id));
  const added = [...wanted].filter((id) => !isHeld.has(id));
  if (added.length > 0) {
    await tx
      .insertInto('account_grid')
      .values(
        added.map((grid_id) => ({
          community_id: communityId,
          account_id: accountId,
          grid_id,
          from_at: now,
          until_at: null,
        })),
      )
      // Taken away and given back within one millisecond: the interval goes on.
      .onConflict((conflict) =>
        conflict.columns(['community_id', 'account_id', 'grid_id', 'from_at']).doUpdateSet({ until_at: null }),
      )
      .execute();
  }
}
