/** `profile` items: who an account is, to its own phone. */
import type { ProfileItem } from '../../../sync/items';
import type { ReadSnapshot } from '../../database/open';
import { gridsOf } from '../../scope';

export async function profileBody(
  db: ReadSnapshot,
  communityId: string,
  accountId: string,
): Promise<ProfileItem | null> {
  const account = await db
    .selectFrom('account')
    .select(['id', 'username', 'name', 'role'])
    .where('community_id', '=', communityId)
    .where('id', '=', accountId)
    .executeTakeFirst();
  return account ? { ...account, grids: await gridsOf(db, communityId, accountId) } : null;
}
