/** The whole road: a door verified offline, returned at the desk, corrected on the phone, approved; the register changes with its history. */
import { expect, test, type BrowserContext, type Page } from '@playwright/test';
import { password, startOffice, type RunningOffice } from './office';

test.use({ actionTimeout: 10_000 });

let office: RunningOffice;
test.beforeAll(async () => {
  office = await startOffice();
});
test.afterAll(() => office.stop());

/** Signed in as a worker, the app kept on the phone, so that the connection may go. */
async function phoneOf(context: BrowserContext, username: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(office.address);
  await page.getByLabel('用户名').fill(username);
  await page.getByLabel('密码', { exact: true }).fill(password);
  await page.getByRole('button', { name: '登录' }).click();
  await expect(page.getByText('已送达')).toBeVisible();
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  return page;
}

async function deskOf(context: BrowserContext, username: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${office.address}/desk`);
  await page.getByLabel('用户名').fill(username);
  await page.getByLabel('密码', { exact: true }).fill(password);
  await page.getByRole('button', { name: '登录' }).click();
  await expect(page).toHaveURL(/\/desk$/);
  return page;
}

test('a household verified at the door, offline, and approved at the desk', async ({ browser }) => {
  const handset = await browser.newContext({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
  const bureau = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const phone = await phoneOf(handset, 'grid1');

  await handset.setOffline(true);
  await phone.getByRole('link', { name: '搜索' }).click();
  await phone.getByRole('searchbox').fill('顾克勤');
  await phone.locator('a[href^="/door/"]').first().click();
  await expect(phone).toHaveURL(/\/door\//);
  const door = new URL(phone.url()).pathname.split('/').pop() ?? '';
  await phone.getByText('有人应门').click();
  await phone.getByRole('button', { name: /全部照旧/ }).click();
  await phone.getByText('顾克勤').click();
  await phone.getByText('以上已告知对方').click();
  await phone.getByRole('button', { name: /^保存/ }).click();
  await expect(phone.getByText('已存在这台手机上')).toBeVisible();
  await expect(phone.getByText('1 条在手机上')).toBeVisible();

  // The tab is closed in the stairwell; without a connection the app opens again at a deep link, with the record.
  await phone.close();
  const again = await handset.newPage();
  await again.goto(`${office.address}/door/${door}`);
  await expect(again.getByText('1 条在手机上')).toBeVisible();
  await handset.setOffline(false);
  await expect(again.getByText('已送达')).toBeVisible({ timeout: 30_000 });

  const desk = await deskOf(bureau, 'coordinator1');
  const submission = await submissionOf(again, door);
  await desk.goto(`${office.address}/desk/review?id=${submission}`);
  await expect(desk.getByRole('heading', { level: 2 }).first()).toBeVisible();
  // Without a mouse: R leads to the words, Enter begins a line, Escape goes back to the keys, Ctrl and Enter send.
  const words = desk.locator('#words');
  await desk.keyboard.press('r');
  await expect(words).toBeFocused();
  await desk.keyboard.press('Control+Enter');
  await expect(desk.getByRole('alert')).toHaveText(/退回要写一句话/);
  await desk.keyboard.press('Escape');
  await desk.keyboard.press('v');
  await expect(words).toBeFocused();
  await desk.keyboard.press('Control+Enter');
  await expect(desk.getByRole('alert')).toHaveText(/作废要写明理由/);
  await desk.keyboard.press('Escape');
  await desk.keyboard.press('r');
  await desk.keyboard.type('请再问一下电话');
  await desk.keyboard.press('Enter');
  await expect(words).toHaveValue('请再问一下电话\n');
  await desk.keyboard.press('Control+Enter');
  await expect(desk.getByRole('status').filter({ hasText: '已退回' })).toBeVisible();

  // Back on the phone with the coordinator's words; the number is corrected, everybody else stays as they are.
  await again.goto(`${office.address}/`);
  await expect(again.getByText('请再问一下电话')).toBeVisible({ timeout: 30_000 });
  await again.getByText('去改').first().click();
  await expect(again).toHaveURL(/\/records\//);
  await again.getByText('去改，再交上去').click();
  await expect(again).toHaveURL(/\/door\//);
  await again.getByText('顾克勤').first().click();
  await again.locator('[data-field="change"] label').filter({ hasText: '信息更正' }).click();
  await again.locator('[data-field="which"] label').filter({ hasText: '联系电话' }).click();
  await again.locator('input[data-field="phone"]').fill('15900006152');
  await again.locator('.foot .primary').click();
  await again.goto(`${office.address}/door/${door}/finish`);
  await again.getByRole('button', { name: /^保存/ }).click();
  await expect(again.getByText(/已存在这台手机上|也送到社区了/)).toBeVisible();
  await expect(again.getByText('已送达')).toBeVisible({ timeout: 30_000 });

  // The second revision waits at the desk with what changed beside what was; approved, it is in the register with its history.
  await desk.goto(`${office.address}/desk/review?id=${submission}`);
  await expect(desk.getByText('159 0000 6152').first()).toBeVisible();
  await desk.keyboard.press('a');
  await expect(desk.getByRole('status').filter({ hasText: '已通过' })).toBeVisible();
  await desk.goto(`${office.address}/desk/register/${door}`);
  await expect(desk.getByText('159 0000 6152').first()).toBeAttached();
  await expect(desk.getByText(/王敏/).first()).toBeAttached();

  await again.goto(`${office.address}/records/${submission}`);
  await expect(again.getByText('通过', { exact: false }).first()).toBeVisible({ timeout: 30_000 });
});

/** The id of the newest own record about a door, as the records screen links it. */
async function submissionOf(page: Page, door: string): Promise<string> {
  await page.goto(`${office.address}/door/${door}`);
  const link = page.locator('a[href^="/records/"]').first();
  await expect(link).toBeVisible();
  return (await link.getAttribute('href'))?.split('/').pop() ?? '';
}
