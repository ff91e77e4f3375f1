/** Who asks: the account behind a request's session cookie, as it stands now. */
import type { Asker, Office, SignedIn } from '../office';
import { gridsOf, revocationOf } from '../scope';
import { authOf, seeDatabase } from './auth';
import { cookieOnly } from './sign-in';

export type Session =
  | { state: 'none' }
  /** The account was ended, or the phone that this session spoke through was revoked: it may sync, to hand over (SCO-5), and nothing else. */
  | { state: 'closed'; account: Asker; cookies: string[] }
  | { state: 'active'; account: SignedIn; cookies: string[] };

/** Reads the session; `cookies` are to be set on the answer, for a session lasts 90 days from its last day of use. */
export async function readSession(office: Office, headers: Headers): Promise<Session> {
  // Most requests of a start are for files: no cookie, no question to the database.
  if (!headers.get('cookie')?.includes('qiaomen.session_token')) return { state: 'none' };
  const { response, headers: answered } = await authOf(office)
    .api.getSession({ headers: cookieOnly(headers), returnHeaders: true })
    .catch(async (error: unknown) => {
      await seeDatabase(office);
      throw error;
    });
  if (!response) return { state: 'none' };
  const id = response.user.id;
  const session = response.session.id;
  const cookies = answered.getSetCookie();
  return office.database.read(async (db): Promise<Session> => {
    const account = await db.selectFrom('account').selectAll().where('id', '=', id).executeTakeFirst();
    if (!account) return { state: 'none' };
    const communityId = account.community_id;
    if (account.ended_at !== null || (await revocationOf(db, communityId, id, { session })) !== null) {
      return { state: 'closed', account: { communityId, id, session }, cookies };
    }
    return {
      state: 'active',
      account: {
        communityId,
        id,
        session,
        username: account.username,
        name: account.name,
        role: account.role,
        grids: await gridsOf(db, communityId, id),
      },
      cookies,
    };
  });
}
