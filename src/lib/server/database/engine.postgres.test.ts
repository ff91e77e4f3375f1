/** What is PostgreSQL's own: several writers at once, and a server that may be gone. */
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Line, lineTo } from '../../../../tests/support/cut';
import { testConfiguration, testOver } from '../../../../tests/support/test-database';
import { type Database, DatabaseUnavailableError, openDatabase, type ReadSnapshot, type Transaction } from './open';

let line: Line;
let database: Database;
/** Another process, from the server's point of view. */
let other: Database;

beforeEach(async () => {
  const { database: url } = await testConfiguration('here');
  line = await lineTo(url);
  database = await openDatabase(line.url);
  other = await openDatabase(url);
});
afterEach(async () => {
  line.mend();
  await Promise.all([database.close(), other.close()]);
  await line.close();
  await testOver('here');
});

const addGrid = (tx: Transaction, id: string, name = id) =>
  tx.insertInto('grid').values({ community_id: 'c', id, name, position: 1 }).execute();
const grids = (db: ReadSnapshot) => db.selectFrom('grid').select(['id', 'name']).orderBy('id').execute();
const take = (tx: Transaction, id: string, name: string) =>
  tx.updateTable('grid').set({ name }).where('id', '=', id).execute();

/** A promise, and what resolves it. */
function signal() {
  const { promise, resolve } = Promise.withResolvers();
  return { seen: promise, give: () => resolve(null) };
}

test('[REC-1] a commit waits for the disk, whatever the server does by itself', async () => {
  const kept = async () => {
    const { rows } = await database.write((tx) =>
      sql<{ now: string }>`
      SELECT current_setting('synchronous_commit') AS now`.execute(tx),
    );
    return rows[0]?.now;
  };
  const byItself = async (setting: string) => {
    await database.write((tx) =>
      sql`DO ${sql.lit(`BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit = ${setting}', current_database()); END`)}`.execute(
        tx,
      ),
    );
    line.cut();
    line.mend();
  };
  await byItself('off');
  expect(await kept()).toBe('on');
  await byItself('remote_apply');
  expect(await kept()).toBe('remote_apply');
});

test('two that wait for each other both come to their end, one after the other', async () => {
  await database.write(async (tx) => {
    await addGrid(tx, 'a');
    await addGrid(tx, 'b');
  });
  const [one, two] = [signal(), signal()];
  let runs = 0;
  await Promise.all([
    database.write(async (tx) => {
      runs += 1;
      await take(tx, 'a', 'one');
      one.give();
      await two.seen;
      await take(tx, 'b', 'one');
    }),
    other.write(async (tx) => {
      runs += 1;
      await take(tx, 'b', 'two');
      two.give();
      await one.seen;
      await take(tx, 'a', 'two');
    }),
  ]);
  expect(runs).toBe(3);
  const names = (await database.read(grids)).map(({ name }) => name);
  expect(new Set(names).size).toBe(1);
});

test('a key that another took between the look and the insert is seen by the next look', async () => {
  const looked = signal();
  const inserted = signal();
  const addOnce = async (tx: Transaction, name: string, pause: () => Promise<void>) => {
    const [held] = await grids(tx);
    await pause();
    if (!held) await addGrid(tx, 'a', name);
    return held?.name ?? name;
  };
  const late = database.write((tx) =>
    addOnce(tx, 'late', async () => {
      looked.give();
      await inserted.seen;
    }),
  );
  await looked.seen;
  expect(await other.write((tx) => addOnce(tx, 'first', async () => undefined))).toBe('first');
  inserted.give();
  expect(await late).toBe('first');
  // One's own mistake is no race: it is told as what it is.
  const twice = database.write(async (tx) => {
    await addGrid(tx, 'z');
    await addGrid(tx, 'z');
  });
  await expect(twice).rejects.toThrow(/duplicate key/);
});

test('a transaction in which a statement failed is never said to be committed', async () => {
  const swallowed = database.write(async (tx) => {
    await addGrid(tx, 'a');
    await addGrid(tx, 'a').catch(() => undefined);
  });
  await expect(swallowed).rejects.toThrow();
  expect(await database.read(grids)).toEqual([]);
});

test('of what a transaction asked together nothing stays when one of it failed', async () => {
  const together = database.write((tx) => Promise.all(['a', 'a', 'b', 'c'].map((id) => addGrid(tx, id))));
  await expect(together).rejects.toThrow(/duplicate key/);
  expect(await database.read(grids)).toEqual([]);
});

test('a server that is gone makes it unavailable, mid-way too, and it recovers by itself', async () => {
  const midway = database.write(async (tx) => {
    await addGrid(tx, 'a');
    line.cut();
    await addGrid(tx, 'b');
  });
  await expect(midway).rejects.toBeInstanceOf(DatabaseUnavailableError);
  await expect(database.read(grids)).rejects.toBeInstanceOf(DatabaseUnavailableError);
  await expect(database.library.selectFrom('sign_in_user').selectAll().execute()).rejects.toBeInstanceOf(
    DatabaseUnavailableError,
  );
  line.mend();
  await database.write((tx) => addGrid(tx, 'c'));
  expect(await database.read(grids)).toEqual([{ id: 'c', name: 'c' }]);
});

test('connections that the server closed while nobody used them are replaced', async () => {
  await Promise.all([database.read(grids), database.write((tx) => addGrid(tx, 'a'))]);
  await other.write((tx) =>
    sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`.execute(
      tx,
    ),
  );
  expect((await database.read(grids)).length).toBe(1);
  await database.write((tx) => addGrid(tx, 'b'));
});

test('a row that another holds for too long makes it unavailable, not wrong', async () => {
  await database.write((tx) => addGrid(tx, 'a'));
  const [held, done] = [signal(), signal()];
  const holding = other.write(async (tx) => {
    await take(tx, 'a', 'other');
    held.give();
    await done.seen;
  });
  await held.seen;
  const refused = await database.write((tx) => take(tx, 'a', 'mine')).catch((error: unknown) => error);
  expect(refused).toMatchObject({ name: 'DatabaseUnavailableError', code: '55P03' });
  done.give();
  await holding;
});
