/** What was sent in about one door, newest first; records that propose the same door under an id of their own are among them (TWO-5). */
import { idsOf, type Reader } from '../register/read';
import type { DwellingRecord } from '../register/records';
import { proposedAt } from '../review/proposed-doors';

export type DoorSubmission = {
  id: string;
  kind: string;
  outcome: string;
  review: string;
  by: string;
  /** As the phone wrote it, RFC 3339. */
  at: string;
  /** It proposes this address as a new door: nothing of it counts here until somebody decides. */
  apart: boolean;
};

const atMost = 20;

/** The newest twenty, and all that stand apart. */
export async function doorSubmissions(
  db: Reader,
  communityId: string,
  dwelling: DwellingRecord,
): Promise<DoorSubmission[]> {
  const { id, gridId, fields } = dwelling;
  const ids = await idsOf(db, communityId, 'dwelling', id);
  // A door that was struck off takes nothing in: what proposes it again makes a new one.
  const proposed = dwelling.retiredAt === null ? await proposedAt(db, communityId, { ...fields, gridId }, ids) : [];
  const apart = proposed.map((one) => one.submissionId);
  const own = await submissions(db, communityId).where('submission.dwelling_id', 'in', ids).limit(atMost).execute();
  const others =
    apart.length > 0 ? await submissions(db, communityId).where('submission.id', 'in', apart).execute() : [];
  return [...own, ...others]
    .map(({ by, recorded_at: at, ...row }) => ({ ...row, by: by ?? '', at, apart: apart.includes(row.id) }))
    .sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
}

function submissions(db: Reader, communityId: string) {
  return db
    .selectFrom('submission')
    .leftJoin('account', (join) =>
      join
        .onRef('account.community_id', '=', 'submission.community_id')
        .onRef('account.id', '=', 'submission.account_id'),
    )
    .select(['submission.id', 'submission.kind', 'submission.outcome', 'submission.review', 'submission.recorded_at'])
    .select('account.name as by')
    .where('submission.community_id', '=', communityId)
    .orderBy('submission.recorded_at', 'desc');
}
