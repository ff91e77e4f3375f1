/** Work that has not reached the office: as a file for a phone that never will, thrown away and taken back, and kept while a password changes. */
import { readFileSync } from 'node:fs';
import { expect, test, type Page } from '@playwright/test';
import { startOffice, type RunningOffice } from './office';
import { deskOf, doorsToDo, foot, handset, nobodyHome, phoneIn, saveNobodyHome } from './phone';

test.use({ ...handset, actionTimeout: 10_000 });

let office: RunningOffice;
test.beforeAll(async () => {
  office = await startOffice();
});
test.afterAll(() => office.stop());

const delivered = (page: Page) => page.getByText('已送达');

async function exportUnsent(page: Page): Promise<{ name: string; text: string }> {
  await page.goto(`${office.address}/me`);
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: '导出没送到的内容' }).click();
  const file = await download;
  return { name: file.suggestedFilename(), text: readFileSync(await file.path(), 'utf8') };
}

async function takeIn(desk: Page, { name, text }: { name: string; text: string }): Promise<void> {
  await desk.goto(`${office.address}/desk/rescue`);
  await desk
    .locator('input[type="file"]')
    .setInputFiles({ name, mimeType: 'application/json', buffer: Buffer.from(text) });
  await desk.getByRole('button', { name: '打开' }).click();
}

test('a rescue file says nothing to who finds it, is taken in once or twice alike, and the phone doubles nothing', async ({
  context,
  browser,
}) => {
  const page = await phoneIn(context, office.address, 'grid1');
  const [first = '', second = ''] = await doorsToDo(page, office.address);
  await context.setOffline(true);
  await saveNobodyHome(page, first);
  await nobodyHome(page, second);
  await expect(page.getByText('草稿已存')).toBeVisible();
  const file = await exportUnsent(page);
  await expect(page.getByText(/1 条记录、1 份草稿/)).toBeVisible();
  expect(file.text).not.toContain('no-one-home');
  expect(file.text).not.toContain(new URL(first).pathname.split('/').pop());
  await page.goto(first);
  await page.locator('a[href^="/records/"]').first().click();
  await expect(page.getByText('这条在导出的救援文件里')).toBeVisible();
  await expect(page.getByRole('button', { name: '丢弃这条记录' })).toHaveCount(0);

  const desk = await deskOf(browser, office.address, 'coordinator1');
  for (const told of ['新收下 1 条，早已收到 0 条', '新收下 0 条，早已收到 1 条']) {
    await takeIn(desk, file);
    await expect(desk.getByText('1 条没送到的记录，1 份没填完的草稿')).toBeVisible();
    await desk.getByRole('button', { name: /^收下/ }).click();
    await expect(desk.getByText(told)).toBeVisible();
  }
  await takeIn(desk, { name: file.name, text: file.text.slice(0, -200) });
  await expect(desk.getByRole('alert')).toBeVisible();

  await context.setOffline(false);
  await expect(delivered(page)).toBeVisible({ timeout: 30_000 });
  await page.goto(first);
  await expect(page.locator('a[href^="/records/"]')).toHaveCount(1);
  await takeIn(desk, file);
  await desk.getByRole('button', { name: /^收下/ }).click();
  await expect(desk.getByText('新收下 0 条，早已收到 1 条')).toBeVisible();
});

test('[DEV-15] a record that was never sent is thrown away after a question, and comes back by undo', async ({
  context,
}) => {
  const page = await phoneIn(context, office.address, 'grid1');
  const door = (await doorsToDo(page, office.address)).at(-1) ?? '';
  await context.setOffline(true);
  await saveNobodyHome(page, door);
  await page.getByRole('link', { name: '看这条记录' }).click();
  await page.getByRole('button', { name: '修改这条记录' }).click();
  await page.getByLabel('备注').fill('第二版');
  await foot(page).click();
  await expect(page).toHaveURL(/\/saved$/);
  await page.getByRole('link', { name: '看这条记录' }).click();
  const throwAway = async () => {
    await page.getByRole('button', { name: '丢弃这条记录' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '丢弃', exact: true }).click();
  };
  await page.getByRole('button', { name: '丢弃这条记录' }).click();
  await page.getByRole('dialog').getByRole('button', { name: '留着' }).click();
  await throwAway();
  await expect(page.getByText('条在手机上')).toHaveCount(0);
  await page.getByRole('button', { name: '撤销' }).click();
  await expect(page.getByText('2 条在手机上')).toBeVisible();
  await context.setOffline(false);
  await expect(delivered(page)).toBeVisible({ timeout: 30_000 });

  // At the office nothing of it can be thrown away any more.
  await page.goto(door);
  await page.locator('a[href^="/records/"]').first().click();
  await expect(page.getByText('已到社区')).toBeVisible();
  await expect(page.getByRole('button', { name: '丢弃这条记录' })).toHaveCount(0);
});

test('a password that the desk makes anew keeps what waits: signed in with it, the same person’s record is sent', async ({
  context,
  browser,
}) => {
  const page = await phoneIn(context, office.address, 'grid1');
  const [door = ''] = await doorsToDo(page, office.address);
  await context.setOffline(true);
  await saveNobodyHome(page, door);
  const desk = await deskOf(browser, office.address, 'admin1');
  await desk.goto(`${office.address}/desk/accounts`);
  const row = desk.locator('tr').filter({ hasText: 'grid1' });
  await row.locator('summary').click();
  await row.locator('form[action="?/password"] button').click();
  const secret = desk.locator('.secret');
  await expect(secret).toContainText('grid1');
  const word = (await secret.locator('code').textContent()) ?? '';
  await context.setOffline(false);
  await expect(page.getByText('需要登录').first()).toBeVisible({ timeout: 30_000 });
  await page.goto(`${office.address}/me`);
  await page.getByLabel('密码', { exact: true }).fill(word);
  await page.getByRole('button', { name: '登录', exact: true }).click();
  await expect(delivered(page)).toBeVisible({ timeout: 30_000 });
  await page.goto(door);
  await page.locator('a[href^="/records/"]').first().click();
  await expect(page.getByText('已到社区')).toBeVisible();
});

test('[DEV-9] what was typed a moment ago is found again when the page is loaded anew, or left', async ({
  context,
}) => {
  const page = await phoneIn(context, office.address, 'grid2');
  const words = page.locator('textarea').first();
  const ways = [() => page.reload(), () => page.goto('about:blank')];
  for (const [number, leave] of [...ways, ...ways].entries()) {
    await page.goto(`${office.address}/concern`);
    await words.fill('');
    await words.pressSequentially(`路灯不亮 ${number}`);
    await leave();
    await page.goto(`${office.address}/concern`);
    await expect(words).toHaveValue(`路灯不亮 ${number}`);
  }
});
