/**
 * `npm run bench [-- --only NAME,NAME] [--keep] [--quick]`: runs every bench one after the other, on a machine that should do nothing else, and writes
 * `bench/results.md` from what they measured. A bench that was not run, or failed, says so there. `--keep`: those that `--only` leaves out stand as they
 * were measured last, with that time. `--quick`: fewer runs, to see that all work.
 */
import '../scripts/node-version.mjs';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBuilt } from '../scripts/ensure-built.mjs';
import { provideBrowser } from '../scripts/find-browser.mjs';
import { root } from '../scripts/sources.mjs';
import { machine } from './machine.mjs';
import { report } from './report.mjs';

const { values: given } = parseArgs({
  options: {
    only: { type: 'string' },
    keep: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
  },
});
const quick = (few, many) => String(given.quick ? few : many);
const peers = path.join(root, 'bench/peers');
const out = path.join(root, 'bench/out');

/** Each writes what it measured as JSON to the file that `--json` names. */
const benches = [
  { name: 'weight', file: 'bench/weight.mjs' },
  { name: 'phone', file: 'bench/board.mjs', args: given.quick ? ['--runs', '1'] : [] },
  { name: 'peers-loopback', file: 'bench/peers/bench.mjs', args: ['--runs', quick(1, 3), '--cold', quick(1, 3)] },
  { name: 'peers-weak', file: 'bench/peers/bench.mjs', args: ['--link', 'weak', '--runs', quick(1, 3), '--cold', '1'] },
  ...[
    ['sqlite', 1],
    ['postgres', 1],
    ['postgres', 2],
  ].map(([database, processes]) => ({
    name: `phones-${database}-${processes}`,
    file: 'bench/load.mjs',
    args: ['--what', 'phones', '--database', database, '--processes', String(processes), '--phones', quick(100, 1000)],
  })),
  ...['sqlite', 'postgres'].map((database) => ({
    name: `office-${database}`,
    file: 'bench/load.mjs',
    args: [
      '--what',
      'feeds,queue',
      '--database',
      database,
      '--waiting',
      quick(5000, 100_000),
      '--feeds',
      quick('5000,20000', '5000,50000,500000'),
    ],
  })),
  { name: 'roster', file: 'bench/roster.mjs' },
];

const chosen = given.only?.split(',') ?? benches.map(({ name }) => name);
for (const name of chosen)
  if (!benches.some((bench) => bench.name === name))
    throw new Error(`no bench ${name}; there are ${benches.map((b) => b.name).join(', ')}`);

process.chdir(root);
process.env.CHROMIUM_PATH = provideBrowser() ?? process.exit(1);
await ensureBuilt();
mkdirSync(out, { recursive: true });
if (!existsSync(path.join(peers, 'node_modules'))) spawnSync('npm', ['ci'], { cwd: peers, stdio: ['ignore', 2, 2] });

const results = new Map();
/** @param {string} json A bench that failed leaves none. */
const read = (json) => ({
  measured: JSON.parse(readFileSync(json, 'utf8')),
  at: statSync(json).mtime.toISOString().slice(0, 16),
});
for (const { name, file, args = [] } of benches) {
  const json = path.join(out, `${name}.json`);
  if (!chosen.includes(name)) {
    if (given.keep && existsSync(json)) results.set(name, { status: 0, ...read(json) });
    continue;
  }
  rmSync(json, { force: true });
  console.error(`— ${name}`);
  const { status } = spawnSync(process.execPath, [file, ...args, '--json', json], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  results.set(name, { status, ...(existsSync(json) ? read(json) : { measured: null }) });
}
const text = report({ machine: machine(), date: new Date().toISOString(), quick: given.quick, results });
writeFileSync(path.join(root, 'bench/results.md'), text);
console.log(text);
process.exitCode = [...results.values()].some(({ status, measured }) => status !== 0 || !measured) ? 1 : 0;
