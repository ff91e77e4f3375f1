/** One better-sqlite3 connection: its statements, its failures, and SQLite's own words for Kysely. */
import Sqlite from 'better-sqlite3';
import {
  type CompiledQuery,
  type QueryResult,
  type SelectModifierNode,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { DatabaseUnavailableError, StrangerError } from './database';
import { type Execute, storable, type Words } from './kysely-over';

/** Primary codes of SQLite that speak of the file, the disk or another process, not of the statement. */
const unavailable =
  /^SQLITE_(BUSY|LOCKED|FULL|IOERR|CORRUPT|NOTADB|CANTOPEN|READONLY|NOMEM|PROTOCOL|INTERRUPT|PERM|AUTH|NOLFS)/;

/** What SQLite says where a table, a view or an index of the name is there; it has no code for that. */
const nameTaken = /already exists|there is already/;

/** Turns a failure of the database itself into a DatabaseUnavailableError, a name that is taken into a StrangerError; gives back anything else as it is. */
export function asDatabaseError(error: unknown): unknown {
  if (!(error instanceof Sqlite.SqliteError)) return error;
  if (unavailable.test(error.code)) return new DatabaseUnavailableError(error.code, { cause: error });
  if (nameTaken.test(error.message)) return new StrangerError('name-taken', error.message, { cause: error });
  return error;
}

/** Runs a statement of better-sqlite3 with its failures told apart. */
export function onSqlite<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw asDatabaseError(error);
  }
}

export const sqliteWords: Words = {
  createAdapter: () => new SqliteAdapter(),
  createIntrospector: (db) => new SqliteIntrospector(db),
  createQueryCompiler: () => new OneWriterCompiler(),
};

/** Whoever writes holds the whole file: `forUpdate` locks rows where there are several writers, and says nothing here. */
class OneWriterCompiler extends SqliteQueryCompiler {
  protected override visitSelectModifier(node: SelectModifierNode): void {
    if (node.modifier === undefined || !rowLocks.has(node.modifier)) super.visitSelectModifier(node);
  }
}

const rowLocks: ReadonlySet<string> = new Set([
  'ForUpdate',
  'ForNoKeyUpdate',
  'ForShare',
  'ForKeyShare',
  'NoWait',
  'SkipLocked',
]);

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
      const parameters = storable(query.parameters);
      if (asked.reader) return { rows: asked.all(parameters) as R[] };
      const { changes, lastInsertRowid } = asked.run(parameters);
      return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) };
    });
  };
}
