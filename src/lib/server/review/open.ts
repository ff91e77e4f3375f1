/** One submission as the desk opens it: what changed beside what was, with all that came before it. Numbers are masked. */
import { dayOf } from '../../domain/calendar';
import { differences, type Difference } from '../../domain/differences';
import type { Likeness } from '../../domain/same-person';
import type { Compared } from '../../domain/sides';
import type { SinceChange } from '../../domain/since';
import type { DoorLike } from '../../domain/door-like';
import { checkBody } from '../../forms/check';
import type { FormDefinition } from '../../forms/definition';
import type { Problem } from '../../sync/protocol';
import { audit } from '../audit/audit';
import type { ScopeMark } from '../database/tables';
import { formOf } from '../forms/known-forms';
import {
  maskedComparison,
  maskedDecision,
  maskedDifference,
  maskedDoor,
  maskedOrigin,
  told,
  type RevisionTold,
} from './masked-case';
import type { Office, SignedIn } from '../office';
import { idsOf, loadRecords, type Reader } from '../register/read';
import { cameFrom, type CameFrom } from './came-from';
import { doorBefore } from './decided-door';
import { namedDoor, registerVersion, reviewedDoor, standingDoor } from './door';
import { alsoProposedAs } from './proposed-doors';
import { queueRow, type QueueRow } from './queue';
import { headIn, peopleOf, savedAt, storedRevisions, type StoredRevision } from './revision';
import { sameNumbers, type SameNumber } from './same-number';
import { undoable, undoes, type Undoes } from './standing';
import { decisionsOn, type DecisionTold } from './taken';
import { weigh, type Said, type Weighed } from './weigh';
import { WeighingReads } from './weighing-reads';

/** What happened at this door: other records of it, by whom and what became of them. */
export type DoorEvent = Pick<
  QueueRow,
  'id' | 'kind' | 'outcome' | 'review' | 'revision' | 'changes' | 'recordedAt' | 'receivedAt' | 'worker' | 'byRule'
>;

export type ReviewCase = {
  row: QueueRow;
  /** The newest revision; what a decision is about. */
  shown: RevisionTold;
  /** All revisions, oldest first, the newest among them. */
  revisions: RevisionTold[];
  decisions: DecisionTold[];
  /** The last decision, as the next one has to name it; null where there is none. */
  previous: DecisionTold | null;
  /** Of a verification: against the register now, or, where it was approved, as that decision found it. */
  differences: Difference[];
  /** While it is open: each value that it proposes, from its three sides; numbers masked. */
  compared: Compared[];
  likenesses: Likeness[];
  /** Keys of what is still to choose before it can be approved. */
  unanswered: string[];
  /** Who comes from another door, and from which; numbers masked. */
  cameFrom: CameFrom[];
  /** While it is open: whose identity number somebody else has already, but for those about whom it is asked. */
  sameNumbers: SameNumber[];
  /** The door that it is compared with, numbers masked as `idNumber`; null where the register lacks it. */
  door: DoorLike | null;
  /** It proposes a door that the register has meanwhile, under this id: approved, the two become one (TWO-5). */
  twinOf: string | null;
  /** It names a door that was struck off, and that is found again as this one (TWO-5). */
  foundAgain: boolean;
  /** The office holds what the worker saw of the door. */
  basisHeld: boolean;
  /** For `Decision.registerVersion`. */
  registerVersion: string | null;
  stale: boolean;
  since: SinceChange[];
  problems: Problem[];
  warnings: Problem[];
  /** Of the newest revision; null where the office does not know the form. */
  definition: FormDefinition | null;
  /** By which exception to its author's scope it was accepted; '' by none (SCO-2). */
  mark: ScopeMark;
  /** When somebody was erased from it; null where nobody was (REC-11). */
  erasedAt: string | null;
  /** Other records of this door, newest first. */
  atThisDoor: DoorEvent[];
  /** What an undo would take back; null where there is nothing to undo. */
  undoes: Undoes | null;
};

/** Opens a submission, weighed with what was said at the desk so far; null when the office has none of that id. */
export async function openSubmission(
  db: Reader,
  communityId: string,
  id: string,
  said: Said = {},
): Promise<ReviewCase | null> {
  const row = await queueRow(db, communityId, id);
  if (!row) return null;
  const revisions = await storedRevisions(db, communityId, id);
  const head = headIn(revisions, row);
  if (!head) return null;
  const decisions = await decisionsOn(db, communityId, id);
  const previous = decisions.find(({ decisionId }) => decisionId === row.decisionId) ?? null;
  const named = namedDoor(row.target, row.door?.id ?? null);
  const doorId = row.door?.id ?? named;
  const door = await reviewedDoor(db, communityId, { submissionId: id, dwellingId: named, body: head.body });
  const isVerification = row.kind === 'household-verification';
  const approval = decisions.findLast(({ kind, undoneAt }) => kind === 'approve' && undoneAt === null);
  const approved = row.review === 'approved' ? (approval ?? null) : null;
  const weighed = isVerification ? await weighedOr(db, communityId, head, door, said) : null;
  const against =
    approved && door
      ? await doorBefore(db, communityId, { ...approved, submissionId: id }, door)
      : (weighed?.sides.door ?? null);
  const isOpen = !approved && row.review !== 'voided';
  const body = approved ? head.body : (weighed?.body ?? head.body);
  const brought = isVerification
    ? await cameFrom(db, communityId, body, door?.dwelling.id ?? doorId, approved?.decisionId ?? null)
    : [];
  const elsewhere = new Map(brought.map(({ sameAs, resident }) => [sameAs, resident]));
  const definition = await formOf(db, communityId, head.form);
  const check = definition
    ? checkBody(definition, head.body, {
        recordedAt: head.recordedAt,
        today: dayOf(savedAt(head)),
        door: weighed?.basis ?? standingDoor(door),
      })
    : { problems: [], warnings: [] };
  return {
    row: { ...row, stale: isOpen && weighed !== null && weighed.since.length > 0 },
    shown: told(head),
    revisions: revisions.map(told),
    decisions: decisions.map(maskedDecision),
    previous: previous && maskedDecision(previous),
    differences: isVerification ? differences(against, body, elsewhere).map(maskedDifference) : [],
    compared: isOpen ? (weighed?.compared ?? []).map(maskedComparison) : [],
    likenesses: isOpen ? (weighed?.likenesses ?? []) : [],
    unanswered: isOpen ? (weighed?.open ?? []) : [],
    cameFrom: brought.map(maskedOrigin),
    sameNumbers:
      isOpen && isVerification
        ? notAsked(await sameNumbers(db, communityId, body, door?.dwelling.id ?? doorId), weighed)
        : [],
    door: against && maskedDoor(against),
    twinOf: isOpen && door?.twin ? door.dwelling.id : null,
    foundAgain: isOpen && Boolean(door?.former),
    basisHeld: Boolean(weighed?.basis),
    registerVersion: isVerification ? registerVersion(door) : null,
    stale: isOpen && weighed !== null && weighed.since.length > 0,
    since: weighed?.since ?? [],
    problems: row.review === 'quarantined' ? head.problems : [],
    warnings: check.warnings,
    definition,
    mark: head.mark,
    erasedAt: head.erasedAt,
    atThisDoor: await eventsAt(db, communityId, door?.dwelling.id ?? doorId, id),
    undoes: undoes(await undoable(db, communityId, { ...row, decision_id: row.decisionId })),
  };
}

/** Without those whom a question offers as the same person already. */
function notAsked(found: readonly SameNumber[], weighed: Weighed | null): SameNumber[] {
  const offered = weighed?.likenesses.flatMap(({ candidates }) => candidates.map(({ id }) => id)) ?? [];
  return found.filter(({ other }) => !offered.includes(other.id));
}

/** A correction that the record has no place for is said when it is decided; the page shows the record as it came. */
async function weighedOr(
  db: Reader,
  communityId: string,
  head: StoredRevision,
  door: Awaited<ReturnType<typeof reviewedDoor>>,
  said: Said,
): Promise<Weighed | null> {
  const reads = new WeighingReads(db, communityId);
  const weighed = await weigh(reads, head, door, said);
  if (!('wrongPath' in weighed)) return weighed;
  const plain = await weigh(reads, head, door);
  return 'wrongPath' in plain ? null : plain;
}

/**
 * The whole identity number of one person, as the record gives it (`'record'`) or as the register holds it (`'register'`); every look is
 * an audit line. Null where there is none.
 */
export async function lookAtNumber(
  office: Office,
  account: SignedIn,
  submissionId: string,
  residentId: string,
  where: 'record' | 'register' = 'record',
): Promise<string | null> {
  return office.database.write(async (tx) => {
    const { communityId } = account;
    const row = await queueRow(tx, communityId, submissionId);
    if (!row) return null;
    await audit(tx, office.world, account, 'review.look-at-number', { type: 'resident', id: residentId });
    if (where === 'register') {
      const resident = (await loadRecords(tx, communityId, 'resident', [residentId])).get(residentId);
      return resident?.fields.idNumber || null;
    }
    const revisions = await storedRevisions(tx, communityId, submissionId);
    const head = headIn(revisions, row);
    const person = peopleOf(head?.body ?? {}).find(({ id }) => id === residentId);
    const number = person?.['idNumber'];
    return typeof number === 'string' && number !== '' ? number : null;
  });
}

async function eventsAt(db: Reader, communityId: string, doorId: string | null, except: string): Promise<DoorEvent[]> {
  if (doorId === null) return [];
  const ids = [
    ...(await idsOf(db, communityId, 'dwelling', doorId)),
    ...(await alsoProposedAs(db, communityId, except)),
  ];
  const rows = await db
    .selectFrom('submission')
    .leftJoin('account', (join) =>
      join
        .onRef('account.community_id', '=', 'submission.community_id')
        .onRef('account.id', '=', 'submission.account_id'),
    )
    .selectAll('submission')
    .select('account.name as worker_name')
    .where('submission.community_id', '=', communityId)
    .where('submission.dwelling_id', 'in', ids)
    .where('submission.id', '!=', except)
    .orderBy('submission.received_at', 'desc')
    .orderBy('submission.id', 'desc')
    .limit(50)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    outcome: row.outcome,
    review: row.review,
    revision: row.revision,
    changes: row.changes,
    recordedAt: row.recorded_at,
    receivedAt: row.received_at,
    worker: { id: row.account_id, name: row.worker_name ?? row.account_id },
    byRule: row.by_rule === 1,
  }));
}
