/** What a phone loads, weighed as it is sent: gzip of each file that the built app serves. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildFolder } from '../scripts/sources.mjs';

/** Goals of quality.md, in bytes of gzip. */
export const weightGoals = { start: 120 * 1024, precache: 400 * 1024 };

/**
 * Loads the start page again, on a page that is signed in and shows its buildings.
 * @param {import('@playwright/test').Page} page
 * @returns {Promise<{ scripts: { file: string, bytes: number, before: boolean }[], start: number, all: number, precache: number, kept: number }>}
 *   `scripts`: everything that was loaded until nothing more came, and whether it was asked for before the buildings stood;
 *   `start`: what was; `kept`: files that the service worker keeps.
 */
export async function weighStart(page) {
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await page.addInitScript(() => {
    const seen = new MutationObserver(() => {
      if (!document.querySelector('a.building')) return;
      performance.mark('usable');
      seen.disconnect();
    });
    seen.observe(document, { childList: true, subtree: true });
  });
  await page.reload();
  await page.locator('a.building').first().waitFor();
  await page.waitForLoadState('networkidle');
  const { loaded, kept } = await page.evaluate(async () => {
    const usable = performance.getEntriesByName('usable')[0]?.startTime ?? Infinity;
    const found = [];
    for (const name of (await caches.keys()).filter((key) => key.includes('precache'))) {
      for (const request of await (await caches.open(name)).keys()) found.push(new URL(request.url).pathname);
    }
    const files = performance.getEntriesByType('resource').filter(({ name }) => new URL(name).pathname.endsWith('.js'));
    return {
      kept: found,
      loaded: files.map(({ name, startTime }) => ({ file: new URL(name).pathname, before: startTime < usable })),
    };
  });
  const scripts = loaded
    .map((one) => ({ ...one, bytes: weigh(one.file) }))
    .sort((one, other) => other.bytes - one.bytes);
  const sum = (/** @type {number[]} */ list) => list.reduce((total, bytes) => total + bytes, 0);
  return {
    scripts,
    start: sum(scripts.filter(({ before }) => before).map(({ bytes }) => bytes)),
    all: sum(scripts.map(({ bytes }) => bytes)),
    precache: sum(kept.map(weigh)),
    kept: kept.length,
  };
}

/** The shell itself is rendered by the office: a page of 1 KB, left out. @param {string} pathname */
function weigh(pathname) {
  if (pathname === '/') return 0;
  return gzipSync(readFileSync(path.join(buildFolder, 'client', decodeURIComponent(pathname))), { level: 9 }).length;
}
