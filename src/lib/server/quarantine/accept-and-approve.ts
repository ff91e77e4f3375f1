/** Accepting and approving in one step: two decisions of one transaction, each with its own line in the history. */
import type { Office, SignedIn } from '../office';
import { decideWithin } from '../review/decide';
import { Refused, type Decision, type DecisionAnswer } from '../review/decision';

type Seen = Pick<Decision, 'submissionId' | 'revision' | 'digest' | 'previous' | 'corrections'>;

/**
 * Mends, accepts and approves what waits in quarantine; a refusal of either has changed nothing. What rests on an older register is not approved
 * unseen: it is refused, and waits for review once it is accepted.
 */
export async function acceptAndApprove(office: Office, account: SignedIn, seen: Seen): Promise<DecisionAnswer> {
  const { corrections, ...about } = seen;
  try {
    return {
      done: await office.database.write(async (tx) => {
        const accept = { ...about, kind: 'accept', corrections } as const;
        const accepted = await decideWithin(tx, office.world, account, accept);
        return decideWithin(tx, office.world, account, { ...about, kind: 'approve', previous: accepted });
      }),
    };
  } catch (error) {
    if (error instanceof Refused) return error.answer;
    throw error;
  }
}
