/// <reference types="@sveltejs/kit" />
/// <reference lib="webworker" />
/**
 * Keeps the app on the phone: its files and one empty shell, never an answer about a person. Every address of the field opens from
 * the shell at once, with or without a connection; the desk and the office's addresses always go to the network.
 */
import { PrecacheController } from 'workbox-precaching';
import { NavigationRoute, registerRoute } from 'workbox-routing';
import { build, files, version } from '$service-worker';

declare const self: ServiceWorkerGlobalScope;
/** Of the built files those that the field's screens need (scripts/field-files.ts); not there in development. */
declare const __QIAOMEN_FIELD_FILES__: string[] | undefined;

/** The word that wakes open pages for a sync; as in `device/occasions.ts`, which this file cannot import without its code. */
const SYNC_TAG = 'qiaomen-sync';
/** Rendered by the office for a signed-in person, or no page at all. */
const OFFICE = [/^\/desk(\/|$)/, /^\/sign-in(\/|$)/, /^\/api\//, /^\/health$/];
/** Pictures of the installation hint: the browser fetches them itself. */
const NOT_OFFLINE = [/\/screenshots\//, /\/robots\.txt$/];
/** Names carry a digest of what is in them: they never change, and may be kept for pages of an older version. */
const IMMUTABLE = /\/_app\/immutable\//;
const SHELL = '/';
/** Which files the version before this one used: its open pages may still ask for them. */
const HISTORY = 'qiaomen-versions';

const needed = typeof __QIAOMEN_FIELD_FILES__ === 'undefined' ? build : __QIAOMEN_FIELD_FILES__;
const entries = [
  { url: SHELL, revision: version },
  ...needed.map((url) => ({ url, revision: IMMUTABLE.test(url) ? null : version })),
  ...files
    .filter((url) => !NOT_OFFLINE.some((pattern) => pattern.test(url)))
    .map((url) => ({ url, revision: version })),
];

const precache = new PrecacheController();
precache.addToCacheList(entries);

self.addEventListener('install', (event) => {
  event.waitUntil(precache.install(event));
});

self.addEventListener('activate', (event) => {
  event.waitUntil(Promise.all([forgetOldFiles(), self.clients.claim()]));
});

self.addEventListener('message', (event) => {
  // Sent by a page without an open form: see device/app-update.ts.
  if (event.data?.type === 'SKIP_WAITING') void self.skipWaiting();
});

/** Background Sync, where the browser has it: the pages hold the outbox and send it. */
self.addEventListener('sync', (event) => {
  if (!('tag' in event) || event.tag !== SYNC_TAG || !(event instanceof ExtendableEvent)) return;
  event.waitUntil(
    self.clients.matchAll({ type: 'window' }).then((pages) => {
      for (const page of pages) page.postMessage(SYNC_TAG);
    }),
  );
});

registerRoute(new NavigationRoute(() => fromShell(), { denylist: OFFICE }));

registerRoute(
  ({ request, url, sameOrigin }) =>
    sameOrigin && request.method === 'GET' && request.mode !== 'navigate' && isOfApp(url.pathname),
  async ({ request, url }) => (await fromCache(url.pathname)) ?? fetch(request),
);

function isOfApp(pathname: string): boolean {
  return IMMUTABLE.test(pathname) || (pathname !== SHELL && precache.getCacheKeyForURL(pathname) !== undefined);
}

async function fromShell(): Promise<Response> {
  return (await precache.matchPrecache(SHELL)) ?? fetch(SHELL);
}

/** This version's file, or an older version's of the same immutable name. */
async function fromCache(pathname: string): Promise<Response | undefined> {
  const own = await precache.matchPrecache(pathname);
  if (own || !IMMUTABLE.test(pathname)) return own;
  const cache = await caches.open(precache.strategy.cacheName);
  return cache.match(pathname);
}

/** Keeps what this version and the one before it use; a page two versions old has been asked to reload twice. */
async function forgetOldFiles(): Promise<void> {
  const mine = [...precache.getURLsToCacheKeys().values()];
  const history = await caches.open(HISTORY);
  const before: unknown = await (await history.match('/newest'))?.json();
  const previous = Array.isArray(before) ? before.filter((url) => typeof url === 'string' && IMMUTABLE.test(url)) : [];
  const kept = new Set([...mine, ...previous]);
  const cache = await caches.open(precache.strategy.cacheName);
  for (const request of await cache.keys()) if (!kept.has(request.url)) await cache.delete(request);
  await history.put('/newest', new Response(JSON.stringify(mine), { headers: { 'Content-Type': 'application/json' } }));
}
