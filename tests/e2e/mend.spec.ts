/** Correcting a returned record: the form of that very record opens, and another one about the same door is not lost. */
import { expect, test, type Page } from '@playwright/test';
import { startOffice, type RunningOffice } from './office';
import { choice } from './at-the-door';
import { deskOf, doorsToDo, foot, handset, nobodyHome, phoneIn } from './phone';

test.use({ actionTimeout: 10_000 });

let office: RunningOffice;
test.beforeAll(async () => {
  office = await startOffice();
});
test.afterAll(() => office.stop());

const note = (page: Page) => page.getByLabel('备注');

test('[DEV-9] a returned record is corrected, though another visit at its door was begun', async ({ browser }) => {
  const page = await phoneIn(await browser.newContext(handset), office.address, 'grid1');
  const [door = ''] = await doorsToDo(page, office.address);
  await page.goto(door);
  await choice(page, 'outcome', '拒绝').click();
  await note(page).fill('原来的');
  await foot(page).click();
  await expect(page).toHaveURL(/\/saved$/);
  await expect(page.getByText(/也送到社区了/)).toBeVisible();
  await page.goto(door);
  const path = (await page.locator('a[href^="/records/"]').first().getAttribute('href')) ?? '';
  await nobodyHome(page, door);
  await note(page).fill('新的一次上门');
  await expect(page.getByText('草稿已存')).toBeVisible();

  const desk = await deskOf(browser, office.address, 'coordinator1');
  await desk.goto(`${office.address}/desk/review?id=${path.split('/').pop()}`);
  await desk.locator('[name="words"]').fill('请写清为什么拒绝');
  await desk.locator('#do-return').click();
  await expect(desk.getByRole('status').filter({ hasText: '已退回' })).toBeVisible();

  await page.goto(office.address + path);
  await page.getByRole('button', { name: '去改，再交上去' }).click();
  await expect(choice(page, 'outcome', '拒绝').getByRole('radio')).toBeChecked();
  await expect(note(page)).toHaveValue('原来的');
  await expect(page.getByText('这里另有 1 份没填完的')).toBeVisible();
  await note(page).fill('家里在办丧事');
  await foot(page).click();
  await expect(page).toHaveURL(/\/saved$/);

  // The visit waits among the forms not finished, as it was left.
  await page.goto(`${office.address}/records`);
  await page.getByRole('region', { name: '没填完的' }).getByRole('button').click();
  await expect(note(page)).toHaveValue('新的一次上门');
  await desk.goto(`${office.address}/desk/review?id=${path.split('/').pop()}`);
  await expect(desk.getByText('家里在办丧事').first()).toBeVisible();
});
