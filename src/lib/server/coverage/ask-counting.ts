/** A push stores and answers; where its doors stand is worked out after its commit, by `afterwork` whose subject is a door (FEED-10). */
import { askAfterwork } from '../database/ask-afterwork';
import type { Transaction } from '../database/database';

/** A record about these doors came in or went: coverage, and the queue's marks. `at`: RFC 3339, the office's clock. */
export function askCounting(
  tx: Transaction,
  communityId: string,
  dwellingIds: readonly string[],
  at: string,
): Promise<void> {
  return askAfterwork(tx, communityId, 'count', dwellingIds, at);
}

/** What was approved of these doors is open again: a push itself tells no grid. */
export function askTelling(
  tx: Transaction,
  communityId: string,
  dwellingIds: readonly string[],
  at: string,
): Promise<void> {
  return askAfterwork(tx, communityId, 'door', dwellingIds, at);
}
