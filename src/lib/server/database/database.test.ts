/** What the office asks of its database holds on every engine. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { onPostgres, testConfiguration, testOver, withoutTables } from '../../../../tests/support/test-database';
import {
  type Database,
  DatabaseNewerError,
  DatabaseOlderError,
  openDatabase,
  type ReadSnapshot,
  type Transaction,
} from './open';

let folder: string;
let place: string;
let database: Database;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'qiaomen-test-'));
  place = (await testConfiguration(folder)).database;
  database = await openDatabase(place);
});
afterEach(async () => {
  await database.close();
  await testOver(folder);
  rmSync(folder, { recursive: true, force: true });
});

const addGrid = (tx: Transaction, id: string, name = id) =>
  tx.insertInto('grid').values({ community_id: 'c', id, name, position: 1 }).execute();
const gridIds = (db: ReadSnapshot) =>
  db
    .selectFrom('grid')
    .select('id')
    .orderBy('id')
    .execute()
    .then((rows) => rows.map((row) => row.id));

test('a second opening finds the tables and keeps the rows', async () => {
  await database.write((tx) => addGrid(tx, 'a'));
  await database.close();
  database = await openDatabase(place);
  expect(await database.read(gridIds)).toEqual(['a']);
});

test('a reader neither waits for a running write nor sees half of it', async () => {
  const during = await database.write(async (tx) => {
    await addGrid(tx, 'a');
    return database.read(gridIds);
  });
  expect(during).toEqual([]);
  expect(await database.read(gridIds)).toEqual(['a']);
});

test('[FEED-9] a snapshot stays the same while others write', async () => {
  const seen = await database.read(async (db) => {
    const before = await gridIds(db);
    await database.write((tx) => addGrid(tx, 'a'));
    return [before, await gridIds(db)];
  });
  expect(seen).toEqual([[], []]);
});

test('a snapshot cannot write', async () => {
  await expect(database.read((db) => addGrid(db as Transaction, 'a'))).rejects.toThrow();
});

test('writes run one after the other, and one that throws leaves nothing', async () => {
  const results = await Promise.allSettled([
    database.write((tx) => addGrid(tx, 'a')),
    database.write(async (tx) => {
      await addGrid(tx, 'b');
      throw new Error('changed its mind');
    }),
    database.write((tx) => addGrid(tx, 'c')),
  ]);
  expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(await database.read(gridIds)).toEqual(['a', 'c']);
});

test('a transaction cannot be used after it has ended', async () => {
  let leaked: Transaction | undefined;
  await database.write(async (tx) => {
    leaked = tx;
  });
  await expect(leaked && addGrid(leaked, 'a')).rejects.toThrow('has ended');
});

test('a library writes in line with the office, also in transactions of its own', async () => {
  await database.library.schema.createTable('user').addColumn('community_id', 'text').addColumn('id', 'text').execute();
  await Promise.all([
    database.write((tx) => addGrid(tx, 'a')),
    database.library.transaction().execute(async (tx) => {
      await tx.insertInto('grid').values({ community_id: 'c', id: 'b', name: 'b', position: 2 }).execute();
      await tx.insertInto('grid').values({ community_id: 'c', id: 'c', name: 'c', position: 3 }).execute();
    }),
    database.library.insertInto('grid').values({ community_id: 'c', id: 'd', name: 'd', position: 4 }).execute(),
  ]);
  const undone = database.library.transaction().execute(async (tx) => {
    await tx.deleteFrom('grid').execute();
    throw new Error('changed its mind');
  });
  await expect(undone).rejects.toThrow('changed its mind');
  expect(await database.read(gridIds)).toEqual(['a', 'b', 'c', 'd']);
});

test('an attempt takes back only what it did itself', async () => {
  await database.write(async (tx) => {
    await addGrid(tx, 'a');
    await expect(database.attempt(tx, () => addGrid(tx, 'a'))).rejects.toThrow();
    const inner = database.attempt(tx, async () => {
      await database.attempt(tx, () => addGrid(tx, 'b'));
      throw new Error('changed its mind');
    });
    await expect(inner).rejects.toThrow('changed its mind');
    await database.attempt(tx, () => addGrid(tx, 'c'));
  });
  expect(await database.read(gridIds)).toEqual(['a', 'c']);
});

test('many more at once than there are connections all come to their end, also such as read while they write', async () => {
  await Promise.all(
    Array.from({ length: 40 }, (_, index) =>
      database.write(async (tx) => {
        await database.read(gridIds);
        await addGrid(tx, `${index}`);
      }),
    ),
  );
  expect((await database.read(gridIds)).length).toBe(40);
});

test('ids sort by their bytes, as they do in JavaScript', async () => {
  const ids = ['b', 'A', 'a', 'B', '-', '_', '1', 'é', '张', '王', 'account/1', 'account-1'];
  await database.write(async (tx) => {
    for (const id of ids) await addGrid(tx, id);
  });
  expect(await database.read(gridIds)).toEqual([...ids].sort());
  const after = await database.read((db) =>
    db.selectFrom('grid').select('id').where('id', '>', 'a').orderBy('id').execute(),
  );
  expect(after.map(({ id }) => id)).toEqual([...ids].sort().filter((id) => id > 'a'));
});

test('counts and sums are numbers, and so is what is 64 bits wide', async () => {
  const wide = 2 ** 41 + 1;
  await database.write(async (tx) => {
    await addGrid(tx, 'a');
    await tx.updateTable('grid').set({ position: wide }).execute();
  });
  const row = await database.read((db) =>
    db
      .selectFrom('grid')
      .select((eb) => ['position', eb.fn.countAll().as('n'), eb.fn.sum('position').as('sum')])
      .groupBy('position')
      .executeTakeFirst(),
  );
  expect(row).toEqual({ position: wide, n: 1, sum: wide });
});

test('U+0000, which no text of PostgreSQL holds, is replaced on every way in and breaks nothing', async () => {
  await database.write((tx) => addGrid(tx, 'a', 'one\u0000two'));
  const named = (name: string) =>
    database.read((db) => db.selectFrom('grid').select('name').where('name', '=', name).execute());
  expect(await named('one\u0000two')).toEqual([{ name: 'one\uFFFDtwo' }]);
  expect(await named('\u0000')).toEqual([]);
});

test('several that start together on an empty database make its tables once', async () => {
  await database.close();
  if (onPostgres) await withoutTables(place);
  else rmSync(place);
  const started = await Promise.all(Array.from({ length: 5 }, () => openDatabase(place)));
  database = await openDatabase(place);
  const migrations = await database.read(async (db) =>
    (await sql<{ name: string }>`SELECT name FROM kysely_migration`.execute(db)).rows.map(({ name }) => name),
  );
  expect(new Set(migrations).size).toBe(migrations.length);
  await Promise.all(started.map((one, index) => one.write((tx) => addGrid(tx, `${index}`))));
  expect((await database.read(gridIds)).length).toBe(5);
  await Promise.all(started.map((one) => one.close()));
});

test('a database that a newer version has used is refused, and left as it is', async () => {
  await database.write((tx) =>
    sql`INSERT INTO kysely_migration (name, timestamp) VALUES ('9999-later', '2030-01-01T00:00:00Z')`.execute(tx),
  );
  const refused = await openDatabase(place).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(DatabaseNewerError);
  expect(refused).toMatchObject({ unknown: ['9999-later'] });
  await database.write((tx) => sql`DELETE FROM kysely_migration WHERE name = '9999-later'`.execute(tx));
  await (await openDatabase(place)).close();
});

test('a database of an earlier version is left as it is where nobody is to bring it up to date; an empty one gets its tables', async () => {
  await database.write(async (tx) => {
    await tx.schema.alterTable('community').dropColumn('told_shape').execute();
    await sql`DELETE FROM kysely_migration WHERE name = '0012-told-shape'`.execute(tx);
  });
  const columns = async () => {
    const tables = await database.read((db) => db.introspection.getTables());
    return tables.find(({ name }) => name === 'community')?.columns.map(({ name }) => name);
  };
  const before = await columns();
  await expect(openDatabase(place, undefined, 'refuse')).rejects.toBeInstanceOf(DatabaseOlderError);
  expect(await columns()).toEqual(before);
  await (await openDatabase(place)).close();
  expect(await columns()).toContain('told_shape');
  await (await openDatabase(place, undefined, 'refuse')).close();
  const empty = onPostgres ? place : join(folder, 'empty.sqlite');
  if (onPostgres) await withoutTables(place);
  const made = await openDatabase(empty, undefined, 'refuse');
  expect(await made.read(gridIds)).toEqual([]);
  await made.close();
});
