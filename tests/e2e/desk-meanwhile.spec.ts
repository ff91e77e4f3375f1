/** What is written at the desk while an answer is on its way, or was written before it: it stands while it is hers, and no longer. */
import { expect, test, type Page } from '@playwright/test';
import { startOffice, type RunningOffice } from './office';
import { deskOf } from './phone';
import { WirePhone, type Door } from './wire-phone';

test.use({ actionTimeout: 10_000 });

let office: RunningOffice;
let doors: Door[];
let one: Page;
let other: Page;
test.beforeAll(async ({ browser }) => {
  office = await startOffice();
  doors = await (await WirePhone.of(office.address, 'grid1')).doors();
  one = await deskOf(browser, office.address, 'admin1');
  other = await deskOf(browser, office.address, 'coordinator1');
});
test.afterAll(() => office.stop());

const anyData = /__data\.json/;

/** Pages are read no further until `goOn`; `asked` resolves when one is. */
async function holdReading(page: Page): Promise<{ asked: Promise<void>; goOn: () => Promise<void> }> {
  let open = () => {};
  let ask = () => {};
  const held = new Promise<void>((resolve) => (open = resolve));
  const asked = new Promise<void>((resolve) => (ask = resolve));
  await page.route(anyData, async (route) => {
    ask();
    await held;
    await route.continue();
  });
  return {
    asked,
    goOn: async () => {
      open();
      await page.unrouteAll({ behavior: 'wait' });
    },
  };
}

test('what is typed while the page is read anew stays as it was typed last', async () => {
  await one.goto(`${office.address}/desk/accounts`);
  const field = (name: string) => one.locator(`form[action="?/create"] [name="${name}"]`);
  await field('name').fill('周');
  const grid = one.locator('form[action="?/grid"]').first();
  await grid.locator('[name="name"]').fill('东片网格');
  const reading = await holdReading(one);
  await grid.getByRole('button').click();
  await reading.asked;
  await field('name').fill('周小平');
  await field('username').fill('zhouxp');
  await reading.goOn();
  await expect(grid.locator('[aria-label*="东片网格"]')).toBeVisible();
  await expect(field('name')).toHaveValue('周小平');
  await expect(field('username')).toHaveValue('zhouxp');
});

test('grids that are unticked for a new round while another is closed stay unticked', async () => {
  await one.goto(`${office.address}/desk/rounds`);
  const start = one.locator('form[action="?/start"]');
  const running = one.locator('section.running').first();
  const name = await running.getByRole('heading').innerText();
  await running.locator('[name="sure"]').check();
  const reading = await holdReading(one);
  await running.getByRole('button').click();
  await reading.asked;
  await start.locator('[name="name"]').fill('专项核实');
  await start.getByLabel('第二网格').uncheck();
  await reading.goOn();
  await expect(one.locator('section.running').filter({ hasText: name })).toHaveCount(0);
  await expect(start.locator('[name="name"]')).toHaveValue('专项核实');
  await expect(start.getByLabel('第二网格')).not.toBeChecked();
  await expect(start.getByLabel('第三网格')).toBeChecked();
});

test('[TWO-1] a correction that is mended while the newer value is read stays mended', async () => {
  const [door] = doors;
  const person = door?.households[0]?.residents[0];
  if (!door || !person) throw new Error('nobody lives at the first door');
  const correct = `correct=${encodeURIComponent(`resident/${person.id}/phone`)}`;
  const form = (page: Page) => page.locator('form[action*="correct="]');
  const writes = async (page: Page, phone: string, reason: string) => {
    await form(page).locator('[name^="value:"]').fill(phone);
    await form(page).locator('[name="reason"]').fill(reason);
  };
  for (const page of [one, other]) await page.goto(`${office.address}/desk/register/${door.id}?${correct}`);
  await writes(other, '13700000002', '家里来电');
  await form(other).getByRole('button').click();
  await expect(other.getByRole('status').filter({ hasText: '已改正' })).toBeVisible();
  await writes(one, '13700000001', '本人');
  const reading = await holdReading(one);
  await form(one).getByRole('button').click();
  await reading.asked;
  await writes(one, '13700000009', '本人来电说的');
  await reading.goOn();
  await expect(one.getByRole('alert').filter({ hasText: '这里已经有人改过' })).toBeVisible();
  await expect(form(one).locator('[name^="value:"]')).toHaveValue('13700000009');
  await expect(form(one).locator('[name="reason"]')).toHaveValue('本人来电说的');
});

test('[TWO-1] what was saved shows what the office holds from then on, not what was ticked once', async () => {
  const row = (page: Page) => page.locator('tr').filter({ hasText: 'grid2' });
  const opens = async (page: Page) => {
    await page.goto(`${office.address}/desk/accounts`);
    await row(page).locator('summary').click();
  };
  const saves = async (page: Page, grids: string) => {
    await row(page).getByRole('button', { name: '保存网格' }).click();
    await expect(row(page).getByRole('cell', { name: grids, exact: true })).toBeVisible();
  };
  await opens(one);
  const before = await row(one).getByRole('cell').nth(2).innerText();
  await row(one).getByLabel('第三网格').check();
  await saves(one, `${before}、第三网格`);
  await opens(other);
  await row(other).getByLabel('第三网格').uncheck();
  await saves(other, before);

  const grid = one.locator('form[action="?/grid"]').first();
  await grid.locator('[name="name"]').fill('东片');
  await grid.getByRole('button').click();
  await expect(grid.locator('[aria-label$="东片"]')).toBeVisible();
  await expect(row(one).getByLabel('第三网格')).not.toBeChecked();

  await opens(other);
  await other.locator('form[action="?/grid"] [name="name"]').first().fill('东片一');
  await other.locator('form[action="?/grid"]').first().getByRole('button').click();
  await expect(other.locator('form[action="?/grid"] [aria-label$="东片一"]')).toBeVisible();
  await row(one).locator('summary').click();
  await row(one).getByRole('button', { name: '保存网格' }).click();
  await expect(grid.locator('[name="name"]')).toHaveValue('东片一');
});

test('a new account that is pressed twice is made once, and its password shown', async () => {
  await one.goto(`${office.address}/desk/accounts`);
  const create = one.locator('form[action="?/create"]');
  await create.locator('[name="name"]').fill('两下');
  await create.locator('[name="username"]').fill('twice1');
  await create.getByRole('button').dblclick();
  await expect(one.getByRole('status').filter({ hasText: 'twice1' }).locator('code')).toHaveText(/\S{8,}/);
  await expect(one.getByRole('alert')).toHaveCount(0);
  await expect(create.locator('[name="name"]')).toHaveValue('');
});

test('only what was written and not saved is asked about before the words of the other language', async () => {
  const asked: string[] = [];
  one.on('dialog', (dialog) => {
    asked.push(dialog.message());
    void dialog.accept();
  });
  const grid = one.locator('form[action="?/grid"]').first();
  await one.goto(`${office.address}/desk/accounts`);
  await grid.locator('[name="name"]').fill('西片');
  await grid.getByRole('button').click();
  await expect(grid.locator('[aria-label$="西片"]')).toBeVisible();
  await one.getByRole('button', { name: 'English' }).click();
  await one.getByRole('button', { name: '中文' }).click();
  await one.goto(`${office.address}/desk/register`);
  await one.getByRole('searchbox').fill('101');
  await one.getByRole('search').getByRole('button').click();
  await expect(one.locator('tbody tr').first()).toBeVisible();
  await one.getByRole('button', { name: 'English' }).click();
  await one.getByRole('button', { name: '中文' }).click();
  expect(asked).toEqual([]);
  one.removeAllListeners('dialog');
});

test('from a page that something is written into the next is read once', async () => {
  const [first, second] = doors;
  const person = first?.households[0]?.residents[0];
  if (!first || !person || !second) throw new Error('too few doors');
  await one.goto(
    `${office.address}/desk/register/${first.id}?correct=${encodeURIComponent(`resident/${person.id}/phone`)}`,
  );
  await one.locator('form[action*="correct="] [name="reason"]').fill('写了的话');
  const read: string[] = [];
  one.on('request', (request) => {
    if (anyData.test(request.url())) read.push(new URL(request.url()).pathname);
  });
  await one.locator('nav a[href="/desk/rounds"]').click();
  await expect(one).toHaveURL(/\/desk\/rounds$/);
  await expect(one.getByRole('heading', { level: 1 })).toHaveText('轮次');
  expect(read).toEqual(['/desk/rounds/__data.json']);
  one.removeAllListeners('request');
});

test('a filter that could not be read is not shown as if it were', async () => {
  const worker = await WirePhone.of(office.address, 'grid1');
  const door = doors[1];
  if (!door) throw new Error('too few doors');
  await worker.sends({
    id: crypto.randomUUID(),
    revision: 1,
    target: { type: 'dwelling', id: door.id },
    basis: { [door.id]: door.version },
    body: { outcome: 'nobody-home', note: '敲了两次' },
  });
  await one.goto(`${office.address}/desk/review`);
  await one.locator('.lines a').first().click();
  const words = one.locator('[name="words"]');
  await words.fill('写了的话');
  await one.locator('header details summary').click();
  const grids = one.getByLabel('网格', { exact: true });
  await one.route(anyData, (route) => route.abort());
  await grids.selectOption({ index: 2 });
  await expect(one.getByRole('alert').filter({ hasText: '没连上办公室' })).toBeVisible();
  await expect(grids).toHaveValue('');
  await expect(words).toHaveValue('写了的话');
  await one.unroute(anyData);
  await grids.selectOption({ index: 2 });
  await expect(one).toHaveURL(/grid=/);
});
