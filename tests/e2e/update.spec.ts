/** A new version of the app: found while a form is open, taken by one window of two, asked for by the office. */
import { expect, test, type Page } from '@playwright/test';
import { startLine, tooNew, type CrookedLine } from './crooked-line';
import { startOffice, type RunningOffice } from './office';
import { doorsToDo, foot, handset, nobodyHome, phoneIn, saveNobodyHome, signIn } from './phone';
import { smallDisk } from './store-troubles';
import { findUpdate, troubles, versionOf } from './versions';

test.use({ ...handset, actionTimeout: 10_000 });

let office: RunningOffice;
let line: CrookedLine;
test.beforeAll(async () => {
  office = await startOffice();
});
test.beforeEach(async () => {
  line = await startLine(office.address);
});
test.afterEach(() => line.stop());
test.afterAll(() => office.stop());

const delivered = (page: Page) => page.getByText('已送达');

test('an update while a form is open waits for it: old screens still load, the draft is kept, then the new version comes in', async ({
  context,
}) => {
  const said = troubles(context);
  const page = await phoneIn(context, line.address, 'grid1');
  const [door = ''] = await doorsToDo(page, line.address);
  expect(await versionOf(page, line.address)).not.toContain('-v2');
  await nobodyHome(page, door);
  await page.locator('[data-field="outcome"] label').filter({ hasText: '有人应门' }).click();
  await findUpdate(page, line);
  // Screens that this page has not loaded yet come from the phone, for the server has them no more.
  await page.locator('.foot a').last().click();
  await page.locator('a.person').first().click();
  await page.locator('[data-field="change"] label').filter({ hasText: '信息更正' }).click();
  await page.locator('[data-field="which"] label').filter({ hasText: '联系电话' }).click();
  await page.locator('input[data-field="phone"]').pressSequentially('1590000');
  await expect(page.getByText('草稿已存')).toBeVisible();
  const form = page.url();
  const loadedAt = await page.evaluate(() => performance.timeOrigin);
  await page.getByRole('button', { name: '更新', exact: true }).click();
  await page.waitForFunction((before) => performance.timeOrigin !== before, loadedAt);
  const phone = page.locator('input[data-field="phone"]');
  await expect(phone).toHaveValue('1590000');
  await expect(phone).toBeFocused();
  expect(page.url()).toBe(form);
  expect(await versionOf(page, line.address)).toContain('-v2');
  expect(said).toEqual([]);
});

test('one window takes the update, the other goes on with its form in the old version', async ({ context }) => {
  const said = troubles(context);
  const page = await phoneIn(context, line.address, 'grid1');
  const [door = ''] = await doorsToDo(page, line.address);
  const other = await context.newPage();
  await other.goto(`${line.address}/me`);
  await nobodyHome(page, door);
  const files = await page.evaluate(async () => {
    const kept = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()));
    return kept.flat().flatMap(({ url }) => (url.includes('/_app/immutable/') ? [url] : []));
  });
  expect(files.length).toBeGreaterThan(5);
  await findUpdate(other, line);
  await other.getByRole('button', { name: '更新', exact: true }).first().click();
  await expect(other.getByText(/-v2/)).toBeVisible({ timeout: 30_000 });
  await page.locator('[data-field="outcome"] label').filter({ hasText: '有人应门' }).click();
  await page.locator('.foot a').last().click();
  await expect(page.locator('a.person').first()).toBeVisible();
  await page.locator('a.person').first().click();
  await expect(page.locator('[data-field="change"]')).toBeVisible();
  // Whatever this page may still ask for is on the phone, though the server has none of it any more.
  const gone = await page.evaluate(async (urls) => {
    const answers = await Promise.all(urls.map(async (url) => ({ url, ok: (await fetch(url)).ok })));
    return answers.filter(({ ok }) => !ok).map(({ url }) => url);
  }, files);
  expect(gone).toEqual([]);
  expect(said).toEqual([]);
});

test('a browser without the app’s files kept: a screen of the old version that is gone loads the new one at its field', async ({
  browser,
}) => {
  const context = await browser.newContext({ ...handset, serviceWorkers: 'block' });
  const page = await context.newPage();
  await signIn(page, line.address, 'grid1');
  await expect(delivered(page)).toBeVisible();
  const [door = ''] = await doorsToDo(page, line.address);
  await page.goto(door);
  await page.locator('[data-field="outcome"] label').filter({ hasText: '无人在家' }).click();
  await page.getByLabel('备注').fill('更新前写的');
  await expect(page.getByText('草稿已存')).toBeVisible();
  line.version = 2;
  await page.getByRole('link', { name: '这户有民情' }).click();
  await expect(page).toHaveURL(/\/concern/);
  await expect(page.locator('[data-field="category"]')).toBeVisible();
  await page.goto(door);
  await expect(page.getByLabel('备注')).toHaveValue('更新前写的');
  expect(await versionOf(page, line.address)).toContain('-v2');
  await context.close();
});

test('409: everything is kept, the new version is looked for, taken when no form is open, and sends what waits', async ({
  context,
}) => {
  const page = await phoneIn(context, line.address, 'grid1');
  const [door = '', form = ''] = await doorsToDo(page, line.address);
  line.meddle = tooNew;
  await saveNobodyHome(page, door);
  await expect(page.getByText('需要更新')).toBeVisible({ timeout: 30_000 });
  const before = line.looked;
  await nobodyHome(page, form);
  await expect(page.getByText('草稿已存')).toBeVisible();
  await expect.poll(() => line.looked).toBeGreaterThan(before); // the browser's own look, which every start begins with, is over
  line.version = 2;
  await context.setOffline(true);
  await context.setOffline(false); // the connection is back: the office is asked, refuses again, and the app looks for a newer one
  await expect(page.getByText('有新版本，草稿都在')).toBeVisible({ timeout: 30_000 });
  await expect(foot(page)).toBeVisible(); // the form is open, and stays
  await page.goto(`${line.address}/records`);
  await expect(delivered(page)).toBeVisible({ timeout: 30_000 });
  expect(await versionOf(page, line.address)).toContain('-v2');
  await page.goto(form);
  await expect(foot(page)).toHaveText(/无人在家/);
});

test('an update that waits covers nothing, and is not taken by itself over what was just thrown away', async ({
  context,
}) => {
  const page = await phoneIn(context, line.address, 'grid1');
  await page.goto(`${line.address}/concern`);
  await page.locator('textarea').first().fill('路灯不亮，写了很久');
  await expect(page.getByText('草稿已存')).toBeVisible();
  await findUpdate(page, line);
  const loadedAt = await page.evaluate(() => performance.timeOrigin);
  await page.getByRole('button', { name: '放弃这次填写' }).click();
  await page.getByRole('dialog').getByRole('button', { name: '丢弃', exact: true }).click();
  await expect(page.getByText('已丢弃草稿')).toBeVisible();
  await expect(page.getByText('有新版本；更新后，刚才丢弃的就不能撤销了')).toBeVisible();
  for (const tab of ['/records', '/tasks', '/']) {
    await page.locator(`nav a[href="${tab}"]`).click();
    await expect(page.getByText('已丢弃草稿')).toBeVisible();
  }
  await page.getByRole('button', { name: '撤销', exact: true }).click();
  await expect(page.getByText('已放回原处')).toBeVisible();
  expect(await page.evaluate(() => performance.timeOrigin)).toBe(loadedAt);
  // Nothing can be undone any more: the next screen with tabs lets it in.
  await page.locator('nav a[href="/records"]').click();
  await page.waitForFunction((before) => performance.timeOrigin !== before, loadedAt, { timeout: 30_000 });
  await expect(page.getByText('没填完的')).toBeVisible();
  expect(await versionOf(page, line.address)).toContain('-v2');
});

test('an update comes in though the page asked for something amid the change', async ({ context }) => {
  const page = await phoneIn(context, line.address, 'grid1');
  await page.goto(`${line.address}/concern`);
  await findUpdate(page, line);
  const loadedAt = await page.evaluate(() => performance.timeOrigin);
  // What a page asks for goes through the old version's service worker, which Chromium starts anew for it.
  await page.evaluate(() => {
    const until = Date.now() + 2000;
    const ask = () => {
      if (Date.now() < until) void fetch('/icons/icon.svg').finally(() => setTimeout(ask, 2));
    };
    ask();
  });
  await page.getByRole('link', { name: '返回' }).click();
  await page.locator('nav a[href="/me"]').click();
  await page.waitForFunction((before) => performance.timeOrigin !== before, loadedAt, { timeout: 30_000 });
  await expect(page.getByText(/^敲门.* 0\.1\.0.*-v2/)).toBeVisible({ timeout: 30_000 });
});

test('an update is not taken over words that a full disk did not take, neither at a tap nor by itself', async ({
  context,
}) => {
  const disk = await smallDisk(context, line.address);
  const page = await phoneIn(context, line.address, 'grid1');
  const [door = ''] = await doorsToDo(page, line.address);
  await page.locator(`a.cell[href="${new URL(door).pathname}"]`).click();
  await page.locator('[data-field="outcome"] label').filter({ hasText: '无人在家' }).click();
  await expect(page.getByText('草稿已存')).toBeVisible();
  await findUpdate(page, line);
  await disk.fill(page);
  const words = `空间满了还在写${'，很长的一段话'.repeat(60)}`;
  await page.getByLabel('备注').fill(words);
  await expect(page.getByText('草稿没存上')).toBeVisible();
  const form = page.url();
  const loadedAt = await page.evaluate(() => performance.timeOrigin);
  const take = page.getByRole('button', { name: '更新', exact: true });
  await take.click();
  await expect(page.getByText('请先清出空间，再更新')).toBeVisible();
  await page.getByRole('link', { name: '返回' }).click();
  await page.locator('a[href="/"]').last().click();
  await expect(page.getByText('请先清出空间，再更新')).toBeVisible();
  expect(await page.evaluate(() => performance.timeOrigin)).toBe(loadedAt);
  await disk.makeRoom();
  await take.click();
  await page.waitForFunction((before) => performance.timeOrigin !== before, loadedAt);
  await page.goto(form);
  await expect(page.getByLabel('备注')).toHaveValue(words);
});
