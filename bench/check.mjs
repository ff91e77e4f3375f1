/**
 * What `admin check` takes of an office as large as a county: communities of 20,000 people each, made by importing a made-up roster into each.
 * node bench/check.mjs [--communities 10] [--rows 20000] [--database sqlite|postgres] [--json FILE].
 * Needs the built programs (`npm run build`). There are registers, their history and feeds; nobody has recorded anything yet.
 */
import '../scripts/node-version.mjs';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import writeXlsxFile from 'write-excel-file/node';
import { admin } from './admin.mjs';
import { machine } from './machine.mjs';
import { postgresForBench } from './office/postgres.mjs';
import { rosterTable } from './made-roster.mjs';

const { values: options } = parseArgs({
  options: {
    communities: { type: 'string', default: '10' },
    rows: { type: 'string', default: '20000' },
    database: { type: 'string', default: 'sqlite' },
    json: { type: 'string' },
  },
});
const folder = mkdtempSync(path.join(tmpdir(), 'check-bench-'));
const data = path.join(folder, 'data');
const postgres = options.database === 'postgres' ? await postgresForBench() : null;
const env = { ...process.env, DATA_DIR: data, ...(postgres && { DATABASE_URL: postgres.url }) };
const file = path.join(folder, 'roster.xlsx');
await writeXlsxFile(rosterTable(Number(options.rows))).toFile(file);
let people = 0;
for (let made = 1; made <= Number(options.communities); made++) {
  const { said: community } = await admin(env, 'create-community', '--name', `第${made}社区`);
  people += (await admin(env, 'import-roster', file, '--community', community.id)).said.residents;
  console.error(`${made} of ${options.communities} communities`);
}
const { said, seconds, peak } = await admin(env, 'check');
const rows = Object.values(said.counts).reduce((sum, count) => sum + count, 0);
console.log(`machine: ${machine()}`);
console.log(`office: ${options.communities} communities, ${people} residents, ${said.counts.doors} doors`);
console.log(
  `database: ${postgres?.version ?? `SQLite, ${(statSync(path.join(data, 'qiaomen.sqlite')).size / 2 ** 20).toFixed(0)} MB`}`,
);
console.log(`check: ${seconds.toFixed(1)} s, ${rows} looks at rows, peak memory ${(peak / 2 ** 20).toFixed(0)} MB`);
if (options.json)
  writeFileSync(options.json, JSON.stringify({ machine: machine(), people, rows, seconds, peak, counts: said.counts }));
await postgres?.stop();
rmSync(folder, { recursive: true, force: true });
