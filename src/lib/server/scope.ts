/** What an account may read and write about: its feeds, and the targets of its records (SCO-1, SCO-3), now and at a time that is over (SCO-4). */
import type { Role } from '../sync/items';
import type { FeedId } from '../sync/protocol';
import type { ReadSnapshot } from './database/open';
import { mayReadFeed } from './rights';

export type Scope = {
  communityId: string;
  id: string;
  role: Role;
  /** Those of now. */
  grids: readonly string[];
  closed: Closed | null;
};
/** Since when (RFC 3339, UTC) the account, or the phone that asks for it, may only hand over what it holds (SCO-5). */
export type Closed = { at: string; why: 'account-ended' } | { at: string; why: 'device-revoked'; deviceId: string };

const handOverMs = 90 * 24 * 3600 * 1000;

/** Whether it was closed so long ago (`now`: ms since 1970, the office's clock) that it may not even hand over. */
export function mayHandOver(closed: Closed, now: number): boolean {
  return now - Date.parse(closed.at) < handOverMs;
}

/** The phone that asks: what it calls itself, and the session through which it came. */
export type AskingDevice = { id: string; session?: string | undefined };

/** The account's scope as it is in this snapshot, for that phone; null for an account that the community does not have. */
export async function scopeOf(
  db: ReadSnapshot,
  communityId: string,
  accountId: string,
  device?: AskingDevice,
): Promise<Scope | null> {
  const account = await db
    .selectFrom('account')
    .select(['role', 'ended_at'])
    .where('community_id', '=', communityId)
    .where('id', '=', accountId)
    .executeTakeFirst();
  if (!account) return null;
  return {
    communityId,
    id: accountId,
    role: account.role,
    grids: await gridsOf(db, communityId, accountId),
    closed: earlier(
      account.ended_at === null ? null : { at: account.ended_at, why: 'account-ended' },
      device ? await revocationOf(db, communityId, accountId, device) : null,
    ),
  };
}

/**
 * The phone's revocation, null where there is none. By its session as well as by its name: whoever holds a revoked phone cannot call it
 * another one, nor open the desk with it.
 */
export async function revocationOf(
  db: ReadSnapshot,
  communityId: string,
  accountId: string,
  { id, session = '' }: { id?: string; session?: string | undefined },
): Promise<Closed | null> {
  const row = await db
    .selectFrom('device')
    .select(['id', 'revoked_at'])
    .where('community_id', '=', communityId)
    .where('account_id', '=', accountId)
    .where('revoked_at', 'is not', null)
    .where((eb) =>
      eb.or([eb('id', '=', id ?? ''), eb.and([eb('session_id', '=', session), eb('session_id', '!=', '')])]),
    )
    .orderBy('revoked_at')
    .executeTakeFirst();
  return row && row.revoked_at !== null ? { at: row.revoked_at, why: 'device-revoked', deviceId: row.id } : null;
}

/** Which phone it is that calls itself `name`: a revoked one is known by its session, whatever it says. */
export function trueDevice({ closed }: Scope, name: string): string {
  return closed?.why === 'device-revoked' ? closed.deviceId : name;
}

function earlier(one: Closed | null, other: Closed | null): Closed | null {
  if (!one || !other) return one ?? other;
  return other.at < one.at ? other : one;
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

/** Grids that the account has now or had at `then` (RFC 3339, UTC, milliseconds). */
export async function gridsNowOrThen(
  db: ReadSnapshot,
  { communityId, id }: Pick<Scope, 'communityId' | 'id'>,
  then: string,
): Promise<string[]> {
  const rows = await db
    .selectFrom('account_grid')
    .select('grid_id')
    .distinct()
    .where('community_id', '=', communityId)
    .where('account_id', '=', id)
    .where((eb) => eb.or([eb('until_at', 'is', null), eb.and([eb('from_at', '<=', then), eb('until_at', '>', then)])]))
    .orderBy('grid_id')
    .execute();
  return rows.map((row) => row.grid_id);
}

/** Feeds that may be told, in the order in which they are: community, grids, account (FEED-9). Only grid workers read grids (`rights.ts`). */
export function feedsOf({ communityId, id, role, grids }: Omit<Scope, 'closed'>): FeedId[] {
  const register = mayReadFeed(role, 'grid') ? grids.map((grid) => `grid/${grid}`) : [];
  return [`community/${communityId}`, ...register, `account/${id}`];
}
