/** Two workers at one door, both without a connection: nothing that either wrote is lost, and where they differ the coordinator chooses. */
import { expect, test, type Browser, type Page } from '@playwright/test';
import { password, startOffice, type RunningOffice } from './office';

test.use({ actionTimeout: 10_000 });

let office: RunningOffice;
test.beforeAll(async () => {
  office = await startOffice();
});
test.afterAll(() => office.stop());

async function signIn(page: Page, path: string, username: string, secret = password): Promise<void> {
  await page.goto(office.address + path);
  await page.getByLabel('用户名').fill(username);
  await page.getByLabel('密码', { exact: true }).fill(secret);
  await page.getByRole('button', { name: '登录' }).click();
}

/** A phone of its own, with the app kept on it, so that the connection may go. */
async function phoneOf(browser: Browser, username: string, secret = password): Promise<Page> {
  const handset = await browser.newContext({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
  const page = await handset.newPage();
  await signIn(page, '/', username, secret);
  await expect(page.getByText('已送达')).toBeVisible();
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  return page;
}

/** A second worker for the first grid, made at the desk; answers the password that is shown once. */
async function secondWorker(browser: Browser): Promise<string> {
  const desk = await (await browser.newContext()).newPage();
  await signIn(desk, '/desk', 'admin1');
  await expect(desk).toHaveURL(/\/desk$/);
  await desk.goto(`${office.address}/desk/accounts`);
  const form = desk.locator('form[action="?/create"]');
  await form.getByLabel('姓名').fill('李娜');
  await form.getByLabel('用户名').fill('grid3');
  await form.getByLabel('第一网格').check();
  await form.getByRole('button', { name: '建立账号' }).click();
  const secret = await desk.locator('.secret code').textContent();
  await desk.context().close();
  return secret ?? '';
}

/** Found by name, without a connection: one person's telephone and perhaps more is corrected, everybody else stays. Answers the door. */
async function corrects(page: Page, answers: { phone: string; away?: boolean }): Promise<string> {
  await page.context().setOffline(true);
  await page.getByRole('link', { name: '搜索' }).click();
  await page.getByRole('searchbox').fill('顾克勤');
  await page.locator('a[href^="/door/"]').first().click();
  await expect(page).toHaveURL(/\/door\//);
  const door = new URL(page.url()).pathname.split('/').pop() ?? '';
  await page.getByText('有人应门').click();
  await page.getByRole('link', { name: '有变化，逐人核对' }).click();
  await page.locator('a.person').filter({ hasText: '顾克勤' }).first().click();
  await page.locator('[data-field="change"] label').filter({ hasText: '信息更正' }).click();
  const which = page.locator('[data-field="which"] label');
  await which.filter({ hasText: '联系电话' }).click();
  await page.locator('input[data-field="phone"]').fill(answers.phone);
  if (answers.away) {
    await which.filter({ hasText: '是否在住' }).click();
    await page.locator('[data-field="presence"] label').filter({ hasText: '外出' }).first().click();
  }
  await page.getByRole('link', { name: '全家' }).click();
  const rest = page.getByRole('button', { name: /^其余/ });
  if (await rest.isVisible()) await rest.click();
  await page.locator('.foot .primary').click();
  await page.locator('[data-field="informant"] label').first().click();
  await page.getByRole('checkbox', { name: '以上已告知对方' }).check();
  await page.locator('.foot .primary').click();
  await expect(page.getByText('已存在这台手机上')).toBeVisible();
  return door;
}

/** Back where there is a connection: it is sent without a tap. Answers the record's id. */
async function comesBack(page: Page, door: string): Promise<string> {
  await page.context().setOffline(false);
  await expect(page.getByText('已送达')).toBeVisible({ timeout: 30_000 });
  await page.goto(`${office.address}/door/${door}`);
  const link = page.locator('a[href^="/records/"]').first();
  await expect(link).toBeVisible();
  return (await link.getAttribute('href'))?.split('/').pop() ?? '';
}

test('[TWO-2] both records of one door are kept; approving one marks the other, which is merged with a choice', async ({
  browser,
}) => {
  const secret = await secondWorker(browser);
  const [one, two] = [await phoneOf(browser, 'grid1'), await phoneOf(browser, 'grid3', secret)];
  const door = await corrects(one, { phone: '15900006152' });
  expect(await corrects(two, { phone: '13700001234', away: true })).toBe(door);
  const first = await comesBack(one, door);
  const second = await comesBack(two, door);

  const desk = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
  await signIn(desk, '/desk', 'coordinator1');
  await expect(desk).toHaveURL(/\/desk$/);
  await desk.goto(`${office.address}/desk/review?id=${first}`);
  await desk.getByRole('link', { name: '两份对照' }).click();
  const beside = desk.getByRole('region', { name: '两份记录对照底册' });
  await expect(beside.getByRole('row').filter({ hasText: '联系电话' })).toContainText('不一样');
  await expect(beside).toContainText('137 0000 1234');
  await desk.locator('#do-approve').click();
  await expect(desk.getByRole('status').filter({ hasText: '已通过' })).toBeVisible();

  // The other waits with a mark; it opens with three sides, and is not approved while a question is open.
  await desk.goto(`${office.address}/desk/review?show=conflict&id=${second}`);
  const row = desk.getByRole('row').filter({ hasText: '联系电话' });
  await expect(row).toContainText('159 0000 6152');
  await expect(row).toContainText('137 0000 1234');
  await expect(row).toContainText('请选定');
  // A key before the scripts have come does nothing.
  await expect(async () => {
    await desk.keyboard.press('a');
    await expect(row.getByRole('alert')).toHaveText('这一项还没有选', { timeout: 2000 });
  }).toPass();
  await desk.keyboard.press('1');
  await expect(row.getByRole('radio', { name: /取底册现在的/ })).toBeChecked();
  await desk.keyboard.press('a');
  await expect(desk.getByRole('status').filter({ hasText: '已通过' })).toBeVisible();
  await desk.goto(`${office.address}/desk/register/${door}`);
  await expect(desk.getByText('159 0000 6152').first()).toBeAttached();
  await expect(desk.getByText('外出').first()).toBeAttached();

  // Both phones show the one door, and the second worker sees what the coordinator left as it was.
  for (const phone of [one, two]) {
    await phone.goto(`${office.address}/door/${door}`);
    await expect(phone.getByText('159 0000 6152').first()).toBeVisible({ timeout: 30_000 });
    await expect(phone.getByText('外出').first()).toBeVisible({ timeout: 30_000 });
  }
  await two.goto(`${office.address}/records/${second}`);
  await expect(two.getByText('159 0000 6152').first()).toBeVisible({ timeout: 30_000 });
});
