/** The whole road, by taps and keys: a roster at the desk, doors without a connection on a browser that is killed, review, and back. */
import { expect, test, type Browser, type Locator, type Page } from '@playwright/test';
import writeXlsxFile from 'write-excel-file/node';
import { PhoneBrowser } from '../reliability/phone-browser';
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
import { pushedIn, questionOf, startLine, type CrookedLine, type Meddler } from './crooked-line';
import { startOffice, type RunningOffice } from './office';
import { deskOf, foot, signIn } from './phone';

test.use({ actionTimeout: 15_000 });
test.setTimeout(240_000);

let office: RunningOffice;
let line: CrookedLine;
let handset: PhoneBrowser;
test.beforeEach(async () => {
  office = await startOffice();
  line = await startLine(office.address);
  handset = new PhoneBrowser();
  await handset.start();
});
test.afterEach(async () => {
  await handset.remove();
  await line.stop();
  await office.stop();
});

const head = ['网格', '小区', '楼号', '单元', '房号', '姓名', '与户主关系', '性别', '出生日期', '联系电话', '人员类别'];
const household = (room: string, ...people: [string, string, string, string, string][]) =>
  people.map((person) => ['春风网格', '和平里', '1', '1', room, ...person, '常住户籍']);
const roster = [
  head,
  ...household(
    '101',
    ['金同一', '户主', '男', '1950-03-02', '13900007273'],
    ['于照旧', '妻子', '女', '1952-05-06', ''],
  ),
  ...household('102', ['方改号', '户主', '男', '1961-07-08', '13900007281']),
  ...household('201', ['左添丁', '户主', '男', '1966-01-02', ''], ['葛奶奶', '妻子', '女', '1967-03-04', '']),
  ...household('202', ['席留守', '户主', '女', '1948-09-10', ''], ['席远行', '儿子', '男', '1975-11-12', '']),
  ...household('301', ['闵不便', '户主', '女', '1980-02-03', '']),
  ...household('302', ['龙半途', '户主', '男', '1955-04-05', '']),
];

const delivered = (page: Page): Locator => page.getByText('已送达');

/** The roster becomes a grid, the grid a round and somebody's own; answers the password that the desk shows once. */
async function prepareAtDesk(desk: Page): Promise<string> {
  await desk.getByRole('link', { name: '导入', exact: true }).first().click();
  const file = await writeXlsxFile(roster.map((row) => row.map((value) => ({ value })))).toBuffer();
  await desk.locator('input[type="file"]').setInputFiles({
    name: '春风网格.xlsx',
    mimeType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    buffer: file,
  });
  await desk.locator('.upload button.primary').click();
  await desk.locator('button[form="import"]').click();
  await expect(desk.getByText('已导入底册。')).toBeVisible();

  await desk.getByRole('link', { name: '轮次', exact: true }).first().click();
  await desk.locator('input[name="name"]').fill('春风网格入户核实');
  await desk.locator('input[name="closesOn"]').fill('2099-12-31');
  for (const box of await desk.locator('fieldset input[name="grids"]').all()) await box.uncheck();
  await desk.getByRole('checkbox', { name: '春风网格' }).check();
  await desk.locator('form[action="?/start"] button.primary').click();
  await expect(desk.getByRole('heading', { name: /春风网格入户核实/ })).toBeVisible();

  await desk.getByRole('link', { name: '人员与网格' }).first().click();
  const form = desk.locator('form[action="?/create"]');
  await form.locator('input[name="name"]').fill('艾敲门');
  await form.locator('input[name="username"]').fill('grid9');
  await form.getByRole('checkbox', { name: '春风网格' }).check();
  await form.locator('button.primary').click();
  const secret = desk.locator('.secret code');
  await expect(secret).toBeVisible();
  return (await secret.textContent()) ?? '';
}

/** Addresses of the doors by room. */
async function doorsOf(page: Page): Promise<(room: string) => string> {
  await page.goto(line.address);
  await page.locator('a.building').filter({ hasText: '和平里' }).click();
  await page.locator('a.cell').first().waitFor();
  const cells = await page
    .locator('a.cell')
    .evaluateAll((all) => all.map((cell) => ({ text: cell.textContent, href: cell.getAttribute('href') })));
  return (room) => {
    const href = cells.find(({ text }) => text.includes(room))?.href;
    if (!href) throw new Error(`no door ${room}`);
    return line.address + href;
  };
}

/** The newest record about a door, as its screen links it. */
async function recordOf(page: Page, door: string): Promise<string> {
  await page.goto(door);
  const link = page.locator('a[href^="/records/"]').first();
  await expect(link).toBeVisible();
  return (await link.getAttribute('href'))?.split('/').pop() ?? '';
}

/** Ends the office once before it could answer a push, and once when it had answered and the phone had not heard. */
function killAmidPush(): { meddle: Meddler; pushes: string[][]; kills: () => number } {
  const pushes: string[][] = [];
  let kills = 0;
  const meddle: Meddler = async (asked, answer, pass) => {
    const { body, text } = await questionOf(asked);
    const pushed = pushedIn(text);
    if (pushed.length > 0) pushes.push(pushed);
    if (pushed.length === 0 || kills === 2) return pass(body);
    kills += 1;
    if (kills === 1) {
      void pass(body);
      await office.kill();
    } else {
      answer.write = () => true;
      const answered = new Promise<void>((resolve) => {
        answer.end = () => {
          resolve();
          return answer;
        };
      });
      await pass(body);
      await answered;
      await office.kill();
    }
    answer.destroy();
    await office.start();
  };
  return { meddle, pushes, kills: () => kills };
}

async function approveByKey(desk: Page, record: string): Promise<void> {
  await desk.goto(`${office.address}/desk/review?id=${record}`);
  await expect(desk.locator('#do-approve')).toBeVisible();
  await desk.keyboard.press('a');
  await expect(desk.getByRole('status').filter({ hasText: '已通过' })).toBeVisible();
}

async function walk(browser: Browser, afterSaving: () => () => void): Promise<void> {
  const desk = await deskOf(browser, office.address, 'coordinator1');
  const secret = await prepareAtDesk(desk);

  let phone = await handset.page();
  await signIn(phone, line.address, 'grid9', secret);
  await expect(delivered(phone)).toBeVisible();
  await phone.waitForFunction(() => navigator.serviceWorker.controller !== null);
  const door = await doorsOf(phone);
  // A browser writes a new cookie to its disk half a minute later; ended politely it writes it at once.
  await handset.end();
  await handset.start();
  phone = await handset.page();

  // Without a connection, a form half-way, and the browser is killed; opened again at that very address, it stands at that very field.
  await handset.context.setOffline(true);
  await phone.goto(door('302'));
  await someoneAnswered(phone);
  await (await correctPhone(phone, 0)).pressSequentially('1380000');
  await expect(phone.getByText('草稿已存')).toBeVisible();
  const halfWay = phone.url();
  await handset.kill();
  await handset.start();
  await handset.context.setOffline(true);
  phone = await handset.page();
  await phone.goto(halfWay);
  await expect(phone.locator('input[data-field="phone"]')).toHaveValue('1380000');
  await expect(phone.locator('input[data-field="phone"]')).toBeFocused();

  await phone.goto(door('101'));
  await choice(phone, 'outcome', '有人应门').click();
  await phone.getByRole('button', { name: /全部照旧/ }).click();
  await informAndSave(phone);

  await phone.goto(door('102'));
  await someoneAnswered(phone);
  await (await correctPhone(phone, 0)).fill('15900006152');
  await theOthersUnchanged(phone);
  await finish(phone);

  await phone.goto(door('201'));
  await someoneAnswered(phone);
  await newborn(phone, '20261101');
  await theOthersUnchanged(phone);
  await finish(phone);

  await phone.goto(door('202'));
  await someoneAnswered(phone);
  await movedAway(phone, 1, '202610', '兰州市');
  await theOthersUnchanged(phone);
  await finish(phone);

  await phone.goto(door('301'));
  await choice(phone, 'outcome', '拒绝').click();
  await foot(phone).click();
  await expect(phone).toHaveURL(/\/saved$/);
  await expect(phone.getByText('5 条在手机上')).toBeVisible();

  // The connection comes back: all arrive without a tap.
  const check = afterSaving();
  await handset.context.setOffline(false);
  await expect(delivered(phone)).toBeVisible({ timeout: 60_000 });
  check();

  const records = new Map<string, string>();
  for (const room of ['101', '102', '201', '202', '301']) records.set(room, await recordOf(phone, door(room)));
  const record = (room: string) => records.get(room) ?? '';
  for (const room of ['101', '201', '202']) await approveByKey(desk, record(room));
  await desk.goto(`${office.address}/desk/review?id=${record('102')}`);
  await desk.locator('input[name^="comment:"][name*="phone"]').fill('少了一位？请再问');
  await desk.locator('#do-return').click();
  await expect(desk.getByRole('status').filter({ hasText: '已退回' })).toBeVisible();

  // The comment stands at the very answer; corrected, it goes back by itself and is approved.
  await phone.goto(`${line.address}/records/${record('102')}`);
  await expect(phone.getByText('少了一位？请再问').first()).toBeVisible({ timeout: 30_000 });
  await phone.getByText('去改，再交上去').click();
  await expect(phone.locator('input[data-field="phone"]')).toBeFocused();
  await expect(phone.locator('input[data-field="phone"]')).toHaveValue('15900006152');
  await expect(phone.getByText('少了一位？请再问')).toBeVisible();
  await phone.locator('input[data-field="phone"]').fill('15900006153');
  await foot(phone).click();
  await phone.goto(`${door('102')}/finish`);
  await foot(phone).click();
  await expect(phone.getByText(/已存在这台手机上|也送到社区了/)).toBeVisible();
  await expect(delivered(phone)).toBeVisible({ timeout: 30_000 });
  await approveByKey(desk, record('102'));
  await phone.goto(`${line.address}/records/${record('102')}`);
  await expect(phone.getByText('通过', { exact: false }).first()).toBeVisible({ timeout: 30_000 });

  // The register and its history hold exactly that.
  const at = async (room: string) => {
    await desk.goto(`${office.address}/desk/register/${door(room).split('/').pop() ?? ''}`);
    return desk.locator('main');
  };
  await expect(await at('101')).toContainText('于照旧');
  await expect(await at('102')).toContainText('159 0000 6153');
  await expect(await at('102')).not.toContainText('159 0000 6152');
  await expect(await at('102')).toContainText('艾敲门');
  await expect(await at('201')).toContainText('2026');
  await expect(await at('202')).toContainText('兰州市');
  await expect(await at('301')).toContainText('闵不便');
  await desk.goto(`${office.address}/desk/review`);
  await expect(desk.locator('.lines a').filter({ hasText: '艾敲门' })).toHaveCount(1);

  // The draft is still there, at its field.
  await phone.goto(halfWay);
  await expect(phone.locator('input[data-field="phone"]')).toHaveValue('1380000');
}

test('roster, five doors without a connection, a killed browser, review, and the register holds exactly that', async ({
  browser,
}) => {
  await walk(browser, () => () => undefined);
});

test('[REC-1] the same road with the office killed amid the push: no loss, no double', async ({ browser }) => {
  await walk(browser, () => {
    const { meddle, pushes, kills } = killAmidPush();
    line.meddle = meddle;
    return () => {
      expect(kills()).toBe(2);
      // What the phone had no receipt for came again, and nothing else came.
      expect(new Set(pushes.flat()).size).toBe(5);
      expect(pushes.flat().length).toBeGreaterThan(5);
      line.meddle = null;
    };
  });
});

test('a volunteer visits without a connection; the visit is approved, and stands among her last visits', async ({
  browser,
}) => {
  let phone = await handset.page();
  await signIn(phone, line.address, 'volunteer1');
  await expect(delivered(phone)).toBeVisible();
  await phone.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await handset.context.setOffline(true);
  await phone.locator('main a.card').first().click();
  await expect(phone).toHaveURL(/\/care\//);
  const recipient = phone.url();
  await foot(phone).click();
  await choice(phone, 'outcome', '已见面').click();
  await choice(phone, 'services', '亲情陪伴').click();
  await choice(phone, 'mood', '较差').click();
  await foot(phone).click();
  await expect(phone).toHaveURL(/\/records/);
  await expect(phone.getByText('1 条在手机上')).toBeVisible();
  await phone.close();

  phone = await handset.page();
  await phone.goto(recipient);
  await expect(phone.getByText('1 条在手机上')).toBeVisible();
  await handset.context.setOffline(false);
  await expect(delivered(phone)).toBeVisible({ timeout: 60_000 });
  await phone.goto(`${line.address}/records`);
  const visit = (await phone.locator('a[href^="/records/"]').first().getAttribute('href')) ?? '';
  const desk = await deskOf(browser, office.address, 'coordinator1');
  await approveByKey(desk, visit.split('/').pop() ?? '');
  await phone.goto(line.address + visit);
  await expect(phone.getByText('通过', { exact: false }).first()).toBeVisible({ timeout: 30_000 });
  await phone.goto(recipient);
  await expect(phone.getByText('亲情陪伴').first()).toBeVisible();
});
