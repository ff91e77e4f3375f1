/** Makes the demo community where there is none: whole or not at all, so a start that was killed half-way is completed by the next. */
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { type Configuration, ConfigurationError, readConfiguration } from '../configuration';
import { openDatabase } from '../database/open';
import { makeWorld } from '../world';
import { makeDemoCommunity } from './community';
import { demoWorld } from './world';

export type Demo = {
  /** Where its data is. */
  folder: string;
  /** False: it was there before and is kept as it was. */
  made: boolean;
};

const seed = 20261123;

/**
 * Leaves a database with the demo community in `DATA_DIR`, or in a new temporary folder, which `env.DATA_DIR` then names. What is there
 * already is kept. Throws a ConfigurationError where the demo's usernames belong to somebody else.
 */
export async function prepareDemo(env: NodeJS.ProcessEnv): Promise<Demo> {
  env.DATA_DIR ||= mkdtempSync(join(tmpdir(), 'qiaomen-demo-'));
  const configuration = readConfiguration(env);
  const { dataDir, databaseFile } = configuration;
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  if (existsSync(databaseFile) && (await hasDemo(databaseFile))) return { folder: dataDir, made: false };

  const building = `${databaseFile}.building`;
  removeDatabase(building);
  await build({ ...configuration, databaseFile: building });
  if (existsSync(databaseFile)) {
    takeOver(building, databaseFile);
    removeDatabase(building);
  } else {
    renameSync(building, databaseFile);
  }
  return { folder: dataDir, made: true };
}

async function hasDemo(file: string): Promise<boolean> {
  const database = await openDatabase(file);
  try {
    const account = await database.read((db) =>
      db.selectFrom('sign_in_user').select('id').where('username', '=', 'grid1').executeTakeFirst(),
    );
    return account !== undefined;
  } finally {
    await database.close();
  }
}

/** In a file of its own, which is one whole file once it is closed. */
async function build(configuration: Configuration): Promise<void> {
  const world = demoWorld(seed);
  const database = await openDatabase(configuration.databaseFile);
  try {
    const now = makeWorld({ demoNow: configuration.demoNow }).now();
    await makeDemoCommunity({ database, world, configuration }, world, now);
  } finally {
    await database.close();
  }
}

/** Takes all rows of one database into another that has communities of its own, in one transaction. */
function takeOver(from: string, into: string): void {
  const connection = new Sqlite(into, { timeout: 5000 });
  try {
    connection.pragma('synchronous = FULL');
    connection.prepare('attach database ? as demo').run(from);
    const tables = connection
      .prepare<[], { name: string }>(
        "select name from demo.sqlite_master where type = 'table' and name not like 'kysely_%' and name not like 'sqlite_%'",
      )
      .all();
    connection.transaction(() => {
      connection.pragma('defer_foreign_keys = on');
      for (const { name } of tables) connection.exec(`insert into main."${name}" select * from demo."${name}"`);
    })();
  } catch (error) {
    if (!(error instanceof Sqlite.SqliteError) || !error.code.startsWith('SQLITE_CONSTRAINT')) throw error;
    throw new ConfigurationError(
      'DATA_DIR holds an office that uses one of the demo’s usernames. Start the demo on another folder: DATA_DIR=… npm run demo',
    );
  } finally {
    connection.close();
  }
}

function removeDatabase(file: string): void {
  for (const end of ['', '-wal', '-shm', '-journal']) rmSync(file + end, { force: true });
}
