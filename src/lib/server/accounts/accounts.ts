/** What the desk and the command line do with accounts. Each change is one transaction, with its audit line and the account's profile. */
import * as z from 'zod';
import { republishAccount, republishAccountAndCarers } from '../feeds/republish';
import type { Transaction } from '../database/open';
import { lockAccount, lockCommunity } from '../database/locks';
import type { Office } from '../office';
import { askRecheckOfAccount } from '../quarantine/ask-recheck';
import { type Role, Role as RoleSchema } from '../../sync/items';
import { mayManage } from '../rights';
import { gridsOf } from '../scope';
import { setGrids } from './grid-scope';
import { type Actor, managedAccount, noteDone } from './managed';
import { hashPassword, isPassword, makePassword } from './passwords';
import { AccountProblem } from './problem';
import { isUsername, plainUsername } from './usernames';

export type NewAccount = {
  /**
   * Left out: a new one. Given where a restored backup lacks the account: its phones know it by this; and by the desk, as the id of the press
   * that asks for it: `id-taken` says that the very same press made it already.
   */
  id?: string;
  username: string;
  /** Null or left out: one is made and answered once. */
  password?: string | null;
  name: string;
  role: Role;
  /** Ids of grids. */
  grids: string[];
};

/** As the office makes them: a phone compares them letter by letter. */
const AccountId = z.uuid().check(z.lowercase());

export type AccountView = {
  id: string;
  username: string;
  name: string;
  role: Role;
  grids: { id: string; name: string }[];
  createdAt: string;
  endedAt: string | null;
};

/**
 * Makes an account. `password` of the answer is the made one, told this once and kept nowhere; null where one was given.
 * Throws an AccountProblem: `id`, `id-taken`, `username`, `username-taken`, `password`, `name`, `role`, `grid-unknown`, `community-unknown`, `not-allowed`.
 */
export async function createAccount(
  office: Office,
  communityId: string,
  input: NewAccount,
  by: Actor = null,
): Promise<{ id: string; password: string | null }> {
  const username = plainUsername(input.username);
  const name = input.name.trim().normalize('NFC');
  if (!isUsername(username)) throw new AccountProblem('username');
  if (name === '' || [...name].length > 50) throw new AccountProblem('name');
  if (!RoleSchema.safeParse(input.role).success) throw new AccountProblem('role');
  if (by && !mayManage(by.role, input.role)) throw new AccountProblem('not-allowed');
  const made = input.password ? null : makePassword(office.world);
  const password = made ?? input.password ?? '';
  if (!isPassword(password)) throw new AccountProblem('password');
  // Before the transaction: a hash takes longer than the database's other writers should wait.
  const kept = await hashPassword(password);
  const id = input.id ?? office.world.uuid();
  if (input.id !== undefined && !AccountId.safeParse(id).success) throw new AccountProblem('id');
  const now = timeOf(office);

  await office.database.write(async (tx) => {
    await lockCommunity(tx, communityId);
    const community = await tx
      .selectFrom('community')
      .select('community_id')
      .where('community_id', '=', communityId)
      .executeTakeFirst();
    if (!community) throw new AccountProblem('community-unknown');
    const same = await tx.selectFrom('account').select('id').where('id', '=', id).executeTakeFirst();
    if (same) throw new AccountProblem('id-taken', { id });
    const taken = await tx.selectFrom('sign_in_user').select('id').where('username', '=', username).executeTakeFirst();
    if (taken) throw new AccountProblem('username-taken', { username });
    await tx
      .insertInto('account')
      .values({ community_id: communityId, id, username, name, role: input.role, created_at: now, ended_at: null })
      .execute();
    await tx
      .insertInto('sign_in_user')
      .values({
        id,
        name,
        email: `${id}@accounts.invalid`,
        emailVerified: 0,
        image: null,
        createdAt: now,
        updatedAt: now,
        username,
      })
      .execute();
    await tx
      .insertInto('sign_in_credential')
      .values({
        id: office.world.uuid(),
        accountId: id,
        providerId: 'credential',
        userId: id,
        accessToken: null,
        refreshToken: null,
        idToken: null,
        accessTokenExpiresAt: null,
        refreshTokenExpiresAt: null,
        scope: null,
        password: kept,
        createdAt: now,
        updatedAt: now,
      })
      .execute();
    await setGrids(tx, communityId, id, input.grids, now);
    await noteDone(office, tx, communityId, { type: 'account', id }, 'account-create', by);
    await republishAccount(tx, communityId, id);
  });
  return { id, password: made };
}

/**
 * Gives an account exactly these grids from now on; what it had is kept as an interval that ended. `seen`: those that it had when they were chosen, null
 * where nobody looked; nothing is done where it has these already, as after a press whose answer was lost. Throws an AccountProblem: unknown, ended;
 * grids-changed where it has others by now.
 */
export async function assignGrids(
  office: Office,
  communityId: string,
  accountId: string,
  gridIds: string[],
  by: Actor = null,
  seen: readonly string[] | null = null,
): Promise<void> {
  await office.database.write(async (tx) => {
    await lockCommunity(tx, communityId);
    await lockAccount(tx, communityId, accountId);
    const { ended_at } = await managedAccount(tx, communityId, accountId, by);
    if (ended_at !== null) throw new AccountProblem('ended');
    const has = new Set(await gridsOf(tx, communityId, accountId));
    if (has.symmetricDifference(new Set(gridIds)).size === 0) return;
    if (seen && has.symmetricDifference(new Set(seen)).size > 0) throw new AccountProblem('grids-changed');
    await setGrids(tx, communityId, accountId, gridIds, timeOf(office));
    await noteDone(office, tx, communityId, { type: 'account', id: accountId }, 'account-grids', by);
    // What waited in quarantine for this grid may be in order now (QUA-6).
    await askRecheckOfAccount(tx, communityId, accountId, timeOf(office));
    await republishAccount(tx, communityId, accountId);
  });
}

/** Deactivates: from the next request on nothing is told to its phones, and nobody signs in with it. What it recorded stays. */
export async function endAccount(
  office: Office,
  communityId: string,
  accountId: string,
  by: Actor = null,
): Promise<void> {
  await office.database.write(async (tx) => {
    await lockCommunity(tx, communityId);
    await lockAccount(tx, communityId, accountId);
    const { role, ended_at } = await managedAccount(tx, communityId, accountId, by);
    if (ended_at !== null) throw new AccountProblem('ended');
    if (by?.id === accountId) throw new AccountProblem('own');
    if (role === 'administrator') await refuseLast(tx, communityId, accountId);
    const now = timeOf(office);
    await tx
      .updateTable('account')
      .set({ ended_at: now })
      .where('community_id', '=', communityId)
      .where('id', '=', accountId)
      .execute();
    await setGrids(tx, communityId, accountId, [], now);
    await noteDone(office, tx, communityId, { type: 'account', id: accountId }, 'account-end', by);
    await republishAccountAndCarers(tx, communityId, accountId);
  });
}

/** Gives an account a new password (a made one where none is named) and ends its sessions; answers the made one, told this once. */
export async function resetPassword(
  office: Office,
  communityId: string,
  accountId: string,
  password: string | null = null,
  by: Actor = null,
): Promise<{ password: string | null }> {
  const made = password ? null : makePassword(office.world);
  const chosen = made ?? password ?? '';
  if (!isPassword(chosen)) throw new AccountProblem('password');
  const kept = await hashPassword(chosen);
  await office.database.write(async (tx) => {
    const { ended_at } = await managedAccount(tx, communityId, accountId, by);
    if (ended_at !== null) throw new AccountProblem('ended');
    await tx
      .updateTable('sign_in_credential')
      .set({ password: kept, updatedAt: timeOf(office) })
      .where('userId', '=', accountId)
      .where('providerId', '=', 'credential')
      .execute();
    await tx.deleteFrom('sign_in_session').where('userId', '=', accountId).execute();
    await noteDone(office, tx, communityId, { type: 'account', id: accountId }, 'account-password', by);
  });
  return { password: made };
}

/** Every account of a community, those that ended last, each with its grids of now. */
export async function listAccounts(office: Office, communityId: string): Promise<AccountView[]> {
  return office.database.read(async (db) => {
    const accounts = await db
      .selectFrom('account')
      .selectAll()
      .where('community_id', '=', communityId)
      .orderBy('ended_at', (order) => order.asc().nullsFirst())
      .orderBy('username')
      .execute();
    const grids = await db
      .selectFrom('account_grid')
      .innerJoin('grid', (join) =>
        join.onRef('grid.community_id', '=', 'account_grid.community_id').onRef('grid.id', '=', 'account_grid.grid_id'),
      )
      .select(['account_grid.account_id', 'grid.id', 'grid.name'])
      .where('account_grid.community_id', '=', communityId)
      .where('account_grid.until_at', 'is', null)
      .orderBy('grid.position')
      .execute();
    return accounts.map((row) => ({
      id: row.id,
      username: row.username,
      name: row.name,
      role: row.role,
      grids: grids.filter((grid) => grid.account_id === row.id).map(({ id, name }) => ({ id, name })),
      createdAt: row.created_at,
      endedAt: row.ended_at,
    }));
  });
}

async function refuseLast(tx: Transaction, communityId: string, accountId: string) {
  const other = await tx
    .selectFrom('account')
    .select('id')
    .where('community_id', '=', communityId)
    .where('role', '=', 'administrator')
    .where('ended_at', 'is', null)
    .where('id', '!=', accountId)
    .executeTakeFirst();
  if (!other) throw new AccountProblem('last-administrator');
}

const timeOf = (office: Office) => new Date(office.world.now()).toISOString();
