/** Doors that records propose and the register lacks: they count as well, in the grid that their record names; phones are told of none of them. */
import type { Reader } from '../register/read';

/** Their ids, at most `limit` of those that come after `last`, in order; also of proposals that were decided on. */
export async function proposedDoors(db: Reader, communityId: string, last: string, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('proposal')
    .select('id')
    .distinct()
    .where('community_id', '=', communityId)
    .where('type', '=', 'dwelling')
    .where('id', '>', last)
    .where('id', 'not in', (eb) => eb.selectFrom('dwelling').select('id').where('community_id', '=', communityId))
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}
