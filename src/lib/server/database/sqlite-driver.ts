/** Kysely over one better-sqlite3 connection whose transactions are begun and ended outside of Kysely. */
import Sqlite from 'better-sqlite3';
import type { CompiledQuery, DatabaseConnection, Dialect, Driver, QueryResult } from 'kysely';
import { Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely';
import { DatabaseUnavailableError } from './database';
import type { Tables } from './tables';

/** Primary codes of SQLite that speak of the file, the disk or another process, not of the statement. */
const unavailable =
  /^SQLITE_(BUSY|LOCKED|FULL|IOERR|CORRUPT|NOTADB|CANTOPEN|READONLY|NOMEM|PROTOCOL|INTERRUPT|PERM|AUTH|NOLFS)/;

/** Turns a failure of the database itself into a DatabaseUnavailableError; gives back anything else as it is. */
export function asDatabaseError(error: unknown): unknown {
  return error instanceof Sqlite.SqliteError && unavailable.test(error.code)
    ? new DatabaseUnavailableError(error.code, { cause: error })
    : error;
}

/** Runs a statement of better-sqlite3 with its failures told apart. */
export function onSqlite<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw asDatabaseError(error);
  }
}

/** What runs the statements of a Kysely instance. */
export type Execute = <R>(query: CompiledQuery) => Promise<QueryResult<R>>;

/** A Kysely instance whose statements go to `execute`; it refuses to begin a transaction. */
export function kyselyOver(execute: Execute): Kysely<Tables> {
  return kyselyWith(new BorrowedDriver(execute));
}

/** Kysely in SQLite's words over any driver. */
export function kyselyWith(driver: Driver): Kysely<Tables> {
  const dialect: Dialect = {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => driver,
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
  return new Kysely<Tables>({ dialect });
}

/** In characters: no statement that is written out by hand is longer. */
const longestKept = 4000;

/** Statements of one connection, prepared once each. `fence` throws when the connection is not lent out at the moment. */
export function executeOn(connection: Sqlite.Database, fence: () => void): Execute {
  const prepared = new Map<string, Sqlite.Statement>();
  const statement = (sql: string) => {
    const known = prepared.get(sql);
    if (known) return known;
    const made = connection.prepare(sql);
    // An insert of hundreds of rows takes a megabyte to keep and hardly ever comes again with as many.
    if (sql.length > longestKept) return made;
    // Texts differ by how many rows they name: the cache is emptied rather than let grow.
    if (prepared.size >= 500) prepared.clear();
    prepared.set(sql, made);
    return made;
  };
  return async <R>(query: CompiledQuery) => {
    fence();
    return onSqlite((): QueryResult<R> => {
      const asked = statement(query.sql);
      if (asked.reader) return { rows: asked.all(query.parameters) as R[] };
      const { changes, lastInsertRowid } = asked.run(query.parameters);
      return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) };
    });
  };
}

/** A connection as Kysely sees it; results are never larger than memory, so a stream is one piece. */
export function connectionOver(execute: Execute): DatabaseConnection {
  return {
    executeQuery: execute,
    async *streamQuery<R>(query: CompiledQuery) {
      yield await execute<R>(query);
    },
  };
}

class BorrowedDriver implements Driver {
  readonly #connection: DatabaseConnection;

  constructor(execute: Execute) {
    this.#connection = connectionOver(execute);
  }

  async init() {}
  async acquireConnection() {
    return this.#connection;
  }
  async beginTransaction() {
    throw new Error('transactions are begun by Database.write, not by Kysely');
  }
  async commitTransaction() {}
  async rollbackTransaction() {}
  async releaseConnection() {}
  async destroy() {}
}
