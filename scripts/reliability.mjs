/**
 * `npm run reliability [-- --minutes N] [--seed S] [--database sqlite|postgres|both] [--case WORDS] [--bodies N]`: everything that must not lose a record, tried on
 * real processes and stores. Prints one row a case – tried, lost, doubled, what the worker was shown – and ends with 1 unless nothing was lost or
 * doubled and every case tried something. Without `--minutes` it is the short form, which `npm test` runs too; with it the simulation takes N
 * minutes, and the other cases as much more as they try.
 */
import './node-version.mjs';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBuilt } from './ensure-built.mjs';
import { vitestFailures } from './failures.mjs';
import { provideBrowser } from './find-browser.mjs';
import { root } from './sources.mjs';

/** @typedef {{ case: string, engine: string, tried: number, lost: number, doubled: number, message: string }} Row */

/**
 * Runs the cases and prints their rows; answers how many tests passed and failed, and which failed.
 * `brief`: cases of the browser on one of the databases, so that it takes three minutes at most.
 * @param {{ minutes?: number, seed?: number, database?: string, only?: string, brief?: boolean, bodies?: string }} wishes
 */
export async function reliability({
  minutes = 0,
  seed = 1 + Math.floor(Math.random() * 1e9),
  database = 'both',
  only,
  brief = false,
  bodies = '',
} = {}) {
  const browser = provideBrowser();
  if (!browser) return { passed: 0, failed: 1, names: ['reliability: no Chromium to be had'] };
  await ensureBuilt();
  await ensureBuilt('faults');
  const results = path.join(root, 'test-results');
  mkdirSync(results, { recursive: true });
  const rowsFile = path.join(results, 'reliability.jsonl');
  const report = path.join(results, 'reliability.json');
  rmSync(rowsFile, { force: true });
  rmSync(report, { force: true });
  console.log(`reliability: seed ${seed}, ${minutes > 0 ? `${minutes} minutes` : 'short form'}, database ${database}`);
  const { status } = spawnSync(
    process.execPath,
    [
      path.join(root, 'node_modules/vitest/vitest.mjs'),
      'run',
      '--config',
      'tests/reliability/vitest.config.ts',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
      ...(only ? [only] : []),
    ],
    {
      cwd: root,
      stdio: 'inherit',
      env: {
        ...process.env,
        CHROMIUM_PATH: browser,
        RELIABILITY_SEED: String(seed),
        RELIABILITY_MINUTES: String(minutes),
        RELIABILITY_DATABASE: database,
        RELIABILITY_ROWS: rowsFile,
        RELIABILITY_BRIEF: brief ? '1' : '',
        RELIABILITY_BODIES: bodies,
      },
    },
  );
  const rows = existsSync(rowsFile)
    ? readFileSync(rowsFile, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
    : [];
  print(rows);
  const told = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : {};
  const { numPassedTests = 0, numFailedTests = 0 } = told;
  // A case that passed without a row has shown nothing.
  const silent = Math.max(0, numPassedTests - rows.length);
  const bad = rows.filter(({ tried, lost, doubled }) => tried === 0 || lost > 0 || doubled > 0);
  const failed = Math.max(numFailedTests + silent, bad.length, status === 0 ? 0 : 1);
  const names = [
    ...vitestFailures(told, root),
    ...bad.map((row) => `${row.case}, ${row.engine}: tried ${row.tried}, lost ${row.lost}, doubled ${row.doubled}`),
    ...(silent > 0 ? [`${silent} cases passed without a row`] : []),
  ];
  return { passed: numPassedTests - silent, failed, names };
}

/** @param {Row[]} rows */
function print(rows) {
  const head = ['case', 'on', 'tried', 'lost', 'doubled', 'shown'];
  const cells = rows.map((row) => [row.case, row.engine, row.tried, row.lost, row.doubled, row.message].map(String));
  const width = head.map((title, index) => Math.max(title.length, ...cells.map((row) => row[index]?.length ?? 0)));
  const line = (/** @type {string[]} */ row) =>
    row
      .map((cell, index) => cell.padEnd(width[index] ?? 0))
      .join('  ')
      .trimEnd();
  console.log([line(head), line(width.map((length) => '-'.repeat(length))), ...cells.map(line)].join('\n'));
}

if (process.argv[1] === import.meta.filename) {
  process.chdir(root);
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string' },
      seed: { type: 'string' },
      database: { type: 'string', default: 'both' },
      case: { type: 'string' },
      bodies: { type: 'string' },
    },
  });
  const isNumber = (/** @type {string | undefined} */ text) =>
    text === undefined || Number.isFinite(Number(text || 'none'));
  const wrong = [
    ...(['sqlite', 'postgres', 'both'].includes(values.database) ? [] : ['--database is sqlite, postgres or both']),
    ...['minutes', 'seed', 'bodies'].filter((name) => !isNumber(values[name])).map((name) => `--${name} is a number`),
  ];
  if (wrong.length > 0) {
    console.error(wrong.join('\n'));
    process.exit(2);
  }
  const { passed, failed } = await reliability({
    ...(values.minutes && { minutes: Number(values.minutes) }),
    ...(values.seed && { seed: Number(values.seed) }),
    ...(values.case && { only: values.case }),
    ...(values.bodies && { bodies: values.bodies }),
    database: values.database,
  });
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}
