/** Phones at the desk: those of one account, and whose were not heard of. */
import type { Role } from '../../sync/items';
import { type DeviceView, devicesByAccount } from '../accounts/devices';
import type { ReadSnapshot } from '../database/open';
import type { Office, SignedIn } from '../office';
import { mayManage } from '../rights';

export type AccountPage = {
  id: string;
  name: string;
  username: string;
  role: Role;
  endedAt: string | null;
  grids: string[];
  /** Whether who asks may shut out a phone of this account. */
  manageable: boolean;
  devices: DeviceView[];
};

/** One account with its phones; null where the community has none of that id. */
export async function accountPage(
  office: Office,
  { communityId, id: by, role }: SignedIn,
  id: string,
): Promise<AccountPage | null> {
  return office.database.read(async (db) => {
    const row = await db
      .selectFrom('account')
      .select(['id', 'name', 'username', 'role', 'ended_at'])
      .where('community_id', '=', communityId)
      .where('id', '=', id)
      .executeTakeFirst();
    if (!row) return null;
    const grids = await db
      .selectFrom('account_grid')
      .innerJoin('grid', (join) =>
        join.onRef('grid.community_id', '=', 'account_grid.community_id').onRef('grid.id', '=', 'account_grid.grid_id'),
      )
      .select('grid.name')
      .where('account_grid.community_id', '=', communityId)
      .where('account_grid.account_id', '=', id)
      .where('account_grid.until_at', 'is', null)
      .orderBy('grid.position')
      .execute();
    const { ended_at: endedAt, ...account } = row;
    return {
      ...account,
      endedAt,
      grids: grids.map(({ name }) => name),
      manageable: id === by || mayManage(role, row.role),
      devices: (await devicesByAccount(db, communityId)).get(id) ?? [],
    };
  });
}

/** How many phones an account has that are not shut out, and when one of them was heard last; null where none ever was. */
export type PhonesHeard = { count: number; lastHeardAt: string | null };

export async function phonesHeard(db: ReadSnapshot, communityId: string): Promise<Map<string, PhonesHeard>> {
  const rows = await db
    .selectFrom('device')
    .select((eb) => ['account_id', eb.fn.countAll().as('n'), eb.fn.max('last_heard_at').as('at')])
    .where('community_id', '=', communityId)
    .where('revoked_at', 'is', null)
    .groupBy('account_id')
    .execute();
  return new Map(rows.map((row) => [row.account_id, { count: Number(row.n), lastHeardAt: row.at }]));
}

export type SilentWorker = { id: string; name: string; role: Role; lastHeardAt: string | null };

const silentMs = 3 * 24 * 3600 * 1000;

/** Who works in the field and was not heard of for three days, through whichever phone; those who never were come first. */
export async function silentWorkers(db: ReadSnapshot, communityId: string, now: number): Promise<SilentWorker[]> {
  const since = new Date(now - silentMs).toISOString();
  const accounts = await db
    .selectFrom('account')
    .select(['id', 'name', 'role', 'created_at'])
    .where('community_id', '=', communityId)
    .where('role', 'in', ['grid-worker', 'volunteer'])
    .where('ended_at', 'is', null)
    .where('created_at', '<', since)
    .orderBy('username')
    .execute();
  const heard = await phonesHeard(db, communityId);
  return accounts
    .map(({ id, name, role }) => ({ id, name, role, lastHeardAt: heard.get(id)?.lastHeardAt ?? null }))
    .filter(({ lastHeardAt }) => lastHeardAt === null || lastHeardAt < since)
    .sort((one, other) => (one.lastHeardAt ?? '').localeCompare(other.lastHeardAt ?? ''));
}
