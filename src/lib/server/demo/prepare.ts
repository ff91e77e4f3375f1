/** Makes the demo community where there is none: whole or not at all, so a start that was killed half-way is completed by the next. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Configuration, ConfigurationError, readConfiguration } from '../configuration';
import { copyRows } from '../database/copy';
import { makeFolder } from '../database/folder';
import { type Database, openDatabase, type ReadSnapshot } from '../database/open';
import { makeWorld } from '../world';
import { demoAccounts, type DemoUsername } from './accounts';
import { makeDemoCommunity } from './community';
import { demoWorld } from './world';

export type Demo = {
  /** Where its data is: a folder, or null for a database of its own. */
  folder: string | null;
  /** False: it was there before and is kept as it was. */
  made: boolean;
};

const seed = 20261123;
/** Whoever has this username has the demo. */
const known: DemoUsername = 'grid1';

/**
 * Leaves the demo community in the database of `env.DATABASE_URL`, else in `DATA_DIR`, else in a new temporary folder, which `env.DATA_DIR` then
 * names. What is there already is kept. Throws a ConfigurationError where the demo's usernames belong to somebody else.
 */
export async function prepareDemo(env: NodeJS.ProcessEnv): Promise<Demo> {
  env.DATA_DIR ||= mkdtempSync(join(tmpdir(), 'qiaomen-demo-'));
  const configuration = readConfiguration(env);
  makeFolder(configuration.dataDir);
  const database = await openDatabase(configuration.database);
  try {
    const folder = database.engine === 'sqlite' ? configuration.dataDir : null;
    if (await database.read(hasDemo)) return { folder, made: false };
    return { folder, made: await make(configuration, database) };
  } finally {
    await database.close();
  }
}

async function hasDemo(db: ReadSnapshot): Promise<boolean> {
  return (await taken(db)).includes(known);
}

async function taken(db: ReadSnapshot): Promise<string[]> {
  const usernames = demoAccounts.map(({ username }) => username);
  const rows = await db.selectFrom('sign_in_user').select('username').where('username', 'in', usernames).execute();
  return rows.flatMap(({ username }) => username ?? []);
}

/** Plays the twelve days in a database of its own, and takes the result over in one transaction. False where another process was faster. */
async function make(configuration: Configuration, target: Database): Promise<boolean> {
  const world = demoWorld(seed);
  const stage = await openDatabase(':memory:');
  try {
    const now = makeWorld({ demoNow: configuration.demoNow }).now();
    await makeDemoCommunity({ database: stage, world, configuration }, world, now);
    return await stage.read((from) =>
      target.write(async (into) => {
        if (await hasDemo(into)) return false;
        if ((await taken(into)).length > 0) {
          throw new ConfigurationError(
            'This database holds an office that uses one of the demo’s usernames. Start the demo on another one: DATA_DIR=… npm run demo',
          );
        }
        await copyRows(from, into);
        return true;
      }),
    );
  } finally {
    await stage.close();
  }
}
