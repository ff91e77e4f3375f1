/** Two versions of the app in one browser test. */
import { expect, type BrowserContext, type Page } from '@playwright/test';
import type { CrookedLine } from './crooked-line';

/** From now on there is a new version, and the browser learns of it, as it does at a start and every hour. */
export async function findUpdate(page: Page, line: CrookedLine): Promise<void> {
  line.version = 2;
  await page.evaluate(async () => {
    await (await navigator.serviceWorker.getRegistration())?.update();
  });
  await expect(page.getByText('有新版本，草稿都在').first()).toBeVisible({ timeout: 30_000 });
}

/** What the app says of itself; the new one's ends with `-v2`. */
export async function versionOf(page: Page, address: string): Promise<string> {
  await page.goto(`${address}/me`);
  return (await page.getByText(/^敲门.* 0\.1\.0/).textContent()) ?? '';
}

/** What pages said of scripts that they could not load, as they say it. */
export function troubles(context: BrowserContext): string[] {
  const said: string[] = [];
  context.on('weberror', (event) => said.push(event.error().message));
  return said;
}
