/** The app's own new versions: found, announced, let in when the worker's forms are shut. */
import { version } from '$app/environment';
import type { Workbox } from 'workbox-window';

/** How often an open app asks whether there is a new version, beside each start. */
const LOOK_EVERY_MS = 60 * 60_000;
/**
 * How long the old version may keep its place after the new one was let in. A request that comes amid the change starts the old one anew, and
 * Chromium then waits until half a minute has passed without any other; a tab that is loaded anew ends that at once (w3c/ServiceWorker issue 1295).
 */
const PATIENCE_MS = 3000;
/** In the tab's session: the version that was to go when the tab was loaded anew. */
const LEAVING = 'qiaomen-update';

type Watch = {
  /** A new version is on the phone and waits; `takeUpdate` lets it in. */
  onWaiting: () => void;
  /** It was let in, and this tab is to be loaded anew for it by `loadAnew`; said again at each `takeUpdate` until then. */
  onReady: () => void;
  after: (milliseconds: number, task: () => void) => () => void;
};

let watch: Watch | null = null;
let workbox: Workbox | null = null;
let asked = false;
let ready = false;
/** This tab was loaded anew for an update already: not a second time only because the old version keeps its place. */
let again = false;

/**
 * Registers the service worker and watches for new versions. Does nothing where there is none (an unsafe address, an old browser),
 * and in development, where its files would hide every change.
 */
export async function watchForUpdate(given: Watch): Promise<void> {
  if (import.meta.env.DEV || typeof navigator === 'undefined' || !('serviceWorker' in navigator) || workbox) return;
  const { Workbox } = await import('workbox-window');
  const opened = new Workbox('/service-worker.js', { scope: '/', updateViaCache: 'none' });
  watch = given;
  workbox = opened;
  again = leftBefore() === version;
  opened.addEventListener('waiting', () => {
    given.onWaiting();
    if (again) takeUpdate();
  });
  // Only this tab asked for the new version: another one with an open form goes on with its own until it is closed.
  opened.addEventListener('controlling', () => {
    if (asked) becomeReady();
  });
  const registration = await opened.register().catch(() => undefined); // offline at the first start, or not allowed here: the app works all the same
  // The change came about while this page was on its way, by the old version still.
  if (again && registration && !registration.waiting) becomeReady();
  const look = () => {
    given.after(LOOK_EVERY_MS, () => {
      void lookForUpdate();
      look();
    });
  };
  look();
}

/** Lets the waiting version in; `onReady` says when this tab is to be loaded anew. To be called when no form is open, or at a tap. */
export function takeUpdate(): void {
  if (ready) return watch?.onReady();
  workbox?.messageSkipWaiting();
  if (!asked && !again) watch?.after(PATIENCE_MS, becomeReady);
  asked = true;
}

/** Loads this tab anew, into the version that was let in. Everything typed must be on the disk. */
export function loadAnew(): void {
  try {
    if (!again) sessionStorage.setItem(LEAVING, version);
  } catch {
    // Where the old version serves this tab once more, the next start has the new one.
  }
  window.location.reload();
}

/** Asks for a new version now: when the office says that this one is too old (409). */
export async function lookForUpdate(): Promise<void> {
  await workbox?.update().catch(() => undefined); // no connection: asked again the next time
}

function becomeReady(): void {
  ready = true;
  watch?.onReady();
}

function leftBefore(): string | null {
  try {
    const left = sessionStorage.getItem(LEAVING);
    sessionStorage.removeItem(LEAVING);
    return left;
  } catch {
    return null;
  }
}
