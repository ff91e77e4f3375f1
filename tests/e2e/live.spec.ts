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

const lines = (page: Page) => page.locator('.lines li');
const waitingBadge = (page: Page) => page.getByRole('navigation').getByRole('link', { name: /^审核/ }).locator('b');

async function sendsBack(page: Page, path: string): Promise<void> {
  await page.goto(office.address + path);
  await page.locator('[name="words"]').fill('请补一张照片');
  await page.locator('#do-return').click();
  await expect(page.getByRole('status').filter({ hasText: '已退回' })).toBeVisible();
}

test('what another coordinator decides is seen without a reload, and nothing typed goes', async ({ browser }) => {
  const one = await deskOf(browser, office.address, 'coordinator1');
  const today = await one.context().newPage();
  await today.goto(`${office.address}/desk`);
  const other = await deskOf(browser, office.address, 'admin1');

  await one.goto(`${office.address}/desk/review`);
  const before = await lines(one).count();
  const [first, second] = await Promise.all(
    [0, 1].map(async (at) => (await lines(one).nth(at).locator('a').getAttribute('href')) ?? ''),
  );
  await one.goto(office.address + (first ?? ''));
  const words = one.locator('[name="words"]');
  await words.fill('写了一半');
  await sendsBack(other, second ?? '');

  await expect(lines(one)).toHaveCount(before - 1, { timeout: 20_000 });
  await expect(waitingBadge(one)).toHaveText(String(before - 1));
  await expect(words).toHaveValue('写了一半');
  await expect(one.getByRole('button', { name: '看新的' })).toBeHidden();
  await expect(waitingBadge(today)).toHaveText(String(before - 1), { timeout: 20_000 });
  await expect(today.locator('.now a').first().locator('strong')).toHaveText(String(before - 1));

  // Now the very case that is open: it stays as it was read until she asks.
  await sendsBack(other, first ?? '');
  const readAnew = one.getByRole('button', { name: '看新的' });
  await expect(readAnew).toBeVisible({ timeout: 20_000 });
  await expect(words).toHaveValue('写了一半');
  await readAnew.click();
  await expect(one.locator('.detail').getByText('已退回').first()).toBeVisible();
  await expect(lines(one)).toHaveCount(before - 2);
});
