/** Two coordinators at one roster: what is imported is what stood on the screen of who pressed. */
import path from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { startOffice, type RunningOffice } from './office';
import { deskOf, signIn } from './phone';

let office: RunningOffice;
test.beforeAll(async () => {
  office = await startOffice();
});
test.afterAll(() => office.stop());

/** Brings a file in, and waits until it is read. Answers the name of the field that says what the column of telephone numbers means. */
async function uploads(page: Page): Promise<string> {
  await page.goto(`${office.address}/desk/roster`);
  await page.locator('input[type="file"]').setInputFiles(path.resolve('tests/fixtures/rosters/roster-plain.xlsx'));
  await page.locator('form:has(input[type="file"]) button').click();
  await expect(page.locator('button[form="import"]')).toBeVisible({ timeout: 60_000 });
  const name = await page
    .locator('select[name^="column:"]')
    .evaluateAll((all) =>
      all.find((one) => one instanceof HTMLSelectElement && one.value === 'phone')?.getAttribute('name'),
    );
  return `select[name="${name}"]`;
}

test('what was chosen for a roster stands over a broken line, and on a page of another account nothing is imported unasked', async ({
  browser,
}) => {
  const mine = await deskOf(browser, office.address, 'coordinator1');
  const phones = await uploads(mine);
  const alert = (words: string) => mine.getByRole('alert').filter({ hasText: words });
  const readAgain = mine.getByRole('button', { name: '按这样重新读' });
  await mine.reload();
  await mine.waitForLoadState('networkidle');
  await mine.locator(phones).selectOption('left');
  await mine.route(/\?\/map/, (route) => route.abort());
  await readAgain.click();
  await expect(alert('没有收到办公室的答复')).toBeVisible();
  await expect(mine.locator(phones)).toHaveValue('left');
  await mine.unroute(/\?\/map/);
  const second = await mine.context().newPage();
  await second.goto(`${office.address}/desk`);
  await second.getByRole('button', { name: '退出登录' }).click();
  await signIn(second, `${office.address}/desk`, 'admin1');
  await expect(second).toHaveURL(/\/desk$/);
  const name = (await second.locator('.me strong').textContent()) ?? '';
  await mine.locator('button[form="import"]').click();
  await expect(alert(`这一页不是用 ${name} 的账号打开的`)).toBeVisible();
  await expect(mine.locator('.me strong')).toHaveText(name);
  await expect(mine.locator(phones)).toHaveValue('left');
  await readAgain.click();
  await expect(mine.locator(`${phones} ~ small`)).toBeVisible({ timeout: 60_000 });
  await expect(mine.getByRole('status')).toHaveCount(0);
  await mine.context().close();
});

test('[TWO-3] a roster that a colleague had read anew is not imported as it was, and the newest is shown', async ({
  browser,
}) => {
  const mine = await deskOf(browser, office.address, 'coordinator1');
  const theirs = await deskOf(browser, office.address, 'admin1');
  const phones = await uploads(mine);
  const importing = mine.locator('button[form="import"]');

  await theirs.goto(mine.url());
  await theirs.locator(phones).selectOption('left');
  await theirs.getByRole('button', { name: '按这样重新读' }).click();
  await expect(theirs.locator(`${phones} ~ small`)).toBeVisible({ timeout: 60_000 });
  await expect(theirs.locator('button[form="import"]')).toBeVisible({ timeout: 60_000 });

  await expect(mine.locator(phones)).toHaveValue('phone');
  await importing.click();
  await expect(mine.getByRole('alert')).toContainText('这个文件刚被别人重新读过');
  await expect(mine.locator(phones)).toHaveValue('left');

  await importing.click();
  await expect(mine.getByRole('status')).toContainText('已导入底册', { timeout: 60_000 });
});
