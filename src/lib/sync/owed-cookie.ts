/**
 * The cookie by which a browser remembers a sign-out that the office has not heard of. The phone writes it; the office settles it, with every
 * session that it ends or begins there: what was owed is done, or was about a session that another one took the place of.
 */
export const owedCookie = { name: 'qiaomen-owed', settled: 'none' } as const;
