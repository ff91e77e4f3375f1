/**
 * `npm run mutations [-- --draw 3] [--seed S] [--only NAME]`: breaks a rule of the house in a scratch copy and runs the case that was named beforehand. A
 * mutation is caught when that very case turns red; a copy that does not compile, or is red elsewhere only, counts as not caught. The cases must be green on
 * what is not broken. Ends with 1 unless all that were run are caught.
 */
import './node-version.mjs';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { mutations } from '../tests/mutations/list.mjs';
import { root } from './sources.mjs';

/** @typedef {import('../tests/mutations/list.mjs').Mutation} Mutation */
/** @typedef {import('../tests/mutations/list.mjs').Case} Case */

/** The sources as they stand, and what is generated from them, beside the installed packages. */
function makeCopy() {
  const folder = mkdtempSync(path.join(tmpdir(), 'qiaomen-mutations-'));
  const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  });
  for (const file of files.split('\0').filter((name) => name && existsSync(path.join(root, name)))) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    copyFileSync(path.join(root, file), path.join(folder, file));
  }
  symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
  for (const made of ['.svelte-kit', 'src/lib/paraglide']) {
    if (existsSync(path.join(root, made))) cpSync(path.join(root, made), path.join(folder, made), { recursive: true });
  }
  return folder;
}

/**
 * Runs one case in a copy; `red` only when that very case failed, `none` when no such case was found.
 * @param {string} folder
 * @param {Case} wanted
 * @returns {'green' | 'red' | 'none'}
 */
function runCase(folder, { file, name, project, config }) {
  const report = path.join(folder, 'test-results', 'mutation.json');
  rmSync(report, { force: true });
  spawnSync(
    process.execPath,
    [
      path.join(folder, 'node_modules/vitest/vitest.mjs'),
      'run',
      file,
      '--testNamePattern',
      name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'),
      ...(project ? ['--project', project] : []),
      ...(config ? ['--config', config] : []),
      '--reporter=json',
      `--outputFile.json=${report}`,
    ],
    { cwd: folder, stdio: 'ignore', env: { ...process.env, RELIABILITY_SEED: '1' } },
  );
  if (!existsSync(report)) return 'none';
  /** @type {{ testResults: { assertionResults: { fullName: string, title: string, status: string }[] }[] }} */
  const { testResults } = JSON.parse(readFileSync(report, 'utf8'));
  const found = testResults.flatMap(({ assertionResults }) => assertionResults).filter(({ title }) => title === name);
  if (found.some(({ status }) => status === 'failed')) return 'red';
  return found.some(({ status }) => status === 'passed') ? 'green' : 'none';
}

/** @param {string} folder */
const compiles = (folder) =>
  spawnSync(
    process.execPath,
    [path.join(folder, 'node_modules/typescript/bin/tsc'), '--noEmit', '-p', 'tsconfig.json'],
    { cwd: folder, stdio: 'ignore' },
  ).status === 0;

/**
 * Breaks one rule, looks, and mends it again.
 * @param {string} folder
 * @param {Mutation} mutation
 */
function tryOne(folder, { edits, mustFail }) {
  const touched = [...new Set(edits.map(({ file }) => file))];
  const before = new Map(touched.map((file) => [file, readFileSync(path.join(folder, file), 'utf8')]));
  try {
    for (const { file, from, to } of edits) {
      const text = readFileSync(path.join(folder, file), 'utf8');
      if (text.split(from).length !== 2) return `the text to break does not stand once in ${file}`;
      writeFileSync(
        path.join(folder, file),
        text.replace(from, () => to),
      );
    }
    if (!compiles(folder)) return 'does not compile';
    const outcome = runCase(folder, mustFail);
    if (outcome === 'none') return 'no such case';
    return outcome === 'red' ? null : 'its case stayed green';
  } finally {
    for (const [file, text] of before) writeFileSync(path.join(folder, file), text);
  }
}

/** @param {{ draw?: number, seed?: number, only?: string }} wishes Answers how many were caught and not, and what those are. */
export function runMutations({ draw, seed = 1 + Math.floor(Math.random() * 1e9), only } = {}) {
  const chosen = only ? mutations.filter(({ name }) => name.includes(only)) : drawn(draw ?? mutations.length, seed);
  console.log(`mutations: ${chosen.length} of ${mutations.length}, seed ${seed}`);
  const folder = makeCopy();
  /** @type {string[]} */
  const escaped = [];
  try {
    for (const mutation of chosen) {
      const { mustFail, name } = mutation;
      const sound = runCase(folder, mustFail) === 'green';
      const problem = sound ? tryOne(folder, mutation) : 'its case is not green to begin with';
      if (problem !== null) escaped.push(`mutation not caught: ${name} (${problem})`);
      console.log(
        `${problem === null ? 'caught    ' : 'NOT CAUGHT'}  ${name}  –  ${mustFail.name}${problem === null ? '' : `  (${problem})`}`,
      );
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return { passed: chosen.length - escaped.length, failed: escaped.length, names: escaped };
}

/** @param {number} count @param {number} seed @returns {Mutation[]} */
function drawn(count, seed) {
  if (count >= mutations.length) return mutations;
  const left = [...mutations];
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return left.splice(state % left.length, 1);
  }).flat();
}

if (process.argv[1] === import.meta.filename) {
  const { values } = parseArgs({
    options: { draw: { type: 'string' }, seed: { type: 'string' }, only: { type: 'string' } },
  });
  const { passed, failed } = runMutations({
    ...(values.draw && { draw: Number(values.draw) }),
    ...(values.seed && { seed: Number(values.seed) }),
    ...(values.only && { only: values.only }),
  });
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}
