/** What a worker taps and types at a door, on the page of a phone. */
import { expect, type Locator, type Page } from '@playwright/test';
import { foot } from './phone';

export const choice = (page: Page, field: string, label: string | RegExp): Locator =>
  page.locator(`[data-field="${field}"] label`).filter({ hasText: label }).first();

/** Somebody opened and something changed: everybody who is registered is asked for, one by one. */
export async function someoneAnswered(page: Page): Promise<void> {
  await choice(page, 'outcome', '有人应门').click();
  await page.getByRole('link', { name: '有变化，逐人核对' }).click();
  await page.locator('a.person').first().waitFor();
}

export async function theOthersUnchanged(page: Page): Promise<void> {
  if (page.url().includes('/person/')) await page.getByRole('link', { name: '全家' }).click();
  await page.locator('a.person').first().waitFor();
  const rest = page.getByRole('button', { name: /^其余/ });
  if (await rest.isVisible()) await rest.click();
}

/** The informant is the first who is offered, the notice was given: saved on this phone. */
export async function finish(page: Page): Promise<void> {
  await foot(page).click();
  await informAndSave(page);
}

export async function informAndSave(page: Page): Promise<void> {
  await page.locator('[data-field="informant"] label').first().click();
  await page.getByRole('checkbox', { name: '以上已告知对方' }).check();
  await foot(page).click();
  await expect(page.getByText(/已存在这台手机上|也送到社区了/)).toBeVisible();
}

/** A newborn who has no name yet: four answers in one tap, and two more. */
export async function newborn(page: Page, birthDate: string): Promise<void> {
  await page.getByRole('button', { name: '新生儿' }).first().click();
  await page.getByRole('button', { name: /还没取名/ }).click();
  await choice(page, 'sex', '女').click();
  await page.locator('input[data-field="birthDate"]').fill(birthDate);
  await choice(page, 'relation', '孙子').click();
  await foot(page).click();
}

/** The nth person at the door moved away; `on`: year and month, or with the day. */
export async function movedAway(page: Page, nth: number, on: string, to: string): Promise<void> {
  await page.locator('a.person').nth(nth).click();
  await choice(page, 'change', '迁出').click();
  await page.locator('input[data-field="on"]').fill(on);
  await page.locator('input[data-field="movedTo"]').fill(to);
}

/** Opens the telephone number of the nth person for a correction; it stands empty, with what was beside it. */
export async function correctPhone(page: Page, nth: number): Promise<Locator> {
  await page.locator('a.person').nth(nth).click();
  await choice(page, 'change', '信息更正').click();
  await choice(page, 'which', '联系电话').click();
  return page.locator('input[data-field="phone"]');
}
