/** A push stores and answers; where its doors stand is worked out after its commit, by `afterwork` whose subject is a door (FEED-10). */
import type { Transaction } from '../database/database';

/** A record about these doors came in or went: coverage, and the queue's marks. `at`: RFC 3339, the office's clock. */
export function askCounting(
  tx: Transaction,
  communityId: string,
  dwellingIds: readonly string[],
  at: string,
): Promise<void> {
  return ask(tx, communityId, 'count', dwellingIds, at);
}

/** What was approved of these doors is open again: a push itself tells no grid. */
export function askTelling(
  tx: Transaction,
  communityId: string,
  dwellingIds: readonly string[],
  at: string,
): Promise<void> {
  return ask(tx, communityId, 'door', dwellingIds, at);
}

async function ask(
  tx: Transaction,
  communityId: string,
  kind: 'count' | 'door',
  dwellingIds: readonly string[],
  at: string,
): Promise<void> {
  const ids = [...new Set(dwellingIds)].sort();
  if (ids.length === 0) return;
  await tx
    .insertInto('afterwork')
    .values(ids.map((id) => ({ community_id: communityId, submission_id: id, kind, at })))
    // What stands there already is held until this commits: whoever does the work waits, and sees what this wrote.
    .onConflict((conflict) => conflict.columns(['community_id', 'submission_id', 'kind']).doUpdateSet({ at }))
    .execute();
}
