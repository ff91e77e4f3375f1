/** What an account may read and write about: its feeds, and the targets of its records (SCO-1, SCO-3). */
import type { Role } from '../sync/items';
import type { FeedId } from '../sync/protocol';
import type { ReadSnapshot } from './database/open';
import { mayReadFeed } from './rights';

export type Scope = { communityId: string; id: string; role: Role; grids: readonly string[]; ended: boolean };

/** The account's scope as it is in this snapshot; null for an account that the community does not have. */
export async function scopeOf(db: ReadSnapshot, communityId: string, accountId: string): Promise<Scope | null> {
  const account = await db
    .selectFrom('account')
    .select(['role', 'ended_at'])
    .where('community_id', '=', communityId)
    .where('id', '=', accountId)
    .executeTakeFirst();
  if (!account) return null;
  const grids = await gridsOf(db, communityId, accountId);
  return { communityId, id: accountId, role: account.role, grids, ended: account.ended_at !== null };
}

/** Grids that the account has now, in the order of their ids. */
export async function gridsOf(db: ReadSnapshot, communityId: string, accountId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('account_grid')
    .select('grid_id')
    .distinct()
    .where('community_id', '=', communityId)
    .where('account_id', '=', accountId)
    .where('until_at', 'is', null)
    .orderBy('grid_id')
    .execute();
  return rows.map((row) => row.grid_id);
}

/** Feeds that may be told, in the order in which they are: community, grids, account (FEED-9). Only grid workers read grids (`rights.ts`). */
export function feedsOf({ communityId, id, role, grids }: Omit<Scope, 'ended'>): FeedId[] {
  const register = mayReadFeed(role, 'grid') ? grids.map((grid) => `grid/${grid}`) : [];
  return [`community/${communityId}`, ...register, `account/${id}`];
}
