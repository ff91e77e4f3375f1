/** Kysely over connections that the office's own code begins and ends transactions on: it builds statements, and decides nothing. */
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  Kysely,
  type QueryResult,
} from 'kysely';
import type { Tables } from './tables';

/** What runs the statements of a Kysely instance. */
export type Execute = <R>(query: CompiledQuery) => Promise<QueryResult<R>>;

/** An engine's own words: all of a dialect but its driver. */
export type Words = Omit<Dialect, 'createDriver'>;

/** A Kysely instance whose statements go to `execute`; it refuses to begin a transaction. */
export function kyselyOver(words: Words, execute: Execute): Kysely<Tables> {
  return kyselyWith(words, new BorrowedDriver(execute));
}

/** Kysely in an engine's words over any driver. */
export function kyselyWith(words: Words, driver: Driver): Kysely<Tables> {
  return new Kysely<Tables>({ dialect: { ...words, createDriver: () => driver } });
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

const nul = '\u0000';

/**
 * A statement's parameters as both engines can hold them. PostgreSQL's text has no U+0000; as with half a surrogate pair, which no UTF-8 holds,
 * U+FFFD stands for it. What must be kept as it came (revisions) is JSON, which writes both as escapes.
 */
export function storable(parameters: readonly unknown[]): unknown[] {
  return parameters.map((value) =>
    typeof value === 'string' && value.includes(nul) ? value.replaceAll(nul, '\uFFFD') : value,
  );
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
