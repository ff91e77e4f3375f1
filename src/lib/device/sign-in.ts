/** Signing in once with a connection, and what of others waits on this phone: what no start needs where somebody is signed in. */
import { version } from '$app/environment';
import * as z from 'zod/mini';
import { Connection } from './connection';
import { databaseName, PhoneDatabase } from './database';
import { Dexie } from './dexie';
import { forgetOwed } from './owed-mark';
import type { RescueFileMade } from './rescue';
import { here, post, withoutEnding } from './session';
import { openVault } from './vault';

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

/** Signs in at the office; afterwards the app opens for this account without a connection, in every window of this browser. */
export function signIn(username: string, password: string): Promise<SignInAnswer> {
  return withoutEnding(() => askToSignIn(username, password));
}

async function askToSignIn(username: string, password: string): Promise<SignInAnswer> {
  const { book, word } = here();
  const response = await post('/api/auth/sign-in/username', { username, password });
  if (!response || isPortal(response)) return { error: 'offline' };
  if (response.status === 401) return { error: 'wrong' };
  const answer = SignedIn.safeParse(await response.json().catch(() => null));
  if (response.status !== 200 || !answer.success || !SAFE_ID.test(answer.data.user.id)) return { error: 'trouble' };
  const { id, name } = answer.data.user;
  await book.enter({ id, name, username: answer.data.user.username ?? username });
  forgetOwed();
  word.tell();
  return { accountId: id };
}

/** The office speaks JSON, or something before it says that it is down: any other page is of the network that one is in. */
function isPortal({ status, headers }: Response): boolean {
  return status < 500 && /\bhtml\b/i.test(headers.get('content-type') ?? '');
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
