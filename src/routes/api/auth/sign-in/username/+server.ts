import { json } from '@sveltejs/kit';
import { signIn, SignInRequest } from '$lib/server/accounts/sign-in';
import { DatabaseUnavailableError } from '$lib/server/database/open';
import { refuseJson } from '$lib/server/gate';
import type { RequestHandler } from './$types';

/** `{ username, password }` → 200, `{ user }` and the session's cookie; 401 for a wrong one, whichever of the two is wrong. */
export const POST: RequestHandler = async ({ request, locals }) => {
  const asked = SignInRequest.safeParse(await request.json().catch(() => null));
  if (!asked.success) return refuseJson(400, 'username and password, please');
  try {
    const answer = await signIn(locals.office, asked.data);
    if (!answer.signedIn) return refuseJson(401, 'wrong username or password');
    const response = json({ user: answer.user });
    for (const cookie of answer.cookies) response.headers.append('set-cookie', cookie);
    return response;
  } catch (error) {
    if (!(error instanceof DatabaseUnavailableError)) throw error;
    return refuseJson(503, 'busy', { 'retry-after': '2' });
  }
};
