/** What a browser may do to the phone's store: close it under the app, keep it from opening, give it no room, clear it. */
import { expect, type BrowserContext, type Page } from '@playwright/test';

/**
 * For pages that are opened from now on: ends the connection amid the next transaction that writes to `store`, as a browser does that is short of memory: what
 * it was told to write is taken back, and only then is it closed.
 */
export async function storesClosedAmid(
  context: BrowserContext,
): Promise<(page: Page, store: string) => Promise<{ happened(): Promise<boolean> }>> {
  await context.addInitScript(() => {
    const begin = IDBDatabase.prototype.transaction;
    IDBDatabase.prototype.transaction = function (...given: Parameters<typeof begin>) {
      const transaction = Reflect.apply(begin, this, given);
      const armed: unknown = Reflect.get(window, 'closeAmid');
      if (transaction.mode !== 'readwrite' || !transaction.objectStoreNames.contains(String(armed))) return transaction;
      Reflect.deleteProperty(window, 'closeAmid');
      queueMicrotask(() => {
        transaction.abort();
        this.close();
      });
      return transaction;
    };
  });
  return async (page, store) => {
    await page.evaluate((name) => void Reflect.set(window, 'closeAmid', name), store);
    return { happened: () => page.evaluate(() => !Reflect.has(window, 'closeAmid')) };
  };
}

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

/**
 * A page that keeps the app from opening its store: it holds a connection and is deaf to all wishes, and where the store is there already, somebody's
 * wish to convert it waits for that. Answers what lets it go; the store is as it was.
 */
export async function holdStore(holder: Page): Promise<() => Promise<void>> {
  await holder.evaluate(
    () =>
      new Promise<void>((resolve, reject) => {
        const opening = indexedDB.open('qiaomen-device');
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          Object.defineProperty(window, 'held', { value: opening.result });
          const { name, version } = opening.result;
          if (version === 1) return resolve(); // made by this very opening: older than the app's
          const converting = indexedDB.open(name, version + 1);
          converting.onupgradeneeded = () => converting.transaction?.abort();
          converting.onblocked = () => resolve();
        };
      }),
  );
  return () => holder.evaluate(() => (Reflect.get(window, 'held') as IDBDatabase).close());
}

/** For pages that are opened from now on: answers what lets a page's forms find the disk full, and what makes room for them again. */
export async function noRoomForForms(context: BrowserContext): Promise<(page: Page, isFull: boolean) => Promise<void>> {
  await context.addInitScript(() => {
    const put = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = function (...given: Parameters<typeof put>) {
      if (this.name === 'drafts' && Reflect.get(window, 'noRoom') === true)
        throw new DOMException('no room', 'QuotaExceededError');
      return Reflect.apply(put, this, given);
    };
  });
  return (page, isFull) => page.evaluate((full) => void Reflect.set(window, 'noRoom', full), isFull);
}

/** What a site may keep on a phone that is nearly full: the app, a register, and little else. */
const SMALL_DISK = 24 * 1024 * 1024;

export type SmallDisk = {
  /** Fills what is left with something else. */
  fill(page: Page): Promise<void>;
  /** Somebody deleted their photographs. */
  makeRoom(): Promise<void>;
};

/** To be called before the app is opened: the browser remembers for half a minute how much room there was. */
export async function smallDisk(context: BrowserContext, address: string): Promise<SmallDisk> {
  const { origin } = new URL(address);
  const cdp = await context.newCDPSession(await context.newPage());
  await cdp.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: SMALL_DISK });
  return {
    async fill(page) {
      for (let bytes = 4 * 1024 * 1024; bytes >= 64;)
        if ((await write(page, bytes)) !== 'ok') bytes = Math.floor(bytes / 4);
      await expect.poll(() => write(page, 64), { timeout: 60_000 }).toBe('QuotaExceededError');
    },
    async makeRoom() {
      await cdp.send('Storage.overrideQuotaForOrigin', { origin });
    },
  };
}

/** As a browser that is short of room does between two starts: all of the site but its cookies. */
export async function clearStore(
  page: Page,
  origin: string,
  storageTypes = 'indexeddb,local_storage,service_workers,cache_storage',
): Promise<void> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Storage.clearDataForOrigin', { origin, storageTypes });
}

/** Keeps so many bytes that nothing makes smaller: `ok`, or the name of the browser's error. */
function write(page: Page, bytes: number): Promise<string> {
  return page.evaluate(
    (length) =>
      new Promise<string>((resolve) => {
        const opening = indexedDB.open('photographs');
        opening.onupgradeneeded = () => opening.result.createObjectStore('photographs', { autoIncrement: true });
        opening.onerror = () => resolve(opening.error?.name ?? 'error');
        opening.onsuccess = () => {
          const writing = opening.result.transaction('photographs', 'readwrite');
          const end = (how: string) => {
            opening.result.close();
            resolve(how);
          };
          const picture = new Uint8Array(length);
          for (let at = 0; at < length; at += 65_536) crypto.getRandomValues(picture.subarray(at, at + 65_536));
          writing.objectStore('photographs').put(picture);
          writing.oncomplete = () => end('ok');
          writing.onabort = () => end(writing.error?.name ?? 'error');
        };
      }),
    bytes,
  );
}
