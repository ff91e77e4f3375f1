/** The app's own new versions: found, announced, taken when the worker's forms are shut. */
import type { Workbox } from 'workbox-window';

/** How often an open app asks whether there is a new version, beside each start. */
const LOOK_EVERY_MS = 60 * 60_000;

type Watch = {
  /** A new version is on the phone and waits; `takeUpdate` lets it in. */
  onWaiting: () => void;
  after: (milliseconds: number, task: () => void) => () => void;
};

let workbox: Workbox | null = null;
let taken = false;

/**
 * Registers the service worker and watches for new versions. Does nothing where there is none (an unsafe address, an old browser),
 * and in development, where its files would hide every change.
 */
export async function watchForUpdate({ onWaiting, after }: Watch): Promise<void> {
  if (import.meta.env.DEV || typeof navigator === 'undefined' || !('serviceWorker' in navigator) || workbox) return;
  const { Workbox } = await import('workbox-window');
  const opened = new Workbox('/service-worker.js', { scope: '/', updateViaCache: 'none' });
  workbox = opened;
  opened.addEventListener('waiting', () => onWaiting());
  // Only this tab asked for the new version: another one with an open form goes on with its own until it is closed.
  opened.addEventListener('controlling', () => {
    if (taken) window.location.reload();
  });
  await opened.register().catch(() => undefined); // offline at the first start, or not allowed here: the app works all the same
  const look = () => {
    after(LOOK_EVERY_MS, () => {
      void lookForUpdate();
      look();
    });
  };
  look();
}

/** Lets the waiting version in and loads this tab anew. To be called when no form is open. */
export function takeUpdate(): void {
  taken = true;
  workbox?.messageSkipWaiting();
}

/** Asks for a new version now: when the office says that this one is too old (409). */
export async function lookForUpdate(): Promise<void> {
  await workbox?.update().catch(() => undefined); // no connection: asked again the next time
}
