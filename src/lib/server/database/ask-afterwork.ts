/** Leaving work to be done after a commit, found again after a crash (FEED-10). */
import type { Transaction } from './database';

/** Asks for `kind` of each subject, once; of none nothing. `at`: RFC 3339, the office's clock. */
export async function askAfterwork(
  tx: Transaction,
  communityId: string,
  kind: string,
  subjects: readonly string[],
  at: string,
): Promise<void> {
  const ids = [...new Set(subjects)].sort();
  if (ids.length === 0) return;
  await tx
    .insertInto('afterwork')
    .values(ids.map((id) => ({ community_id: communityId, submission_id: id, kind, at })))
    // What stands there already is held until this commits: whoever does the work waits, and sees what this wrote. Asked again while it is
    // being done, the newer asking is not ended with the older.
    .onConflict((conflict) => conflict.columns(['community_id', 'submission_id', 'kind']).doUpdateSet({ at }))
    .execute();
}
