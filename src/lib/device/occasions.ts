/** What makes a sync due, beside a save: the connection back, the app in front, a woken service worker, and every few minutes. */
import type { Occasion } from './sync-schedule';
import type { DeviceWorld } from './world';

const EVERY_MS = 3 * 60_000;
/** Name of the Background Sync registration and of the word that the service worker sends for it. */
export const SYNC_TAG = 'qiaomen-sync';

/** Listens until the returned function is called. Without a page (in tests) only the timer runs. */
export function watchOccasions(world: Pick<DeviceWorld, 'after'>, due: (occasion: Occasion) => void): () => void {
  const endings: (() => void)[] = [];
  const listen = (target: EventTarget | undefined, type: string, heard: (event: Event) => void) => {
    target?.addEventListener(type, heard);
    endings.push(() => target?.removeEventListener(type, heard));
  };
  listen(typeof window === 'undefined' ? undefined : window, 'online', () => due('online'));
  listen(typeof document === 'undefined' ? undefined : document, 'visibilitychange', () => {
    if (document.visibilityState === 'visible') due('visible');
  });
  listen(serviceWorkers(), 'message', (event) => {
    if (event instanceof MessageEvent && event.data === SYNC_TAG) due('wake');
  });

  let stopTimer = () => {};
  const again = () => {
    stopTimer = world.after(EVERY_MS, () => {
      due('timer');
      again();
    });
  };
  again();
  endings.push(() => stopTimer());
  return () => {
    for (const end of endings) end();
  };
}

/** Asks the browser to wake the app when there is a connection; where it cannot (Safari, Firefox), the page's own occasions do. */
export async function askBackgroundSync(): Promise<void> {
  const registration = await serviceWorkers()?.getRegistration();
  if (!registration?.active || !('sync' in registration)) return;
  const { sync } = registration;
  if (typeof sync !== 'object' || sync === null || !('register' in sync) || typeof sync.register !== 'function') return;
  await Promise.resolve(sync.register(SYNC_TAG)).catch(() => {}); // refused by the worker's settings: a bonus only
}

function serviceWorkers(): ServiceWorkerContainer | undefined {
  return typeof navigator !== 'undefined' && 'serviceWorker' in navigator ? navigator.serviceWorker : undefined;
}
