/** Accounts: who there is, what they may reach, and how they sign in. This file sets up the sign-in library on the office's database. */
import { betterAuth, type BetterAuthOptions } from 'better-auth';
import { username } from 'better-auth/plugins';
import { authSecret } from '../configuration';
import { log, plainError } from '../log';
import type { Office } from '../office';
import { hashPassword, passwordLength, verifyPassword } from './passwords';
import { isUsername, usernameLength } from './usernames';

const DAY = 24 * 60 * 60;
/** A worker may be out of reach for weeks: 90 days since the last day with a connection. */
export const sessionSeconds = 90 * DAY;

/** The library's settings; exported for the test that compares its tables with our migration. */
export function authOptions(office: Office) {
  return {
    appName: 'Qiaomen',
    baseURL: office.configuration.origin,
    basePath: '/api/auth',
    secret: authSecret(office.configuration, office.world),
    // How values stand, not which engine: times as RFC 3339, booleans as 0 and 1, on PostgreSQL too.
    database: { db: office.database.library, type: 'sqlite' },
    user: { modelName: 'sign_in_user' },
    account: { modelName: 'sign_in_credential' },
    verification: { modelName: 'sign_in_verification' },
    session: { modelName: 'sign_in_session', expiresIn: sessionSeconds, updateAge: DAY },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: passwordLength.min,
      maxPasswordLength: passwordLength.max,
      password: {
        hash: hashPassword,
        verify: ({ hash, password }) => verifyPassword(hash, password),
      },
    },
    plugins: [
      username({
        displayUsername: false,
        minUsernameLength: usernameLength.min,
        maxUsernameLength: usernameLength.max,
        usernameValidator: isUsername,
      }),
    ],
    // An office shares one address: right sign-ins are never slowed. `sign-in.ts` counts the wrong ones.
    rateLimit: { enabled: false },
    advanced: {
      cookiePrefix: 'qiaomen',
      useSecureCookies: office.configuration.origin.startsWith('https:'),
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax', path: '/' },
      // hooks.server.ts refuses every foreign Origin, JSON too, before a request gets here; the demo has two addresses.
      disableCSRFCheck: true,
      disableOriginCheck: true,
      // Neither address nor browser of a worker is kept.
      ipAddress: { disableIpTracking: true },
      database: { generateId: () => office.world.uuid(), validateSchema: false },
    },
    telemetry: { enabled: false },
    logger: { level: 'error', log: (_, ...said) => logFailure(said) },
  } satisfies BetterAuthOptions;
}

/** What the library says of a failure may quote what somebody typed: one line of our own stands for it. */
function logFailure(said: readonly unknown[]): void {
  log({ event: 'sign-in-failed', ...plainError(said.find((one) => one instanceof Error) ?? said[0]) });
}

/**
 * To be called when the library failed: throws a DatabaseUnavailableError where that is the cause, which the library calls an internal error of its own.
 */
export async function seeDatabase({ database }: Office): Promise<void> {
  await database.read((db) => db.selectFrom('sign_in_user').select('id').limit(1).execute());
}

const makeAuth = (office: Office) => betterAuth(authOptions(office));
export type Auth = ReturnType<typeof makeAuth>;
const made = new WeakMap<Office, Auth>();

/** The sign-in library of an office, made at the first call. */
export function authOf(office: Office): Auth {
  const known = made.get(office);
  if (known) return known;
  const auth = makeAuth(office);
  made.set(office, auth);
  return auth;
}
