/** Browser tests: real Chromium on the built app, the office a process of its own (tests/e2e/office.ts starts it). */
import { defineConfig } from '@playwright/test';
import { findBrowser } from './scripts/find-browser.mjs';

export default defineConfig({
  testDir: 'tests/e2e',
  testMatch: '**/*.spec.ts',
  outputDir: 'test-results/artifacts',
  fullyParallel: false,
  workers: 1,
  retries: 0,
  forbidOnly: process.env.CI !== undefined,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  reporter: [['list'], ['json', { outputFile: 'test-results/playwright.json' }]],
  use: {
    browserName: 'chromium',
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: findBrowser() ?? undefined,
      // A container's root has no user namespaces for Chromium's sandbox.
      chromiumSandbox: process.getuid?.() !== 0,
    },
  },
});
