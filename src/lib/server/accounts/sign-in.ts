/** Signing in and out: a right password is never slowed, wrong ones are counted by account and answered later and later. */
import { createHmac } from 'node:crypto';
import * as z from 'zod';
import { owedCookie } from '../../sync/owed-cookie';
import { text } from '../../sync/revision';
import { authSecret } from '../configuration';
import type { Office } from '../office';
import { authOf, seeDatabase } from './auth';
import { plainUsername } from './usernames';

export const SignInRequest = z.object({ username: text(200), password: text(1000) });

export type SignInAnswer =
  { signedIn: true; user: { id: string; username: string; name: string }; cookies: string[] } | { signedIn: false };

/** So many wrong ones in a row cost nothing: fingers slip. */
const freeFailures = 4;
const longestDelay = 30_000;
/** After a day without a try the count begins anew, and its row goes. */
const forgottenAfter = 24 * 60 * 60 * 1000;

/** Milliseconds until the answer to the n-th wrong password in a row: 0.5 s after four, then doubling up to 30 s. */
export function delayAfter(failures: number): number {
  if (failures <= freeFailures) return 0;
  return Math.min(longestDelay, 500 * 2 ** (failures - freeFailures - 1));
}

/**
 * Checks a password and makes a session. The password is checked first and always: whoever has the right one comes in at once,
 * whatever others tried on this account or from this address. Only the answer to a wrong one waits.
 */
export async function signIn(
  office: Office,
  { username, password }: z.infer<typeof SignInRequest>,
): Promise<SignInAnswer> {
  const name = plainUsername(username);
  const answer = await authOf(office).api.signInUsername({ body: { username: name, password }, asResponse: true });
  const key = await failureKey(office, name);
  if (answer.status >= 500) {
    await seeDatabase(office);
    throw new Error(`sign-in failed with ${answer.status}`);
  }
  const found = answer.ok ? await activeUser(office, name) : null;
  if (!found) {
    // The session of an ended account that the library has just made is of no use to anybody: no cookie goes out.
    const failures = await countFailure(office, key);
    await new Promise<void>((resolve) => office.world.after(delayAfter(failures), resolve));
    return { signedIn: false };
  }
  await forgetFailures(office, key);
  return { signedIn: true, user: found, cookies: [...answer.headers.getSetCookie(), nothingOwed(office)] };
}

/** Ends the session of these headers; answers the cookies that make the browser forget it. */
export async function signOut(office: Office, headers: Headers): Promise<string[]> {
  const answer = await authOf(office).api.signOut({ headers: cookieOnly(headers), asResponse: true });
  return [...answer.headers.getSetCookie(), nothingOwed(office)];
}

/** For 400 days, the longest that browsers keep a cookie; scripts read and write it. */
function nothingOwed(office: Office): string {
  const secure = office.configuration.origin.startsWith('https:') ? '; Secure' : '';
  return `${owedCookie.name}=${owedCookie.settled}; Path=/; Max-Age=${400 * 24 * 3600}; SameSite=Strict${secure}`;
}

/** What the library may see of a request: neither browser nor address is kept with a session. */
export function cookieOnly(headers: Headers): Headers {
  const cookie = headers.get('cookie');
  return new Headers(cookie ? { cookie } : {});
}

async function activeUser(office: Office, username: string) {
  return office.database.read(async (db) => {
    const row = await db
      .selectFrom('sign_in_user')
      .innerJoin('account', 'account.id', 'sign_in_user.id')
      .select(['account.id', 'account.name', 'account.username'])
      .where('sign_in_user.username', '=', username)
      .where('account.ended_at', 'is', null)
      .executeTakeFirst();
    return row ?? null;
  });
}

type FailureKey = { community_id: string; id: string };

/** A keyed hash, so that neither the table nor a copy of it tells what was typed into the field: often it is the password. */
async function failureKey(office: Office, username: string): Promise<FailureKey> {
  const secret = authSecret(office.configuration, office.world);
  const known = await office.database.read((db) =>
    db.selectFrom('account').select('community_id').where('username', '=', username).executeTakeFirst(),
  );
  return {
    community_id: known?.community_id ?? '',
    id: createHmac('sha256', secret).update(username).digest('base64url'),
  };
}

async function countFailure(office: Office, key: FailureKey): Promise<number> {
  const now = office.world.now();
  const forgotten = new Date(now - forgottenAfter).toISOString();
  return office.database.writeTogether(async (tx) => {
    await tx.deleteFrom('sign_in_failure').where('at', '<', forgotten).execute();
    const { count } = await tx
      .insertInto('sign_in_failure')
      .values({ ...key, count: 1, at: new Date(now).toISOString() })
      .onConflict((conflict) =>
        conflict
          .columns(['community_id', 'id'])
          .doUpdateSet((eb) => ({ count: eb('sign_in_failure.count', '+', 1), at: eb.ref('excluded.at') })),
      )
      .returning('count')
      .executeTakeFirstOrThrow();
    return count;
  });
}

async function forgetFailures(office: Office, { community_id, id }: FailureKey): Promise<void> {
  const known = await office.database.read((db) =>
    db
      .selectFrom('sign_in_failure')
      .select('id')
      .where('community_id', '=', community_id)
      .where('id', '=', id)
      .executeTakeFirst(),
  );
  if (!known) return;
  await office.database.write((tx) =>
    tx.deleteFrom('sign_in_failure').where('community_id', '=', community_id).where('id', '=', id).execute(),
  );
}
