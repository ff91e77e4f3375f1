/** Doors that records propose and the register lacks: they count as well, in the grid that their record names; phones are told of none of them. */
import type { Reader } from '../register/read';

/**
 * Their ids, at most `limit` of those that come after `last`, in order; also of proposals that were decided on. An id that was found to be one with
 * another's (TWO-5) is none: what it proposes counts for that one.
 */
export async function proposedDoors(db: Reader, communityId: string, last: string, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('proposal')
    .select('id')
    .distinct()
    .where('community_id', '=', communityId)
    .where('type', '=', 'dwelling')
    .where('id', '>', last)
    .where('id', 'not in', (eb) => eb.selectFrom('dwelling').select('id').where('community_id', '=', communityId))
    .where('id', 'not in', (eb) =>
      eb.selectFrom('alias').select('id').where('community_id', '=', communityId).where('type', '=', 'dwelling'),
    )
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}
