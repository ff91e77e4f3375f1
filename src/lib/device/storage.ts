/** The browser's storage: how much is used, and whether it is kept. WebKit may have no `navigator.storage` at all. */
import type { StorageState } from './phone';

function manager(): StorageManager | null {
  if (typeof navigator === 'undefined' || !('storage' in navigator)) return null;
  // WebKitGTK has the name without the thing.
  return (navigator.storage as StorageManager | undefined) ?? null;
}

/** Each figure is null where the browser does not tell. */
export async function readStorage(): Promise<StorageState> {
  const storage = manager();
  const estimate = await storage?.estimate?.().catch(() => null);
  const persisted = await storage?.persisted?.().catch(() => null);
  return { usage: estimate?.usage ?? null, quota: estimate?.quota ?? null, persisted: persisted ?? null };
}

/** Asks the browser to keep what is stored. A driven Firefox without a screen ends the page at this question: it is not asked. */
export async function askToKeep(): Promise<void> {
  if (typeof navigator === 'undefined') return;
  if (navigator.webdriver && /firefox/i.test(navigator.userAgent)) return;
  const storage = manager();
  if (await storage?.persisted?.().catch(() => false)) return;
  await storage?.persist?.().catch(() => false);
}
