/** Accepting and approving in one step, and taking both back in one: two decisions of one transaction, each with its own line in the history. */
import type { Transaction } from '../database/database';
import type { Office, SignedIn } from '../office';
import { decideWithin } from '../review/decide';
import { Refused, type Decision, type DecisionAnswer } from '../review/decision';
import { undoable } from '../review/standing';

type Seen = Pick<Decision, 'submissionId' | 'revision' | 'digest' | 'previous'>;

/**
 * Mends, accepts and approves what waits in quarantine, with words for whoever sent it; a refusal of either has changed nothing. What rests on an older register is not approved
 * unseen: it is refused, and waits for review once it is accepted.
 */
export async function acceptAndApprove(
  office: Office,
  account: SignedIn,
  seen: Seen & Pick<Decision, 'corrections' | 'comments' | 'keepDoor'>,
): Promise<DecisionAnswer> {
  const { corrections, comments, keepDoor, ...about } = seen;
  return inOne(office, async (tx) => {
    const accept = { ...about, kind: 'accept', corrections } as const;
    const accepted = await decideWithin(tx, office.world, account, accept);
    const approve = { ...about, kind: 'approve', comments, keepDoor, previous: accepted } as const;
    return decideWithin(tx, office.world, account, approve);
  });
}

/**
 * Undo as the quarantine desk means it: where the approval came with the acceptance before it, both go, and the record waits in quarantine as it did
 * before that one step. Any other decision is taken back by itself.
 */
export async function undoAtQuarantine(office: Office, account: SignedIn, seen: Seen): Promise<DecisionAnswer> {
  const { communityId } = account;
  return inOne(office, async (tx) => {
    const undo = { ...seen, kind: 'undo' } as const;
    const undone = await decideWithin(tx, office.world, account, undo);
    const last = await tx
      .selectFrom('decision')
      .select(['kind', 'previous_id'])
      .where('community_id', '=', communityId)
      .where('id', '=', seen.previous)
      .executeTakeFirst();
    const { submissionId: id, revision, digest } = seen;
    if (last?.kind !== 'approve') return undone;
    const before = await undoable(tx, communityId, { id, revision, digest, decision_id: undone });
    if (before?.kind !== 'accept' || before.id !== last.previous_id) return undone;
    return decideWithin(tx, office.world, account, { ...undo, previous: undone });
  });
}

async function inOne(office: Office, decisions: (tx: Transaction) => Promise<string>): Promise<DecisionAnswer> {
  try {
    return { done: await office.database.write(decisions) };
  } catch (error) {
    if (error instanceof Refused) return error.answer;
    throw error;
  }
}
