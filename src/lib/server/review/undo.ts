/** Undo: a decision of its own that takes back the one that stands, while nothing was built on that. The next one takes back what then stands. */
import { loadRecords } from '../register/read';
import { undoEffects } from '../register/undo';
import { Refused } from './decision';
import { takeBackAcceptance } from '../quarantine/accept';
import { nothingTouched, type DecisionContext, type Outcome } from './decide';
import { undoable } from './standing';

/** The submission stands again as it did before; what the decision wrote to the register goes back, with history. */
export async function undoDecision({ tx, decider, decision, submission, id, at }: DecisionContext): Promise<Outcome> {
  const { communityId } = decider;
  const last = await undoable(tx, communityId, submission);
  if (!last) throw new Refused({ refused: 'not-open', review: submission.review });
  const back = { review: last.review_before, undoes: last.id };
  if (last.kind === 'accept') return { ...back, ...(await takeBackAcceptance(tx, submission, last.head_before)) };
  if (last.kind !== 'approve') return { ...back, touched: nothingTouched };
  const undone = await undoEffects(tx, communityId, last.id, {
    by: decider.id,
    at,
    decisionId: id,
    submissionId: submission.id,
    reason: decision.reason?.trim() ?? '',
  });
  if (!undone.undone) {
    const people = await loadRecords(
      tx,
      communityId,
      'resident',
      undone.builtUpon.map(({ entityId }) => entityId),
    );
    const upon = undone.builtUpon.map((entity) => ({
      ...entity,
      name: people.get(entity.entityId)?.fields.name ?? '',
    }));
    throw new Refused({ refused: 'built-upon', upon });
  }
  return { ...back, touched: { doors: undone.doors, buildings: [], residents: undone.residents } };
}
