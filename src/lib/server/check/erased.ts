/** People who were erased (REC-11): other tables may go on naming them. */
import { open } from '../codec';
import type { ReadSnapshot } from '../database/open';

/** What is left of an erased person: that there was one, and nothing of it. */
export async function isErased(db: ReadSnapshot, communityId: string, id: string): Promise<boolean> {
  const changes = await db
    .selectFrom('register_change')
    .select(['field', 'before', 'after'])
    .where('community_id', '=', communityId)
    .where('entity_type', '=', 'resident')
    .where('entity_id', '=', id)
    .execute();
  return changes.length > 0 && changes.every(({ before, after }) => open(before) === 'null' && open(after) === 'null');
}
