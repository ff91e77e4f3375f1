/** Every request: where it comes from, who asks, what they may, in which language, and one log line without a person in it. */
import type { Handle, HandleServerError, RequestEvent, ServerInit } from '@sveltejs/kit';
import { sequence } from '@sveltejs/kit/hooks';
import * as z from 'zod';
import { getLocale } from '$lib/paraglide/runtime';
import { paraglideMiddleware } from '$lib/paraglide/server';
import { readSession } from '$lib/server/accounts/session';
import { noteSecret } from '$lib/server/accounts/shared-secret';
import { readConfiguration } from '$lib/server/configuration';
import { DatabaseUnavailableError } from '$lib/server/database/open';
import {
  actionOf,
  isApi,
  isForeign,
  refuseBrokenForms,
  refuseClient,
  refuseJson,
  refusePage,
  toSignIn,
} from '$lib/server/gate';
import { onLeave } from '$lib/server/leave';
import { log, plainError } from '$lib/server/log';
import { countRequest } from '$lib/server/metrics/metrics';
import { type Office, openOffice } from '$lib/server/office';
import { mayAsk } from '$lib/server/rights';
import { resumeJobs } from '$lib/server/roster/jobs';
import { afterPush, afterworkDone } from '$lib/server/sync/afterwork';
import { keepHouse } from '$lib/server/sync/housekeeping';

// The Content-Security-Policy forbids the functions that Zod would compile.
z.config({ jitless: true });

let office: Office | null = null;

export const init: ServerInit = async () => {
  const opened = await openOffice(readConfiguration(process.env));
  office = opened;
  await noteSecret(opened);
  await resumeJobs(opened);
  const rest = keepHouse(opened);
  onLeave(async () => {
    rest();
    await afterworkDone(opened);
    await opened.database.close();
  });
};

/** One line a request: the route's own name stands for the address, so that no id and no query is in it. */
const logged: Handle = async ({ event, resolve }) => {
  if (!office) throw new Error('asked before the office was open');
  event.locals.office = office;
  event.locals.account = null;
  event.locals.closed = null;
  const started = office.world.now();
  const response = await resolve(event);
  if (!event.isSubRequest) {
    const took = office.world.now() - started;
    countRequest(event.route.id ?? '-', event.request.method, response.status, took);
    log({
      event: 'request',
      at: new Date(started).toISOString(),
      method: event.request.method,
      route: event.route.id ?? '-',
      status: response.status,
      ms: took,
    });
  }
  return response;
};

/** Programs are answered in JSON, in no language; and the middleware would hold each body of a sync twice. */
const spoken: Handle = ({ event, resolve }) =>
  isApi(event.url.pathname)
    ? resolve(event)
    : paraglideMiddleware(event.request, ({ request, locale }) => {
        event.request = request;
        return resolve(event, { transformPageChunk: ({ html }) => html.replace('%lang%', locale) });
      });

const guarded: Handle = async ({ event, resolve }) => {
  if (isForeign(event.request, event.url.origin)) return refuseJson(403, 'foreign origin');

  let cookies: string[] = [];
  try {
    const session = await readSession(event.locals.office, event.request.headers);
    if (session.state === 'active') event.locals.account = session.account;
    if (session.state === 'closed') event.locals.closed = session.account;
    if (session.state !== 'none') cookies = session.cookies;
  } catch (error) {
    if (!(error instanceof DatabaseUnavailableError)) throw error;
    return refuseJson(503, 'busy', { 'retry-after': '2' });
  }

  const refusal = refusalOf(event);
  if (refusal) return refusal;
  refuseBrokenForms(event.request);

  const response = await resolve(event);
  for (const cookie of cookies) response.headers.append('set-cookie', cookie);
  keepPrivate(event, response);
  // What the desk decides may leave work of its own, as a push does.
  if (event.request.method === 'POST' && event.route.id?.startsWith('/desk')) afterPush(event.locals.office);
  return response;
};

export const handle = sequence(logged, spoken, guarded);

export const handleError: HandleServerError = ({ error, event, status }) => {
  if (status === 404) return { message: 'Not found' };
  log({ event: 'error', route: event.route.id ?? '-', method: event.request.method, status, ...plainError(error) });
  return { message: 'Internal error' };
};

/** The table's answer to this request, as a response; null where the way is free. What no route answers is left to SvelteKit's page: 404. */
function refusalOf(event: RequestEvent): Response | null {
  const { route, url, request, locals } = event;
  if (route.id === null) return isApi(url.pathname) ? refuseJson(404, 'not served') : null;
  const api = isApi(url.pathname) || route.id === '/health' || route.id === '/metrics';
  const isPost = request.method === 'POST';
  const answer = mayAsk({
    route: route.id,
    method: request.method,
    action: isPost && !api ? actionOf(url) : null,
    who: locals.account?.role ?? (locals.closed ? 'closed' : null),
  });
  if (answer === 'allowed') return null;
  if (answer === 'absent')
    return api ? refuseJson(405, 'not served') : refusePage(405, getLocale(), locals.account !== null);
  if (answer === 'refused') {
    return api ? refuseJson(403, 'not allowed') : (refuseClient(event) ?? refusePage(403, getLocale(), true));
  }
  if (api) return refuseJson(401, 'signed out');
  return toSignIn(event);
}

/** The phone's empty shell may be kept and asked about again; whatever is made for somebody is kept nowhere. */
function keepPrivate({ route }: RequestEvent, response: Response): void {
  const shell = route.id?.startsWith('/(field)') ?? false;
  if (!response.headers.has('cache-control') || !shell) {
    response.headers.set('cache-control', shell ? 'no-cache' : 'no-store');
  }
}
