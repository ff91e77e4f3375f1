/** What was decided on each record, and on which of its revisions: some hundred records at a time, without what stands in them. */
import type { Selectable } from 'kysely';
import { inPages } from '../database/in-pages';
import type { ReadSnapshot } from '../database/open';
import type { DecisionTable, RevisionTable, SubmissionTable } from '../database/tables';
import { page } from './finding';

const submissionColumns = [
  ...(['id', 'account_id', 'revision', 'digest', 'review', 'by_rule', 'decision_id', 'decided_at'] as const),
];
const decisionColumns = [
  ...(['id', 'submission_id', 'revision', 'digest', 'kind', 'previous_id', 'review_before'] as const),
  ...(['by_account', 'by_rule', 'at', 'undone_at', 'head_before', 'aside'] as const),
];
const revisionColumns = [
  ...(['submission_id', 'revision', 'account_id', 'digest', 'pushed_digest'] as const),
  ...(['status', 'place', 'review', 'decision_id'] as const),
];

export type HeldSubmission = Pick<Selectable<SubmissionTable>, (typeof submissionColumns)[number]>;
export type HeldDecision = Pick<Selectable<DecisionTable>, (typeof decisionColumns)[number]>;
export type HeldRow = Pick<Selectable<RevisionTable>, (typeof revisionColumns)[number]>;
/** `isAsked`: a rule is still to look at it. */
export type RecordHistory = {
  submission: HeldSubmission;
  decisions: HeldDecision[];
  rows: HeldRow[];
  isAsked: boolean;
};

export async function* recordHistories(db: ReadSnapshot, communityId: string): AsyncGenerator<RecordHistory[]> {
  const pages = inPages<HeldSubmission>(page, (last) =>
    db
      .selectFrom('submission')
      .select(submissionColumns)
      .where('community_id', '=', communityId)
      .where('id', '>', last?.id ?? '')
      .orderBy('id')
      .limit(page)
      .execute(),
  );
  for await (const submissions of pages) {
    const ids = submissions.map(({ id }) => id);
    const decisions = await db
      .selectFrom('decision')
      .select(decisionColumns)
      .where('community_id', '=', communityId)
      .where('submission_id', 'in', ids)
      .orderBy('id')
      .execute();
    const rows = await db
      .selectFrom('revision')
      .select(revisionColumns)
      .where('community_id', '=', communityId)
      .where('submission_id', 'in', ids)
      .execute();
    const asked = await db
      .selectFrom('afterwork')
      .select('submission_id')
      .where('community_id', '=', communityId)
      .where('kind', '=', 'attempt')
      .where('submission_id', 'in', ids)
      .execute();
    const decisionsOf = Map.groupBy(decisions, (row) => row.submission_id);
    const rowsOf = Map.groupBy(rows, (row) => row.submission_id);
    const isAsked = new Set(asked.map((row) => row.submission_id));
    yield submissions.map((submission) => ({
      submission,
      decisions: decisionsOf.get(submission.id) ?? [],
      rows: rowsOf.get(submission.id) ?? [],
      isAsked: isAsked.has(submission.id),
    }));
  }
}
