/** One phone, two people: unsent work of the first stays the first's, and the second never sees it (DEV-13). */
import { expect, test, type BrowserContext, type Page } from '@playwright/test';
import { password, startOffice, type RunningOffice } from './office';
import { doorsToDo, handset, nobodyHome, phoneIn } from './phone';
import { clearStore } from './store-troubles';

test.use({ actionTimeout: 10_000 });

let office: RunningOffice;
test.beforeAll(async () => {
  office = await startOffice();
});
test.afterAll(() => office.stop());

async function signIn(page: Page, username: string): Promise<void> {
  await page.getByLabel('用户名').fill(username);
  await page.getByLabel('密码', { exact: true }).fill(password);
  await page.getByRole('button', { name: '登录' }).click();
  await expect(page.getByText('已送达')).toBeVisible({ timeout: 30_000 });
}

async function signOut(page: Page): Promise<void> {
  await page.goto(`${office.address}/me`);
  await signOutHere(page);
}

async function signOutHere(page: Page): Promise<void> {
  await page.getByRole('button', { name: '退出登录' }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^(退出|仍然退出)/ })
    .click();
  await expect(page.getByLabel('用户名')).toBeVisible();
}

/** Opens the door at which somebody of that name lives, by the search. */
async function doorOf(page: Page, name: string): Promise<string> {
  await page.goto(`${office.address}/search`);
  await page.getByRole('searchbox').fill(name);
  await page.locator('a[href^="/door/"]').first().click();
  await expect(page).toHaveURL(/\/door\//);
  return new URL(page.url()).pathname;
}

test('[DEV-13] a phone that changes hands: the record waits for its author, and is sent when its author is back', async ({
  browser,
}) => {
  const handset = await browser.newContext({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
  const page = await handset.newPage();
  await page.goto(office.address);
  await signIn(page, 'grid1');
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);

  // The first: one record saved, one form half-way, no connection; then the phone is handed on.
  await handset.setOffline(true);
  const door = await doorOf(page, '顾克勤');
  await page.getByText('有人应门').click();
  await page.getByRole('button', { name: /全部照旧/ }).click();
  await page.getByText('顾克勤').click();
  await page.getByText('以上已告知对方').click();
  await page.getByRole('button', { name: /^保存/ }).click();
  await expect(page.getByText('1 条在手机上')).toBeVisible();
  await signOut(page);
  await expect(page.getByText('还有另一个账号的 1 条内容没发送')).toBeVisible();

  // The second, with a connection: nothing of the first is sent, shown, found, or told by its address.
  await handset.setOffline(false);
  await signIn(page, 'grid2');
  await page.goto(`${office.address}/records`);
  await expect(page.locator('a[href^="/records/"]').first()).toBeVisible();
  const hers = await page.locator('a[href^="/records/"]').evaluateAll((links) => links.map((one) => one.textContent));
  expect(hers.join()).not.toContain('金山花园');
  await page.goto(`${office.address}/search`);
  await page.getByRole('searchbox').fill('顾克勤');
  await expect(page.locator('a[href^="/door/"]')).toHaveCount(0);
  await page.goto(office.address + door);
  await expect(page.getByText('顾克勤')).toHaveCount(0);
  await signOut(page);

  // The first again: without a tap it is sent, as the first's.
  await signIn(page, 'grid1');
  await page.goto(office.address + door);
  await page.locator('a[href^="/records/"]').first().click();
  await expect(page.getByText('等协调员审核')).toBeVisible({ timeout: 30_000 });
  const record = new URL(page.url()).pathname.split('/').pop() ?? '';
  const desk = await (await browser.newContext()).newPage();
  await desk.goto(`${office.address}/desk/review?id=${record}`);
  await desk.getByLabel('用户名').fill('coordinator1');
  await desk.getByLabel('密码', { exact: true }).fill(password);
  await desk.getByRole('button', { name: '登录' }).click();
  await expect(desk.getByText(/^王敏 · /)).toBeVisible();
});

/** Whether the browser's cookies still open somebody's session at the office. */
function hasSession(page: Page): Promise<boolean> {
  return page.evaluate(async () => {
    const answer = await fetch('/api/sync', {
      method: 'POST',
      body: '{}',
      headers: { 'Content-Type': 'application/json' },
    });
    return answer.status !== 401;
  });
}

/** What the browser remembers beside the store. */
async function marker(context: BrowserContext): Promise<string> {
  return (await context.cookies()).find(({ name }) => name === 'qiaomen-here')?.value ?? '';
}

/** Requests to this address wait from now on; `asked` when the first has come. */
async function hold(
  context: BrowserContext,
  address: string,
): Promise<{ asked: Promise<undefined>; release: () => void }> {
  const asked = Promise.withResolvers<undefined>();
  const held = Promise.withResolvers<undefined>();
  await context.route(address, async (route) => {
    asked.resolve(undefined);
    await held.promise;
    await route.continue();
  });
  return { asked: asked.promise, release: () => held.resolve(undefined) };
}

test('[DEV-13] signing out holds: with a slow sync, without the office, after every new start', async ({ browser }) => {
  const context = await browser.newContext(handset);
  const page = await phoneIn(context, office.address, 'grid2');
  await page.goto(`${office.address}/me`);
  const sync = await hold(context, '**/api/sync');
  await context.route('**/api/auth/**', (route) => route.abort());
  await page.getByRole('button', { name: '立即同步' }).click();
  await sync.asked;
  await page.getByRole('button', { name: '退出登录' }).click();
  await page.getByRole('dialog').getByRole('button', { name: /^退出/ }).click();
  await expect(page.getByLabel('用户名')).toBeVisible();

  const late = page.waitForResponse('**/api/sync');
  sync.release();
  await late; // a page that is signed out may leave its body unread, which then never ends
  expect(await marker(context)).not.toContain('c.');
  await page.reload();
  await expect(page.getByLabel('用户名')).toBeVisible();
  expect(await hasSession(page)).toBe(true); // the office has not heard of it: that is owed

  await context.unroute('**/api/auth/**');
  const told = page.waitForResponse('**/api/auth/sign-out');
  await page.reload();
  await (await told).finished();
  await expect(page.getByLabel('用户名')).toBeVisible();
  expect(await hasSession(page)).toBe(false);
  await context.close();
});

test('[DEV-13] in a page that stays open, the next person finds nothing of what the one before looked for or threw away', async ({
  browser,
}) => {
  const context = await browser.newContext(handset);
  const page = await phoneIn(context, office.address, 'grid1');
  const [door = ''] = await doorsToDo(page, office.address);
  await nobodyHome(page, door);
  await page.getByRole('button', { name: '放弃这次填写' }).click();
  await page.getByRole('dialog').getByRole('button', { name: '丢弃', exact: true }).click();
  await expect(page.getByText('已丢弃草稿')).toBeVisible();
  await page.getByRole('link', { name: '返回' }).click();
  await page.getByRole('link', { name: '搜索' }).click();
  const box = page.getByRole('searchbox');
  await box.fill('顾克勤');
  await expect(page.locator('a[href^="/door/"]').first()).toBeVisible();
  await page.goBack();
  await page.locator('a[href="/"]').last().click();
  await page.getByRole('link', { name: '搜索' }).click();
  await expect(box).toHaveValue('顾克勤'); // as long as it is the same person
  await page.goBack();
  await page.locator('nav a[href="/me"]').click();
  await signOutHere(page);
  await page.getByLabel('用户名').fill('grid2');
  await page.getByLabel('密码', { exact: true }).fill(password);
  await page.getByRole('button', { name: '登录' }).click();
  await expect(page.getByText('已送达')).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText('已丢弃草稿')).toHaveCount(0);
  await page.getByRole('link', { name: '搜索' }).click();
  await expect(box).toBeVisible();
  await expect(box).toHaveValue('');
  await context.close();
});

test('[DEV-13] signing out in one window closes the app in the others, which keep what was typed and bring nobody back', async ({
  browser,
}) => {
  const context = await browser.newContext(handset);
  const typing = await phoneIn(context, office.address, 'grid1');
  const [door = ''] = await doorsToDo(typing, office.address);
  await nobodyHome(typing, door);
  const sync = await hold(context, '**/api/sync');
  const other = await context.newPage();
  await other.goto(`${office.address}/me`);
  await sync.asked;
  await context.setOffline(true);
  await typing.getByLabel('备注').fill('另一个窗口退出前写的');

  await signOutHere(other);
  await expect(typing.getByLabel('用户名')).toBeVisible();
  await expect(typing.getByText('另一个窗口退出前写的')).toHaveCount(0);
  sync.release();
  expect(await marker(context)).not.toContain('c.');
  for (const page of [typing, other]) {
    await page.reload();
    await expect(page.getByLabel('用户名')).toBeVisible();
    await expect(page.getByText('还有另一个账号的 1 条内容没发送')).toBeVisible();
  }
  const told = context.waitForEvent('response', (answer) => answer.url().endsWith('/api/auth/sign-out'));
  await context.setOffline(false);
  await (await told).finished();

  // Somebody else comes and goes: every window follows, and none opens for the first.
  await signIn(other, 'grid2');
  await expect(typing.getByText('已送达')).toBeVisible();
  await typing.goto(door);
  await expect(typing.getByText('手机上没有这扇门')).toBeVisible();
  await typing.goto(`${office.address}/me`);
  await signOutHere(typing);
  await expect(other.getByLabel('用户名')).toBeVisible();
  for (const page of [typing, other]) {
    await page.reload();
    await expect(page.getByLabel('用户名')).toBeVisible();
    expect(await hasSession(page)).toBe(false);
  }

  await signIn(typing, 'grid1');
  await typing.goto(door);
  await expect(typing.getByLabel('备注')).toHaveValue('另一个窗口退出前写的');
  await context.close();
});

test('[DEV-13] a sign-out, owed or heard, ends no session of who signed in at the desk of the same browser since', async ({
  browser,
}) => {
  for (const isOwed of [true, false]) {
    const context = await browser.newContext(handset);
    const phone = await phoneIn(context, office.address, 'grid1');
    if (isOwed) await context.setOffline(true);
    // Owed: until its try has failed, closing the page, which ends being offline for it, could let the word through.
    const told = isOwed
      ? phone.waitForEvent('requestfailed', (request) => request.url().endsWith('/api/auth/sign-out'))
      : phone.waitForEvent('requestfinished', (request) => request.url().endsWith('/api/auth/sign-out'));
    await phone.goto(`${office.address}/me`);
    await signOutHere(phone);
    await told;
    await phone.close();
    await context.setOffline(false);

    const desk = await context.newPage();
    await desk.goto(`${office.address}/desk`);
    if (isOwed) await desk.getByText('换一个账号登录').click();
    await desk.getByLabel('用户名').fill('coordinator1');
    await desk.getByLabel('密码', { exact: true }).fill(password);
    await desk.getByRole('button', { name: '登录' }).click();
    await expect(desk).toHaveURL(/\/desk$/);
    if (!isOwed) await clearStore(desk, office.address, 'indexeddb');

    const asked: string[] = [];
    context.on('request', (request) => asked.push(new URL(request.url()).pathname));
    const next = await context.newPage();
    await next.goto(office.address, { waitUntil: 'networkidle' });
    await expect(next.getByLabel('用户名')).toBeVisible();
    await next.waitForLoadState('networkidle');
    expect(asked).not.toContain('/api/auth/sign-out');
    await desk.reload();
    await expect(desk).toHaveURL(/\/desk$/);

    // The next sign-out on the phone is owed again, and told of.
    await signIn(next, 'grid2');
    await expect(next.getByText('已送达')).toBeVisible();
    await next.goto(`${office.address}/me`);
    await signOutHere(next);
    await expect(next.getByLabel('用户名')).toBeVisible();
    await expect.poll(() => hasSession(next)).toBe(false);
    await context.close();
  }
});
