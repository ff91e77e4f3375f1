/** What a worker finds at a door, by taps and keys on the screens; each record must be taken in at the office as it is. */
import { expect, test, type Page } from '@playwright/test';
import {
  choice,
  correctPhone,
  finish,
  informAndSave,
  movedAway,
  newborn,
  someoneAnswered,
  theOthersUnchanged,
} from './at-the-door';
import { startOffice, type RunningOffice } from './office';
import { deskOf, foot, handset, signIn } from './phone';

let office: RunningOffice;
let page: Page;
const used = new Set<string>();

test.describe.configure({ mode: 'serial' });
test.beforeAll(async ({ browser }) => {
  office = await startOffice();
  const context = await browser.newContext(handset);
  page = await context.newPage();
  await signInAs(page, 'grid1');
});
test.afterAll(() => office.stop());

async function signInAs(on: Page, username: string): Promise<void> {
  await signIn(on, office.address, username);
  await expect(on.getByText('已送达')).toBeVisible();
}

/** Opens a door still to do at which at least `people` are registered; each is used once. `state`: nobody was there yet, or nobody was home. */
async function openDoor(people: number, state: 'todo' | 'no-one-home' = 'todo'): Promise<string> {
  await page.goto(office.address);
  await page.locator('a.building').filter({ hasText: '2号楼' }).click();
  await page.locator('a.cell').first().waitFor();
  const doors = await page
    .locator(`a.cell[data-state="${state}"]`)
    .evaluateAll((cells) => cells.map((cell) => cell.getAttribute('href') ?? ''));
  for (const door of doors) {
    if (used.has(door)) continue;
    await page.goto(office.address + door);
    await page.locator('[data-field="outcome"]').waitFor();
    if ((await page.locator('li .person').count()) < people) continue;
    used.add(door);
    return door;
  }
  throw new Error(`no door with ${people} people is left to do`);
}

/** The newest record about the door is at the office, and nothing was wrong with it. */
async function expectTakenIn(door: string): Promise<void> {
  await page.goto(office.address + door);
  await page.locator('a[href^="/records/"]').first().click();
  await expect(page.getByText('等协调员审核')).toBeVisible();
}

test('a newborn without a name is four answers in one tap', async () => {
  const door = await openDoor(2);
  await someoneAnswered(page);
  await newborn(page, '20261101');
  await theOthersUnchanged(page);
  await finish(page);
  await expectTakenIn(door);
});

test('somebody moved away, and the month is enough', async () => {
  const door = await openDoor(2);
  await someoneAnswered(page);
  await movedAway(page, 1, '202610', '兰州市');
  await theOthersUnchanged(page);
  await finish(page);
  await expectTakenIn(door);
});

test('a household moved away, says a neighbour: when and where to is told once, and approval writes it to each', async ({
  browser,
}) => {
  const door = await openDoor(2);
  const names = await page.locator('li .person b').allTextContents();
  await choice(page, 'outcome', '整户搬离').click();
  await choice(page, 'informant', '其他人').click();
  await choice(page, 'informant-kind', '邻居').click();
  await page.locator('input[data-field="on"]').fill('2027');
  await page.locator('input[data-field="movedTo"]').fill('张掖市甘州区');
  await foot(page).click();
  // What is wrong stands at the answer.
  await expect(page.locator('[data-field="on"]')).toHaveAttribute('aria-invalid', 'true');
  await page.locator('input[data-field="on"]').fill('202610');
  await foot(page).click();
  await expect(page.getByText(/已存在这台手机上|也送到社区了/)).toBeVisible();
  await expectTakenIn(door);
  await expect(page.getByText('迁往 张掖市甘州区').first()).toBeVisible();

  const desk = await deskOf(browser, office.address, 'coordinator1');
  await desk.goto(`${office.address}/desk/review?id=${page.url().split('/').at(-1) ?? ''}`);
  await desk.locator('#do-approve').click();
  await desk.goto(`${office.address}/desk/register${door.replace('/door', '')}`);
  for (const name of names) await expect(desk.getByText(name).first()).toBeVisible();
  await expect(desk.getByText('2026年10月')).toHaveCount(names.length);
  await expect(desk.getByText('张掖市甘州区')).toHaveCount(names.length);
  await desk.context().close();
});

test("the head died: another one, and everybody's relation is asked again", async () => {
  const door = await openDoor(3);
  await someoneAnswered(page);
  await page.locator('a.person').first().click();
  await choice(page, 'change', '死亡').click();
  await page.locator('input[data-field="on"]').fill('20261103');
  await theOthersUnchanged(page);
  await foot(page).click();
  await page.locator('[data-field="headId"] label').first().click();
  const relations = page.locator('[data-field^="relation-"]');
  for (let index = 0; index < (await relations.count()); index += 1)
    await relations.nth(index).locator('label').nth(2).click();
  await foot(page).click();
  await expect(page).toHaveURL(/\/people$/);
  await finish(page);
  await expectTakenIn(door);
});

test('who sets up house apart is moved by one tap, heads the new household, and its tenure may stay unknown', async () => {
  const door = await openDoor(2, 'no-one-home');
  await someoneAnswered(page);
  await page.locator('a.person').nth(1).click();
  await choice(page, 'change', '信息更正').click();
  await foot(page).click();
  // What is missing is told where it is seen.
  await expect(page.getByRole('alert')).toBeInViewport();
  await page.getByRole('button', { name: '单独一户' }).click();
  await foot(page).click();
  await page.goto(`${office.address}${door}/people`);
  await theOthersUnchanged(page);
  await foot(page).click();
  await page.locator('[data-field="headId"] label').first().click();
  await foot(page).click();
  await expect(page).toHaveURL(/\/people$/);
  await foot(page).click();
  await expect(page.getByText('第 2 户', { exact: true })).toBeVisible();
  await choice(page, 'missing-tenure', '申报人不清楚').click();
  await informAndSave(page);
  await expectTakenIn(door);
});

test('an identity number is checked while it is typed', async () => {
  await openDoor(1);
  await someoneAnswered(page);
  await page.locator('a.person').first().click();
  await choice(page, 'change', '信息更正').click();
  await choice(page, 'which', '证件号码').click();
  const number = page.locator('input[data-field="idNumber"]');
  await number.pressSequentially('6207991998040339');
  await expect(page.getByText('还差 2 位')).toBeVisible();
  await expect(number).toHaveValue('6207 9919 9804 0339');
  await number.pressSequentially('71');
  await expect(page.getByText(/校验不对/)).toBeVisible();
});

test('a draft comes back at its field, in the other language too', async () => {
  await openDoor(1);
  await someoneAnswered(page);
  await (await correctPhone(page, 0)).pressSequentially('1590000');
  await expect(page.getByText('草稿已存')).toBeVisible();
  const address = page.url();
  await page.goto(`${office.address}/me`);
  await page.getByRole('radio', { name: 'English' }).check();
  await page.goto(address);
  const phone = page.locator('input[data-field="phone"]');
  await expect(phone).toHaveValue('1590000');
  await expect(phone).toBeFocused();
  await expect(page.getByText('Telephone').first()).toBeVisible();
  await page.goto(`${office.address}/me`);
  await page.getByRole('radio', { name: '中文' }).check();
});

test('a door that the register lacks is knocked at like any other', async ({ browser }) => {
  await page.goto(office.address);
  await page.locator('a.building').filter({ hasText: '2号楼' }).click();
  await page.locator('a.gap').first().click();
  await foot(page).click();
  await choice(page, 'outcome', '有人应门').click();
  await page.getByRole('button', { name: '登记住在这里的人' }).click();
  await page.locator('input[data-field="name"]').fill('周海');
  await choice(page, 'idType', '居民身份证').click();
  await page.locator('input[data-field="idNumber"]').fill('11010519491231002x');
  await expect(page.getByText('号码正确')).toBeVisible();
  await expect(page.locator('input[data-field="birthDate"]')).toHaveValue('1949-12-31');
  await page.locator('input[data-field="phone"]').fill('138 0000 8979');
  await choice(page, 'relation', '户主').click();
  await choice(page, 'residence', '流动人口').click();
  await page.locator('input[data-field="registeredAddress"]').fill('北京市朝阳区');
  const door = `/door/${page.url().split('/')[4] ?? ''}`;
  await foot(page).click();
  await expect(page).toHaveURL(/\/people$/);
  await foot(page).click();
  // By what right a household new to the register lives here is asked, and may be kept back.
  await choice(page, 'household-tenure-0', '租住').click();
  await choice(page, 'household-tenure-0', '租住').click();
  await choice(page, 'missing-tenure', '不愿提供').click();
  await informAndSave(page);
  await expectTakenIn(door);
  await expect(page.getByText('居住权属 不愿提供')).toBeVisible();

  const desk = await deskOf(browser, office.address, 'coordinator1');
  await desk.goto(`${office.address}/desk/review?id=${page.url().split('/').at(-1) ?? ''}`);
  await expect(desk.getByText('居住权属 不愿提供')).toBeVisible();
  await desk.locator('#do-edit').click();
  await desk.getByLabel(/居住权属：为什么没有/).selectOption('unknown');
  await desk.locator('#do-correct').click();
  await desk.goto(`${office.address}/desk/register${door.replace('/door', '')}`);
  await desk.getByText('户的情况').click();
  await expect(desk.getByRole('row', { name: /^居住权属/ })).toContainText('申报人不清楚');
  await desk.context().close();
});

let handedBack = '';

test('a door is handed back with a reason; the desk asks to keep it, and the words come back', async ({ browser }) => {
  const door = await openDoor(1);
  handedBack = door;
  await page.getByRole('link', { name: '交回这户' }).click();
  await choice(page, 'reason', '时间不够').click();
  await foot(page).click();
  await expect(page).toHaveURL(/\/records/);
  await page.goto(office.address + door);
  await expect(page.getByRole('link', { name: '已交回，等答复' })).toBeVisible();

  const desk = await deskOf(browser, office.address, 'coordinator1');
  await desk.getByRole('link', { name: /交回待答复/ }).click();
  await desk
    .getByRole('link', { name: /时间不够/ })
    .last()
    .click();
  await desk.locator('#words').fill('请再跑一次，社区陪你去');
  await desk.locator('#do-void').click();
  await expect(desk.getByRole('status').filter({ hasText: '已请其继续' })).toBeVisible();
  await desk.context().close();

  await page.goto(`${office.address}/records`);
  await expect(page.getByText('“请再跑一次，社区陪你去”')).toBeVisible();
  await expect(page.getByText('请你继续')).toBeVisible();
  await page.getByText('请你继续').click();
  await expect(page.getByText('请再跑一次，社区陪你去')).toHaveCount(1);
  await page.goto(office.address + door);
  await expect(page.getByRole('link', { name: '交回这户' })).toBeVisible();
});

test('once the desk agrees, a door that was handed back is no longer among what is left', async ({ browser }) => {
  const door = handedBack;
  await page.goto(office.address + door);
  await page.getByRole('link', { name: '交回这户' }).click();
  await choice(page, 'reason', '时间不够').click();
  await foot(page).click();
  await expect(page).toHaveURL(/\/records/);
  const record = (await page.locator('a[href^="/records/"]').first().getAttribute('href')) ?? '';
  const left = async () => {
    await page.goto(office.address);
    await page.locator('a.building').filter({ hasText: '2号楼' }).click();
    return page.getByRole('button', { name: /^未完成/ }).textContent();
  };
  const before = await left();
  await expect(page.locator(`a.cell[href="${door}"]`)).toHaveAttribute('data-state', 'todo');

  const desk = await deskOf(browser, office.address, 'coordinator1');
  await desk.goto(`${office.address}/desk/review?id=${record.split('/').at(-1) ?? ''}`);
  await desk.locator('#do-approve').click();
  await expect(desk.getByRole('status').first()).toBeVisible();
  await desk.context().close();

  await page.goto(`${office.address}/records`);
  await expect(page.getByText('同意换人')).toBeVisible();
  expect(await left()).not.toBe(before);
  await expect(page.locator(`a.cell[href="${door}"]`)).toHaveAttribute('data-state', 'handed-over');
  await page.locator(`a.cell[href="${door}"]`).click();
  await expect(page.getByText('不在你的待办里')).toBeVisible();
});

test('a locked stair is one step for all its doors, and the next try shows who has the key', async () => {
  await page.goto(office.address);
  await page.locator('a.building').filter({ hasText: '1号楼' }).click();
  await page.getByRole('button', { name: /^3单元/ }).click();
  await page.getByLabel('谁有钥匙、怎么进').fill('钥匙在物业李师傅');
  await page.getByRole('button', { name: /户进不去/ }).click();
  await expect(page.getByText(/户已记为进不去/)).toBeVisible();
  await page.locator('a.cell[data-state="no-access"]').last().click();
  await expect(page.getByText('钥匙在物业李师傅')).toBeVisible();
});

test('a concern takes four answers', async () => {
  await page.goto(`${office.address}/concern`);
  await choice(page, 'category', '公共设施').click();
  await page.getByLabel('一句话说清').fill('楼道灯坏了');
  await choice(page, 'urgency', '一周内').click();
  await choice(page, 'raisedBy', '我看到的').click();
  await foot(page).click();
  await expect(page.getByText('楼道灯坏了')).toBeVisible();
});

test('a volunteer records a visit; danger shows 110, 119 and 120', async ({ browser }) => {
  const context = await browser.newContext(handset);
  const own = page;
  page = await context.newPage();
  await signInAs(page, 'volunteer1');
  await page.locator('main a.card').first().click();
  await foot(page).click();
  await choice(page, 'outcome', '已见面').click();
  await choice(page, 'services', '亲情陪伴').click();
  await choice(page, 'mood', '较差').click();
  await choice(page, 'hazards', '煤火').click();
  for (const number of ['110', '119', '120'])
    await expect(page.locator(`a[href="tel:${number}"]`).first()).toBeVisible();
  await foot(page).click();
  await expect(page).toHaveURL(/\/records/);
  await expect(page.getByText(/关爱走访/).first()).toBeVisible();
  await context.close();
  page = own;
});
