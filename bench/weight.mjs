/**
 * What the phone's start page weighs: opens the built app at `/` in a real Chromium, signed in, and counts every script that is loaded
 * until its buildings stand, and until nothing more comes; and all that the service worker keeps. Usage: node bench/weight.mjs [--port N] [--json FILE] [--files]
 */
import '../scripts/node-version.mjs';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';
import { ensureBuilt } from '../scripts/ensure-built.mjs';
import { findBrowser } from '../scripts/find-browser.mjs';
import { machine } from './machine.mjs';
import { demoPassword, startOffice } from './running-office.mjs';
import { weighStart, weightGoals } from './weigh.mjs';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '4199' },
    json: { type: 'string' },
    files: { type: 'boolean', default: false },
  },
});

await ensureBuilt();
const office = await startOffice({ program: 'demo', port: Number(values.port) });
const browser = await chromium.launch({
  executablePath: findBrowser() ?? undefined,
  chromiumSandbox: process.getuid?.() !== 0,
});
try {
  const context = await browser.newContext({ locale: 'zh-CN', viewport: { width: 360, height: 740 } });
  const page = await context.newPage();
  await page.goto(office.address);
  await page.getByLabel('用户名').fill('grid1');
  await page.getByLabel('密码', { exact: true }).fill(demoPassword);
  await page.getByRole('button', { name: '登录' }).click();
  await page.locator('a.building').first().waitFor();

  const { scripts, start, all, precache, kept } = await weighStart(page);
  const before = scripts.filter((script) => script.before).length;
  const figures = [
    {
      what: 'script of the start page until it can be used, KB gzip',
      files: before,
      bytes: start,
      goal: weightGoals.start,
    },
    { what: 'script of the start page in all, KB gzip', files: scripts.length, bytes: all },
    { what: 'kept by the service worker, KB gzip', files: kept, bytes: precache, goal: weightGoals.precache },
  ].map(({ what, files, bytes, goal }) => {
    const kilobytes = Math.round(bytes / 102.4) / 10;
    return { what, files, goal: goal && goal / 1024, min: kilobytes, median: kilobytes, max: kilobytes };
  });
  if (values.files)
    for (const { file, bytes, before: first } of scripts)
      console.log(`${String(bytes).padStart(8)}  ${first ? 'before' : 'behind'}  ${file}`);
  for (const { what, files, goal, median } of figures)
    console.log(`${what}: ${median} in ${files} files${goal ? ` (goal ≤ ${goal})` : ''}`);
  if (values.json) writeFileSync(values.json, `${JSON.stringify({ machine: machine(), figures }, null, 2)}\n`);
  process.exitCode = figures.some(({ goal, median }) => goal && median > goal) ? 1 : 0;
} finally {
  await browser.close();
  await office.stop();
}
