/** Who is signed in on this phone: opening for the last account without a connection, and signing out without losing a word. */
import * as z from 'zod/mini';
import { owedCookie } from '../sync/owed-cookie';
import { Dexie } from './dexie';
import { AccountBook, type KnownAccount } from './account-book';
import { databaseName } from './database';
import { openWord, type Word } from './word';
import { makeWorld, type DeviceWorld } from './world';

const SignedOut = z.object({ signedOut: z.literal(true) });

type Here = { world: DeviceWorld; book: AccountBook; word: Word };
let shared: Here | null = null;
/** The word to the office that a session ended, while it is under way. */
let ending: AbortController | null = null;
let signingIn = 0;

/** The browser's own, unless a test says otherwise. */
export function here(): Here {
  shared ??= hereIn(makeWorld());
  return shared;
}

function hereIn(world: DeviceWorld): Here {
  return { world, book: new AccountBook(world), word: openWord() };
}

/** Puts another world under the session (tests); closes the store of the one before. */
export async function useWorld(world: DeviceWorld): Promise<void> {
  shared?.word.close();
  await shared?.book.close();
  shared = hereIn(world);
}

/** Whom the app opens for; null when nobody is signed in here. Needs no connection. */
export function lastAccount(): Promise<KnownAccount | null> {
  return here().book.current();
}

/**
 * The store was cleared, and its account is known by what survived: the app opens for it, and the office says whether it still may. False
 * where nothing was cleared: then that account signed out, and only its password opens the app.
 */
export function enterAgain(accountId: string): Promise<boolean> {
  return here().book.enterCleared(accountId);
}

/** Calls `heard` when somebody signed in or out in another window of this browser: `lastAccount` says who is here now. */
export function hearOfSessions(heard: () => void): void {
  here().word.listen(heard);
}

export function isStoreThere(accountId: string): Promise<boolean> {
  return Dexie.exists(databaseName(accountId));
}

/**
 * Signs the account out in every window of this browser; `finishSignOut` tells the office. Everything of it stays on the phone for its
 * return, and is told of by `unsentElsewhere` from now on; the caller warns first (`unsentWork`).
 */
export async function signOut(accountId: string): Promise<void> {
  const { book, word } = here();
  await book.leave(accountId);
  word.tell();
}

/**
 * Tells the office of a sign-out, as soon as it can be reached; to be called after it, whenever the app opens, and when the connection is
 * back. It is owed until the office itself has said that the session is over: a portal that answers everything has not. Somebody who signed
 * in since, at the desk too, has another session, which is not ended.
 */
export async function finishSignOut(): Promise<void> {
  const { book, world } = here();
  const owed = await book.owedSignOut();
  if (owed === null) return;
  const isSettled = world.cookie(owedCookie.name).read() === owedCookie.settled;
  if (isSettled || (await endSession())) await book.signOutDone(owed);
}

/** Whether the office itself said that the session of this browser is over. It is not asked twice at a time, nor while somebody signs in. */
export async function endSession(): Promise<boolean> {
  if (ending || signingIn > 0) return false;
  ending = new AbortController();
  const response = await post('/api/auth/sign-out', {}, ending.signal);
  ending = null;
  return response?.ok === true && SignedOut.safeParse(await response.json().catch(() => null)).success;
}

/** The answer to a sign-out takes the session's cookie back: none comes while somebody signs in, who would lose the new one by it. */
export async function withoutEnding<T>(signingInNow: () => Promise<T>): Promise<T> {
  signingIn += 1;
  ending?.abort();
  try {
    return await signingInNow();
  } finally {
    signingIn -= 1;
    void finishSignOut().catch(() => {}); // nobody came: it is still owed
  }
}

/** Null when there is no connection, which a portal's redirect is too. */
export async function post(address: string, body: object, signal?: AbortSignal): Promise<Response | null> {
  try {
    return await here().world.fetch(address, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
      credentials: 'same-origin',
      cache: 'no-store',
      redirect: 'error',
      ...(signal && { signal }),
    });
  } catch {
    return null;
  }
}
