/** Who asks: the account behind a request's session cookie, as it stands now. */
import type { Office, SignedIn } from '../office';
import { authOf } from './auth';
import { cookieOnly } from './sign-in';

export type Session =
  | { state: 'none' }
  /** Deactivated: its phones are told so (403 `revoked`), everything else treats it as signed out. */
  | { state: 'ended' }
  | { state: 'active'; account: SignedIn; cookies: string[] };

/** Reads the session; `cookies` are to be set on the answer, for a session lasts 90 days from its last day of use. */
export async function readSession(office: Office, headers: Headers): Promise<Session> {
  // Most requests of a start are for files: no cookie, no question to the database.
  if (!headers.get('cookie')?.includes('qiaomen.session_token')) return { state: 'none' };
  const { response, headers: answered } = await authOf(office).api.getSession({
    headers: cookieOnly(headers),
    returnHeaders: true,
  });
  if (!response) return { state: 'none' };
  const id = response.user.id;
  return office.database.read(async (db): Promise<Session> => {
    const account = await db.selectFrom('account').selectAll().where('id', '=', id).executeTakeFirst();
    if (!account) return { state: 'none' };
    if (account.ended_at !== null) return { state: 'ended' };
    const grids = await db
      .selectFrom('account_grid')
      .select('grid_id')
      .where('community_id', '=', account.community_id)
      .where('account_id', '=', id)
      .where('until_at', 'is', null)
      .orderBy('grid_id')
      .execute();
    return {
      state: 'active',
      account: {
        communityId: account.community_id,
        id,
        username: account.username,
        name: account.name,
        role: account.role,
        grids: grids.map((row) => row.grid_id),
      },
      cookies: answered.getSetCookie(),
    };
  });
}
