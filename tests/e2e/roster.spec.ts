/** Two coordinators at one roster: what is imported is what stood on the screen of who pressed. */
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { startOffice, type RunningOffice } from './office';
import { deskOf } from './phone';

let office: RunningOffice;
test.beforeAll(async () => {
  office = await startOffice();
});
test.afterAll(() => office.stop());

test('[TWO-3] a roster that a colleague had read anew is not imported as it was, and the newest is shown', async ({
  browser,
}) => {
  const mine = await deskOf(browser, office.address, 'coordinator1');
  const theirs = await deskOf(browser, office.address, 'admin1');
  await mine.goto(`${office.address}/desk/roster`);
  await mine.locator('input[type="file"]').setInputFiles(path.resolve('tests/fixtures/rosters/roster-plain.xlsx'));
  await mine.locator('form:has(input[type="file"]) button').click();
  const importing = mine.locator('button[form="import"]');
  await expect(importing).toBeVisible({ timeout: 60_000 });
  const name = await mine
    .locator('select[name^="column:"]')
    .evaluateAll((all) =>
      all.find((one) => one instanceof HTMLSelectElement && one.value === 'phone')?.getAttribute('name'),
    );
  const phones = `select[name="${name}"]`;

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
