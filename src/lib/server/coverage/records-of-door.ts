/** The verifications of one door that may count: neither returned nor voided, nor in quarantine; each as it stands with what the office corrected. */
import type { Code } from '../../domain/codes/codes';
import { isCode } from '../../domain/codes/codes';
import { recordsOf, textOf } from '../../domain/json';
import type { ReviewState } from '../../sync/items';
import { idsOf, resolveAliases, type Reader } from '../register/read';
import type { Staleness } from '../review/weigh';
import { officeTime, seenAt, type StoredRevision } from '../review/revision';
import { standFor } from '../review/stands-for';

export type DoorRecord = {
  submissionId: string;
  review: ReviewState;
  changes: number;
  /** As the queue has it. */
  stale: Staleness;
  outcome: Code<'visit-outcome'>;
  /** When somebody stood at the door (`seenAt`); and to the millisecond since 1970, which alone orders records (TIME-1). */
  at: string;
  order: number;
  /** With each person's id as the register has it now. */
  body: Record<string, unknown>;
  revision: StoredRevision;
};

/** Oldest first; of other `reviews` where somebody asks for them. Records on an id that was found to be one with this door's count for it (TWO-5). */
export async function recordsOfDoor(
  db: Reader,
  communityId: string,
  dwellingId: string,
  reviews: readonly ReviewState[] = ['pending', 'approved'],
): Promise<DoorRecord[]> {
  const ids = await idsOf(db, communityId, 'dwelling', dwellingId);
  const rows = await db
    .selectFrom('submission')
    .select(['id', 'revision', 'digest', 'review', 'decision_id', 'changes', 'stale'])
    .where('community_id', '=', communityId)
    .where('dwelling_id', 'in', ids)
    .where('kind', '=', 'household-verification')
    .where('review', 'in', reviews)
    .orderBy('received_at')
    .orderBy('id')
    .execute();
  const revisions = await standFor(db, communityId, rows);
  const named = [...revisions.values()].flatMap(({ body }) => peopleIn(body));
  const aliases = await resolveAliases(db, communityId, 'resident', named);
  const records: DoorRecord[] = [];
  for (const row of rows) {
    const revision = revisions.get(row.id);
    const outcome = revision?.body['outcome'];
    if (!revision || !isCode('visit-outcome', outcome)) continue;
    records.push({
      submissionId: row.id,
      review: row.review,
      changes: row.changes,
      stale: row.stale,
      outcome,
      at: seenAt(revision),
      order: officeTime(revision),
      body: withKnownPeople(revision.body, aliases),
      revision,
    });
  }
  // A stable sort: what came in later stands later where the times are one.
  return records.sort((a, b) => a.order - b.order);
}

function peopleIn(body: Record<string, unknown>): string[] {
  return recordsOf(body['households']).flatMap(({ record }) =>
    recordsOf(record['residents']).map((resident) => textOf(resident.record['id'])),
  );
}

function withKnownPeople(body: Record<string, unknown>, aliases: ReadonlyMap<string, string>): Record<string, unknown> {
  if (!peopleIn(body).some((id) => aliases.has(id))) return body;
  return {
    ...body,
    households: recordsOf(body['households']).map(({ record }) => ({
      ...record,
      residents: recordsOf(record['residents']).map(({ record: resident }) => ({
        ...resident,
        id: aliases.get(textOf(resident['id'])) ?? resident['id'],
      })),
    })),
  };
}
