/** Takes a rescue file in: each of its revisions goes the way of a push of its account, so twice is the same as once (REC-2). */
import type { Receipt } from '../../sync/protocol';
import type { RescueContent } from '../../sync/rescue';
import { audit } from '../audit/audit';
import { clockOffset } from '../intake/clock-offset';
import { NoScopeError, takeIn } from '../intake/take-in';
import type { Office, SignedIn } from '../office';
import { afterPush } from '../sync/afterwork';
import { inPieces, pushedOf, type Pushed } from './pushed';
import type { RescueRefusal } from './read';

export type RescueReceipt = Receipt & {
  /** It was at the office before: nothing happened to it now. */
  known: boolean;
};
export type RescueTaken = { receipts: RescueReceipt[]; unreadable: number };

/** `by`: who hands it in at the desk. Answers when all of it is durable; a part that is stays when a later one fails. */
export async function takeRescue(
  office: Office,
  by: SignedIn,
  content: RescueContent,
): Promise<RescueTaken | RescueRefusal> {
  const account = { communityId: by.communityId, id: content.account };
  const pushed = content.revisions.flatMap((revision) => pushedOf(revision) ?? []);
  const receipts: RescueReceipt[] = [];
  try {
    for (const piece of inPieces(pushed)) {
      const known = await knownOf(office, account, piece);
      const taken = await takeIn(office, account, { id: content.device }, piece, clockOffset(content.clockOffset ?? 0));
      if (taken.afterwork) afterPush(office);
      receipts.push(...taken.receipts.map((receipt) => ({ ...receipt, known: known.has(keyOf(receipt)) })));
    }
  } catch (error) {
    if (error instanceof NoScopeError) return { refused: error.closed === null ? 'account-unknown' : 'account-ended' };
    throw error;
  }
  await office.database.write((tx) =>
    audit(tx, office.world, by, 'rescue.take', { type: 'account', id: content.account }),
  );
  return { receipts, unreadable: content.revisions.length - pushed.length };
}

const keyOf = ({ id, revision, digest }: Pick<Receipt, 'id' | 'revision' | 'digest'>) => `${id} ${revision} ${digest}`;

/** Which of these the account has handed over already, by whichever way. */
async function knownOf(
  office: Office,
  account: { communityId: string; id: string },
  pushed: readonly Pushed[],
): Promise<Set<string>> {
  const ids = [...new Set(pushed.map(({ entry }) => entry.id))];
  const rows = await office.database.read((db) =>
    db
      .selectFrom('revision')
      .select(['submission_id as id', 'revision', 'pushed_digest as digest'])
      .where('community_id', '=', account.communityId)
      .where('account_id', '=', account.id)
      .where('submission_id', 'in', ids)
      .execute(),
  );
  return new Set(rows.map(keyOf));
}
