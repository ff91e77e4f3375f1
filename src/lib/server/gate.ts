/** What every request passes on its way in: where it comes from, who asks, what they may; and how those are refused who may not. */
import { error, isHttpError, type RequestEvent } from '@sveltejs/kit';
import * as m from '$lib/paraglide/messages';
import { PROTOCOL } from '../sync/protocol';

const safeMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Whether an unsafe request comes from another site: its `Origin` is not ours or, where a browser sends none, it says so itself.
 * Programs that send neither (curl, a test) carry no browser's cookies by accident.
 */
export function isForeign(request: Request, ownOrigin: string): boolean {
  if (safeMethods.has(request.method)) return false;
  const origin = request.headers.get('origin');
  if (origin !== null) return origin !== ownOrigin;
  const site = request.headers.get('sec-fetch-site');
  return site !== null && site !== 'same-origin' && site !== 'none';
}

/** A form action's name as SvelteKit reads it: the first parameter that begins with a slash; `default` without one. */
export function actionOf(url: URL): string {
  for (const key of url.searchParams.keys()) {
    if (key.startsWith('/')) return key.slice(1);
  }
  return 'default';
}

/**
 * Lets a body that is not the form it calls itself be answered 400 (413 where it is too large) by whichever action reads it: the platform's own
 * error would count as ours, and as 500.
 */
export function refuseBrokenForms(request: Request): void {
  const read = request.formData.bind(request);
  request.formData = async () => {
    try {
      return await read();
    } catch (broken) {
      if (isHttpError(broken)) throw broken;
      const tooLarge = typeof broken === 'object' && broken !== null && 'status' in broken && broken.status === 413;
      error(tooLarge ? 413 : 400);
    }
  };
}

export const isApi = (pathname: string): boolean => pathname === '/api' || pathname.startsWith('/api/');

/** A refusal that the phone's protocol reads as what it is and no more: never `revoked`, never `upgrade`. */
export function refuseJson(status: number, error: string, headers: Record<string, string> = {}): Response {
  return Response.json({ protocol: PROTOCOL, error }, { status, headers: { 'cache-control': 'no-store', ...headers } });
}

/**
 * Where somebody without a session is sent; they come back to the page that they asked for, or that the form stood on. SvelteKit's own
 * client asks for data and sends forms as JSON, and is told in its own words.
 */
export function toSignIn({
  url,
  request,
  isDataRequest,
}: Pick<RequestEvent, 'url' | 'request' | 'isDataRequest'>): Response {
  const isPost = request.method === 'POST';
  const location = `/sign-in?next=${encodeURIComponent(url.pathname + (isPost ? '' : url.search))}`;
  const headers = { 'cache-control': 'no-store' };
  if (isDataRequest) return Response.json({ type: 'redirect', location }, { headers });
  if (isPost && isEnhanced(request)) {
    return Response.json({ type: 'redirect', status: 303, location }, { headers });
  }
  return new Response(null, { status: 303, headers: { ...headers, location } });
}

/** A form that SvelteKit's own client sends. */
const isEnhanced = (request: Request) => request.headers.has('x-sveltekit-action');

/** As `refusePage`, for whom a page is of no use: SvelteKit's own client asks for data and sends forms as JSON. Null where a page is. */
export function refuseClient({
  request,
  isDataRequest,
}: Pick<RequestEvent, 'request' | 'isDataRequest'>): Response | null {
  if (isDataRequest) return refuseJson(403, 'not allowed');
  if (!isEnhanced(request)) return null;
  const error = { message: 'not allowed' };
  return Response.json(
    { type: 'error', status: 403, error },
    { status: 403, headers: { 'cache-control': 'no-store' } },
  );
}

/** A whole page in plain words, in the reader's language: it needs no script, no style and nothing of the place that was asked for. */
export function refusePage(status: 403 | 405, locale: 'zh-CN' | 'en', signedIn: boolean): Response {
  const words = {
    title: m.refused_title({}, { locale }),
    text: m.refused_text({}, { locale }),
    home: m.refused_home({}, { locale }),
    other: m.refused_other_account({}, { locale }),
  };
  const leave = `<form method="POST" action="/sign-in?/leave"><p><button>${words.other}</button></p></form>`;
  const body = `<!doctype html>
<html lang="${locale}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${words.title}</title></head>
<body><main><h1>${words.title}</h1><p>${words.text}</p><p><a href="/">${words.home}</a></p>${signedIn ? leave : ''}</main></body>
</html>
`;
  return new Response(body, {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    },
  });
}
