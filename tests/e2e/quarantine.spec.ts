/** The quarantine desk in a browser: what no form of the office knows is read, and decided, and nothing written there goes on the way. */
import { randomUUID } from 'node:crypto';
import { expect, test, type Browser, type Page } from '@playwright/test';
import { startOffice, type RunningOffice } from './office';
import { deskOf, handset, signIn } from './phone';
import { at, WirePhone } from './wire-phone';

test.use({ actionTimeout: 10_000 });

let office: RunningOffice;
test.beforeAll(async () => {
  office = await startOffice();
});
test.afterAll(() => office.stop());

/** A record of a form that the office does not know, with a damaged digest, as no app of ours would send it; answers its id. */
async function pushesUnknown(browser: Browser): Promise<string> {
  const page = await (await browser.newContext(handset)).newPage();
  await signIn(page, office.address, 'grid1');
  await expect(page.getByText('已送达')).toBeVisible();
  const pushed = await page.evaluate(async () => {
    const uuid = (last: number) => `0190a000-0000-7000-8000-${String(last).padStart(12, '0')}`;
    const at = new Date().toISOString().replace('Z', '+00:00');
    const revision = {
      ...{ id: crypto.randomUUID(), revision: 1, digest: 'sha256-unknown', kind: 'household-verification' },
      ...{ form: { id: 'lamps', version: 9 }, target: { type: 'dwelling', id: uuid(1) }, basis: {}, recordedAt: at },
      ...{ location: null, body: { outcome: 'verified', lamps: 3, note: '灯坏了' } },
    };
    const device = { id: uuid(9), app: 'test', clock: Date.now() };
    const asked = { protocol: 1, device, epoch: null, push: [revision], offer: [], have: {}, limit: 1 };
    const headers = { 'Content-Type': 'application/json' };
    const answer = await fetch('/api/sync', { method: 'POST', headers, body: JSON.stringify(asked) });
    return { id: revision.id, text: await answer.text() };
  });
  expect(pushed.text).toContain('"quarantined"');
  await page.context().close();
  return pushed.id;
}

function troubles(page: Page): string[] {
  const told: string[] = [];
  page.on('pageerror', (error) => told.push(error.message));
  return told;
}

test('[QUA-3] a record of an unknown form is read and sent back', async ({ browser }) => {
  const id = await pushesUnknown(browser);
  const desk = await deskOf(browser, office.address, 'coordinator1');
  const told = troubles(desk);
  await desk.goto(`${office.address}/desk/quarantine?id=${id}`);
  await expect(desk.getByText('灯坏了').first()).toBeVisible();
  await desk.locator('[name="words"]').fill('请用新版本再填一次');
  await desk.locator('#do-return').click();
  await expect(desk.getByRole('status').filter({ hasText: '已退回' })).toBeVisible();
  await desk.goto(`${office.address}/desk/quarantine?id=${id}`);
  await expect(desk.getByText('灯坏了').first()).toBeVisible();
  expect(told).toEqual([]);
});

test('[TWO-3] who comes second is told so above the same case, and whoever is signed out keeps what was written', async ({
  browser,
}) => {
  const one = await deskOf(browser, office.address, 'coordinator1');
  const other = await deskOf(browser, office.address, 'admin1');
  await one.goto(`${office.address}/desk/review`);
  const words = one.locator('[name="words"]');
  const id = await one.locator('.detail input[name="id"]').inputValue();
  await words.fill('我要退回这一条');
  await other.goto(`${office.address}/desk/review?id=${id}`);
  await other.locator('[name="words"]').fill('先退回了');
  await other.locator('#do-return').click();
  await expect(other.getByRole('status').filter({ hasText: '已退回' })).toBeVisible();
  await one.locator('#do-return').click();
  await expect(one.getByRole('alert').first()).toBeVisible();
  expect(await one.locator('.detail input[name="id"]').inputValue()).toBe(id);
  await expect(words).toHaveValue('我要退回这一条');

  await one.goto(`${office.address}/desk/review`);
  await words.fill('退出之后按的');
  const second = await one.context().newPage();
  await second.goto(`${office.address}/desk`);
  await second.getByRole('button', { name: '退出登录' }).click();
  await expect(second.getByLabel('用户名')).toBeVisible();
  await one.locator('#do-return').click();
  await expect(one.getByRole('alert').filter({ hasText: '您已经退出登录' })).toBeVisible();
  await expect(words).toHaveValue('退出之后按的');
});

test('[QUA-3] words for whoever sent it are told with the approval, and keep an acceptance alone from being pressed unseen', async ({
  browser,
}) => {
  const worker = await WirePhone.of(office.address, 'grid1');
  const [door] = await worker.doors();
  if (!door) throw new Error('no door');
  const { id } = await worker.sends({
    ...{ id: randomUUID(), target: { type: 'dwelling', id: door.id }, basis: { [door.id]: door.version } },
    body: at(door, { phone: '12' }),
  });
  const desk = await deskOf(browser, office.address, 'coordinator1');
  await desk.goto(`${office.address}/desk/quarantine?id=${id}`);
  await desk.locator('[name^="value:"]').first().fill('13900001111');
  const words = desk.locator('[name="words"]');
  await words.fill('以后请填全');
  await desk.locator('#do-accept').click();
  await expect(desk.getByRole('alert').filter({ hasText: '没有接收' })).toBeVisible();
  await expect(words).toHaveValue('以后请填全');
  await expect(desk.locator('[name^="value:"]').first()).toHaveValue('13900001111');
  expect(await worker.record(id)).toMatchObject({ review: 'quarantined' });
  await desk.getByRole('button', { name: '接收并通过' }).click();
  await expect(desk.getByRole('status').filter({ hasText: '已通过' })).toBeVisible();
  expect(await worker.record(id)).toMatchObject({
    review: 'approved',
    comments: [{ path: [], text: '以后请填全' }],
  });
});
