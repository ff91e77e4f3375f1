/** Tables that are not the office's, in the same database: they are in no backup, in nobody's way, and stay as they are whatever is restored. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { type RawBuilder, sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { linesOfFile, restoreLines } from '../../src/lib/server/backup/restore-backup';
import { writeBackup } from '../../src/lib/server/backup/write-backup';
import { checkOffice } from '../../src/lib/server/check/check-office';
import { type Database, StrangerError } from '../../src/lib/server/database/open';
import { tableShapes } from '../../src/lib/server/database/table-shapes';
import { openEmptyDatabase, type EmptyDatabase } from '../support/empty-database';
import { onPostgres } from '../support/test-database';
import { at, openTestOffice, type TestOffice } from './office-for-tests';

let here: TestOffice;
let folder: string;
let file: string;
/** A database in which no office ever was. */
let empty: EmptyDatabase;

beforeEach(async () => {
  here = await openTestOffice();
  const phone = here.phone(here.accounts.worker);
  await phone.push(await phone.verifies(at(here.doors, 0)));
  folder = mkdtempSync(join(tmpdir(), 'qiaomen-strangers-'));
  file = join(folder, 'office.backup');
  empty = await openEmptyDatabase(folder);
});
afterEach(async () => {
  await here.close();
  await empty.close();
  rmSync(folder, { recursive: true });
});

const strangers = [
  sql`CREATE TABLE payroll (id integer PRIMARY KEY, name text)`,
  sql`INSERT INTO payroll VALUES (1, 'x')`,
  sql`CREATE TABLE spatial_ref (name text)`,
  sql`INSERT INTO spatial_ref VALUES ('y')`,
  sql`CREATE TABLE payroll_part (id integer REFERENCES payroll (id))`,
  sql`CREATE VIEW salaries AS SELECT id FROM payroll`,
];
const say = async ({ write }: Database, statements: RawBuilder<unknown>[]) =>
  void (await write(async (tx) => {
    for (const statement of statements) await statement.execute(tx);
  }));
const rowsOf = async ({ read }: Database, query: RawBuilder<unknown>) => (await read((db) => query.execute(db))).rows;
const expectStrangers = async (database: Database) => {
  expect(await rowsOf(database, sql`SELECT id, name FROM payroll`)).toEqual([{ id: 1, name: 'x' }]);
  expect(await rowsOf(database, sql`SELECT id FROM salaries`)).toEqual([{ id: 1 }]);
  expect(await rowsOf(database, sql`SELECT name FROM spatial_ref`)).toEqual([{ name: 'y' }]);
  expect(await rowsOf(database, sql`SELECT id FROM payroll_part`)).toEqual([]);
};
const backUp = ({ database }: { database: Database } = here.office) =>
  writeBackup({ ...here.office, database }, 'test', file);
const restore = (database: Database, replace: boolean) =>
  restoreLines(database, here.office.world, linesOfFile(file), { replace });
const whole = async (database: Database) =>
  expect((await checkOffice({ ...here.office, database })).findings).toEqual([]);
const clearAway = (names: string[]) =>
  say(
    here.office.database,
    names.map((name) => sql`DROP TABLE ${sql.table(name)}`),
  );

test('the tables that are ours are those that the migrations make, each of them', async () => {
  const { database } = here.office;
  const shapes = await database.read((db) => tableShapes(db, database.engine));
  const tables = await database.library.introspection.getTables();
  expect(shapes.map(({ name }) => String(name)).sort()).toEqual(tables.map(({ name }) => name).sort());
});

test('a backup has nothing of another program’s tables, with a key or without, and goes back beside them', async () => {
  const { database } = here.office;
  await say(database, strangers);
  await backUp();
  expect(gunzipSync(readFileSync(file)).toString()).not.toMatch(/payroll|spatial_ref|salaries/);
  await restore(database, true);
  await expectStrangers(database);
  await whole(database);
  await say(database, [sql`DROP VIEW salaries`]);
  await clearAway(['payroll_part', 'spatial_ref', 'payroll']);
});

test('a database of another program takes an office beside it, with --replace or without, and loses nothing', async () => {
  await backUp();
  await empty.say(strangers);
  const database = await empty.open();
  await restore(database, false);
  await expectStrangers(database);
  await restore(database, true);
  await expectStrangers(database);
  await whole(database);
  await database.close();
});

const ofOurName: { thing: string; statement: RawBuilder<unknown> }[] = [
  { thing: 'a table', statement: sql`CREATE TABLE account (id integer PRIMARY KEY)` },
  { thing: 'a view', statement: sql`CREATE VIEW account AS SELECT 1 AS id` },
  { thing: 'an index', statement: sql`CREATE INDEX account_by_id ON payroll (id)` },
];
if (onPostgres) ofOurName.push({ thing: 'a type', statement: sql`CREATE TYPE account AS ENUM ('a')` });

test.each(ofOurName)(
  'where another program has $thing of our name nothing is made, and it is named',
  async ({ statement }) => {
    await empty.say([...strangers, statement]);
    const before = await empty.names();
    const refused = await empty.open().then(
      () => null,
      (error: unknown) => error,
    );
    expect(refused).toBeInstanceOf(StrangerError);
    expect(refused).toMatchObject({ why: 'name-taken', what: expect.stringContaining('account') });
    expect(await empty.names()).toEqual(before);
  },
);

test('what another program rests on our tables is not taken from under it', async () => {
  const { database } = here.office;
  await backUp();
  await say(database, [
    sql`CREATE TABLE notes (id text REFERENCES sign_in_user (id) ON DELETE CASCADE)`,
    sql`INSERT INTO notes SELECT id FROM sign_in_user`,
  ]);
  const before = await rowsOf(database, sql`SELECT id FROM notes ORDER BY id`);
  await expect(restore(database, true)).rejects.toMatchObject({
    name: 'StrangerError',
    why: 'rests-on-ours',
    what: expect.stringContaining('notes'),
  });
  expect(await rowsOf(database, sql`SELECT id FROM notes ORDER BY id`)).toEqual(before);
  await whole(database);
  await clearAway(['notes']);

  await say(database, [sql`CREATE VIEW ours AS SELECT id FROM grid`]);
  const seen = await rowsOf(database, sql`SELECT id FROM ours ORDER BY id`);
  await expect(restore(database, true)).rejects.toMatchObject({
    why: 'rests-on-ours',
    what: expect.stringContaining('ours'),
  });
  expect(await rowsOf(database, sql`SELECT id FROM ours ORDER BY id`)).toEqual(seen);
  await whole(database);
  await say(database, [sql`DROP VIEW ours`]);
});

test('a backup that names another program’s table writes nothing into it', async () => {
  const { database } = here.office;
  await say(database, strangers.slice(0, 2));
  await backUp();
  const lines = gunzipSync(readFileSync(file)).toString().trimEnd().split('\n');
  const changed = `${[...lines.slice(0, -1), '{"table":"payroll","columns":["id","name"]}', '[2,"z"]'].join('\n')}\n`;
  const end = JSON.parse(lines.at(-1) ?? '');
  const sha256 = createHash('sha256').update(changed).digest('base64url');
  writeFileSync(file, gzipSync(`${changed}${JSON.stringify({ ...end, rows: end.rows + 1, sha256 })}\n`));
  await expect(restore(database, true)).rejects.toMatchObject({ code: 'unfitting' });
  expect(await rowsOf(database, sql`SELECT id FROM payroll`)).toEqual([{ id: 1 }]);
  await whole(database);
  await clearAway(['payroll']);
});
