/** The same words, or the same hour, twice on one screen of the phone: nothing odd, and no screen is shut by it. */
import { randomUUID } from 'node:crypto';
import { expect, test, type Page } from '@playwright/test';
import { startOffice, type RunningOffice } from './office';
import { deskOf, handset, phoneIn } from './phone';
import { at, newcomer, WirePhone, type Door } from './wire-phone';

test.use({ actionTimeout: 10_000 });

let office: RunningOffice;
let desk: Page;
test.beforeAll(async ({ browser }) => {
  office = await startOffice();
  desk = await deskOf(browser, office.address, 'coordinator1');
});
test.afterAll(() => office.stop());

const done = (words: string) => desk.getByRole('status').filter({ hasText: words });

test('the same words on two answers of a record that came back, and on one that was voided', async ({ browser }) => {
  const worker = await WirePhone.of(office.address, 'grid1');
  const [door, other] = (await worker.doors()).reverse();
  if (!door || !other) throw new Error('the demo has too few households of two');
  const send = async (to: Door, body: object) => {
    const id = randomUUID();
    await worker.sends({ id, target: { type: 'dwelling', id: to.id }, basis: { [to.id]: to.version }, body });
    return id;
  };
  const newcomers = [newcomer('周新一', '13900001111'), newcomer('周新二', '13900002222')];
  const returned = await send(door, at(door, {}, newcomers));
  const voided = await send(other, at(other, { phone: '13900012345' }));
  await desk.goto(`${office.address}/desk/review?id=${returned}`);
  const phones = desk.locator(`[name^='comment:'][name*='"phone"']`);
  await phones.nth(0).fill('请再核对');
  await phones.nth(1).fill('请再核对');
  await desk.locator('#do-return').click();
  await expect(done('已退回')).toBeVisible();
  await desk.goto(`${office.address}/desk/review?id=${voided}`);
  await desk.locator('#words').fill('重复了');
  await desk.locator('#do-void').click();
  await expect(done('已作废')).toBeVisible();

  const page = await phoneIn(await browser.newContext(handset), office.address, 'grid1');
  for (const path of [`/records/${returned}`, `/door/${door.id}`]) {
    await page.goto(office.address + path);
    await expect(page.getByText('请再核对')).toHaveCount(2);
  }
  for (const path of [`/records/${voided}`, `/door/${other.id}`]) {
    await page.goto(office.address + path);
    await expect(page.getByText('重复了').first()).toBeVisible();
  }
  await expect(page.locator('[data-field="outcome"]')).toBeVisible(); // somebody can be recorded at that door
});

test('two visits of one hour', async ({ browser }) => {
  const volunteer = await WirePhone.of(office.address, 'volunteer1');
  const [recipient] = await volunteer.told('recipient');
  if (!recipient) throw new Error('the demo has nobody in care');
  const visit = {
    ...{ outcome: 'met', present: 'in-person', services: [{ code: 'health', minutes: 10 }], needs: [], hazards: [] },
    ...{ condition: { mood: 3 }, nextVisit: null, visitedAt: new Date(Date.now() - 3_600_000).toISOString() },
  };
  for (const note of ['上午送饭', '同一次，补记一条']) {
    const { id, status } = await volunteer.sends({
      ...{ id: randomUUID(), kind: 'care-visit', form: { id: 'care-visit', version: 1 } },
      ...{ target: { type: 'resident', id: recipient.id }, body: { ...visit, note } },
    });
    expect(status).toBe('stored');
    await desk.goto(`${office.address}/desk/review?id=${id}`);
    await desk.locator('#do-approve').click();
    await expect(done('已通过')).toBeVisible();
  }
  const page = await phoneIn(await browser.newContext(handset), office.address, 'volunteer1');
  await page.goto(`${office.address}/care/${recipient.id}`);
  await expect(page.getByText('上午送饭')).toBeVisible();
  await expect(page.getByText('同一次，补记一条')).toBeVisible();
});
