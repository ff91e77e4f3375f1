/** What a browser may do to the phone's store: close it under the app, keep it from opening, give it no room, clear it. */
import { expect, type BrowserContext, type Page } from '@playwright/test';

/** For pages that are opened from now on: answers what closes every connection that a page has, without a word to the app. */
export async function closableStores(context: BrowserContext): Promise<(page: Page) => Promise<void>> {
  await context.addInitScript(() => {
    const opened: IDBDatabase[] = [];
    Object.defineProperty(window, 'closeStores', { value: () => opened.splice(0).forEach((one) => one.close()) });
    const open = IDBFactory.prototype.open;
    IDBFactory.prototype.open = function (...given: Parameters<typeof open>) {
      const request = Reflect.apply(open, this, given);
      request.addEventListener('success', () => opened.push(request.result));
      return request;
    };
  });
  return (page) => page.evaluate(() => (Reflect.get(window, 'closeStores') as () => void)());
}

/** A page that holds the store in an older version and is deaf to the app's wish to open its own; answers what lets it go. */
export async function holdStore(holder: Page): Promise<() => Promise<void>> {
  await holder.evaluate(
    () =>
      new Promise<void>((resolve, reject) => {
        const opening = indexedDB.open('qiaomen-device', 1);
        opening.onsuccess = () => {
          Object.defineProperty(window, 'held', { value: opening.result });
          resolve();
        };
        opening.onerror = () => reject(opening.error);
      }),
  );
  return () => holder.evaluate(() => (Reflect.get(window, 'held') as IDBDatabase).close());
}

/** Resolves when the browser takes no write of the page's origin any more; answers what makes room again. */
export async function fillDisk(page: Page): Promise<() => Promise<void>> {
  const cdp = await page.context().newCDPSession(page);
  const { origin } = new URL(page.url());
  await cdp.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1 });
  await expect.poll(() => writes(page), { timeout: 60_000 }).toBe('QuotaExceededError'); // the browser remembers for a while that there was room
  return async () => {
    await cdp.send('Storage.overrideQuotaForOrigin', { origin });
  };
}

/** As a browser that is short of room does between two starts: all of the site but its cookies. */
export async function clearStore(page: Page, origin: string): Promise<void> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Storage.clearDataForOrigin', {
    origin,
    storageTypes: 'indexeddb,local_storage,service_workers,cache_storage',
  });
}

/** Whether the browser takes a write of this origin now: `ok`, or the name of its error. */
function writes(page: Page): Promise<string> {
  return page.evaluate(
    () =>
      new Promise<string>((resolve) => {
        const opening = indexedDB.open('room');
        opening.onupgradeneeded = () => opening.result.createObjectStore('room');
        opening.onerror = () => resolve(opening.error?.name ?? 'error');
        opening.onsuccess = () => {
          const writing = opening.result.transaction('room', 'readwrite');
          const end = (how: string) => {
            opening.result.close();
            resolve(how);
          };
          writing.objectStore('room').put('room', 'room');
          writing.oncomplete = () => end('ok');
          writing.onabort = () => end(writing.error?.name ?? 'error');
        };
      }),
  );
}
