/** Accounts that a test writes by itself, as far as the sign-in library knows them. */
import type { Transaction } from '../../src/lib/server/database/open';
import type { SignedIn } from '../../src/lib/server/office';

/** In argon2id's text form, of a password that nobody has. */
const password = '$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$0000000000000000000000000000000000000000000';

/** The library's rows of an account. `at`: RFC 3339, UTC. */
export async function giveSignIn(
  tx: Transaction,
  { id, username, name }: Pick<SignedIn, 'id' | 'username' | 'name'>,
  at: string,
): Promise<void> {
  const written = { createdAt: at, updatedAt: at };
  await tx
    .insertInto('sign_in_user')
    .values({ ...written, id, name, username, email: `${id}@accounts.invalid`, emailVerified: 0, image: null })
    .execute();
  const none = {
    ...{ accessToken: null, refreshToken: null, idToken: null, scope: null },
    ...{ accessTokenExpiresAt: null, refreshTokenExpiresAt: null },
  };
  await tx
    .insertInto('sign_in_credential')
    .values({ ...written, ...none, id, accountId: id, userId: id, providerId: 'credential', password })
    .execute();
}
