/** A database in which no office ever was, of the engine that the tests run on: another program's, before ours is started on it. */
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { Kysely, PostgresDialect, type RawBuilder, sql, SqliteDialect } from 'kysely';
import pg from 'pg';
import { inject } from 'vitest';
import { type Database, openDatabase } from '../../src/lib/server/database/open';
import { dropDatabase, makeDatabase } from './postgres.ts';
import { onPostgres } from './test-database';

export type EmptyDatabase = {
  /** Statements of the other program. */
  say(statements: readonly RawBuilder<unknown>[]): Promise<void>;
  /** Whatever is in it, by name. */
  names(): Promise<string[]>;
  /** Starts the office on it; the caller closes that. */
  open(): Promise<Database>;
  close(): Promise<void>;
};

let count = 0;

/** `folder`: where its file lies, if it is one. */
export async function openEmptyDatabase(folder: string): Promise<EmptyDatabase> {
  if (!onPostgres) {
    const file = join(folder, 'other-program.sqlite');
    const kysely = new Kysely<unknown>({ dialect: new SqliteDialect({ database: new Sqlite(file) }) });
    return over(kysely, file, sql`SELECT name FROM sqlite_master`, () => Promise.resolve());
  }
  const server = inject('postgres').url;
  const name = `${inject('postgres').name}_${process.pid}_empty_${++count}`;
  const url = await makeDatabase(server, name);
  const pool = new pg.Pool({ connectionString: url });
  // Its end and that of the database cross on their way.
  pool.on('connect', (client) => client.on('error', () => undefined));
  const names = sql`
    SELECT relname AS name FROM pg_class WHERE relnamespace = current_schema()::regnamespace
    UNION ALL SELECT typname FROM pg_type WHERE typnamespace = current_schema()::regnamespace`;
  return over(new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) }), url, names, () =>
    dropDatabase(server, name),
  );
}

function over(
  kysely: Kysely<unknown>,
  place: string,
  names: RawBuilder<unknown>,
  remove: () => Promise<void>,
): EmptyDatabase {
  return {
    async say(statements) {
      for (const statement of statements) await statement.execute(kysely);
    },
    async names() {
      const { rows } = await names.execute(kysely);
      return rows.map((row) => JSON.stringify(row)).sort();
    },
    open: () => openDatabase(place),
    async close() {
      await kysely.destroy();
      await remove();
    },
  };
}
