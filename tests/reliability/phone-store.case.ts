/** What a browser may do to the phone's store: each time what the screen had called saved is at the office once, and the worker is told the truth. */
import { chromium, expect as screen, type Browser, type BrowserContext, type Page } from '@playwright/test';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { doorsToDo, foot, nobodyHome, phoneIn } from '../e2e/phone';
import { clearStore, closableStores, holdStore, smallDisk, storesClosedAmid } from '../e2e/store-troubles';
import { score } from './ledger';
import { Notes } from './notes';
import { OfficeProcess } from './office-process';
import { chromiumHere, phoneHere } from './phone-browser';
import { enginesInTurn } from './settings';

let browser: Browser;
let context: BrowserContext;
let notes: Notes;

beforeEach(async () => {
  notes = new Notes();
  browser = await chromium.launch(chromiumHere);
  context = await browser.newContext(phoneHere);
});
afterEach(() => browser.close());

/** A form half-way: the screen has said that its draft is kept. */
async function begin(page: Page, door: string): Promise<string> {
  const words = notes.fresh();
  await nobodyHome(page, door);
  await page.getByLabel('备注').fill(words);
  await screen(page.getByText('草稿已存')).toBeVisible();
  notes.kept(words);
  return words;
}

async function save(page: Page, words: string): Promise<void> {
  await screen(page.getByLabel('备注')).toHaveValue(words);
  notes.found(words);
  await foot(page).click();
  await screen(page).toHaveURL(/\/saved$/);
  notes.saved(words);
}

/** What the screen says once the last record is at the office. */
async function delivered(page: Page): Promise<string> {
  const said = page.getByText('已送达');
  await screen(said).toBeVisible({ timeout: 60_000 });
  return said.innerText();
}

/** Each answers what the worker was shown. */
const troubles: [string, (office: OfficeProcess) => Promise<string>][] = [
  [
    'IndexedDB connection closed under the app',
    async ({ address }) => {
      const close = await closableStores(context);
      const closeAmid = await storesClosedAmid(context);
      const page = await phoneIn(context, address, 'grid1');
      const doors = await doorsToDo(page, address);
      for (const offline of [true, false]) {
        await context.setOffline(offline);
        const words = await begin(page, doors.shift() ?? '');
        await close(page);
        const { happened } = await closeAmid(page, 'outbox');
        await save(page, words);
        expect(await happened()).toBe(true);
        await close(page);
      }
      return delivered(page);
    },
  ],
  [
    'quota exceeded on the phone',
    async ({ address }) => {
      const disk = await smallDisk(context, address);
      const page = await phoneIn(context, address, 'grid1');
      const doors = await doorsToDo(page, address);
      await context.setOffline(true);
      await save(page, await begin(page, doors.shift() ?? ''));
      const words = await begin(page, doors.shift() ?? '');
      await disk.fill(page);
      await foot(page).click();
      const full = page.getByText(/没有存上/);
      await screen(full).toBeVisible();
      const shown = await full.innerText();
      await disk.makeRoom();
      await screen(page.getByText('草稿已存')).toBeVisible({ timeout: 20_000 });
      await save(page, words);
      await context.setOffline(false);
      await delivered(page);
      return shown;
    },
  ],
  [
    'database open blocked',
    async ({ address }) => {
      const page = await phoneIn(context, address, 'grid1');
      const [door = '', next = ''] = await doorsToDo(page, address);
      await context.setOffline(true);
      await save(page, await begin(page, door));
      const words = await begin(page, next);
      await page.goto('about:blank');
      const holder = await context.newPage();
      await context.setOffline(false);
      await holder.goto(`${address}/robots.txt`);
      const release = await holdStore(holder);
      await page.clock.install();
      await page.goto(next);
      const blocked = page.getByText('请关掉其他敲门窗口');
      await screen(async () => {
        await page.clock.fastForward(11_000);
        await screen(blocked).toBeVisible({ timeout: 500 });
      }).toPass({ timeout: 30_000 });
      const shown = await blocked.innerText();
      await release();
      await screen(page.locator('[data-field="outcome"]')).toBeVisible({ timeout: 20_000 });
      await save(page, words);
      await delivered(page);
      return shown;
    },
  ],
  [
    'storage evicted between two starts',
    async (office) => {
      const { address } = office;
      const page = await phoneIn(context, address, 'grid1');
      const doors = await doorsToDo(page, address);
      const unsent = doors.pop() ?? '';
      const sent = new Map<string, string>();
      for (const door of doors.slice(0, 3)) {
        const words = await begin(page, door);
        await save(page, words);
        await delivered(page);
        notes.atTheOffice(words);
        sent.set(door, words);
      }
      await context.setOffline(true);
      // The browser takes these with it; nothing but the truth about them can be asked of the app.
      await nobodyHome(page, unsent);
      await foot(page).click();
      await screen(page).toHaveURL(/\/saved$/);
      await page.close();
      const again = await context.newPage();
      await clearStore(again, address);
      await context.setOffline(false);
      await again.goto(address);
      const told = again.getByRole('alert').filter({ hasText: '浏览器清掉了敲门存在手机上的内容' });
      await screen(told).toContainText('1 条没送到的记录');
      const shown = (await told.innerText()).split('\n')[0] ?? '';
      const rows = await office.rows();
      for (const [door, words] of sent) {
        const id = rows.find(({ text }) => text.includes(words))?.id ?? 'none';
        await again.goto(door);
        await screen(again.locator(`a[href="/records/${id}"]`)).toBeVisible({ timeout: 30_000 });
        notes.shownAgain(words);
      }
      return shown;
    },
  ],
];

for (const engine of enginesInTurn)
  test.each(troubles)(`[DEV-4] %s, ${engine}`, async (name, trouble) => {
    const office = await OfficeProcess.make(engine);
    try {
      await office.start();
      const message = await trouble(office);
      expect(message).not.toBe('');
      score({ case: name, engine, ...notes.compare(await office.rows()), message });
    } finally {
      await office.remove();
    }
  });
