/** Signing in over the wire. */
export const password = 'demo-2026-dongjie';

/** Throws where the office does not answer 200. */
export async function signIn(
  address: string,
  username: string,
  words = password,
  ask: (address: string, init: RequestInit) => Promise<Response> = fetch,
): Promise<{ accountId: string; cookie: string }> {
  const answer = await ask(`${address}/api/auth/sign-in/username`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: address },
    body: JSON.stringify({ username, password: words }),
  });
  if (answer.status !== 200) throw new Error(`sign-in of ${username}: ${answer.status}`);
  const { user }: { user: { id: string } } = await answer.json();
  const cookies = answer.headers.getSetCookie().map((cookie) => cookie.split(';')[0]);
  return { accountId: user.id, cookie: cookies.join('; ') };
}
