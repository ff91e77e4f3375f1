/**
 * What a record stands for once the office has had its say: what its author sent, with all that was corrected in it. Whatever is derived from records
 * – where a door stands, coverage, plans, visits that are told – reads them here.
 */
import type { Correction, ReviewState } from '../../sync/items';
import type { Reader } from '../register/read';
import { corrected, isTimed } from './corrections';
import { correctionsIn, headIn, revisionsOf, type StoredRevision } from './revision';
import { standingIn } from './standing';

export type Standing = {
  id: string;
  revision: number;
  digest: string;
  review: ReviewState;
  decision_id: string | null;
};

/** The newest revision as it counts now: of an approved record as it was approved, of any other as it was sent or accepted. Null where it is not there. */
export async function standsFor(db: Reader, communityId: string, submission: Standing): Promise<StoredRevision | null> {
  return (await standFor(db, communityId, [submission])).get(submission.id) ?? null;
}

/** The same of many, by their ids, in a handful of reads. */
export async function standFor(
  db: Reader,
  communityId: string,
  submissions: readonly Standing[],
): Promise<Map<string, StoredRevision>> {
  const revisions = await revisionsOf(
    db,
    communityId,
    submissions.map(({ id }) => id),
  );
  const approvals = await approvalsOf(
    db,
    communityId,
    submissions.filter(({ review }) => review === 'approved'),
  );
  return new Map(
    submissions.flatMap((submission) => {
      const head = headIn(revisions.get(submission.id) ?? [], submission);
      if (!head) return [];
      // An approval's begin with those of the acceptance before it, which the body has already.
      const corrections = (approvals.get(submission.id) ?? []).slice(head.accepted.length);
      return [[submission.id, asCorrected(head, corrections)] as const];
    }),
  );
}

/** The revision with what was corrected in it since it was accepted. What has no place in the body, as after an erasure, is left out. */
export function asCorrected(revision: StoredRevision, corrections: readonly Correction[]): StoredRevision {
  let { body } = revision;
  for (const correction of corrections) {
    if (keepsDoor(correction)) continue;
    const mended = corrected(body, [correction]);
    if ('body' in mended) body = mended.body;
  }
  return { ...revision, body, timedByOffice: isTimed(corrections) ?? revision.timedByOffice };
}

/** That a door stayed in the register is noted as an outcome left out (`weigh.ts`): what was found there remains what was found. */
function keepsDoor({ path, value }: Correction): boolean {
  return path.length === 1 && path[0] === 'outcome' && value === null;
}

/** What the approval that stands corrected, beyond the acceptance before it, by the record's id. */
async function approvalsOf(
  db: Reader,
  communityId: string,
  submissions: readonly Standing[],
): Promise<Map<string, Correction[]>> {
  if (submissions.length === 0) return new Map();
  const rows = await db
    .selectFrom('decision')
    .select(['id', 'submission_id', 'previous_id', 'kind', 'undone_at', 'corrections'])
    .where('community_id', '=', communityId)
    .where(
      'submission_id',
      'in',
      submissions.map(({ id }) => id),
    )
    .where('aside', 'is', null)
    .execute();
  const decisions = Map.groupBy(rows, (row) => row.submission_id);
  return new Map(
    submissions.map(({ id, decision_id }) => {
      const approval = standingIn(decisions.get(id) ?? [], decision_id, ({ kind }) => kind !== 'accept');
      return [id, approval ? correctionsIn(approval.corrections) : []] as const;
    }),
  );
}
