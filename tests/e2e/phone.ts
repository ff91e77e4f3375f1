/** A phone in a browser test: signed in, the app kept on it, and what a worker's thumb does there. */
import { expect, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from '@playwright/test';
import { password } from './office';

export const handset: BrowserContextOptions = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };

export async function signIn(page: Page, address: string, username: string, secret = password): Promise<void> {
  await page.goto(address);
  await page.getByLabel('用户名').fill(username);
  await page.getByLabel('密码', { exact: true }).fill(secret);
  await page.getByRole('button', { name: '登录' }).click();
}

/** Signed in, with the whole register, and the app kept by its service worker so that the connection may go. */
export async function phoneIn(context: BrowserContext, address: string, username: string): Promise<Page> {
  const page = await context.newPage();
  await signIn(page, address, username);
  await expect(page.getByText('已送达')).toBeVisible();
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  return page;
}

export async function deskOf(browser: Browser, address: string, username: string): Promise<Page> {
  const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
  await signIn(page, `${address}/desk`, username);
  await expect(page).toHaveURL(/\/desk$/);
  return page;
}

/** Addresses of doors that are still to do in the building that has the most of them. */
export async function doorsToDo(page: Page, address: string): Promise<string[]> {
  await page.goto(address);
  await page.locator('a.building').filter({ hasText: '2号楼' }).click();
  await page.locator('a.cell').first().waitFor();
  const paths = await page
    .locator('a.cell[data-state="todo"]')
    .evaluateAll((cells) => cells.map((cell) => cell.getAttribute('href') ?? ''));
  return paths.map((path) => address + path);
}

/** Opens the door, says that nobody was home, and does not save yet. */
export async function nobodyHome(page: Page, door: string): Promise<void> {
  await page.goto(door);
  await page.locator('[data-field="outcome"] label').filter({ hasText: '无人在家' }).click();
}

/** The wide button at the foot. */
export const foot = (page: Page) => page.locator('.foot .primary');

/** Nobody was home: saved on this phone. */
export async function saveNobodyHome(page: Page, door: string): Promise<void> {
  await nobodyHome(page, door);
  await foot(page).click();
  await expect(page).toHaveURL(/\/saved$/);
}
