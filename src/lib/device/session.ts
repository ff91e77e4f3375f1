/** Signing in once with a connection, opening for the last account without one, and signing out without losing a word. */
import { version } from '$app/environment';
import { Dexie } from './dexie';
import * as z from 'zod/mini';
import { AccountBook, type KnownAccount } from './account-book';
import { Connection } from './connection';
import { databaseName, PhoneDatabase } from './database';
import type { RescueFileMade } from './rescue';
import { openVault } from './vault';
import { makeWorld, type DeviceWorld } from './world';

export type SignInAnswer = { accountId: string } | { error: 'wrong' | 'offline' | 'trouble' };
/** Work of somebody that waits on this phone; who it is is not said. */
export type UnsentWork = { accountId: string; count: number; drafts: number };

const SignedIn = z.object({
  user: z.object({
    id: z.string().check(z.minLength(1)),
    name: z.catch(z.string(), ''),
    username: z.catch(z.nullish(z.string()), null),
  }),
});
/** The account's id ends up in the name of its database. */
const SAFE_ID = /^[A-Za-z0-9_-]{1,64}$/;

let shared: { world: DeviceWorld; book: AccountBook } | null = null;

/** The browser's own, unless a test says otherwise. */
function here(): { world: DeviceWorld; book: AccountBook } {
  if (!shared) {
    const world = makeWorld();
    shared = { world, book: new AccountBook(world) };
  }
  return shared;
}

/** Puts another world under the session (tests); closes the store of the one before. */
export async function useWorld(world: DeviceWorld): Promise<void> {
  await shared?.book.close();
  shared = { world, book: new AccountBook(world) };
}

/** Signs in at the office; afterwards the app opens for this account without a connection. */
export async function signIn(username: string, password: string): Promise<SignInAnswer> {
  const { book } = here();
  const response = await post('/api/auth/sign-in/username', { username, password });
  if (!response) return { error: 'offline' };
  if (response.status === 401) return { error: 'wrong' };
  const answer = SignedIn.safeParse(await response.json().catch(() => null));
  if (response.status !== 200 || !answer.success || !SAFE_ID.test(answer.data.user.id)) return { error: 'trouble' };
  const { id, name } = answer.data.user;
  await book.enter({ id, name, username: answer.data.user.username ?? username });
  return { accountId: id };
}

/** Whom the app opens for; null when nobody is signed in here. Needs no connection. */
export function lastAccount(): Promise<KnownAccount | null> {
  return here().book.current();
}

/** The store was cleared, and its account is known by what survived: the app opens for it, and the office says whether it still may. */
export function enterAgain(accountId: string): Promise<void> {
  return here().book.enter({ id: accountId, username: '', name: '' });
}

export function isStoreThere(accountId: string): Promise<boolean> {
  return Dexie.exists(databaseName(accountId));
}

/**
 * Signs out here; `finishSignOut` tells the office. Everything of the account stays on the phone for its return, and is told of by
 * `unsentElsewhere` from now on; the caller warns first (`unsentWork`).
 */
export async function signOut(): Promise<void> {
  await here().book.leave();
}

/** Tells the office of a sign-out, as soon as it can be reached; to be called after it and whenever the app opens. */
export async function finishSignOut(): Promise<void> {
  const { book } = here();
  if (!(await book.owesSignOut())) return;
  const response = await post('/api/auth/sign-out', {});
  if (response && (response.ok || response.status === 401)) await book.signOutDone();
}

/** Work of accounts that are signed out here: it waits for them, and the sign-in screen says so (DEV-13). */
export async function unsentElsewhere(): Promise<UnsentWork[]> {
  const work = await Promise.all((await here().book.others()).map(unsentWork));
  return work.filter(({ count, drafts }) => count + drafts > 0);
}

/** What of an account is on this phone only. */
export async function unsentWork(accountId: string): Promise<UnsentWork> {
  if (!(await Dexie.exists(databaseName(accountId)))) return { accountId, count: 0, drafts: 0 };
  const connection = new Connection(() => new PhoneDatabase(accountId), here().world);
  try {
    const [count, drafts] = await connection.run((database) =>
      Promise.all([database.outbox.count(), database.drafts.count()]),
    );
    return { accountId, count, drafts };
  } finally {
    await connection.close();
  }
}

/** The rescue file of an account that is signed out here. Rejects as `Phone.rescueFile` does. */
export async function rescueFileOf(accountId: string): Promise<RescueFileMade> {
  const { world } = here();
  const { makeRescueFile } = await import('./rescue');
  const connection = new Connection(() => new PhoneDatabase(accountId), world);
  try {
    return await makeRescueFile({ accountId, connection, vault: openVault, app: version, now: () => world.now() });
  } finally {
    await connection.close();
  }
}

/** Null when there is no connection, which a portal's redirect is too. */
async function post(address: string, body: object): Promise<Response | null> {
  try {
    return await here().world.fetch(address, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
      credentials: 'same-origin',
      cache: 'no-store',
      redirect: 'error',
    });
  } catch {
    return null;
  }
}
