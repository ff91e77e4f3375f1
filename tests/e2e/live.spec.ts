/** An open page of the desk comes to know what somebody else did, without a reload and without taking anything from under a hand. */
import { expect, test, type Page } from '@playwright/test';
import { startOffice, type RunningOffice } from './office';
import { deskOf } from './phone';

test.use({ actionTimeout: 10_000 });

let office: RunningOffice;
test.beforeAll(async () => {
  office = await startOffice();
});
test.afterAll(() => office.stop());

/** A question is asked every five seconds. */
const soon = { timeout: 20_000 };
const lines = (page: Page) => page.locator('.lines li');
const waitingIn = (page: Page) => page.getByRole('navigation').getByRole('link', { name: /^审核/ }).locator('b');
const readAnew = (page: Page) => page.getByRole('button', { name: '看新的' });

async function sendsBack(page: Page, path: string): Promise<void> {
  await page.goto(office.address + path);
  await page.locator('[name="words"]').fill('请补一张照片');
  await page.locator('#do-return').click();
  await expect(page.getByRole('status').filter({ hasText: '已退回' })).toBeVisible();
}

/** The queue's addresses, in its order. */
async function queueOf(page: Page): Promise<string[]> {
  await page.goto(`${office.address}/desk/review`);
  const links = await lines(page).locator('a').all();
  return Promise.all(links.map(async (link) => (await link.getAttribute('href')) ?? ''));
}

test('beneath an open case nothing moves until she asks, and then what she wrote is still there', async ({
  browser,
}) => {
  const one = await deskOf(browser, office.address, 'coordinator1');
  const other = await deskOf(browser, office.address, 'admin1');
  const [first = '', second = '', third = '', ...rest] = await queueOf(one);
  const before = rest.length + 3;

  await one.goto(`${office.address}${first}&edit=1`);
  const words = one.locator('[name="words"]');
  const value = one.locator('textarea[name^="value:"], input[name^="value:"]:not([type="checkbox"])').first();
  await words.fill('写了一半');
  await value.fill('协调员写的');
  await sendsBack(other, second);
  await expect(readAnew(one)).toBeVisible(soon);
  await expect(waitingIn(one)).toHaveText(String(before - 1));
  await expect(lines(one)).toHaveCount(before);
  await expect(value).toHaveValue('协调员写的');

  await readAnew(one).click();
  await expect(lines(one)).toHaveCount(before - 1);
  await expect(readAnew(one)).toBeHidden();
  await expect(words).toHaveValue('写了一半');
  await expect(value).toHaveValue('协调员写的');

  // Now the very case that is open.
  await one.goto(office.address + third);
  await words.fill('还没写完');
  await sendsBack(other, third);
  await expect(readAnew(one)).toBeVisible(soon);
  await expect(words).toHaveValue('还没写完');
  await readAnew(one).click();
  await expect(one.locator('.detail').getByText('已退回').first()).toBeVisible();
});

test('the figures of the day follow by themselves, and come back by themselves after the connection broke', async ({
  browser,
}) => {
  const today = await deskOf(browser, office.address, 'coordinator1');
  const other = await deskOf(browser, office.address, 'admin1');
  const [first = '', second = '', ...rest] = await queueOf(other);
  const waiting = today.locator('.now a').first().locator('strong');
  await today.goto(`${office.address}/desk`);
  await sendsBack(other, first);
  await expect(waiting).toHaveText(String(rest.length + 1), soon);

  await today.route('**/desk/__data.json*', (route) => route.abort());
  await sendsBack(other, second);
  await expect(today.getByRole('heading', { name: '出了点问题' })).toBeVisible(soon);
  await today.unroute('**/desk/__data.json*');
  await expect(waiting).toHaveText(String(rest.length), { timeout: 40_000 });
});
