/**
 * Quarantine 隔离区: what came in, was kept whole, and waits – for a person, or for its cause to go. Here the second begins: whatever may have
 * taken a cause away asks, in its own transaction, that what waits for it is checked again afterwards (QUA-6, FEED-10).
 */
import { askAfterwork } from '../database/ask-afterwork';
import type { Transaction } from '../database/database';

/** Kinds of `afterwork`; its subject is a submission, an account, or the community itself. */
export const recheckKinds = ['recheck', 'recheck-account', 'recheck-all'] as const;
export type RecheckKind = (typeof recheckKinds)[number];

/** A form was published, or nobody knows what changed: everything in quarantine is looked at. `at`: RFC 3339, the office's clock. */
export async function askRecheckOfAll(tx: Transaction, communityId: string, at: string): Promise<void> {
  await askAfterwork(tx, communityId, 'recheck-all' satisfies RecheckKind, [communityId], at);
}

/** The account's scope has grown: all that it has in quarantine. */
export async function askRecheckOfAccount(
  tx: Transaction,
  communityId: string,
  accountId: string,
  at: string,
): Promise<void> {
  await askAfterwork(tx, communityId, 'recheck-account' satisfies RecheckKind, [accountId], at);
}

/** These ids came into being, in the register or as proposals: what is about them. Answers whether anything was. */
export async function askRecheckOf(
  tx: Transaction,
  communityId: string,
  targetIds: readonly string[],
  at: string,
): Promise<boolean> {
  if (targetIds.length === 0) return false;
  const waiting = await tx
    .selectFrom('submission')
    .select('id')
    .where('community_id', '=', communityId)
    .where('target_id', 'in', targetIds)
    .where('review', '=', 'quarantined')
    .execute();
  await askRecheckOfRecords(
    tx,
    communityId,
    waiting.map(({ id }) => id),
    at,
  );
  return waiting.length > 0;
}

/** These very submissions: less may be wrong with them. */
export async function askRecheckOfRecords(
  tx: Transaction,
  communityId: string,
  submissionIds: readonly string[],
  at: string,
): Promise<void> {
  await askAfterwork(tx, communityId, 'recheck' satisfies RecheckKind, submissionIds, at);
}
