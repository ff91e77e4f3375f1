/** Who is signed in on this phone: opening for the last account without a connection, and signing out without losing a word. */
import { Dexie } from './dexie';
import { AccountBook, type KnownAccount } from './account-book';
import { databaseName } from './database';
import { makeWorld, type DeviceWorld } from './world';

let shared: { world: DeviceWorld; book: AccountBook } | null = null;

/** The browser's own, unless a test says otherwise. */
export function here(): { world: DeviceWorld; book: AccountBook } {
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

/** Null when there is no connection, which a portal's redirect is too. */
export async function post(address: string, body: object): Promise<Response | null> {
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
