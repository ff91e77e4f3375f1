/** What stands between phone and office: lines that lie, break off and crawl. */
import { expect, test, type Page } from '@playwright/test';
import {
  portal,
  refusing,
  slow,
  startLine,
  truncated,
  wrongType,
  type CrookedLine,
  type Meddler,
} from './crooked-line';
import { startOffice, type RunningOffice } from './office';
import { doorsToDo, handset, phoneIn, saveNobodyHome } from './phone';

test.use({ ...handset, actionTimeout: 10_000 });

let office: RunningOffice;
let line: CrookedLine;
test.beforeAll(async () => {
  office = await startOffice();
});
test.beforeEach(async () => {
  line = await startLine(office.address);
});
test.afterEach(() => line.stop());
test.afterAll(() => office.stop());

const waiting = (page: Page) => page.getByText('1 条在手机上', { exact: true });
const delivered = (page: Page) => page.getByText('已送达');

/** The line is straight again, and the worker asks for a sync: all is delivered. */
async function deliver(page: Page): Promise<void> {
  line.meddle = null;
  await page.goto(`${line.address}/me`);
  await page.getByRole('button', { name: /现在发送|立即同步/ }).click();
  await expect(delivered(page)).toBeVisible({ timeout: 30_000 });
}

const lies: [Meddler, RegExp][] = [
  [portal, /没有信号，1 条在手机上等着/],
  [wrongType, /没有信号，1 条在手机上等着/],
  [truncated, /没有信号，1 条在手机上等着/],
  [refusing(502, false), /没有信号，1 条在手机上等着/],
  [refusing(500), /这次没有发成，内容都在/],
  [refusing(503), /社区的服务忙/],
];

test('[DEV-11] a portal, a wrong type, a cut answer, 502, 500, 503: the queue is untouched, the screen says so, and it goes when the line is good', async ({
  context,
}) => {
  const page = await phoneIn(context, line.address, 'grid1');
  const doors = await doorsToDo(page, line.address);
  for (const [index, [meddler, words]] of lies.entries()) {
    const door = doors[index] ?? '';
    line.meddle = meddler;
    await saveNobodyHome(page, door);
    await expect(waiting(page)).toBeVisible();
    await page.goto(`${line.address}/me`);
    await expect(page.getByText(words)).toBeVisible({ timeout: 30_000 });
    const asked = line.asked;
    const send = page.getByRole('button', { name: '现在发送 1 条' });
    await send.click();
    await expect.poll(() => line.asked).toBeGreaterThan(asked);
    await expect(send).toBeEnabled();
    await expect(page.getByText(words)).toBeVisible();
    await deliver(page);
    await page.goto(door);
    await expect(page.locator('a[href^="/records/"]').first()).toBeVisible();
  }
});

test('[DEV-14] a line that sends one byte and no more is given up after 30 seconds of silence', async ({ context }) => {
  const page = await phoneIn(context, line.address, 'grid1');
  const [door = ''] = await doorsToDo(page, line.address);
  await page.clock.install();
  line.meddle = slow;
  await saveNobodyHome(page, door);
  const asked = line.asked;
  await page.goto(`${line.address}/me`);
  await expect.poll(() => line.asked).toBeGreaterThan(asked);
  const givenUp = page.getByText(/没有信号，1 条在手机上等着/);
  await expect(givenUp).toBeHidden();
  // The byte itself may arrive after the first of these, and is heard: silence counts from there.
  await expect(async () => {
    await page.clock.fastForward(31_000);
    await expect(givenUp).toBeVisible({ timeout: 1_000 });
  }).toPass({ timeout: 60_000 });
  await page.clock.resume();
  await deliver(page);
});
