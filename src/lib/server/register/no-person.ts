/** Ids under which something stands that is no person, whatever a record says. */
import type { Reader } from './read';

/** Whether the office knows the id as a building, a door, a household or a record, and never had a resident of it. */
export async function isNoPerson(db: Reader, communityId: string, id: string): Promise<boolean> {
  const registered = await db
    .selectFrom('register_change')
    .select('id')
    .where('community_id', '=', communityId)
    .where('entity_type', '=', 'resident')
    .where('entity_id', '=', id)
    .limit(1)
    .executeTakeFirst();
  if (registered) return false;
  for (const table of ['building', 'dwelling', 'household', 'submission'] as const) {
    const row = await db
      .selectFrom(table)
      .select('id')
      .where('community_id', '=', communityId)
      .where('id', '=', id)
      .executeTakeFirst();
    if (row) return true;
  }
  return false;
}
