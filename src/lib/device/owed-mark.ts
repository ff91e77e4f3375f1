/**
 * That a sign-out is owed to the office stands outside of the store, too: a browser that clears the store before the connection is back would
 * let the session live on, for whoever has the phone next. No start needs this; the screens for signing out and in do.
 */
import { owedCookie } from '../sync/owed-cookie';
import { endSession, here } from './session';

const mark = () => here().world.cookie(owedCookie.name);

/** Somebody signs out now: the office is to hear of it whatever becomes of the store. */
export function markOwed(): void {
  mark().write('1');
}

/** Somebody signed in here: the new session took the old one's cookie. */
export function forgetOwed(): void {
  mark().write(null);
}

/** Where nobody is signed in: tells the office what only the mark still knows of. The mark goes once nothing is owed. */
export async function settleOwed(): Promise<void> {
  const { book } = here();
  const owed = mark().read();
  if (owed === null || owed === owedCookie.settled || (await book.owedSignOut()) !== null) return;
  // The store still knows who left or came: the office has heard, or somebody else has the session.
  const isCleared = (await book.current()) === null && (await book.others()).length === 0;
  if (!isCleared || (await endSession())) mark().write(null);
}
