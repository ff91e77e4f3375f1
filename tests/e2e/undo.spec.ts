/** Undo at the desk: one decision after another, by the button and by the key, until the record stands as it came. */
import { expect, test, type Page } from '@playwright/test';
import { startOffice, type RunningOffice } from './office';
import { deskOf } from './phone';

test.use({ actionTimeout: 10_000 });

let office: RunningOffice;
let desk: Page;
test.beforeAll(async ({ browser }) => {
  office = await startOffice();
  desk = await deskOf(browser, office.address, 'coordinator1');
});
test.afterAll(() => office.stop());

/** Mends the telephone number for which the demo's record waits, accepts and approves it in one press. Answers its id. */
async function mendAcceptAndApprove(): Promise<string> {
  await desk.goto(`${office.address}/desk/quarantine`);
  const number = desk.locator('input[name^="value:"][name*="phone"]').first();
  await expect(number).toHaveValue('1390000');
  await number.fill('13900002037');
  const id = await desk.locator('input[name="id"]').last().inputValue();
  await desk.getByRole('button', { name: '接收并通过' }).click();
  await expect(desk.getByRole('status').filter({ hasText: '已通过' })).toBeVisible();
  return id;
}

const done = (words: string) => desk.getByRole('status').filter({ hasText: words });
const undo = () => desk.locator('#do-undo, #do-undo-this');

test('[TWO-3] what was accepted and approved in one step goes back to review, then to quarantine, and no further', async () => {
  const id = await mendAcceptAndApprove();
  await desk.goto(`${office.address}/desk/review?id=${id}`);
  await expect(undo()).toHaveText(/撤销通过/);
  await undo().click();
  await expect(done('已撤销，现在是“待审核”')).toBeVisible();
  // It waits, and it can be decided otherwise, or go back one step more.
  await expect(desk.locator('#do-approve')).toBeVisible();
  await expect(undo()).toHaveText(/撤销接收，放回隔离区/);
  await desk.keyboard.press('u');
  await expect(desk).toHaveURL(/\/desk\/quarantine/);
  await expect(done('已撤销，现在是“隔离”')).toBeVisible();
  await expect(desk.locator('input[name^="value:"][name*="phone"]').first()).toHaveValue('1390000');
  await expect(undo()).toHaveCount(0);
});

test('[TWO-3] right after it, one press at the quarantine desk brings back what was before that one press', async () => {
  const id = await mendAcceptAndApprove();
  await expect(undo()).toHaveCount(1);
  await desk.keyboard.press('u');
  await expect(done('已撤销，现在是“隔离”')).toBeVisible();
  await expect(desk).toHaveURL(new RegExp(id));
  await expect(desk.locator('input[name^="value:"][name*="phone"]').first()).toHaveValue('1390000');
  await expect(undo()).toHaveCount(0);
});
