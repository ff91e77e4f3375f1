/** Every row of *How to record* in docs/data-dictionary.md has a test of that name, which records it, approves it and reads the register. */
import './node-version.mjs';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './sources.mjs';

const dictionary = readFileSync(path.join(root, 'docs/data-dictionary.md'), 'utf8');
const [, table = ''] = dictionary.split('### How to record');
const rows = [...(table.split('\n## ')[0] ?? '').matchAll(/^\| (?!at the door|---)(.+?) \|/gm)].map(
  (match) => match[1],
);

const folder = path.join(root, 'tests/server');
const tests = readdirSync(folder)
  .filter((name) => /^how-to-record.*\.test\.ts$/.test(name))
  .map((name) => readFileSync(path.join(folder, name), 'utf8'))
  .join('\n');
const titles = new Set([...tests.matchAll(/^test\((['"])(.+)\1,/gm)].map((match) => match[2]));

const bare = rows.filter((row) => !titles.has(row));
const unknown = [...titles].filter((title) => !rows.includes(title));
for (const row of bare) console.error(`no test is called: ${row}`);
for (const title of unknown) console.error(`the dictionary has no row: ${title}`);
console.log(`${rows.length} rows of how to record, ${bare.length} without a test`);
process.exit(rows.length > 0 && bare.length + unknown.length === 0 ? 0 : 1);
