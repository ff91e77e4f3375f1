/**
 * Whether the decisions on a record are one chain (TWO-3): each was open to what the record stood as, each undo takes back the one that stood then, and
 * the record stands as the last one left it, or as a revision that came since does (TWO-4).
 */
import * as z from 'zod';
import type { ReviewState } from '../../sync/items';
import { isDecided, openTo } from '../review/decide';
import { jsonOf } from '../readable';
import type { HeldDecision, HeldRow, RecordHistory } from './record-history';

/** `about` a decision or the record, by its id. */
export type Fault = { about: 'decision' | 'submission'; id: string; what: string };
type Head = { revision: number; digest: string };
/** What the record stood for, and as what it may have stood: an acceptance of another revision leaves it open. */
type Stood = { head: Head; reviews: readonly ReviewState[] };

export function faultsOfChain({ submission, decisions, rows, isAsked }: RecordHistory): Fault[] {
  const { chain, faults } = chainOf(submission.decision_id, decisions);
  const own = rows.filter(({ account_id }) => account_id === submission.account_id);
  let stood: Stood | null = null;
  /** Those that no undo has taken back, and when the others were. */
  const inForce: HeldDecision[] = [];
  const takenBack = new Map<string, string>();
  for (const decision of chain) {
    const say = (what: string) => faults.push({ about: 'decision', id: decision.id, what });
    const reviews = reviewsOf(stood, headBefore(decision) ?? decision, own);
    if (reviews && !reviews.includes(decision.review_before)) say('was taken of a record that stood otherwise');
    if (!isOpenTo(decision)) say(`is none that a record can be given that is ${decision.review_before}`);
    if (!isBySomebody(decision)) say('is of a rule that decides no such thing, or of nobody');
    const undone = decision.kind === 'undo' ? (inForce.pop() ?? null) : null;
    if (decision.kind !== 'undo') inForce.push(decision);
    else if (!undone || !isSame(decision, undone) || undone.by_rule !== 'person')
      say('takes back what cannot be taken back');
    if (undone) takenBack.set(undone.id, decision.at);
    stood = standsAfter(decision, undone);
  }
  for (const { id, undone_at } of chain)
    if (undone_at !== (takenBack.get(id) ?? null))
      faults.push({ about: 'decision', id, what: 'is said to be undone without an undo, or the other way round' });
  const say = (what: string) => faults.push({ about: 'submission', id: submission.id, what });
  const last = chain.at(-1) ?? null;
  const reviews = reviewsOf(stood, submission, own);
  if (reviews && !reviews.includes(submission.review))
    say('is not what its last decision or its newest revision made of it');
  const decidedAt = submission.decided_at;
  if (decidedAt === null ? isDecided(submission.review) : decidedAt !== last?.at)
    say('was not decided when it is said to have been');
  const isNew = !stood || !isSame(stood.head, submission);
  if (submission.by_rule === 1 && submission.review === 'pending' && isNew && !isAsked)
    say('waits for a rule, and the rule is not asked');
  return faults;
}

/** The main chain, oldest first; decisions on a revision beside have chains of their own (`aside.ts`). */
function chainOf(
  lastId: string | null,
  decisions: readonly HeldDecision[],
): { chain: HeldDecision[]; faults: Fault[] } {
  const own = new Map(decisions.filter(({ aside }) => aside === null).map((one) => [one.id, one]));
  const chain: HeldDecision[] = [];
  const faults: Fault[] = [];
  const say = (id: string, what: string) => faults.push({ about: 'decision', id, what });
  for (let id = lastId; id !== null;) {
    const decision = own.get(id);
    const later = chain[0];
    if (!decision) {
      const isKnown = chain.some((one) => one.id === id);
      if (later) say(later.id, isKnown ? 'follows on itself' : 'follows on none about this record');
      break;
    }
    own.delete(id);
    chain.unshift(decision);
    id = decision.previous_id;
  }
  for (const id of own.keys()) say(id, 'neither its record nor a later decision knows of it');
  return { chain, faults };
}

const HeadBefore = z.object({ revision: z.int(), digest: z.string() });

export function headBefore({ head_before }: Pick<HeldDecision, 'head_before'>): Head | null {
  return head_before === null ? null : (HeadBefore.safeParse(jsonOf(head_before)).data ?? null);
}

/** As what it may stand; null where nothing of it is there. */
function reviewsOf(stood: Stood | null, seen: Head, own: readonly HeldRow[]): readonly ReviewState[] | null {
  const as = own
    .filter(({ revision, pushed_digest }) => revision === seen.revision && pushed_digest === seen.digest)
    .map(({ status }) => (status === 'stored' ? 'pending' : 'quarantined'));
  if (!stood || !isSame(stood.head, seen)) return as.length > 0 ? as : null;
  // Under the digest of a damaged one it came whole since (QUA-4): it stands anew.
  return as.length > 1 ? [...stood.reviews, ...as] : stood.reviews;
}

const after = { approve: ['approved'], return: ['returned'], void: ['voided'] } as const;

/** `undone`: what an undo takes back. */
function standsAfter(decision: HeldDecision, undone: HeldDecision | null): Stood {
  const head = { revision: decision.revision, digest: decision.digest };
  if (decision.kind === 'accept')
    return { head, reviews: headBefore(decision) ? ['pending', 'quarantined'] : ['pending'] };
  if (decision.kind !== 'undo') return { head, reviews: after[decision.kind] };
  return { head: (undone && headBefore(undone)) ?? head, reviews: undone ? [undone.review_before] : [] };
}

function isOpenTo(decision: HeldDecision): boolean {
  return headBefore(decision) !== null || openTo[decision.kind].includes(decision.review_before);
}

function isBySomebody({ kind, by_rule, by_account }: HeldDecision): boolean {
  if (by_rule === 'person') return by_account !== '';
  return (
    by_account === '' && ((by_rule === 'attempt' && kind === 'approve') || (by_rule === 'recheck' && kind === 'accept'))
  );
}

function isSame(one: Head, other: Head): boolean {
  return one.revision === other.revision && one.digest === other.digest;
}
