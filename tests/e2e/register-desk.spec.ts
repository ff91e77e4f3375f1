/** The register in a browser: every value of a door can be corrected there, and what is typed into a correction does not go. */
import { expect, test, type Locator, type Page } from '@playwright/test';
import { startOffice, type RunningOffice } from './office';
import { deskOf, signIn } from './phone';
import { WirePhone, type Door } from './wire-phone';

test.use({ actionTimeout: 10_000 });

let office: RunningOffice;
let doors: Door[];
let one: Page;
let other: Page;
test.beforeAll(async ({ browser }) => {
  office = await startOffice();
  doors = await (await WirePhone.of(office.address, 'grid1')).doors();
  one = await deskOf(browser, office.address, 'coordinator1');
  other = await deskOf(browser, office.address, 'admin1');
});
test.afterAll(() => office.stop());

/** A door that no test has used. */
function nextDoor(): Door {
  const door = doors.pop();
  if (!door) throw new Error('no door is left');
  return door;
}
const addressOf = (door: Door, correct?: string) =>
  `${office.address}/desk/register/${door.id}${correct ? `?correct=${encodeURIComponent(correct)}` : ''}`;
/** What stands folded, of many people. */
const opensAll = (page: Page) =>
  page.locator('details').evaluateAll((all) => all.forEach((details) => details.setAttribute('open', '')));
/** In another window of the same browser. */
async function signsOutElsewhere(page: Page): Promise<Page> {
  const second = await page.context().newPage();
  await second.goto(`${office.address}/desk`);
  await second.getByRole('button', { name: '退出登录' }).click();
  await expect(second.getByLabel('用户名')).toBeVisible();
  return second;
}
/** As the administrator, whose name is answered. */
async function signsInElsewhere(page: Page, window?: Page): Promise<string> {
  const second = window ?? (await signsOutElsewhere(page));
  await signIn(second, `${office.address}/desk`, 'admin1');
  await expect(second).toHaveURL(/\/desk$/);
  return (await second.locator('.me strong').textContent()) ?? '';
}
const form = (page: Page) => page.locator('form[action*="correct="]');
const newest = (page: Page) => page.locator('section:has(#register-history) li').first();
const alert = (page: Page) => page.getByRole('alert');
const saved = (page: Page) => page.getByRole('status').filter({ hasText: '已改正' });

test('every value of a door opens for correction, by its address and in the open app', async () => {
  const door = nextDoor();
  const troubles: string[] = [];
  one.on('pageerror', ({ message }) => troubles.push(message));
  await one.goto(addressOf(door));
  const links = one.locator('a[href*="correct="]');
  const all = await links.evaluateAll((each) => each.map((link) => link.getAttribute('href') ?? ''));
  for (const href of all) {
    const answer = await one.request.get(office.address + href);
    expect(answer.status(), href).toBe(200);
    expect(await answer.text(), href).toContain('name="value:');
  }
  for (const field of ['idNumber', 'phone', 'tenure', 'headId', 'use']) {
    await opensAll(one);
    await links
      .and(one.locator(`[href$="-${field}"]`))
      .first()
      .click();
    await expect(form(one).locator('[name^="value:"]').first(), field).toBeVisible();
  }
  expect(troubles).toEqual([]);
});

test('a value is corrected in the open app, with its reason', async () => {
  const door = nextDoor();
  await one.goto(addressOf(door));
  await opensAll(one);
  await one.locator('a[href$="-phone"]').first().click();
  await form(one).locator('[name^="value:"]').fill('137 0000 4321');
  await form(one).locator('[name="reason"]').fill('本人来电');
  await form(one).getByRole('button').click();
  await expect(saved(one)).toBeVisible();
  await expect(newest(one)).toContainText('137 0000 4321');
  await expect(newest(one)).toContainText('本人来电');
});

/** Her correction of the telephone number of the first person of the household, with a reason, not pressed yet. */
async function correctsPhone(page: Page, door: Door, phone: string): Promise<void> {
  await page.goto(addressOf(door, `resident/${door.households[0]?.residents[0]?.id}/phone`));
  await form(page).locator('[name^="value:"]').fill(phone);
  await form(page).locator('[name="reason"]').fill('说了很长的理由');
}
const saves = (page: Page) => form(page).getByRole('button').click();
/** What she wrote is still there. */
async function standsTyped(page: Page, phone: string): Promise<void> {
  await expect(form(page).locator('[name^="value:"]')).toHaveValue(phone);
  await expect(form(page).locator('[name="reason"]')).toHaveValue('说了很长的理由');
}

test('[TWO-1] a correction over a value that a colleague corrected meanwhile is pressed knowingly or not at all', async () => {
  const door = nextDoor();
  await correctsPhone(one, door, '13700000001');
  await correctsPhone(other, door, '13700000002');
  await saves(other);
  await expect(saved(other)).toBeVisible();
  await saves(one);
  await expect(alert(one).filter({ hasText: '这里已经有人改过' })).toBeVisible();
  await expect(form(one).getByRole('note')).toHaveText('您写的时候，这里改成了：137 0000 0002');
  await standsTyped(one, '13700000001');
  await expect(newest(one)).toContainText('137 0000 0002');
  await saves(one);
  await expect(saved(one)).toBeVisible();
  await expect(newest(one)).toContainText('137 0000 0001');
});

test('[TWO-1] another head is not named over relations that a colleague changed meanwhile', async () => {
  const door = doors.find(({ households }) => (households[0]?.residents.length ?? 0) > 2);
  const [household] = door?.households ?? [];
  if (!door || !household) throw new Error('no household of three');
  doors.splice(doors.indexOf(door), 1);
  const head = `household/${household.id}/headId`;
  await one.goto(addressOf(door, head));
  const relation = (page: Page, id = '') => page.locator(`select[name="value:relation:${id}"]`);
  const now = await one.locator('[name="value:head"]:checked').getAttribute('value');
  const [heir = '', sibling = ''] = household.residents.map(({ id }) => id).filter((id) => id !== now);
  await other.goto(addressOf(door, `resident/${sibling}/relation`));
  await form(other).locator('select').selectOption('97');
  await form(other).locator('[name="reason"]').fill('家里来电');
  await saves(other);
  await expect(saved(other)).toBeVisible();

  await one.locator(`[name="value:head"][value="${heir}"]`).check();
  await relation(one, now ?? '').selectOption('10');
  await form(one).locator('[name="reason"]').fill('户主换了');
  await saves(one);
  await expect(alert(one).filter({ hasText: '这里已经有人改过' })).toBeVisible();
  await expect(one.locator(`[name="value:head"][value="${heir}"]`)).toBeChecked();
  await expect(relation(one, now ?? '')).toHaveValue('10');
  await expect(relation(one, sibling)).toHaveValue('97');
  await saves(one);
  await expect(saved(one)).toBeVisible();
  const history = await one
    .locator('section:has(#register-history) li')
    .filter({ hasText: '户主换了' })
    .allInnerTexts();
  expect(history).toHaveLength(3);
  await one.goto(addressOf(door, head));
  await expect(relation(one, sibling)).toHaveValue('97');
});

test('a correction over a broken line, and signed out in another window, stays as it was typed', async ({
  browser,
}) => {
  const door = nextDoor();
  const mine = await deskOf(browser, office.address, 'coordinator1');
  await correctsPhone(mine, door, '13700000003');
  await mine.route(/\?\/correct/, (route) => route.abort());
  await saves(mine);
  await expect(alert(mine).filter({ hasText: '没有收到办公室的答复' })).toBeVisible();
  await standsTyped(mine, '13700000003');
  await mine.unroute(/\?\/correct/);
  await signsOutElsewhere(mine);
  await saves(mine);
  await expect(alert(mine).filter({ hasText: '您已经退出登录' })).toBeVisible();
  await standsTyped(mine, '13700000003');
  await mine.context().close();
});

test('the words of the other language take nothing that is typed unasked', async () => {
  await correctsPhone(one, nextDoor(), '13700000005');
  const english = one.getByRole('button', { name: 'English' });
  one.once('dialog', (dialog) => void dialog.dismiss());
  await english.click();
  await standsTyped(one, '13700000005');
  one.once('dialog', (dialog) => void dialog.accept());
  await english.click();
  await one.getByRole('button', { name: '中文' }).click();
  await expect(english).toBeVisible();
});

test('a correction on a page of another account is filed under no name until it is pressed knowingly', async ({
  browser,
}) => {
  const door = nextDoor();
  const mine = await deskOf(browser, office.address, 'coordinator1');
  await correctsPhone(mine, door, '13700000004');
  const name = await signsInElsewhere(mine);
  await saves(mine);
  await expect(alert(mine).filter({ hasText: `这一页不是用 ${name} 的账号打开的` })).toBeVisible();
  await expect(mine.locator('.me strong')).toHaveText(name);
  await standsTyped(mine, '13700000004');
  await expect(mine.getByText('137 0000 0004')).toHaveCount(0);
  await saves(mine);
  await expect(saved(mine)).toBeVisible();
  await expect(newest(mine)).toContainText(name);
  await mine.context().close();
});

/** A form, what is typed into it and what shows that it was done. */
type Typed = { page: string; form: string; fields: Record<string, string>; done: (page: Page) => Locator };
const forms: Record<string, Typed> = {
  'a round': {
    page: 'rounds',
    form: 'form[action="?/start"]',
    fields: { name: '年底核实一轮', closesOn: '2099-01-31' },
    done: (page) => page.getByRole('heading', { name: '年底核实一轮' }),
  },
  'an account': {
    page: 'accounts',
    form: 'form[action="?/create"]',
    fields: { name: '新来的', username: 'newcomer7' },
    done: (page) => page.getByRole('status').filter({ hasText: 'newcomer7' }),
  },
  'a grid': {
    page: 'accounts',
    form: 'form[action="?/grid"]:not(:has([name="grid"]))',
    fields: { name: '第九网格' },
    done: (page) => page.locator('form[action="?/grid"] [aria-label*="第九网格"]'),
  },
};
for (const [what, { page: where, form: which, fields, done }] of Object.entries(forms)) {
  test(`${what} over a broken line, signed out and on a page of another account: what was typed stands until it is done`, async ({
    browser,
  }) => {
    const mine = await deskOf(browser, office.address, 'coordinator1');
    const entry = mine.locator(which);
    const field = (name: string) => entry.locator(`[name="${name}"]`);
    const stands = async (words: string) => {
      await expect(alert(mine).filter({ hasText: words })).toBeVisible();
      for (const [name, text] of Object.entries(fields)) await expect(field(name)).toHaveValue(text);
      await expect(done(mine)).toHaveCount(0);
    };
    await mine.goto(`${office.address}/desk/${where}`);
    for (const [name, text] of Object.entries(fields)) await field(name).fill(text);
    await mine.route(/\?\//, (route) => route.abort());
    await entry.getByRole('button').click();
    await stands('没有收到办公室的答复');
    await mine.unroute(/\?\//);
    const second = await signsOutElsewhere(mine);
    await entry.getByRole('button').click();
    await stands('您已经退出登录');
    const name = await signsInElsewhere(mine, second);
    await entry.getByRole('button').click();
    await stands(`这一页不是用 ${name} 的账号打开的`);
    await entry.getByRole('button').click();
    await expect(done(mine)).toBeVisible();
    await mine.context().close();
  });
}

for (const [what, { page: where, form: which, fields }] of Object.entries(forms)) {
  test(`${what} whose answer was lost is made once: pressed again the page says so and shows it`, async () => {
    const entry = one.locator(which);
    const list = where === 'rounds' ? one.locator('section.running') : one.locator('main');
    const unlike = Object.entries(fields).map(
      ([name, text]) => [name, name === 'closesOn' ? text : `${text}2`] as const,
    );
    const given = Object.fromEntries(unlike);
    await one.goto(`${office.address}/desk/${where}`);
    for (const [name, text] of unlike) await entry.locator(`[name="${name}"]`).fill(text);
    await one.route(/\?\//, (route) => route.fetch().then(() => route.abort()), { times: 1 });
    await entry.getByRole('button').click();
    await expect(alert(one).filter({ hasText: '没有收到办公室的答复' })).toBeVisible();
    await entry.getByRole('button').click();
    await expect(alert(one).filter({ hasText: /您已在 .+ 办过了|您刚才已经建好了/ })).toBeVisible();
    if (what === 'a grid') await expect(one.locator(`[aria-label*="${given['name'] ?? ''}"]`)).toBeVisible();
    else await expect(list.getByText(given['username'] ?? given['name'] ?? '').first()).toBeVisible();
    if (what !== 'an account') return;
    // Its password was shown to nobody: another is made right there.
    await alert(one).getByRole('button', { name: '重设密码' }).click();
    await expect(one.getByRole('status').filter({ hasText: given['username'] })).toBeVisible();
  });
}

test('[TWO-1] grids that another coordinator gave meanwhile are not taken away unseen', async () => {
  const row = (page: Page) => page.locator('tr').filter({ hasText: 'grid1' });
  const save = (page: Page) => row(page).getByRole('button', { name: '保存网格' });
  for (const page of [one, other]) {
    await page.goto(`${office.address}/desk/accounts`);
    await row(page).locator('summary').click();
  }
  await row(other).getByLabel('第二网格').check();
  await save(other).click();
  await expect(row(other).getByRole('cell', { name: '第一网格、第二网格' })).toBeVisible();
  await row(one).getByLabel('第三网格').check();
  await save(one).click();
  await expect(alert(one).filter({ hasText: '刚才有人改过这个账号的网格' })).toBeVisible();
  await expect(row(one).getByLabel('第二网格')).toBeChecked();
  await expect(row(one).getByLabel('第三网格')).toBeChecked();
  await save(one).click();
  await expect(row(one).getByRole('cell', { name: '第一网格、第二网格、第三网格' })).toBeVisible();
});

test('a rescue file stays chosen over a broken line', async () => {
  await one.goto(`${office.address}/desk/rescue`);
  await one
    .locator('[type="file"]')
    .setInputFiles({ name: 'rescue.json', mimeType: 'application/json', buffer: Buffer.from('{}') });
  await one.route(/\?\/open/, (route) => route.abort());
  await one.locator('form button.primary').click();
  await expect(alert(one).filter({ hasText: '没有收到办公室的答复' })).toBeVisible();
  expect(await one.locator('[type="file"]').evaluate((file: HTMLInputElement) => file.files?.length)).toBe(1);
  await one.unroute(/\?\/open/);
  await one.locator('form button.primary').click();
  await expect(alert(one).filter({ hasText: '没有收到办公室的答复' })).toHaveCount(0);
  await expect(alert(one)).toBeVisible();
});

test('what was written for a correction that was refused stands when a number is looked at', async () => {
  const door = nextDoor();
  await correctsPhone(one, door, '12');
  await saves(one);
  await expect(alert(one)).toBeVisible();
  await opensAll(one);
  const looks = one.locator('button[name="look"]');
  const masked = await looks.count();
  await looks.first().click();
  await expect(looks).toHaveCount(masked - 1);
  await standsTyped(one, '12');
});

test('a new account that was refused stands when a grid is renamed', async () => {
  await other.goto(`${office.address}/desk/accounts`);
  const entry = other.locator('form[action="?/create"]');
  await entry.locator('[name="name"]').fill('周小平');
  await entry.locator('[name="username"]').fill('grid1');
  await entry.locator('[name="role"]').selectOption('volunteer');
  await entry.getByLabel('第二网格').check();
  await entry.getByRole('button').click();
  await expect(alert(other)).toBeVisible();
  await entry.locator('[name="username"]').fill('zhouxp');
  const grids = other.locator('form[action="?/grid"]:has([name="grid"])');
  await grids.nth(1).locator('[name="name"]').fill('乙网格');
  await grids.first().locator('[name="name"]').fill('甲网格');
  await grids.first().getByRole('button').click();
  await expect(other.locator('form[action="?/grid"] [aria-label*="甲网格"]')).toBeVisible();
  await expect(grids.nth(1).locator('[name="name"]')).toHaveValue('乙网格');
  await expect(entry.locator('[name="name"]')).toHaveValue('周小平');
  await expect(entry.locator('[name="username"]')).toHaveValue('zhouxp');
  await expect(entry.locator('[name="role"]')).toHaveValue('volunteer');
  await expect(entry.getByLabel('第二网格')).toBeChecked();
});

/** Fills in a new round in the second grid alone. */
async function fillsInRound(page: Page, name: string): Promise<Locator> {
  const entry = page.locator('form[action="?/start"]');
  await entry.locator('[name="name"]').fill(name);
  await entry.locator('[name="closesOn"]').fill('2099-01-31');
  await entry.locator('[name="kind"]').selectOption('special');
  const grids = await entry.locator('[name="grids"]').all();
  for (const grid of grids.filter((_, at) => at !== 1)) await grid.uncheck();
  return entry;
}
const running = (page: Page, name: string) => page.locator('section.running').filter({ hasText: name });

test('a round is started as it was filled in, though another was closed because of its refusal, or meanwhile', async () => {
  for (const [name, closed] of [
    ['专项核实', '专项核实'],
    ['再核一次', '专项核实'],
  ] as const) {
    await one.goto(`${office.address}/desk/rounds`);
    if ((await running(one, closed).count()) === 0) {
      await (await fillsInRound(one, closed)).getByRole('button').click();
      await expect(running(one, closed)).toBeVisible();
      await one.goto(`${office.address}/desk/rounds`);
    }
    const entry = await fillsInRound(one, name);
    if (name === closed) {
      await entry.getByRole('button').click();
      await expect(alert(one).filter({ hasText: '同名的轮次' })).toBeVisible();
    }
    await running(one, closed).locator('[name="sure"]').check();
    await running(one, closed).getByRole('button').click();
    await expect(running(one, closed)).toHaveCount(0);
    await expect(entry.locator('[name="name"]')).toHaveValue(name);
    await expect(entry.locator('[name="closesOn"]')).toHaveValue('2099-01-31');
    await expect(entry.locator('[name="grids"]:checked')).toHaveCount(1);
    await entry.getByRole('button').click();
    await expect(running(one, name)).toContainText('专项');
    await expect(running(one, name)).not.toContainText('全部网格');
  }
});

test('the numbers of two people stand side by side', async () => {
  const door = nextDoor();
  await one.goto(addressOf(door));
  await opensAll(one);
  const looks = one.locator('button[name="look"]');
  const masked = await looks.count();
  for (const left of [masked - 1, masked - 2]) {
    await looks.first().click();
    await expect(looks).toHaveCount(left);
  }
});

test('[TWO-1] without scripts the way back shows the grids that an account has by now', async ({ browser }) => {
  const mine = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
  await signIn(mine, `${office.address}/desk`, 'admin1');
  const row = (page: Page) => page.locator('tr').filter({ hasText: 'grid2' });
  for (const page of [mine, other]) await page.goto(`${office.address}/desk/accounts`);
  await row(mine).locator('td a').first().click();
  await expect(mine).toHaveURL(/\/accounts\/.+/);
  await row(other).locator('summary').click();
  const given = row(other).locator('[name="grids"]:not(:checked)').first();
  const grid = (await given.getAttribute('value')) ?? '';
  await given.check();
  await row(other).getByRole('button', { name: '保存网格' }).click();
  await expect(row(other).locator('[name="seen"]')).toHaveCount(2);
  await mine.goBack();
  await expect(row(mine).locator('[name="seen"]')).toHaveCount(2);
  await expect(row(mine).locator(`[name="grids"][value="${grid}"]`)).toBeChecked();
  await mine.context().close();
});

test('the head that was chosen last is the one that stands after a refusal and a broken line, and that is written', async () => {
  const door = doors.find(({ households }) => (households[0]?.residents.length ?? 0) > 2);
  const [household] = door?.households ?? [];
  if (!door || !household) throw new Error('no household of three');
  doors.splice(doors.indexOf(door), 1);
  const address = addressOf(door, `household/${household.id}/headId`);
  await one.goto(address);
  const head = (id: string) => one.locator(`[name="value:head"][value="${id}"]`);
  const now = (await one.locator('[name="value:head"]:checked').getAttribute('value')) ?? '';
  const [heir = '', sibling = ''] = household.residents.map(({ id }) => id).filter((id) => id !== now);
  for (const id of [heir, sibling, heir]) await head(id).check();
  const reason = form(one).locator('[name="reason"]');
  await reason.fill(' ');
  await saves(one);
  await expect(alert(one).filter({ hasText: '请写明为什么改' })).toBeVisible();
  await expect(head(heir)).toBeChecked();

  for (const id of [now, sibling, now, heir]) await head(id).check();
  await reason.fill('户主换了');
  await one.route(/\?\/head/, (route) => route.abort(), { times: 1 });
  await saves(one);
  await expect(alert(one).filter({ hasText: '没有收到办公室的答复' })).toBeVisible();
  await expect(head(heir)).toBeChecked();

  for (const id of [now, sibling].filter((id) => id !== heir))
    await one.locator(`select[name="value:relation:${id}"]`).selectOption('97');
  await saves(one);
  await expect(saved(one)).toBeVisible();
  await one.goto(address);
  await expect(head(heir)).toBeChecked();
});

test('a correction pressed after a worker signed in beside it says so, and stays as it was typed', async ({
  browser,
}) => {
  const mine = await deskOf(browser, office.address, 'coordinator1');
  await correctsPhone(mine, nextDoor(), '13700000006');
  const second = await signsOutElsewhere(mine);
  await signIn(second, office.address, 'grid1');
  await expect(second.getByText('已送达')).toBeVisible();
  await saves(mine);
  await expect(alert(mine).filter({ hasText: '现在登录的账号办不了这一步' })).toBeVisible();
  await standsTyped(mine, '13700000006');
  await mine.getByRole('navigation').getByRole('link', { name: '轮次' }).click();
  await expect(alert(mine).filter({ hasText: '现在登录的账号办不了这一步' }).last()).toBeVisible();
  await standsTyped(mine, '13700000006');
  await mine.context().close();
});
