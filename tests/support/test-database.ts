/**
 * Where a test's office keeps its data: in the project `sqlite` a file in the test's folder, in the project `postgres` a database that no other test
 * uses meanwhile. A test file's databases are copies of one template, emptied and used again.
 */
import pg from 'pg';
import { afterAll, inject } from 'vitest';
import type { World } from '../../src/lib/domain/world';
import { type Configuration, readConfiguration } from '../../src/lib/server/configuration';
import { type Database, openDatabase } from '../../src/lib/server/database/open';
import { dropDatabase, makeDatabase } from './postgres.ts';

export const onPostgres = process.env.QIAOMEN_TEST_DATABASE === 'postgres';

type Made = { name: string; url: string };
const free: Made[] = [];
let count = 0;
const lent = new Map<string, Promise<Made>>();

afterAll(async () => {
  if (!onPostgres) return;
  for (const folder of lent.keys()) await testOver(folder);
  for (const { name } of free.splice(0)) await dropDatabase(inject('postgres').url, name);
});

/** The settings of an office whose data is empty at the first call for `folder`, and what was left there at a later one. */
export async function testConfiguration(
  folder: string,
  more: Record<string, string | undefined> = {},
): Promise<Configuration> {
  return readConfiguration({
    DATA_DIR: folder,
    ...(onPostgres && { DATABASE_URL: await databaseOf(folder) }),
    ...more,
  });
}

/** A database by itself, for a test that wants no folder: empty, and gone with `close`. */
export async function openTestDatabase(world: World): Promise<Database> {
  if (!onPostgres) return openDatabase(':memory:', world);
  const key = `database ${++count}`;
  const database = await openDatabase(await databaseOf(key), world);
  return {
    ...database,
    close: async () => {
      await database.close();
      await testOver(key);
    },
  };
}

/** Gives back what `testConfiguration` lent, once the office on it is closed. */
export async function testOver(folder: string): Promise<void> {
  const made = lent.get(folder);
  if (made) free.push(await made);
  lent.delete(folder);
}

async function databaseOf(folder: string): Promise<string> {
  const given = lent.get(folder) ?? lend();
  lent.set(folder, given);
  return (await given).url;
}

async function lend(): Promise<Made> {
  const used = free.pop();
  if (used) await empty(used.url);
  return used ?? (await make());
}

async function make(): Promise<Made> {
  const { url, name: run, template } = inject('postgres');
  const name = `${run}_${process.pid}_${++count}`;
  return { name, url: await makeDatabase(url, name, template) };
}

/** Leaves the database as it was before anybody started an office on it. */
export function withoutTables(url: string): Promise<void> {
  return on(url, async (client) => void (await client.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public')));
}

/** Deleting a few rows from each table is ten times faster than truncating thirty. */
function empty(url: string): Promise<void> {
  return on(url, async (client) => {
    const { rows } = await client.query<{ name: string }>(
      `SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema() AND tablename NOT LIKE 'kysely%'`,
    );
    await client.query(rows.map(({ name }) => `DELETE FROM "${name}"`).join('; '));
  });
}

async function on(url: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
