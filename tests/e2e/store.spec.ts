/** The phone's store under stress, in a real browser: closed under the app, held by another window, full, cleared, opened in two windows. */
import { readFileSync } from 'node:fs';
import { expect, test, type Page } from '@playwright/test';
import { startOffice, type RunningOffice } from './office';
import { doorsToDo, foot, handset, nobodyHome, phoneIn, saveNobodyHome, signIn } from './phone';
import { clearStore, closableStores, holdStore, noRoomForForms, smallDisk } from './store-troubles';

test.use({ ...handset, actionTimeout: 10_000 });

let office: RunningOffice;
test.beforeAll(async () => {
  office = await startOffice();
});
test.afterAll(() => office.stop());

/** Rows of a table of the phone's store, read beside the app. */
function rows(page: Page, table: string): Promise<unknown[]> {
  return page.evaluate(async (name) => {
    const databases = await indexedDB.databases();
    const own = databases.find((one) => one.name?.startsWith('qiaomen-') && one.name !== 'qiaomen-device');
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const opening = indexedDB.open(own?.name ?? '');
      opening.onsuccess = () => resolve(opening.result);
      opening.onerror = () => reject(opening.error);
    });
    const found = await new Promise<unknown[]>((resolve, reject) => {
      const reading = database.transaction(name).objectStore(name).getAll();
      reading.onsuccess = () => resolve(reading.result);
      reading.onerror = () => reject(reading.error);
    });
    database.close();
    return found;
  }, table);
}

test('a connection that the browser closed under the app is opened again, and the save is done once', async ({
  context,
}) => {
  const close = await closableStores(context);
  const page = await phoneIn(context, office.address, 'grid1');
  const [door = ''] = await doorsToDo(page, office.address);
  await context.setOffline(true);
  await nobodyHome(page, door);
  await close(page);
  await page.getByLabel('备注').fill('连接断开时写的');
  await expect(page.getByText('草稿已存')).toBeVisible();
  await close(page);
  await foot(page).click();
  await expect(page).toHaveURL(/\/saved$/);
  expect(await rows(page, 'outbox')).toMatchObject([{ revision: 1, state: 'waiting' }]);
  expect(await rows(page, 'drafts')).toEqual([]);
  await close(page);
  await context.setOffline(false);
  await expect(page.getByText('已送达')).toBeVisible({ timeout: 30_000 });
  await page.goto(door);
  await expect(page.getByText('连接断开时写的').first()).toBeVisible();
});

test('held by another window: the screen says what to do and goes on by itself', async ({ context }) => {
  const holder = await context.newPage();
  await holder.goto(`${office.address}/robots.txt`);
  const release = await holdStore(holder);
  const page = await context.newPage();
  await page.goto(office.address);
  await expect(page.getByText('请关掉其他敲门窗口')).toBeVisible({ timeout: 20_000 });
  await release();
  await expect(page.getByLabel('用户名')).toBeVisible({ timeout: 20_000 });
});

test('a full disk: the form stands and says so, a file saves it, and room lets it be kept by itself', async ({
  context,
}) => {
  const disk = await smallDisk(context, office.address);
  const page = await phoneIn(context, office.address, 'grid1');
  const [door = ''] = await doorsToDo(page, office.address);
  // By taps alone: a page that is loaded anew has nothing of what the disk did not take, and the screen says so.
  const cell = page.locator(`a.cell[href="${new URL(door).pathname}"]`);
  await cell.click();
  await page.locator('[data-field="outcome"] label').filter({ hasText: '无人在家' }).click();
  await expect(page.getByText('草稿已存')).toBeVisible();
  await disk.fill(page);
  await page.getByLabel('备注').fill(`空间满了还在写${'，很长的一段话'.repeat(60)}`);
  await expect(page.getByText('草稿没存上')).toBeVisible();
  await expect(page.getByText('手机空间满了')).toBeVisible();

  // The way to Me and back loses nothing of what is on the screen only; the file holds it.
  await page.getByRole('link', { name: '返回' }).click();
  await page.locator('a[href="/"]').last().click();
  await page.locator('nav a[href="/me"]').click();
  const download = page.waitForEvent('download');
  await page.locator('section', { hasText: '救援文件' }).getByRole('button', { name: '导出没送到的内容' }).click();
  const file = await (await download).path();
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ format: 'qiaomen-rescue' });
  await expect(page.getByText(/0 条记录、1 份草稿/)).toBeVisible();
  await page.locator('nav a[href="/"]').click();
  await page.locator('a.building').filter({ hasText: '2号楼' }).click();
  await cell.click();
  await expect(page.getByLabel('备注')).toHaveValue(/^空间满了还在写/);

  // Making the file wrote to the store, after which the browser may reckon anew what there is: it is full still.
  await disk.fill(page);
  await foot(page).click();
  await expect(page.getByText(/没有存上/)).toBeVisible();
  await disk.makeRoom();
  await expect(page.getByText('草稿已存')).toBeVisible({ timeout: 20_000 });
  await foot(page).click();
  await expect(page).toHaveURL(/\/saved$/);
  await expect(page.getByText('已送达')).toBeVisible({ timeout: 30_000 });
});

test('[DEV-9] a form that a full disk did not take outlives a sign-out, in this window and from another one', async ({
  context,
}) => {
  const setFull = await noRoomForForms(context);
  const typing = await phoneIn(context, office.address, 'grid1');
  const [door = ''] = await doorsToDo(typing, office.address);
  const cell = typing.locator(`a.cell[href="${new URL(door).pathname}"]`);
  await cell.click();
  await typing.locator('[data-field="outcome"] label').filter({ hasText: '无人在家' }).click();
  await expect(typing.getByText('草稿已存')).toBeVisible();
  await setFull(typing, true);
  await typing.getByLabel('备注').fill('只在这个窗口里');
  await expect(typing.getByText('草稿没存上')).toBeVisible();

  // Here it is said, and signing out waits for room or for a file.
  await typing.getByRole('link', { name: '返回' }).click();
  await typing.locator('a[href="/"]').last().click();
  await typing.locator('nav a[href="/me"]').click();
  await typing.getByRole('button', { name: '退出登录' }).click();
  const asked = typing.getByRole('dialog');
  const leave = asked.getByRole('button', { name: /^退出|^仍然退出/ });
  await expect(asked.getByText('有一份填了的表没存上')).toBeVisible();
  await expect(leave).toBeDisabled();
  const early = typing.waitForEvent('download');
  await asked.getByRole('button', { name: '导出没送到的内容' }).click();
  await early;
  await expect(leave).toBeEnabled();
  await asked.getByRole('button', { name: '不退出' }).click();

  // Another window signs out: this one shows nobody's data any more, and keeps the form.
  const other = await context.newPage();
  await other.goto(`${office.address}/me`);
  await other.getByRole('button', { name: '退出登录' }).click();
  await other
    .getByRole('dialog')
    .getByRole('button', { name: /^退出|^仍然退出/ })
    .click();
  await expect(other.getByLabel('用户名')).toBeVisible();
  await expect(typing.getByText('这个窗口还有没存上的表')).toBeVisible();
  await expect(typing.getByText('退出登录')).toHaveCount(0);
  const download = typing.waitForEvent('download');
  await typing.getByRole('button', { name: '导出没送到的内容' }).click();
  expect(JSON.parse(readFileSync(await (await download).path(), 'utf8'))).toMatchObject({ format: 'qiaomen-rescue' });
  await expect(typing.getByText(/0 条记录、1 份草稿/)).toBeVisible();

  await setFull(typing, false);
  await expect(typing.getByLabel('用户名')).toBeVisible({ timeout: 20_000 });
  await signIn(other, office.address, 'grid1');
  await expect(other.getByText('已送达')).toBeVisible();
  await other.goto(door);
  await expect(other.getByLabel('备注')).toHaveValue('只在这个窗口里');
});

test('[DEV-9] words that a full disk did not take stay in their window, though another one wants the form', async ({
  context,
}) => {
  const setFull = await noRoomForForms(context);
  const typing = await phoneIn(context, office.address, 'grid1');
  const [door = ''] = await doorsToDo(typing, office.address);
  await nobodyHome(typing, door);
  await typing.getByLabel('备注').fill('先前的字');
  await expect(typing.getByText('草稿已存')).toBeVisible();
  await setFull(typing, true);
  await typing.getByLabel('备注').fill('满了还在写的话');
  await expect(typing.getByText('草稿没存上')).toBeVisible();

  const other = await context.newPage();
  await other.goto(door);
  await other.getByRole('button', { name: '在这里接着填' }).click();
  await expect(other.getByText('那个窗口里有还没存上的内容')).toBeVisible();
  await expect(typing.getByLabel('备注')).toHaveValue('满了还在写的话');
  await expect(typing.getByText('草稿没存上')).toBeVisible();

  await setFull(typing, false);
  await expect(typing.getByText('草稿已存')).toBeVisible({ timeout: 20_000 });
  await other.getByRole('button', { name: '在这里接着填' }).click();
  await expect(other.getByLabel('备注')).toHaveValue('满了还在写的话');
  await expect(typing.getByText('这份正在另一个窗口里填')).toBeVisible();
  expect(await rows(other, 'drafts')).toHaveLength(1);
});

/** Throws the open form away, on the screen of its door. */
async function throwAway(page: Page): Promise<void> {
  await page.getByRole('button', { name: '放弃这次填写' }).click();
  await page.getByRole('dialog').getByRole('button', { name: '丢弃', exact: true }).click();
}
const undo = (page: Page) => page.getByRole('button', { name: '撤销', exact: true });

test('[DEV-9] what a full disk did not take of a form that was thrown away comes back with it, and by nothing else', async ({
  context,
}) => {
  const setFull = await noRoomForForms(context);
  const page = await phoneIn(context, office.address, 'grid1');
  const [kept = '', never = ''] = await doorsToDo(page, office.address);
  await nobodyHome(page, kept);
  const note = page.getByLabel('备注');
  await note.fill('先前的字');
  await expect(page.getByText('草稿已存')).toBeVisible();
  await setFull(page, true);
  await note.fill('满了还在写的话');
  await expect(page.getByText('草稿没存上')).toBeVisible();
  await throwAway(page);
  await expect(page.getByText('已丢弃草稿')).toBeVisible();
  expect(await rows(page, 'drafts')).toEqual([]);
  await setFull(page, false);
  await undo(page).click();
  await expect(page.getByText('已放回原处')).toBeVisible();
  await expect(note).toHaveValue('满了还在写的话');
  await page.reload();
  await expect(note).toHaveValue('满了还在写的话');

  // None of the other reached the disk: it is back on the screen at the undo, and on the disk as soon as there is room.
  await page.goto(never);
  await setFull(page, true);
  await page.locator('[data-field="outcome"] label').filter({ hasText: '无人在家' }).click();
  await note.fill('满了才写的');
  await expect(page.getByText('草稿没存上')).toBeVisible();
  await throwAway(page);
  await expect(page.getByText('已丢弃草稿')).toBeVisible();
  await expect(note).toHaveCount(0);
  await undo(page).click();
  await expect(page.getByText('已放回原处')).toBeVisible();
  await expect(note).toHaveValue('满了才写的');
  await expect(page.getByText('草稿没存上')).toBeVisible();
  await setFull(page, false);
  await expect(page.getByText('草稿已存')).toBeVisible({ timeout: 20_000 });
  expect(await rows(page, 'drafts')).toHaveLength(2);

  // Thrown away again, it is gone with the app.
  await throwAway(page);
  await expect(page.getByText('已丢弃草稿')).toBeVisible();
  await page.close();
  const again = await context.newPage();
  await again.goto(never);
  await expect(again.locator('[data-field="outcome"]')).toBeVisible();
  await expect(again.getByText('放弃这次填写')).toHaveCount(0);
  expect(await rows(again, 'drafts')).toHaveLength(1);
});

test('a store that lets no form go says so, and the form goes on', async ({ context }) => {
  await context.addInitScript(() => {
    const remove = IDBObjectStore.prototype.delete;
    IDBObjectStore.prototype.delete = function (...given: Parameters<typeof remove>) {
      if (this.name === 'drafts' && Reflect.get(window, 'isStuck') === true)
        throw new DOMException('no room', 'QuotaExceededError');
      return Reflect.apply(remove, this, given);
    };
  });
  const page = await phoneIn(context, office.address, 'grid1');
  const door = (await doorsToDo(page, office.address)).at(-1) ?? '';
  await nobodyHome(page, door);
  await page.getByLabel('备注').fill('丢不掉的');
  await expect(page.getByText('草稿已存')).toBeVisible();
  await page.evaluate(() => void Reflect.set(window, 'isStuck', true));
  await throwAway(page);
  await expect(page.getByText('没有丢弃成，内容都还在')).toBeVisible();
  await expect(undo(page)).toHaveCount(0);
  await page.getByLabel('备注').fill('丢不掉的，接着写');
  await expect(page.getByText('草稿已存')).toBeVisible();
  await page.reload();
  await expect(page.getByLabel('备注')).toHaveValue('丢不掉的，接着写');
});

test('cleared between two starts: the app says what is gone, and what is at the office comes back', async ({
  context,
}) => {
  const page = await phoneIn(context, office.address, 'grid1');
  const [sent = '', unsent = '', draft = ''] = await doorsToDo(page, office.address);
  await saveNobodyHome(page, sent);
  await expect(page.getByText('已送达')).toBeVisible({ timeout: 30_000 });
  await context.setOffline(true);
  await saveNobodyHome(page, unsent);
  await nobodyHome(page, draft);
  await expect(page.getByText('草稿已存')).toBeVisible();
  await page.close();

  const again = await context.newPage();
  await clearStore(again, office.address);
  await context.setOffline(false);
  await again.goto(office.address);
  const told = again.getByRole('alert').filter({ hasText: '浏览器清掉了敲门存在手机上的内容' });
  await expect(told).toContainText('1 条没送到的记录、1 份草稿没有了');
  await expect(again.locator('a.building').first()).toBeVisible({ timeout: 30_000 });
  await again.reload();
  await expect(told).toBeVisible(); // until it was read
  await told.getByRole('button', { name: '知道了' }).click();
  await again.goto(sent);
  await expect(again.locator('a[href^="/records/"]').first()).toBeVisible();
  await again.goto(office.address);
  await expect(again.locator('a.building').first()).toBeVisible();
  await expect(told).toBeHidden();
});

test('cleared under the open app: it says what is gone, keeps what stands on the screen, and goes on without a password', async ({
  context,
}) => {
  const page = await phoneIn(context, office.address, 'grid1');
  const [unsent = '', draft = ''] = await doorsToDo(page, office.address);
  await context.setOffline(true);
  await saveNobodyHome(page, unsent);
  await nobodyHome(page, draft);
  await page.getByLabel('备注').fill('清掉之前写的');
  await expect(page.getByText('草稿已存')).toBeVisible();
  const show = (state: 'hidden' | 'visible') =>
    page.evaluate((how) => {
      Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => how });
      document.dispatchEvent(new Event('visibilitychange'));
    }, state);

  await show('hidden');
  await clearStore(page, office.address, 'indexeddb');
  await show('visible');
  const told = page.getByText('浏览器清掉了敲门存在手机上的内容');
  await expect(told).toBeVisible();
  await expect(page.getByText('有 1 条没送到的记录、0 份草稿没有了')).toBeVisible();
  await page.goto(draft);
  await expect(page.getByLabel('备注')).toHaveValue('清掉之前写的');
  await context.setOffline(false);
  await foot(page).click();
  await expect(page).toHaveURL(/\/saved$/);
  await expect(page.getByText('已送达')).toBeVisible({ timeout: 30_000 });
  await page.goto(draft);
  await expect(page.getByText('清掉之前写的').first()).toBeVisible();
});

test('cleared under the open app: what was saved after that is sent, and is not among what is gone', async ({
  context,
}) => {
  const page = await phoneIn(context, office.address, 'grid1');
  const [unsent = '', later = ''] = await doorsToDo(page, office.address);
  await context.setOffline(true);
  await saveNobodyHome(page, unsent);
  await nobodyHome(page, later);
  await expect(page.getByText('草稿已存')).toBeVisible();
  await clearStore(page, office.address, 'indexeddb');
  await page.getByLabel('备注').fill('清掉之后写的');
  await foot(page).click();
  await expect(page).toHaveURL(/\/saved$/);
  await context.setOffline(false);
  await expect(page.getByText('有 1 条没送到的记录、0 份草稿没有了')).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText('已送达')).toBeVisible({ timeout: 30_000 });
  await page.goto(later);
  await expect(page.getByText('清掉之后写的').first()).toBeVisible();
  await page.reload();
  await expect(page.getByText('清掉之后写的').first()).toBeVisible();
  await page.goto(office.address);
  await expect(page.getByText('有 1 条没送到的记录、0 份草稿没有了')).toBeVisible();
});

test('two windows show the same, send once, and have a form in one of them at a time', async ({ context }) => {
  const pushes: string[] = [];
  await context.route('**/api/sync', async (route) => {
    const text = route.request().postData() ?? '';
    for (const [, id = ''] of text.matchAll(/"push":\[\{"id":"([0-9a-f-]{36})"/g)) pushes.push(id);
    await route.continue();
  });
  const one = await phoneIn(context, office.address, 'grid1');
  const [saved = '', shared = ''] = await doorsToDo(one, office.address);
  const two = await context.newPage();
  await two.goto(`${office.address}/records`);
  await saveNobodyHome(one, saved);
  await expect(two.locator('li a').first()).toContainText(/无人在家/);
  await expect(one.getByText('已送达')).toBeVisible({ timeout: 30_000 });
  await expect(two.getByText('已送达')).toBeVisible();
  expect(new Set(pushes).size).toBe(pushes.length);

  await two.goto(saved); // the first still shows that it is saved: it has no form of that door
  await expect(two.locator('[data-field="outcome"]')).toBeVisible();
  await expect(one).toHaveURL(/\/saved$/);

  await nobodyHome(one, shared);
  await one.getByLabel('备注').fill('第一个窗口写的');
  await two.goto(shared);
  await expect(two.getByText('这份正在另一个窗口里填')).toBeVisible();
  await two.getByRole('button', { name: '在这里接着填' }).click();
  await expect(two.getByLabel('备注')).toHaveValue('第一个窗口写的');
  await expect(one.getByText('这份正在另一个窗口里填')).toBeVisible();
  await two.getByLabel('备注').fill('第一个窗口写的，第二个接着写');
  await one.getByRole('button', { name: '在这里接着填' }).click();
  await expect(one.getByLabel('备注')).toHaveValue('第一个窗口写的，第二个接着写');
  await two.close();
  await one.reload();
  await expect(one.getByLabel('备注')).toHaveValue('第一个窗口写的，第二个接着写');
  expect(await rows(one, 'drafts')).toHaveLength(1);
});
