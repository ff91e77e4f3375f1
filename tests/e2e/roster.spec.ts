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

/** Ways to lose an answer: every one; only the second of two, that the page is made of. Whoever asks first whether the page can be read loses the first. */
const lost: Record<string, { isLost: (address: string) => boolean; seen: string }> = {
  'no answer': { isLost: () => true, seen: '没连上办公室' },
  'no answer that the page is made of': {
    isLost: (address) => address.includes('x-sveltekit-invalidated'),
    seen: '出了点问题',
  },
};
for (const [what, { isLost, seen }] of Object.entries(lost)) {
  test(`while a roster is read and imported, and ${what} comes, the page goes on asking and shows the end by itself`, async ({
    browser,
  }) => {
    const mine = await deskOf(browser, office.address, 'coordinator1');
    const importing = mine.locator('button[form="import"]');
    /** The page comes once; then answers are lost, several of them, until the line is mended. */
    const overBrokenLine = async (press: () => Promise<void>, stands: string): Promise<void> => {
      let asked = 0;
      await mine.route(/\/roster\/[^/]+\/__data\.json/, async (route) => {
        if (asked === 0 || !isLost(route.request().url())) await route.continue();
        else await route.abort();
        asked += 1;
      });
      await press();
      await expect(mine.getByText(stands).first()).toBeVisible();
      await expect(mine.getByText(seen).first()).toBeVisible();
      await expect.poll(() => asked).toBeGreaterThan(3);
      await expect(mine.getByText(seen === '出了点问题' ? seen : stands).first()).toBeVisible();
      await mine.unrouteAll({ behavior: 'wait' });
    };
    await mine.goto(`${office.address}/desk/roster`);
    await mine.locator('input[type="file"]').setInputFiles(path.resolve('tests/fixtures/rosters/roster-plain.xlsx'));
    await overBrokenLine(() => mine.locator('form:has(input[type="file"]) button').click(), '正在读文件');
    await expect(importing).toBeVisible({ timeout: 60_000 });
    await overBrokenLine(() => importing.click(), '正在导入');
    await expect(mine.getByRole('status')).toContainText('已导入底册', { timeout: 60_000 });
    await mine.context().close();
  });
}

test('a roster that a colleague puts away while the line is broken is said to be gone', async ({ browser }) => {
  const mine = await deskOf(browser, office.address, 'coordinator1');
  const theirs = await deskOf(browser, office.address, 'admin1');
  await mine.goto(`${office.address}/desk/roster`);
  await mine.locator('input[type="file"]').setInputFiles(path.resolve('tests/fixtures/rosters/roster-plain.xlsx'));
  let asked = 0;
  await mine.route(/\/roster\/[^/]+\/__data\.json/, async (route) => {
    if (asked++ === 0) await route.continue();
    else await route.abort();
  });
  await mine.locator('form:has(input[type="file"]) button').click();
  await expect(mine.getByText('没连上办公室')).toBeVisible();
  await theirs.goto(mine.url());
  await theirs.locator('form[action="?/drop"] button').click();
  await expect(theirs).toHaveURL(/\/roster$/);
  await mine.unrouteAll({ behavior: 'wait' });
  await expect(mine.getByText('没有这个页面').first()).toBeVisible();
  await mine.context().close();
});
