/** A phone whose clock is wrong, in a real browser: what it proposes and shows goes by the office's. */
import { expect, test, type BrowserContext } from '@playwright/test';
import { startOffice, type RunningOffice } from './office';
import { doorsToDo, foot, handset, phoneIn } from './phone';

test.use({ ...handset, actionTimeout: 10_000 });

let office: RunningOffice;
test.beforeAll(async () => {
  office = await startOffice();
});
test.afterAll(() => office.stop());

const DAY = 24 * 3_600_000;
/** Pages that are opened from now on have a clock so many days ahead. */
async function clockAhead(context: BrowserContext, days: number): Promise<void> {
  await context.addInitScript((off) => {
    const Real = Date;
    const now = () => Real.now() + off;
    globalThis.Date = new Proxy(Real, {
      construct: (_, given) => (given.length > 0 ? Reflect.construct(Real, given) : new Real(now())),
      get: (_, name) => (name === 'now' ? now : Reflect.get(Real, name)),
    });
  }, days * DAY);
}

for (const days of [1, 400])
  test(`a clock ahead by ${days * 24} hours: tomorrow is the office’s, is not called past, and the record is of today`, async ({
    context,
  }) => {
    await clockAhead(context, days);
    const page = await phoneIn(context, office.address, 'grid1');
    const [door = ''] = await doorsToDo(page, office.address);
    await page.goto(door);
    await page.locator('[data-field="outcome"] label').filter({ hasText: '拒绝' }).click();
    await page.locator('[data-field="nextVisit"] label').filter({ hasText: '明天' }).click();
    await foot(page).click();
    await expect(page).toHaveURL(/\/saved$/);
    await expect(page.getByText('已送达')).toBeVisible({ timeout: 30_000 });
    await page.goto(door);
    await expect(page.getByText('约定 明天 再来')).toBeVisible();
    await page.goto(`${office.address}/records`);
    await expect(page.locator('li a').first()).toContainText('今天');
    await page.locator('li a').first().click();
    await expect(page.getByText(/今天 \d\d:\d\d/).first()).toBeVisible();
    await expect(page.getByText(/202[78]/)).toHaveCount(0);
  });
