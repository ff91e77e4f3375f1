/** Acceptance: what waited in quarantine waits for its decision like any other record, with what the office mended in it (QUA-3, QUA-6). */
import type { Updateable } from 'kysely';
import * as z from 'zod';
import type { Transaction } from '../database/database';
import type { SubmissionTable } from '../database/tables';
import { open, seal } from '../codec';
import { asRecord } from '../../domain/json';
import type { Correction } from '../../sync/items';
import { type Problem, SubmissionKind, type SubmissionRevision, Target } from '../../sync/protocol';
import { examine } from '../intake/examine';
import { judge, judgeAnswers, problem, type Judged } from '../intake/judge';
import { GatheredReads } from '../intake/reads';
import { factsOf, storeAttempts, storeProposals } from '../intake/store';
import { faultsWithoutPerson } from '../register/faults-without-person';
import { withoutGaps } from '../register/without-person';
import { corrected } from '../review/corrections';
import { Refused } from '../review/decision';
import { nothingTouched, type DecisionContext, type Head, type Outcome, type Submission } from '../review/decide';
import { storedRevisions } from '../review/revision';
import { scopeOf, type Scope } from '../scope';
import { askRecheckOf } from './ask-recheck';
import { changeRow, headOf, isCopy, partKey, revisionRows, type RevisionRow } from './part';

/**
 * By a rule: what the record's own scope and form find in it now must be nothing. By a person: its answers, with the corrections, must hold, wherever
 * in the community its target is; how its envelope was damaged is no matter. Throws `Refused`.
 */
export async function acceptRecord(context: DecisionContext): Promise<Outcome> {
  const { tx, decider, decision, submission, at } = context;
  const rows = await revisionRows(tx, decider.communityId, submission.id);
  const head = headOf(rows, submission);
  const row = decision.choose ? chosen(rows, submission, decision.choose) : head;
  if (!row || !head) throw new Refused({ refused: 'unknown' });
  const judged = decider.rule
    ? await judgeAgain(tx, decider.communityId, row)
    : await judgeByOffice(tx, decider.communityId, row, decision.corrections ?? []);
  // What is wrong with a chosen one is mended in the next step, with all of it on the screen.
  if (judged.problems.length > 0 && !decision.choose) {
    throw new Refused({ refused: 'invalid', problems: judged.problems });
  }
  if (decision.choose) await changePlaces(tx, row, head, { id: context.id, problems: judged.problems });
  const isWhole = judged.problems.length === 0;
  if (judged.place && judged.place.mark !== '') await setRow(tx, row, { mark: judged.place.mark });
  await stand(tx, submission, judged, row, isWhole, at);
  return {
    review: isWhole ? 'pending' : 'quarantined',
    touched: { ...nothingTouched, doors: judged.place?.dwellingId ? [judged.place.dwellingId] : [] },
    corrections: decision.corrections ?? [],
    ...(decision.choose && { head: { revision: row.revision, digest: row.pushed_digest } }),
  };
}

const cameIn = (row: RevisionRow) => ({ receivedAt: row.received_at, clockOffset: row.clock_offset });

/** As intake judges, by the scope that the author, through the same phone, has now or had then. */
export async function judgeAgain(tx: Transaction, communityId: string, row: RevisionRow): Promise<Judged> {
  const stored = asRecord(JSON.parse(open(row.text))) ?? {};
  const body = asRecord(stored['body']) ?? {};
  const raw = row.erased_at === null ? stored : { ...stored, body: withoutGaps(body) };
  const scope = await scopeOf(tx, communityId, row.account_id, { id: row.device_id });
  const examined = examine({ id: row.submission_id, revision: row.revision, digest: row.pushed_digest }, raw);
  if (scope) return ofErased(row, body, await judge(new GatheredReads(tx, communityId), scope, examined, cameIn(row)));
  return { problems: [problem('target', ['target'])], revision: null, place: null, body: {} };
}

async function judgeByOffice(
  tx: Transaction,
  communityId: string,
  row: RevisionRow,
  corrections: readonly Correction[],
): Promise<Judged> {
  const key = partKey(row);
  const stored = (await storedRevisions(tx, communityId, row.submission_id)).find(({ part }) => part === key);
  if (!stored) throw new Refused({ refused: 'unknown' });
  const mended = corrected(stored.body, corrections);
  if ('wrongPath' in mended) {
    throw new Refused({ refused: 'invalid', problems: [problem('path_unknown', mended.wrongPath)] });
  }
  const kind = SubmissionKind.safeParse(stored.kind);
  const target = Target.safeParse(stored.target);
  const unread = (problems: Problem[]): Judged => ({ problems, revision: null, place: null, body: mended.body });
  if (!kind.success) return unread([problem('kind_unknown', ['kind'])]);
  if (!target.success) return unread([problem('target', ['target'])]);
  const revision: SubmissionRevision = {
    ...stored,
    id: row.submission_id,
    kind: kind.data,
    target: target.data,
  };
  const scope = await scopeOfOffice(tx, communityId, row.account_id);
  const reads = new GatheredReads(tx, communityId);
  const judged = await judgeAnswers(reads, scope, revision, withoutGaps(mended.body), cameIn(row));
  return ofErased(row, mended.body, judged);
}

/** `body`: with the gaps that an erasure left. */
function ofErased(row: RevisionRow, body: Record<string, unknown>, judged: Judged): Judged {
  return row.erased_at === null ? judged : { ...judged, problems: faultsWithoutPerson(judged.problems, body) };
}

/** Every grid: where its author works is for the coordinator to weigh. */
async function scopeOfOffice(tx: Transaction, communityId: string, accountId: string): Promise<Scope> {
  const grids = await tx.selectFrom('grid').select('id').where('community_id', '=', communityId).execute();
  return { communityId, id: accountId, role: 'grid-worker', grids: grids.map(({ id }) => id), closed: null };
}

function chosen(rows: readonly RevisionRow[], submission: Submission, part: string): RevisionRow | null {
  const row = rows.find((one) => partKey(one) === part) ?? null;
  if (row?.place !== 'beside' || row.account_id !== submission.account_id || row.review !== 'quarantined') return null;
  if (isCopy(rows, row)) return null;
  // An older one is history: what stands in it is brought in by correcting the newest (REC-6).
  return row.revision >= submission.revision ? row : null;
}

/** The chosen one holds the place from now on; the other stands beside it, put away, and its phone is told so. */
async function changePlaces(
  tx: Transaction,
  row: RevisionRow,
  head: RevisionRow,
  decision: { id: string; problems: readonly Problem[] },
): Promise<void> {
  // A damaged copy never holds the place: what comes whole still counts as the first (QUA-4).
  const place = row.digest === row.pushed_digest ? 'first' : 'beside';
  await setRow(tx, row, {
    place,
    review: 'pending',
    decision_id: decision.id,
    checked: JSON.stringify(decision.problems),
  });
  if (row.revision === head.revision) {
    await setRow(tx, head, { place: 'beside', review: 'voided', decision_id: decision.id });
  }
}

/** What an acceptance did beyond the submission's state is put back as it was. Answers the head to go back to, where it chose another. */
export async function takeBackAcceptance(
  tx: Transaction,
  submission: Submission,
  headBefore: string | null,
): Promise<Pick<Outcome, 'touched' | 'head'>> {
  const touched = { ...nothingTouched, doors: submission.dwelling_id ? [submission.dwelling_id] : [] };
  if (headBefore === null) {
    // In quarantine no rule decides.
    await setSubmission(tx, submission, { by_rule: 0 });
    return { touched };
  }
  const before: Head = z.object({ revision: z.int(), digest: z.string() }).parse(JSON.parse(headBefore));
  const rows = await revisionRows(tx, submission.community_id, submission.id);
  const now = headOf(rows, submission);
  const then = headOf(rows, { ...submission, ...before });
  if (!now || !then) throw new Refused({ refused: 'unknown' });
  const alone = await lastAside(tx, now);
  await setRow(tx, now, { place: 'beside', review: 'quarantined', decision_id: alone, checked: null });
  const wasFirst = then.digest === then.pushed_digest;
  await setRow(tx, then, { place: wasFirst ? 'first' : 'beside', review: 'pending', decision_id: null });
  const judged = await judgeByOffice(tx, submission.community_id, then, []);
  const facts = factsOf(judged, asRecord(JSON.parse(open(then.text))) ?? {});
  await setSubmission(tx, submission, { ...facts, by_rule: 0 });
  return { touched, head: before };
}

/** The last decision on this revision alone; null where there is none. */
async function lastAside(tx: Transaction, row: RevisionRow): Promise<string | null> {
  const last = await tx
    .selectFrom('decision')
    .select('id')
    .where('community_id', '=', row.community_id)
    .where('submission_id', '=', row.submission_id)
    .where('aside', '=', partKey(row))
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .executeTakeFirst();
  return last?.id ?? null;
}

async function setSubmission(
  tx: Transaction,
  { community_id, id }: Submission,
  facts: Updateable<SubmissionTable>,
): Promise<void> {
  await tx.updateTable('submission').set(facts).where('community_id', '=', community_id).where('id', '=', id).execute();
}

type Change = Partial<Pick<RevisionRow, 'place' | 'review' | 'decision_id' | 'mark'>> & { checked?: string | null };

async function setRow(tx: Transaction, row: RevisionRow, { checked, ...change }: Change): Promise<void> {
  await changeRow(tx, row, {
    ...change,
    ...(checked !== undefined && { checked: checked === null ? null : seal(checked) }),
  });
}

/** The submission's row says what the record is about; what it proposes is known from now on (SCO-6). */
async function stand(
  tx: Transaction,
  submission: Submission,
  judged: Judged,
  row: RevisionRow,
  isWhole: boolean,
  at: string,
): Promise<void> {
  const communityId = submission.community_id;
  const facts = factsOf(judged, asRecord(JSON.parse(open(row.text))) ?? {});
  await setSubmission(tx, submission, { ...facts, by_rule: isWhole ? facts.by_rule : 0 });
  if (!isWhole) return;
  const proposed = await storeProposals(tx, { communityId, accountId: submission.account_id }, [judged]);
  await askRecheckOf(tx, communityId, proposed, at);
  if (facts.by_rule === 1) await storeAttempts(tx, communityId, [submission.id], at);
}
