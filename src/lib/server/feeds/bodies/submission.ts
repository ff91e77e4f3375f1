/** `submission` items: where a record stands, enough for a phone that does not hold it. */
import type { Selectable } from 'kysely';
import * as z from 'zod/mini';
import { Correction, ReviewComment, type SubmissionItem } from '../../../sync/items';
import { Problem, text } from '../../../sync/protocol';
import { open } from '../../codec';
import type { ReadSnapshot } from '../../database/open';
import type { DecisionTable, RevisionTable, SubmissionTable } from '../../database/tables';
import { masked, maskedAt, maskedText } from './mask';

type Revision = Selectable<RevisionTable>;
type Decision = Selectable<DecisionTable> & { by_name: string | null };

/** The submission as `accountId` is told of it: its author, or somebody whose revisions of it are in quarantine (REC-7). Null where neither holds. */
export async function submissionBody(
  db: ReadSnapshot,
  communityId: string,
  submissionId: string,
  accountId: string,
): Promise<SubmissionItem | null> {
  const submission = await db
    .selectFrom('submission')
    .selectAll()
    .where('community_id', '=', communityId)
    .where('id', '=', submissionId)
    .executeTakeFirst();
  const revisions = await db
    .selectFrom('revision')
    .selectAll()
    .where('community_id', '=', communityId)
    .where('submission_id', '=', submissionId)
    .where('account_id', '=', accountId)
    .orderBy('revision', 'desc')
    .orderBy('received_at', 'desc')
    .execute();
  if (submission?.account_id !== accountId) return foreignItem(revisions);
  const head = revisions.find((row) => row.revision === submission.revision && row.pushed_digest === submission.digest);
  return head ? ownItem(submission, head, revisions, await decisionOf(db, submission)) : null;
}

function ownItem(
  submission: Selectable<SubmissionTable>,
  head: Revision,
  revisions: readonly Revision[],
  last: Decision | null,
): SubmissionItem {
  const { review } = submission;
  // What was taken back by an undo is no decision any more.
  const decided = last && last.kind !== 'undo' ? last : null;
  const waitsAgain = decided && (review === 'pending' || review === 'quarantined');
  return {
    ...headItem(head),
    review,
    comments: decided ? commentsOf(decided) : [],
    ...(review === 'quarantined' && { problems: problemsOf(head) }),
    ...(review === 'approved' && decided && correctionsOf(decided)),
    ...othersOf(revisions.filter((row) => row !== head && row.place === 'beside')),
    ...((review === 'pending' || review === 'quarantined') && submission.outcome && { outcome: submission.outcome }),
    ...(review === 'returned' && { record: Record.parse(masked(textOf(head))) }),
    decidedAt: decided?.at ?? null,
    by: decided?.by_name ?? null,
    ...(waitsAgain && {
      before: { revision: decided.revision, digest: decided.digest, review: outcomes[decided.kind] },
    }),
  };
}

/** Of somebody else's submission an account sees what it pushed itself, and nothing more. */
function foreignItem(revisions: readonly Revision[]): SubmissionItem | null {
  const [head, ...rest] = revisions;
  if (!head) return null;
  return {
    ...headItem(head),
    review: head.review,
    comments: [],
    problems: problemsOf(head),
    ...othersOf(rest),
    decidedAt: null,
    by: null,
  };
}

const Record = z.record(z.string(), z.unknown());
const Problems = z.array(Problem);
const Comments = z.array(ReviewComment);
const Corrections = z.array(Correction);
const short = text(60);
const Head = z.object({
  kind: z.catch(short, ''),
  target: z.catch(z.object({ type: short, id: short }), { type: '', id: '' }),
  recordedAt: z.catch(z.optional(short), undefined),
});

/** Known by the digest it was pushed with: by that the phone knows it, also where it was wrong (QUA-4). */
function headItem(row: Revision): Pick<SubmissionItem, 'kind' | 'target' | 'recordedAt' | 'revision' | 'digest'> {
  const { kind, target, recordedAt } = Head.parse(textOf(row));
  return { kind, target, recordedAt: recordedAt ?? row.recorded_at, revision: row.revision, digest: row.pushed_digest };
}

function textOf(row: Revision): unknown {
  return JSON.parse(open(row.text));
}

function problemsOf(row: Revision): Problem[] {
  return Problems.parse(JSON.parse(open(row.problems)));
}

/** Further ones that nobody decided on: not told, they would be forgotten. */
function othersOf(rows: readonly Revision[]): Pick<SubmissionItem, 'others'> {
  const others = rows
    .filter((row) => row.review === 'quarantined')
    .map((row) => ({
      revision: row.revision,
      digest: row.pushed_digest,
      review: row.review,
      problems: problemsOf(row),
    }));
  return others.length > 0 ? { others } : {};
}

const outcomes = { approve: 'approved', return: 'returned', void: 'voided', undo: 'pending' } as const;

/** The coordinator's words on answers, and the reason where the record was put aside. */
function commentsOf(decision: Decision): ReviewComment[] {
  const comments = Comments.parse(JSON.parse(open(decision.comments)));
  const reason = decision.kind === 'void' ? open(decision.reason) : '';
  const all = reason
    ? [...comments, { path: [], text: reason, by: decision.by_name ?? '', at: decision.at }]
    : comments;
  return all.map((comment) => ({ ...comment, text: maskedText(comment.text) }));
}

function correctionsOf(decision: Decision): Pick<SubmissionItem, 'corrections'> {
  const corrections = Corrections.parse(JSON.parse(open(decision.corrections)));
  if (corrections.length === 0) return {};
  return { corrections: corrections.map(({ path, value }) => ({ path, value: maskedAt(path, value) })) };
}

async function decisionOf(db: ReadSnapshot, submission: Selectable<SubmissionTable>): Promise<Decision | null> {
  if (submission.decision_id === null) return null;
  const row = await db
    .selectFrom('decision')
    .selectAll('decision')
    .leftJoin('account', (join) =>
      join.onRef('account.community_id', '=', 'decision.community_id').onRef('account.id', '=', 'decision.by_account'),
    )
    .select('account.name as by_name')
    .where('decision.community_id', '=', submission.community_id)
    .where('decision.id', '=', submission.decision_id)
    .executeTakeFirst();
  return row ?? null;
}
