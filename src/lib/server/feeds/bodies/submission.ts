/** `submission` items: where a record stands, enough for a phone that does not hold it. */
import type { Selectable } from 'kysely';
import * as z from 'zod/mini';
import { asRecord } from '../../../domain/json';
import { Correction, ReviewComment, type SubmissionItem } from '../../../sync/items';
import { text, Timestamp } from '../../../sync/protocol';
import { open } from '../../codec';
import type { ReadSnapshot } from '../../database/open';
import type { DecisionTable, RevisionTable, SubmissionTable } from '../../database/tables';
import { headOf, isCopy } from '../../quarantine/part';
import { withoutGaps } from '../../register/without-person';
import { problemsNow } from '../../review/revision';
import { standingIn } from '../../review/standing';
import { masked, maskedAt } from './mask';

type Revision = Selectable<RevisionTable>;
type Decision = Selectable<DecisionTable> & { by_name: string | null };

/**
 * Submissions, by id, as `accountId` is told of them: their author, or somebody whose revisions of them are in quarantine (REC-7). One of which
 * neither holds is not in the map.
 */
export async function submissionBodies(
  db: ReadSnapshot,
  communityId: string,
  ids: readonly string[],
  accountId: string,
): Promise<Map<string, SubmissionItem>> {
  if (ids.length === 0) return new Map();
  const submissions = await db
    .selectFrom('submission')
    .selectAll()
    .where('community_id', '=', communityId)
    .where('id', 'in', ids)
    .execute();
  const revisions = await db
    .selectFrom('revision')
    .selectAll()
    .where('community_id', '=', communityId)
    .where('submission_id', 'in', ids)
    .where('account_id', '=', accountId)
    .orderBy('submission_id')
    .orderBy('revision', 'desc')
    .orderBy('received_at', 'desc')
    .orderBy('digest')
    .execute();
  const aside = await decisionsOfRows(db, communityId, revisions);
  const byId = new Map(submissions.map((row) => [row.id, row]));
  const own = Map.groupBy(revisions, (row) => row.submission_id);
  const told = new Map<string, SubmissionItem>();
  for (const id of ids) {
    const item = await itemOf(db, byId.get(id), own.get(id) ?? [], aside, accountId);
    if (item) told.set(id, item);
  }
  return told;
}

async function itemOf(
  db: ReadSnapshot,
  submission: Selectable<SubmissionTable> | undefined,
  revisions: readonly Revision[],
  aside: DecisionsByRow,
  accountId: string,
): Promise<SubmissionItem | null> {
  if (submission?.account_id !== accountId) return foreignItem(revisions, aside);
  const head = headOf(revisions, submission);
  if (!head) return null;
  // Of a copy the phone knows the digest alone, which stands for another: what is told of that one holds.
  const beside = revisions.filter((row) => row !== head && row.place === 'beside' && !isCopy(revisions, row));
  return { ...ownItem(submission, head, await standingDecision(db, submission)), ...othersOf(beside, aside) };
}

function ownItem(submission: Selectable<SubmissionTable>, head: Revision, decided: Decision | null): SubmissionItem {
  const { review } = submission;
  const waitsAgain = decided && (review === 'pending' || review === 'quarantined');
  return {
    ...headItem(head),
    review,
    comments: decided ? commentsOf(decided) : [],
    ...(review === 'quarantined' && { problems: problemsNow(head) }),
    ...(review === 'approved' && decided && correctionsOf(decided)),
    ...(submission.outcome && { outcome: submission.outcome }),
    ...(review === 'returned' && { record: recordOf(head) }),
    decidedAt: decided?.at ?? null,
    by: decided?.by_name ?? null,
    ...(waitsAgain && {
      before: { revision: decided.revision, digest: decided.digest, review: outcomes[decided.kind] },
    }),
  };
}

/** Of somebody else's submission an account sees what it pushed itself, and nothing more. */
function foreignItem(revisions: readonly Revision[], aside: DecisionsByRow): SubmissionItem | null {
  const [head, ...rest] = revisions.filter((row) => !isCopy(revisions, row));
  if (!head) return null;
  const decided = aside.get(head) ?? null;
  return {
    ...headItem(head),
    review: head.review,
    comments: decided ? commentsOf(decided) : [],
    problems: problemsNow(head),
    ...othersOf(rest, aside),
    decidedAt: decided?.at ?? null,
    by: decided?.by_name ?? null,
  };
}

/** The revision itself; where somebody was erased from it, no gap is left to stumble over. */
function recordOf(row: Revision): Record<string, unknown> {
  const record = Whole.parse(masked(textOf(row)));
  const body = asRecord(record['body']);
  return row.erased_at !== null && body ? { ...record, body: withoutGaps(body) } : record;
}

const Whole = z.record(z.string(), z.unknown());
const Comments = z.array(ReviewComment);
const Corrections = z.array(Correction);
const short = text(60);
const Head = z.object({
  kind: z.catch(short, ''),
  target: z.catch(z.object({ type: short, id: short }), { type: '', id: '' }),
  // What is no time is told as the time it came in: a phone that is told otherwise shows nothing of its records.
  recordedAt: z.catch(z.optional(Timestamp), undefined),
});

/** Known by the digest it was pushed with: by that the phone knows it, also where it was wrong (QUA-4). */
function headItem(row: Revision): Pick<SubmissionItem, 'kind' | 'target' | 'recordedAt' | 'revision' | 'digest'> {
  const { kind, target, recordedAt } = Head.parse(textOf(row));
  return { kind, target, recordedAt: recordedAt ?? row.recorded_at, revision: row.revision, digest: row.pushed_digest };
}

function textOf(row: Revision): unknown {
  return JSON.parse(open(row.text));
}

type DecisionsByRow = ReadonlyMap<Revision, Decision>;

/** Further ones that nobody decided on – not told, they would be forgotten – and those that were put away, with the reason. */
function othersOf(rows: readonly Revision[], aside: DecisionsByRow): Pick<SubmissionItem, 'others'> {
  const others = rows
    .filter((row) => row.review === 'quarantined' || row.review === 'voided')
    .map((row) => {
      const decided = aside.get(row);
      const reason = decided ? open(decided.reason) : '';
      return {
        revision: row.revision,
        digest: row.pushed_digest,
        review: row.review,
        problems: problemsNow(row),
        ...(reason && { reason }),
      };
    });
  return others.length > 0 ? { others } : {};
}

/** Kinds that stand; an acceptance only opened the way to one of these. */
const outcomes = {
  approve: 'approved',
  return: 'returned',
  void: 'voided',
  undo: 'pending',
  accept: 'pending',
} as const;

/** The coordinator's words on answers, and the reason where the record was put aside. */
function commentsOf(decision: Decision): ReviewComment[] {
  const comments = Comments.parse(JSON.parse(open(decision.comments)));
  const reason = decision.kind === 'void' ? open(decision.reason) : '';
  return reason ? [...comments, { path: [], text: reason, by: decision.by_name ?? '', at: decision.at }] : comments;
}

function correctionsOf(decision: Decision): Pick<SubmissionItem, 'corrections'> {
  const corrections = Corrections.parse(JSON.parse(open(decision.corrections)));
  if (corrections.length === 0) return {};
  return { corrections: corrections.map(({ path, value }) => ({ path, value: maskedAt(path, value) })) };
}

/** The decision that stands: what was taken back by an undo is none any more, and an acceptance from quarantine is none about the record itself. */
async function standingDecision(db: ReadSnapshot, submission: Selectable<SubmissionTable>): Promise<Decision | null> {
  if (submission.decision_id === null) return null;
  const decisions = await decisionsOn(db, submission);
  return standingIn(decisions, submission.decision_id, ({ kind }) => kind !== 'accept');
}

function withNames(db: ReadSnapshot, communityId: string) {
  return db
    .selectFrom('decision')
    .selectAll('decision')
    .leftJoin('account', (join) =>
      join.onRef('account.community_id', '=', 'decision.community_id').onRef('account.id', '=', 'decision.by_account'),
    )
    .select('account.name as by_name')
    .where('decision.community_id', '=', communityId);
}

function decisionsOn(db: ReadSnapshot, { community_id, id }: Selectable<SubmissionTable>): Promise<Decision[]> {
  return withNames(db, community_id).where('decision.submission_id', '=', id).execute();
}

/** Of revisions beside and foreign, those on each alone. */
async function decisionsOfRows(
  db: ReadSnapshot,
  communityId: string,
  rows: readonly Revision[],
): Promise<Map<Revision, Decision>> {
  const ids = rows.flatMap(({ decision_id }) => decision_id ?? []);
  if (ids.length === 0) return new Map();
  const decisions = await withNames(db, communityId).where('decision.id', 'in', ids).execute();
  return new Map(
    rows.flatMap((row) => {
      const decision = decisions.find(({ id }) => id === row.decision_id);
      return decision && decision.kind !== 'undo' ? [[row, decision] as const] : [];
    }),
  );
}
