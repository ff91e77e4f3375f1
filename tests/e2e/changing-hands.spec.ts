/** One phone, two people: unsent work of the first stays the first's, and the second never sees it (DEV-13). */
import { expect, test, type Page } from '@playwright/test';
import { password, startOffice, type RunningOffice } from './office';

test.use({ actionTimeout: 10_000 });

let office: RunningOffice;
test.beforeAll(async () => {
  office = await startOffice();
});
test.afterAll(() => office.stop());

async function signIn(page: Page, username: string): Promise<void> {
  await page.getByLabel('用户名').fill(username);
  await page.getByLabel('密码', { exact: true }).fill(password);
  await page.getByRole('button', { name: '登录' }).click();
  await expect(page.getByText('已送达')).toBeVisible({ timeout: 30_000 });
}

async function signOut(page: Page): Promise<void> {
  await page.goto(`${office.address}/me`);
  await page.getByRole('button', { name: '退出登录' }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^(退出|仍然退出)/ })
    .click();
  await expect(page.getByLabel('用户名')).toBeVisible();
}

/** Opens the door at which somebody of that name lives, by the search. */
async function doorOf(page: Page, name: string): Promise<string> {
  await page.goto(`${office.address}/search`);
  await page.getByRole('searchbox').fill(name);
  await page.locator('a[href^="/door/"]').first().click();
  await expect(page).toHaveURL(/\/door\//);
  return new URL(page.url()).pathname;
}

test('[DEV-13] a phone that changes hands: the record waits for its author, and is sent when its author is back', async ({
  browser,
}) => {
  const handset = await browser.newContext({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
  const page = await handset.newPage();
  await page.goto(office.address);
  await signIn(page, 'grid1');
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);

  // The first: one record saved, one form half-way, no connection; then the phone is handed on.
  await handset.setOffline(true);
  const door = await doorOf(page, '顾克勤');
  await page.getByText('有人应门').click();
  await page.getByRole('button', { name: /全部照旧/ }).click();
  await page.getByText('顾克勤').click();
  await page.getByText('以上已告知对方').click();
  await page.getByRole('button', { name: /^保存/ }).click();
  await expect(page.getByText('1 条在手机上')).toBeVisible();
  await signOut(page);
  await expect(page.getByText('还有另一个账号的 1 条内容没发送')).toBeVisible();

  // The second, with a connection: nothing of the first is sent, shown, found, or told by its address.
  await handset.setOffline(false);
  await signIn(page, 'grid2');
  await page.goto(`${office.address}/records`);
  await expect(page.locator('a[href^="/records/"]').first()).toBeVisible();
  const hers = await page.locator('a[href^="/records/"]').evaluateAll((links) => links.map((one) => one.textContent));
  expect(hers.join()).not.toContain('金山花园');
  await page.goto(`${office.address}/search`);
  await page.getByRole('searchbox').fill('顾克勤');
  await expect(page.locator('a[href^="/door/"]')).toHaveCount(0);
  await page.goto(office.address + door);
  await expect(page.getByText('顾克勤')).toHaveCount(0);
  await signOut(page);

  // The first again: without a tap it is sent, as the first's.
  await signIn(page, 'grid1');
  await page.goto(office.address + door);
  await page.locator('a[href^="/records/"]').first().click();
  await expect(page.getByText('等协调员审核')).toBeVisible({ timeout: 30_000 });
  const record = new URL(page.url()).pathname.split('/').pop() ?? '';
  const desk = await (await browser.newContext()).newPage();
  await desk.goto(`${office.address}/desk/review?id=${record}`);
  await desk.getByLabel('用户名').fill('coordinator1');
  await desk.getByLabel('密码', { exact: true }).fill(password);
  await desk.getByRole('button', { name: '登录' }).click();
  await expect(desk.getByText(/^王敏 · /)).toBeVisible();
});
