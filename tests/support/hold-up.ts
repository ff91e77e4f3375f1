/** Another program that keeps every writer of an office waiting, and no reader. */
import Sqlite from 'better-sqlite3';
import pg from 'pg';
import type { Office } from '../../src/lib/server/office';

/** Begins at once; the returned function ends it. */
export async function holdUp({ database, configuration }: Office): Promise<() => Promise<void>> {
  if (database.engine === 'sqlite') {
    const other = new Sqlite(configuration.database);
    other.exec('BEGIN IMMEDIATE');
    return async () => void other.exec('ROLLBACK').close();
  }
  const other = new pg.Client({ connectionString: configuration.database });
  await other.connect();
  await other.query('BEGIN; LOCK TABLE feed, submission, revision IN EXCLUSIVE MODE');
  return () => other.end();
}
