/** Whether every mutation still finds the text that it breaks, and the case that it names: one that is not drawn for a while would not say that it is out of date. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { mutations } from '../tests/mutations/list.mjs';
import { root } from './sources.mjs';

const read = (file) => readFileSync(path.join(root, file), 'utf8');
const lost = mutations.flatMap(({ name, edits, mustFail }) => [
  ...edits
    .filter(({ file, from }) => read(file).split(from).length !== 2)
    .map(({ file }) => `${name}: the text to break does not stand once in ${file}`),
  ...(read(mustFail.file).includes(mustFail.name) ? [] : [`${name}: no case of that name in ${mustFail.file}`]),
]);
for (const words of lost) console.log(words);
console.log(`${mutations.length} mutations, ${lost.length} out of date`);
process.exitCode = lost.length === 0 ? 0 : 1;
