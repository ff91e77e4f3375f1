/** Every rule of docs/protocol.md that is in force (docs/protocol-later.json names the others) has a test that carries its id. */
import './node-version.mjs';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { root } from './sources.mjs';

const rules = new Set(
  [...readFileSync(path.join(root, 'docs/protocol.md'), 'utf8').matchAll(/^- `\[([A-Z]+-\d+)\]`/gm)].map(
    (match) => match[1],
  ),
);
const later = JSON.parse(readFileSync(path.join(root, 'docs/protocol-later.json'), 'utf8'));

function* testsBelow(folder) {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    const file = path.join(folder, name);
    if (name !== 'paraglide' && statSync(file).isDirectory()) yield* testsBelow(file);
    else if (/\.(test|spec)\.[jt]s$/.test(name)) yield file;
  }
}

const shown = new Map();
for (const folder of ['src', 'tests']) {
  for (const file of testsBelow(path.join(root, folder))) {
    for (const match of readFileSync(file, 'utf8').matchAll(/\[([A-Z]+-\d+(?:[,\s]+[A-Z]+-\d+)*)\]/g)) {
      for (const id of match[1].split(/[,\s]+/)) shown.set(id, path.relative(root, file));
    }
  }
}

const bare = [...rules].filter((id) => !(id in later) && !shown.has(id));
const unknown = [...Object.keys(later), ...shown.keys()].filter(
  (id) => /^(REC|QUA|FEED|DEV|SCO|TWO|TIME|RES|LIM)-/.test(id) && !rules.has(id),
);

for (const id of bare) console.error(`${id}: no test carries it`);
for (const id of unknown)
  console.error(`${id}: docs/protocol.md has no such rule (${shown.get(id) ?? 'docs/protocol-later.json'})`);
console.log(`${rules.size} rules, ${Object.keys(later).length} for later, ${bare.length} without a test`);
process.exit(bare.length + unknown.length === 0 ? 0 : 1);
