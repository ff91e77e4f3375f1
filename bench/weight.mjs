/**
 * What the phone's start page weighs: opens the built app at `/` in a real Chromium, signed in, and counts every script that was loaded
 * until nothing more comes; and all that the service worker keeps. Usage: node bench/weight.mjs [--port N] [--json FILE] [--files]
 */
import '../scripts/node-version.mjs';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { chromium } from '@playwright/test';
import { ensureBuilt } from '../scripts/ensure-built.mjs';
import { findBrowser } from '../scripts/find-browser.mjs';
import { buildFolder } from '../scripts/sources.mjs';
import { demoPassword, describeMachine, startOffice } from './running-office.mjs';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '4199' },
    json: { type: 'string' },
    files: { type: 'boolean', default: false },
  },
});
/** Goals of quality.md, in bytes of gzip. */
const goals = { start: 120 * 1024, precache: 400 * 1024 };

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
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));

  const scripts = new Set();
  page.on('request', (request) => {
    if (request.resourceType() === 'script') scripts.add(new URL(request.url()).pathname);
  });
  await page.reload();
  await page.locator('a.building').first().waitFor();
  await page.waitForLoadState('networkidle');
  const kept = await page.evaluate(async () => {
    const found = [];
    for (const name of (await caches.keys()).filter((key) => key.includes('precache'))) {
      for (const request of await (await caches.open(name)).keys()) found.push(new URL(request.url).pathname);
    }
    return found;
  });

  const weigh = (pathname) => {
    if (pathname === '/') return 0; // the shell: a page of 1 KB, rendered by the office
    const raw = readFileSync(path.join(buildFolder, 'client', decodeURIComponent(pathname)));
    return gzipSync(raw, { level: 9 }).length;
  };
  const rows = [...scripts].map((file) => ({ file, bytes: weigh(file) })).sort((one, other) => other.bytes - one.bytes);
  const sum = (list) => list.reduce((total, bytes) => total + bytes, 0);
  const result = {
    machine: describeMachine(),
    start: { files: rows.length, gzip: sum(rows.map(({ bytes }) => bytes)), goal: goals.start },
    precache: { files: kept.length, gzip: sum(kept.map(weigh)), goal: goals.precache },
  };
  if (values.files) for (const { file, bytes } of rows) console.log(`${String(bytes).padStart(8)}  ${file}`);
  for (const [name, { files, gzip, goal }] of [
    ['script of the start page', result.start],
    ['kept by the service worker', result.precache],
  ]) {
    console.log(`${name}: ${(gzip / 1024).toFixed(1)} KB gzipped in ${files} files (goal ≤ ${goal / 1024} KB)`);
  }
  if (values.json) writeFileSync(values.json, `${JSON.stringify(result, null, 2)}\n`);
  process.exitCode = result.start.gzip > goals.start || result.precache.gzip > goals.precache ? 1 : 0;
} finally {
  await browser.close();
  await office.stop();
}
