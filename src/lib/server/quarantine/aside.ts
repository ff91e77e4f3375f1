/**
 * Decisions on a revision that no submission stands for: one beside the first, or another account's. It can be kept at the office with a reason, and
 * that can be taken back; which of two counts is `accept` with `choose` (`review/decide.ts`).
 */
import { audit } from '../audit/audit';
import { seal } from '../codec';
import type { Transaction } from '../database/database';
import { lockCommunity, lockSubmissions } from '../database/locks';
import { publish } from '../feeds/publish';
import { submissionChanges } from '../feeds/republish';
import type { Office, SignedIn } from '../office';
import { Refused, problem, type DecisionAnswer } from '../review/decision';
import { takenBy } from '../review/taken';
import { changeRow, headOf, partKey, revisionRows, type RevisionRow } from './part';

export type AsideDecision = {
  submissionId: string;
  /** `partKey` of the revision. */
  part: string;
  /** The last decision on it that was on the screen; null where there was none (TWO-3). */
  previous: string | null;
  kind: 'void' | 'undo';
  /** `void`: why; required. */
  reason?: string;
};

/** Takes the decision in a transaction of its own; a refusal has changed nothing. */
export async function decideAside(office: Office, account: SignedIn, decision: AsideDecision): Promise<DecisionAnswer> {
  try {
    return { done: await office.database.write((tx) => decideWithin(office, tx, account, decision)) };
  } catch (error) {
    if (error instanceof Refused) return error.answer;
    throw error;
  }
}

async function decideWithin(
  office: Office,
  tx: Transaction,
  account: SignedIn,
  decision: AsideDecision,
): Promise<string> {
  const { communityId } = account;
  await lockCommunity(tx, communityId);
  await lockSubmissions(tx, communityId, [decision.submissionId]);
  const row = await standing(tx, communityId, decision);
  const reason = decision.reason?.trim() ?? '';
  if (decision.kind === 'void' && reason === '') {
    throw new Refused({ refused: 'invalid', problems: [problem('reason_needed')] });
  }
  const id = office.world.uuid();
  const at = new Date(office.world.now()).toISOString();
  await tx
    .insertInto('decision')
    .values({
      community_id: communityId,
      id,
      submission_id: row.submission_id,
      revision: row.revision,
      digest: row.pushed_digest,
      kind: decision.kind,
      previous_id: row.decision_id,
      review_before: row.review,
      comments: seal('[]'),
      corrections: seal('[]'),
      reason: seal(reason),
      by_account: account.id,
      by_rule: 'person',
      at,
      undone_at: null,
      aside: decision.part,
    })
    .execute();
  if (decision.kind === 'undo') {
    await tx
      .updateTable('decision')
      .set({ undone_at: at })
      .where('community_id', '=', communityId)
      .where('id', '=', row.decision_id)
      .execute();
  }
  await changeRow(tx, row, { review: decision.kind === 'void' ? 'voided' : 'quarantined', decision_id: id });
  await audit(tx, office.world, account, `quarantine.${decision.kind}`, { type: 'submission', id: row.submission_id });
  await publish(tx, communityId, await submissionChanges(tx, communityId, row.submission_id));
  return id;
}

/** The row that is meant, still as the maker of the decision saw it. */
async function standing(tx: Transaction, communityId: string, decision: AsideDecision): Promise<RevisionRow> {
  const submission = await tx
    .selectFrom('submission')
    .selectAll()
    .where('community_id', '=', communityId)
    .where('id', '=', decision.submissionId)
    .forUpdate()
    .executeTakeFirst();
  const rows = await revisionRows(tx, communityId, decision.submissionId);
  const row = rows.find((one) => partKey(one) === decision.part);
  if (!submission || !row) throw new Refused({ refused: 'unknown' });
  if (row.decision_id !== decision.previous) {
    const taken = await takenBy(tx, communityId, row.decision_id);
    throw new Refused(taken ? { refused: 'decided', ...taken } : { refused: 'unknown' });
  }
  const last = await lastKind(tx, communityId, row.decision_id);
  const isOpen = decision.kind === 'void' ? row.review === 'quarantined' : row.review === 'voided' && last === 'void';
  if (row.place === 'first' || row === headOf(rows, submission) || !isOpen) {
    throw new Refused({ refused: 'not-open', review: row.review });
  }
  return row;
}

async function lastKind(tx: Transaction, communityId: string, id: string | null): Promise<string | null> {
  if (id === null) return null;
  const row = await tx
    .selectFrom('decision')
    .select('kind')
    .where('community_id', '=', communityId)
    .where('id', '=', id)
    .executeTakeFirst();
  return row?.kind ?? null;
}
