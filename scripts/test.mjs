/**
 * `npm test`: checks, unit and server tests, then the browser tests in a real Chromium on a really built app, then the short form of the
 * reliability cases, and three mutations.
 * What failed is named once more at the end. The last line is `N passed, N failed`; the exit code is 1 when anything failed or could not be run.
 */
import './node-version.mjs';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { check } from './check.mjs';
import { ensureBuilt } from './ensure-built.mjs';
import { playwrightFailures, vitestFailures } from './failures.mjs';
import { provideBrowser } from './find-browser.mjs';
import { runMutations } from './mutations.mjs';
import { reliability } from './reliability.mjs';
import { root } from './sources.mjs';

process.chdir(root);
const results = path.join(root, 'test-results');
/** @typedef {{ passed: number, failed: number, names: string[] }} Outcome */
const total = { passed: 0, failed: 0, names: /** @type {string[]} */ ([]) };
const add = (/** @type {Outcome} */ { passed, failed, names }) => {
  total.passed += passed;
  total.failed += failed;
  total.names.push(...names);
};

/** Runs a program of node_modules with this very Node; answers its exit code. */
const run = (program, args, env = {}) =>
  spawnSync(process.execPath, [path.join(root, 'node_modules', program), ...args], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  }).status;

/** A runner that ended badly without a failed test (a file that does not load, a crash) has failed once. */
const atLeastOne = (what, status, counts) =>
  status === 0 || counts.failed > 0
    ? counts
    : { ...counts, failed: 1, names: [`${what} ended with ${status} though no test failed`] };

const readJson = (name) => {
  try {
    return JSON.parse(readFileSync(path.join(results, name), 'utf8'));
  } catch {
    return null;
  }
};

function unitTests() {
  const status = run('vitest/vitest.mjs', [
    'run',
    '--reporter=default',
    '--reporter=json',
    '--outputFile.json=test-results/vitest.json',
  ]);
  const report = readJson('vitest.json');
  return atLeastOne('vitest', status, {
    passed: report?.numPassedTests ?? 0,
    failed: report?.numFailedTests ?? 0,
    names: vitestFailures(report, root),
  });
}

async function browserTests() {
  const browser = provideBrowser();
  if (!browser) return { passed: 0, failed: 1, names: ['browser tests: no Chromium to be had'] };
  await ensureBuilt();
  const status = run('@playwright/test/cli.js', ['test'], { CHROMIUM_PATH: browser });
  const report = readJson('playwright.json');
  return atLeastOne('playwright', status, {
    passed: report?.stats.expected ?? 0,
    failed: (report?.stats.unexpected ?? 0) + (report?.stats.flaky ?? 0),
    names: playwrightFailures(report),
  });
}

/** What could not even be begun has failed once. @param {string} what */
const failedOnce = (what) => (/** @type {unknown} */ error) => {
  console.error(error);
  return { passed: 0, failed: 1, names: [`${what}: ${error instanceof Error ? error.message : error}`] };
};

rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });
add(check());
add(unitTests());
add(await browserTests().catch(failedOnce('browser tests')));
// The same seed each time, so that the same code is told the same; `npm run reliability` draws one.
add(await reliability({ seed: 21, brief: true }).catch(failedOnce('reliability')));
add(runMutations({ draw: 3 }));
if (total.names.length > 0) console.log(['', 'Failed:', ...total.names.map((name) => `  ✗ ${name}`), ''].join('\n'));
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;
