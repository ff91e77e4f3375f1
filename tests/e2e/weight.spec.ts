/** The start page stays as light as quality.md asks: bytes, not times, so that this says the same on every machine. */
import { expect, test } from '@playwright/test';
import { weighStart, weightGoals } from '../../bench/weigh.mjs';
import { password, startOffice } from './office';

test('the start page and what is kept for work without a connection are within their weights', async ({ page }) => {
  const office = await startOffice();
  try {
    await page.goto(office.address);
    await page.getByLabel('用户名').fill('grid1');
    await page.getByLabel('密码', { exact: true }).fill(password);
    await page.getByRole('button', { name: '登录' }).click();
    await page.locator('a.building').first().waitFor();
    const { start, precache, scripts } = await weighStart(page);
    expect(start, JSON.stringify(scripts)).toBeLessThanOrEqual(weightGoals.start);
    expect(precache).toBeLessThanOrEqual(weightGoals.precache);
    expect(scripts.filter(({ before }) => before).length).toBeGreaterThan(3);
  } finally {
    await office.stop();
  }
});
