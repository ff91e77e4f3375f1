/** One submission as the desk opens it: what changed beside what was, with all that came before it. Numbers are masked. */
import { differences, type Difference } from '../../domain/differences';
import { maskIdentityNumber } from '../../domain/identity-number';
import type { WholeDwelling } from '../../domain/register';
import { checkBody } from '../../forms/check';
import type { FormDefinition } from '../../forms/definition';
import type { Problem } from '../../sync/protocol';
import { audit } from '../audit/audit';
import type { ScopeMark } from '../database/tables';
import { formOf } from '../forms/known-forms';
import { masked as maskedValue, maskedAt } from '../feeds/bodies/mask';
import type { Office, SignedIn } from '../office';
import { idsOf, loadRecords, wholeOf, type Reader } from '../register/read';
import { doorIdOf } from './approve';
import { doorOf, registerVersion, standingOf, type SinceChange } from './basis';
import { queueRow, type QueueRow } from './queue';
import { peopleOf, storedRevisions, type StoredRevision } from './revision';
import { decisionsOn, type DecisionTold } from './taken';

/** A revision's text for the desk; `body` with every identity number masked. */
export type RevisionTold = Pick<
  StoredRevision,
  | 'revision'
  | 'digest'
  | 'form'
  | 'target'
  | 'recordedAt'
  | 'receivedAt'
  | 'clockOffset'
  | 'secondsOpen'
  | 'location'
  | 'body'
  | 'status'
  | 'problems'
>;

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
  /** Of a verification, against the register now. */
  differences: Difference[];
  /** The door in the register, numbers masked as `idNumber`; null where it lacks it. */
  door: WholeDwelling | null;
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
  /** Other records of this door, newest first. */
  atThisDoor: DoorEvent[];
  /** Undo is open: the last decision stands and is not an undo itself. */
  canUndo: boolean;
};

/** Opens a submission; null when the office has none of that id. */
export async function openSubmission(db: Reader, communityId: string, id: string): Promise<ReviewCase | null> {
  const row = await queueRow(db, communityId, id);
  if (!row) return null;
  const revisions = await storedRevisions(db, communityId, id);
  const head = revisions.find(({ revision, digest }) => revision === row.revision && digest === row.digest);
  if (!head) return null;
  const doorId =
    row.door?.id ?? doorIdOf({ dwelling_id: null, target_type: row.target.type, target_id: row.target.id });
  const door = await doorOf(db, communityId, doorId);
  const whole = door && wholeOf(door);
  const isVerification = row.kind === 'household-verification';
  const standing = await standingOf(db, communityId, head, door);
  const decisions = await decisionsOn(db, communityId, id);
  const previous = decisions.find(({ decisionId }) => decisionId === row.decisionId) ?? null;
  const definition = await formOf(db, communityId, head.form);
  const check = definition
    ? checkBody(definition, head.body, { recordedAt: head.recordedAt, door: whole })
    : { problems: [], warnings: [] };
  return {
    row: { ...row, stale: standing.stale },
    shown: told(head),
    revisions: revisions.map(told),
    decisions: decisions.map(maskedDecision),
    previous: previous && maskedDecision(previous),
    differences: isVerification ? differences(whole, head.body).map(maskedDifference) : [],
    door: whole && maskedDoor(whole),
    registerVersion: isVerification ? registerVersion(door) : null,
    ...standing,
    problems: row.review === 'quarantined' ? head.problems : [],
    warnings: check.warnings,
    definition,
    mark: head.mark,
    atThisDoor: await eventsAt(db, communityId, doorId, id),
    canUndo: previous !== null && previous.kind !== 'undo' && row.review !== 'pending' && row.review !== 'quarantined',
  };
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
    const head = revisions.find(({ revision, digest }) => revision === row.revision && digest === row.digest);
    const person = peopleOf(head?.body ?? {}).find(({ id }) => id === residentId);
    const number = person?.['idNumber'];
    return typeof number === 'string' && number !== '' ? number : null;
  });
}

async function eventsAt(db: Reader, communityId: string, doorId: string | null, except: string): Promise<DoorEvent[]> {
  if (doorId === null) return [];
  const ids = await idsOf(db, communityId, 'dwelling', doorId);
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

function told({
  submissionId: _id,
  accountId: _account,
  kind: _kind,
  basis: _basis,
  accepted: _accepted,
  ...rest
}: StoredRevision): RevisionTold {
  return {
    ...rest,
    body: Object.fromEntries(Object.entries(rest.body).map(([key, value]) => [key, maskedValue(value)])),
  };
}

function maskedDecision(decision: DecisionTold): DecisionTold {
  return {
    ...decision,
    corrections: decision.corrections.map(({ path, value }) => ({ path, value: maskedAt(path, value) })),
  };
}

function maskedDifference(difference: Difference): Difference {
  if (difference.field !== 'idNumber') return difference;
  const hide = (value: unknown) => (typeof value === 'string' ? maskIdentityNumber(value) : value);
  return { ...difference, before: hide(difference.before), after: hide(difference.after) };
}

function maskedDoor(door: WholeDwelling): WholeDwelling {
  return {
    ...door,
    households: door.households.map((household) => ({
      ...household,
      residents: household.residents.map((resident) => ({
        ...resident,
        idNumber: maskIdentityNumber(resident.idNumber),
      })),
    })),
  };
}
