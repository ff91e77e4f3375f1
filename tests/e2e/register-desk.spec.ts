/** The register in a browser: every value of a door can be corrected there, and what is typed into a correction does not go. */
import { expect, test, type Page } from '@playwright/test';
import { startOffice, type RunningOffice } from './office';
import { deskOf } from './phone';
import { WirePhone, type Door } from './wire-phone';

test.use({ actionTimeout: 10_000 });

let office: RunningOffice;
let doors: Door[];
let one: Page;
test.beforeAll(async ({ browser }) => {
  office = await startOffice();
  doors = await (await WirePhone.of(office.address, 'grid1')).doors();
  one = await deskOf(browser, office.address, 'coordinator1');
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
const form = (page: Page) => page.locator('form[action*="correct="]');
const newest = (page: Page) => page.locator('section:has(#register-history) li').first();
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
