/** `npm run check`: format, lint (with the import directions), types, message catalogue, protocol rules, how to record, what is
 * made of the forms, what mutations break. Exit 1 when one of them complains. */
import './node-version.mjs';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from './sources.mjs';

const script = (name) => path.join(root, 'scripts', name);
const tool = (...inside) => path.join(root, 'node_modules', ...inside);

/** Each is a program of node_modules, started by this very Node. */
const steps = [
  ['messages compile', script('compile-messages.mjs')],
  ['types of the routes', tool('@sveltejs/kit/svelte-kit.js'), 'sync'],
  ['format', tool('prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', '.'],
  ['lint', tool('eslint/bin/eslint.js'), '.', '--max-warnings', '0'],
  [
    'types',
    tool('svelte-check/bin/svelte-check'),
    '--fail-on-warnings',
    '--output',
    'human',
    '--tsconfig',
    './tsconfig.json',
  ],
  ['messages', script('check-messages.mjs')],
  ['protocol rules', script('check-protocol.mjs')],
  ['how to record', script('check-how-to-record.mjs')],
  ['forms', script('make-forms.mjs'), '--check'],
  ['mutations', script('check-mutations.mjs')],
];

/** Runs every step, however the ones before ended: all that is wrong is told at once. */
export function check() {
  const failed = [];
  for (const [name, ...command] of steps) {
    const { status } = spawnSync(process.execPath, command, { cwd: root, stdio: 'inherit' });
    console.log(`${status === 0 ? '✓' : '✗'} ${name}`);
    if (status !== 0) failed.push(name);
  }
  return { passed: steps.length - failed.length, failed: failed.length, names: failed.map((name) => `check: ${name}`) };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { failed } = check();
  process.exit(failed === 0 ? 0 : 1);
}
