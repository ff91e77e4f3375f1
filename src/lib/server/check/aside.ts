/** Whether what was decided on revisions beside a record, or of another account (REC-3, REC-7, QUA-4), is a chain of its own on each of them. */
import { partKey } from '../quarantine/part';
import { headBefore, type Fault } from './chain';
import type { HeldDecision, HeldRow, RecordHistory } from './record-history';

export function faultsAside({ submission, decisions, rows }: RecordHistory): Fault[] {
  const faults: Fault[] = [];
  const byPart = new Map(rows.map((row) => [partKey(row), row]));
  const isChoice = (id: string) => decisions.some((one) => one.id === id && headBefore(one) !== null);
  const aside = Map.groupBy(decisions, (decision) => decision.aside);
  for (const [part, own] of aside) {
    if (part === null) continue;
    const row = byPart.get(part);
    for (const decision of own) {
      const say = (what: string) => faults.push({ about: 'decision', id: decision.id, what });
      if (!row || row.revision !== decision.revision || row.pushed_digest !== decision.digest) {
        say('is about a revision that is not there');
        continue;
      }
      if (!follows(decision, own, isChoice)) say('is none that the revision beside could be given');
      const next = own.filter(({ previous_id }) => previous_id === decision.id);
      const undo = next.find(({ kind }) => kind === 'undo');
      if (next.length > 1) say('is followed by two');
      if (decision.undone_at !== (undo?.at ?? null))
        say('is said to be undone without an undo, or the other way round');
      // A choice of that revision stands for what was said of it before.
      const isLast = next.length === 0 && !decisions.some((one) => headBefore(one) !== null);
      if (isLast && row.decision_id !== decision.id) say('neither its record nor a later decision knows of it');
    }
  }
  for (const row of rows) {
    const what = faultOf(row, submission.account_id, decisions, isChoice);
    if (what) faults.push({ about: 'submission', id: submission.id, what: `its revision ${row.revision} ${what}` });
  }
  return faults;
}

/** Put away, and taken back, in turn. */
function follows(
  { kind, previous_id, review_before }: HeldDecision,
  own: readonly HeldDecision[],
  isChoice: (id: string) => boolean,
): boolean {
  const before = own.find(({ id }) => id === previous_id);
  if (kind === 'undo') return review_before === 'voided' && before?.kind === 'void';
  const begins = previous_id === null || before?.kind === 'undo' || isChoice(previous_id);
  return kind === 'void' && review_before === 'quarantined' && begins;
}

function faultOf(
  { place, account_id, review, decision_id }: HeldRow,
  author: string,
  decisions: readonly HeldDecision[],
  isChoice: (id: string) => boolean,
): string | null {
  if ((place === 'foreign') !== (account_id !== author)) return 'is of somebody else, or is not, other than it is said';
  if (decision_id === null || isChoice(decision_id)) return null;
  const decision = decisions.find(({ id }) => id === decision_id);
  if (!decision || decision.aside === null) return 'was decided on by what is not about it';
  return review === (decision.kind === 'void' ? 'voided' : 'quarantined') ? null : 'is not what was decided on it';
}
