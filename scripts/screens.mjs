/**
 * `npm run screens [-- --only WORD]`: every screen of the demo, in both languages, as a worker's phone (360×740) and the desk (1440×900) show it, into
 * docs/screens; each is checked by axe against WCAG 2.2 AA. Ends with 1 when axe finds anything or a screen does not come up.
 */
import './node-version.mjs';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import AxeBuilder from '@axe-core/playwright';
import { chromium } from '@playwright/test';
import { ensureBuilt } from './ensure-built.mjs';
import { provideBrowser } from './find-browser.mjs';
import { root } from './sources.mjs';

const { values: given } = parseArgs({
  options: { only: { type: 'string' }, port: { type: 'string', default: '4191' } },
});
const password = 'demo-2026-dongjie';
const address = `http://127.0.0.1:${given.port}`;
/** The day of the pictures, the same each time, for the office and for the browsers. */
const now = '2026-10-16T14:30:00+08:00';
const sizes = { phone: { width: 360, height: 740 }, desk: { width: 1440, height: 900 } };
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

process.chdir(root);
const executablePath = provideBrowser() ?? process.exit(1);
await ensureBuilt();
const dataDir = mkdtempSync(path.join(tmpdir(), 'qiaomen-screens-'));
const office = spawn(process.execPath, ['scripts/demo.mjs', '--port', given.port], {
  env: { ...process.env, DATA_DIR: dataDir, DEMO_NOW: now },
  stdio: ['ignore', 'pipe', 'inherit'],
});
await new Promise((resolve, reject) => {
  createInterface({ input: office.stdout }).on('line', (line) => line.startsWith('ready ') && resolve(null));
  office.once('exit', (code) => reject(new Error(`the demo ended with ${code}`)));
});

/** @type {string[]} */
const complaints = [];

/** @typedef {import('@playwright/test').Page} Page */

/**
 * Takes the picture and asks axe.
 * @param {Page} page @param {'phone' | 'desk'} size @param {string} locale @param {string} name
 */
async function shoot(page, size, locale, name) {
  const folder = path.join(root, 'docs/screens', size, locale);
  mkdirSync(folder, { recursive: true });
  await page.evaluate(() => document.fonts.ready.then(() => true));
  await page.screenshot({ path: path.join(folder, `${name}.png`), animations: 'disabled' });
  const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze();
  for (const { id, nodes } of violations)
    complaints.push(
      `${size} ${locale} ${name}: ${id} – ${nodes
        .map(({ target }) => target.join(' '))
        .slice(0, 3)
        .join(' | ')}`,
    );
}

/** The board of a building with every kind of door. @param {Page} page */
async function toBoard(page) {
  await page.goto(address);
  await page
    .locator('a.building')
    .filter({ hasText: /2号楼|Building 2/ })
    .click();
  await page.locator('a.cell').first().waitFor();
}

/** Where a screen is found: an address, or what is done on the way to it. @type {Record<string, string | ((page: Page) => Promise<unknown>)>} */
const gridWorker = {
  home: '/',
  board: toBoard,
  door: async (page) => {
    await page.locator('a.cell[data-state="todo"]').first().click();
    await page.locator('[data-field="outcome"]').waitFor();
  },
  answered: (page) => page.locator('[data-field="outcome"] label').first().click(),
  people: async (page) => {
    await page.locator('.foot a').last().click();
    await page.locator('a.person').first().waitFor();
  },
  person: async (page) => {
    await page.locator('a.person').first().click();
    await page.locator('[data-field="change"] label').nth(1).click();
  },
  finish: async (page) => {
    await page.goto(page.url().replace(/\/person\/.*/, '/finish'));
    await page.locator('[data-field="informant"]').first().waitFor();
  },
  'hand-back': async (page) => {
    await page.goto(page.url().replace(/\/finish$/, '/hand-back'));
    await page.locator('main').waitFor();
  },
  'new-door': async (page) => {
    await toBoard(page);
    await page.locator('a.gap').first().click();
    await page.waitForURL(/\/new/);
  },
  'new-door-begun': async (page) => {
    await page.locator('.foot .primary').click();
    await page.locator('[data-field="outcome"] label').first().click();
    await page.locator('.foot .primary').click();
    await page.waitForURL(/\/person\//);
    await toBoard(page);
  },
  'finish-new': async (page) => {
    await toBoard(page);
    await page.locator('a.cell[data-state="vacant"]').first().click();
    await page.locator('[data-field="outcome"] label').first().click();
    await page.locator('.foot .primary').click();
    await page.locator('input[data-field="name"]').fill('周海');
    await page.locator('.foot a').click();
    await page.waitForURL(/\/people$/);
    await page.goto(page.url().replace(/people$/, 'finish'));
    await page.locator('[data-field="missing-tenure"]').scrollIntoViewIfNeeded();
  },
  search: async (page) => {
    await page.goto(`${address}/search`);
    await page.getByRole('searchbox').fill('601');
    await page.locator('main a[href^="/door/"]').first().waitFor();
  },
  'search-none': async (page) => {
    await page.goto(`${address}/search`);
    await page.getByRole('searchbox').fill('无此人');
  },
  records: '/records',
  returned: async (page) => {
    await page.goto(`${address}/records`);
    await page
      .locator('a[href^="/records/"]')
      .filter({ hasText: /退回|Returned/ })
      .first()
      .click();
    await page.waitForURL(/records\/./);
  },
  concern: '/concern',
  tasks: '/tasks',
  me: '/me',
  offline: async (page) => {
    await page.context().setOffline(true);
    await page.goto(address);
    await page.locator('a[href^="/building/"]').first().waitFor();
  },
};
/** @type {typeof gridWorker} */
const volunteer = {
  'care-home': '/',
  recipient: async (page) => {
    await page.goto(address);
    await page.locator('a[href^="/care/"]').first().click();
    await page.waitForURL(/care\/./);
  },
  visit: async (page) => {
    await page.goto(`${new URL(page.url()).origin}${new URL(page.url()).pathname}/visit`);
    await page.locator('main').waitFor();
  },
};
/** @type {typeof gridWorker} */
const coordinator = {
  overview: '/desk',
  coverage: '/desk/coverage',
  'coverage-items': '/desk/coverage?figure=items',
  review: '/desk/review',
  changed: '/desk/review?show=changed',
  returned: '/desk/review?show=returned',
  quarantine: '/desk/quarantine',
  register: '/desk/register',
  'register-door': async (page) => {
    await page.goto(`${address}/desk/register`);
    await page.locator('a[href^="/desk/register/"]').first().click();
    await page.waitForURL(/register\/./);
  },
  roster: '/desk/roster',
  accounts: '/desk/accounts',
  rounds: '/desk/rounds',
  rescue: '/desk/rescue',
  missing: '/desk/nothing-here',
};

/**
 * @param {Page} page @param {'phone' | 'desk'} size @param {string} locale @param {typeof gridWorker} screens
 */
async function walk(page, size, locale, screens) {
  for (const [name, way] of Object.entries(screens)) {
    if (given.only && !name.includes(given.only)) continue;
    try {
      if (typeof way === 'string') await page.goto(address + way);
      else await way(page);
      await page.waitForLoadState('networkidle');
      await shoot(page, size, locale, name);
    } catch (error) {
      complaints.push(`${size} ${locale} ${name}: does not come up – ${String(error).split('\n')[0]}`);
    }
  }
}

/** @param {Page} page @param {string} username */
async function signIn(page, username) {
  await page.locator('input[name=username]').fill(username);
  await page.locator('input[name=password]').fill(password);
  await page
    .locator('form button:not([type=button])')
    .filter({ hasText: /登录|Sign in/ })
    .first()
    .click();
}

const browser = await chromium.launch({ executablePath, chromiumSandbox: process.getuid?.() !== 0 });
try {
  for (const locale of ['zh-CN', 'en']) {
    for (const [username, screens] of /** @type {const} */ ([
      ['grid1', gridWorker],
      ['volunteer1', volunteer],
    ])) {
      const context = await browser.newContext({
        viewport: sizes.phone,
        hasTouch: true,
        isMobile: true,
        locale,
        timezoneId: 'Asia/Shanghai',
      });
      await context.addCookies([{ name: 'qiaomen-locale', value: locale, url: address }]);
      context.setDefaultTimeout(20_000);
      await context.clock.setSystemTime(now);
      const page = await context.newPage();
      await page.goto(address);
      await page.locator('input[name=username]').waitFor();
      if (username === 'grid1') await shoot(page, 'phone', locale, 'welcome');
      await signIn(page, username);
      await page.locator('a[href^="/building/"], a[href^="/care/"]').first().waitFor();
      await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
      await walk(page, 'phone', locale, screens);
      await context.close();
    }
    const context = await browser.newContext({ viewport: sizes.desk, locale, timezoneId: 'Asia/Shanghai' });
    await context.addCookies([{ name: 'qiaomen-locale', value: locale, url: address }]);
    context.setDefaultTimeout(20_000);
    const page = await context.newPage();
    await page.goto(`${address}/desk`);
    await shoot(page, 'desk', locale, 'sign-in');
    await signIn(page, 'coordinator1');
    await page.waitForURL(/\/desk$/);
    await walk(page, 'desk', locale, coordinator);
    await context.close();
  }
} finally {
  await browser.close();
  office.kill('SIGTERM');
  rmSync(dataDir, { recursive: true, force: true });
}
for (const complaint of complaints) console.error(complaint);
console.log(`screens in docs/screens, ${complaints.length} complaints`);
process.exitCode = complaints.length === 0 ? 0 : 1;
