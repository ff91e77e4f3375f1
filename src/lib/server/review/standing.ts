/** Which of a record's decisions stands, and which of them an undo would take back (TWO-3). */
import type { Selectable } from 'kysely';
import type { DecisionTable } from '../database/tables';
import { headOf, revisionRows } from '../quarantine/part';
import type { Reader } from '../register/read';

type Row = Selectable<DecisionTable>;
type Chained = Pick<Row, 'id' | 'previous_id' | 'kind' | 'undone_at'>;

/** The last of the chain that ends with `last` which no undo took back; those that do not `count` are passed over. Null where there is none. */
export function standingIn<D extends Chained>(
  decisions: readonly D[],
  last: string | null,
  count: (decision: D) => boolean = () => true,
): D | null {
  const byId = new Map(decisions.map((one) => [one.id, one]));
  for (let id = last; id !== null;) {
    const decision = byId.get(id);
    if (!decision) return null;
    if (decision.kind !== 'undo' && decision.undone_at === null && count(decision)) return decision;
    // A damaged chain ends too.
    byId.delete(id);
    id = decision.previous_id;
  }
  return null;
}

/**
 * What an undo would take back: the decision that stands, where a person took it on the very revision that the record stands for. So it goes back
 * one decision at a time; what came in since, and what a rule decided, is not taken back.
 */
export async function undoable(
  db: Reader,
  communityId: string,
  record: { id: string; revision: number; digest: string; decision_id: string | null },
): Promise<Row | null> {
  if (record.decision_id === null) return null;
  const decisions = await db
    .selectFrom('decision')
    .selectAll()
    .where('community_id', '=', communityId)
    .where('submission_id', '=', record.id)
    .where('aside', 'is', null)
    .execute();
  const standing = standingIn(decisions, record.decision_id);
  const isAbout = standing?.revision === record.revision && standing.digest === record.digest;
  if (!standing || !isAbout || standing.by_rule !== 'person') return null;
  return standing.head_before === null || (await isChosen(db, communityId, record, standing.id)) ? standing : null;
}

/** Whether the record still stands for the copy that a decision chose: the damaged one that was chosen may have come whole since (QUA-4). */
async function isChosen(
  db: Reader,
  communityId: string,
  record: { id: string; revision: number; digest: string },
  decisionId: string,
): Promise<boolean> {
  const rows = (await revisionRows(db, communityId, record.id)).filter(({ place }) => place !== 'foreign');
  const author = rows[0]?.account_id ?? '';
  return headOf(rows, { ...record, account_id: author })?.decision_id === decisionId;
}

/** What an undo takes back, by the word for it: `choose` is the choice between two copies of one record (REC-3). */
export type Undoes = Exclude<Row['kind'], 'undo'> | 'choose';

export function undoes(decision: Row | null): Undoes | null {
  if (!decision || decision.kind === 'undo') return null;
  return decision.head_before === null ? decision.kind : 'choose';
}
