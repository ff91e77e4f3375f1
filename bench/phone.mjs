/** A phone of the bench: the built app in a real Chromium with its profile on disk, signed in at a real office that holds the harness's people. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { chromium } from '@playwright/test';
import { findBrowser } from '../scripts/find-browser.mjs';
import { BUILDING_SIZE, building, buildingKey, doors, register, SEED } from './peers/data.mjs';
import { buildingId } from './office/ids.mjs';
import { freePort, startQiaomen } from './office/start.mjs';
import { spin } from './phone-page.mjs';

/** Items of the harness that hold at least so many residents, whole buildings. */
export function itemsFor(residents) {
  let number = 0;
  for (let held = 0; held < residents; number += 1)
    held += building(number).filter(({ type }) => type === 'resident').length;
  return number * BUILDING_SIZE;
}

/**
 * An office with a register, and a phone that has all of it and was closed.
 * @param {{ residents: number, throttle: number }} options `throttle`: how many times slower its processor is made.
 */
export async function makePhone({ residents, throttle }) {
  const folder = mkdtempSync(path.join(tmpdir(), 'qiaomen-board-'));
  const items = itemsFor(residents);
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const environment = { DATA_DIR: path.join(folder, 'office') };
  const office = await startQiaomen({ environment, items, seed: SEED, ports: [port], origin, node: process.execPath });
  const all = doors(register(items));
  const profile = path.join(folder, 'profile');

  /** A new browser process on the stored profile; what runs in the page is slowed down from here on. */
  async function open({ before = [], offline = false } = {}) {
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: findBrowser() ?? undefined,
      chromiumSandbox: process.getuid?.() !== 0,
      viewport: { width: 360, height: 740 },
      hasTouch: true,
      isMobile: true,
      locale: 'zh-CN',
      timezoneId: 'Asia/Shanghai',
    });
    const page = context.pages()[0] ?? (await context.newPage());
    page.setDefaultTimeout(300_000);
    await page.goto('about:blank');
    const free = await page.evaluate(spin);
    for (const [script, argument] of before) await page.addInitScript(script, argument);
    const cdp = await context.newCDPSession(page);
    if (offline) await context.setOffline(true);
    await cdp.send('Emulation.setCPUThrottlingRate', { rate: throttle });
    const slowed = async () => (await page.evaluate(spin)) / free;
    /**
     * Waits for something in the page by the debugger's own question: for Playwright's `waitForFunction` the page would first read a script
     * of 330 KB, in the midst of what is measured.
     */
    const until = async (expression) => {
      const isThere = () =>
        cdp.send('Runtime.evaluate', { expression: `Boolean(${expression})` }).then(
          ({ result }) => result.value === true,
          () => false, // between two documents
        );
      while (!(await isThere())) await wait(20);
    };
    return { page, cdp, slowed, until, close: () => context.close() };
  }

  const { page, close } = await open();
  await page.goto(origin);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
  await page.reload();
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await page.locator('input[name=username]').fill(office.username);
  await page.locator('input[name=password]').fill(office.password);
  await page.locator('form button[type=submit]').click();
  await page.getByText('已送达').waitFor();
  const held = await page.evaluate(countDoors, office.accountId);
  if (held !== all.length) throw new Error(`the phone holds ${held} doors instead of ${all.length}`);
  await page.waitForTimeout(1000); // what is read ahead, and the browser's own writing
  await close();

  return {
    origin,
    residents: register(items).filter(({ type }) => type === 'resident').length,
    doors: all,
    /** A building in the midst of the register, another for each run. */
    buildingOf(run, runs) {
      const key = buildingKey(Math.floor(((run + 0.5) * items) / BUILDING_SIZE / runs));
      const rows = all.filter((door) => door.building === key);
      return { address: `${origin}/building/${buildingId(key)}`, doors: rows.length };
    },
    open,
    async stop() {
      await office.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** In the page: doors in the store. */
async function countDoors(account) {
  const answer = (request) => new Promise((resolve) => (request.onsuccess = () => resolve(request.result)));
  const database = await answer(indexedDB.open(`qiaomen-${account}`));
  const rows = await answer(database.transaction('items').objectStore('items').getAll());
  database.close();
  return rows.filter(({ type }) => type === 'dwelling').length;
}
