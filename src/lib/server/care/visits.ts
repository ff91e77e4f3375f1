/** Visits 走访 that count: the approved ones, as they were approved. */
import { idsOf, resolveAliases, type Reader } from '../register/read';
import { officeTime, type StoredRevision } from '../review/revision';
import { standFor } from '../review/stands-for';

/** So many were recorded last: among them are the newest few, though some were noted late, and those in vain before the last that met somebody. */
const recordedLast = 20;

/** `by`: the name of who made it. */
export type ApprovedVisit = { by: string; revision: StoredRevision };

/** A person's last visits, under whichever of their ids they were recorded (TWO-5): newest first by when they were made, in the office's time. */
export async function approvedVisits(db: Reader, communityId: string, residentId: string): Promise<ApprovedVisit[]> {
  const rows = await db
    .selectFrom('submission')
    .leftJoin('account', (join) =>
      join
        .onRef('account.community_id', '=', 'submission.community_id')
        .onRef('account.id', '=', 'submission.account_id'),
    )
    .select(['submission.id', 'submission.revision', 'submission.digest'])
    .select(['submission.review', 'submission.decision_id'])
    .select('account.name as by_name')
    .where('submission.community_id', '=', communityId)
    .where('submission.target_id', 'in', await idsOf(db, communityId, 'resident', residentId))
    .where('submission.kind', '=', 'care-visit')
    .where('submission.review', '=', 'approved')
    .orderBy('submission.recorded_at', 'desc')
    .limit(recordedLast)
    .execute();
  const revisions = await standFor(db, communityId, rows);
  return rows
    .flatMap(({ id, by_name }): ApprovedVisit[] => {
      const revision = revisions.get(id);
      return revision ? [{ by: by_name ?? '', revision }] : [];
    })
    .sort((one, other) => officeTime(other.revision) - officeTime(one.revision));
}

/** Who has a visit to one of `residentIds` among theirs: that one, and whoever that was found to be (TWO-5). */
export async function whoseVisits(
  db: Reader,
  communityId: string,
  residentIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const joined = await resolveAliases(db, communityId, 'resident', residentIds);
  return new Set([...residentIds, ...joined.keys(), ...joined.values()]);
}
