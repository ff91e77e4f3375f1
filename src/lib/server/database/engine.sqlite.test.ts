import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Database, DatabaseUnavailableError, openDatabase, type ReadSnapshot, type Transaction } from './open';

let folder: string;
let database: Database;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'qiaomen-test-'));
  database = await openDatabase(join(folder, 'office.sqlite'));
});
afterEach(async () => {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

const addGrid = (tx: Transaction, id: string) =>
  tx.insertInto('grid').values({ community_id: 'c', id, name: id, position: 1 }).execute();
const gridIds = (db: ReadSnapshot) =>
  db
    .selectFrom('grid')
    .select('id')
    .orderBy('id')
    .execute()
    .then((rows) => rows.map((row) => row.id));

test('[REC-1] a commit is synced to disk before it is answered', async () => {
  const mode = await database.write(async (tx) => ({
    synchronous: (await sql<{ synchronous: number }>`PRAGMA synchronous`.execute(tx)).rows[0]?.synchronous,
    journal: (await sql<{ journal_mode: string }>`PRAGMA journal_mode`.execute(tx)).rows[0]?.journal_mode,
  }));
  expect(mode).toEqual({ synchronous: 2, journal: 'wal' });
});

test('every primary key of our own tables begins with the community', async () => {
  const keys = await database.read(async (db) => {
    const tables = await sql<{ name: string }>`SELECT name FROM sqlite_master WHERE type = 'table'`.execute(db);
    const own = tables.rows
      .map((row) => row.name)
      .filter((name) => !/^(sqlite_|kysely_|sign_in_(user|session|credential|verification)$)/.test(name));
    return Promise.all(
      own.map(async (name) => {
        const columns = await sql<{
          name: string;
          pk: number;
        }>`SELECT name, pk FROM pragma_table_info(${name})`.execute(db);
        return [name, columns.rows.find((column) => column.pk === 1)?.name];
      }),
    );
  });
  expect(keys.length).toBeGreaterThan(20);
  expect(keys.filter(([, first]) => first !== 'community_id')).toEqual([]);
});

test('what arrives together shares a commit, and a failing one takes no other along', async () => {
  const commits = async () =>
    (await database.read((db) => sql<{ data_version: number }>`PRAGMA data_version`.execute(db))).rows[0]
      ?.data_version ?? 0;
  const before = await commits();
  const results = await Promise.allSettled(
    ['a', 'b', 'c', 'd'].map((id) =>
      database.writeTogether(async (tx) => {
        await addGrid(tx, id);
        if (id === 'b') throw new Error('this one fails');
        return id;
      }),
    ),
  );
  expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
  expect(await database.read(gridIds)).toEqual(['a', 'c', 'd']);
  expect((await commits()) - before).toBeLessThanOrEqual(1);
});

test('another process that holds the lock for long makes it unavailable, and the event loop stays free', async () => {
  const other = new Sqlite(join(folder, 'office.sqlite'));
  other.exec('BEGIN IMMEDIATE');
  let turns = 0;
  const ticking = setInterval(() => (turns += 1), 10);
  const refused = await database.write((tx) => addGrid(tx, 'a')).catch((error: unknown) => error);
  clearInterval(ticking);
  other.exec('ROLLBACK');
  other.close();
  expect(refused).toBeInstanceOf(DatabaseUnavailableError);
  expect(turns).toBeGreaterThan(50);
  await database.write((tx) => addGrid(tx, 'b'));
  expect(await database.read(gridIds)).toEqual(['b']);
});
