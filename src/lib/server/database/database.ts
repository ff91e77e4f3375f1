/** What the office asks of its database, whichever engine it is. */
import type { Kysely } from 'kysely';
import type { Tables } from './tables';

declare const readable: unique symbol;
declare const writable: unique symbol;

/** One consistent view of the database, for the length of the callback that it is handed to. */
export type ReadSnapshot = Kysely<Tables> & { readonly [readable]: true };
/** A running write transaction: whatever writes asks for one. It reads as well. */
export type Transaction = ReadSnapshot & { readonly [writable]: true };

export type Database = {
  readonly engine: 'sqlite' | 'postgresql';
  /** Runs `run` in one read-only snapshot. Readers wait for no writer. */
  read<T>(run: (snapshot: ReadSnapshot) => Promise<T>): Promise<T>;
  /**
   * Runs `run` in a transaction of its own and answers after it is durable; what `run` throws takes everything back. Where there are several
   * writers (PostgreSQL, READ COMMITTED) one that meets another in its way is run again from its start: `run` changes nothing outside the database.
   * Throws a DatabaseUnavailableError when the database stays busy, is full, is out of reach, or cannot be written.
   */
  write<T>(run: (tx: Transaction) => Promise<T>): Promise<T>;
  /** As `write`, but may share its commit with others that arrive together; one that fails takes no other along. */
  writeTogether<T>(run: (tx: Transaction) => Promise<T>): Promise<T>;
  /** Runs `run` in a savepoint of `tx`: what it throws takes back only what it did itself. */
  attempt<T>(tx: Transaction, run: () => Promise<T>): Promise<T>;
  /**
   * For a library that brings its own tables and knows nothing of snapshots (sign-in): each statement by itself, writes in line
   * with all others. Never use it inside `read` or `write`.
   */
  library: Kysely<Tables>;
  /** Lets the engine look at the shapes of tables that changed much: without, it may walk a community where an index leads to one door. */
  tune(): Promise<void>;
  /**
   * Makes `name` this process's own, for work that is longer than a transaction and not to be done by two: null while anybody holds it, else a function
   * that gives it back. A process that ends has given back what it held.
   */
  claim(name: string): Promise<(() => Promise<void>) | null>;
  close(): Promise<void>;
};

/** The database itself failed – busy, full, damaged, gone – and not what was asked of it. Trying again later is right. */
export class DatabaseUnavailableError extends Error {
  override name = 'DatabaseUnavailableError';
  constructor(
    /** The engine's own code, e.g. `SQLITE_BUSY`, or `57P01` from PostgreSQL. */
    readonly code: string,
    options?: ErrorOptions,
  ) {
    super(`database unavailable: ${code}`, options);
  }
}

/** Another transaction was in the way, and this one has to be run again from its start, which `write` does; unavailable where one always is. */
export class ConflictError extends DatabaseUnavailableError {
  override name = 'ConflictError';
}

/** The database was last used by a newer version of the office, whose tables this one does not know. */
export class DatabaseNewerError extends Error {
  override name = 'DatabaseNewerError';
  constructor(
    /** Migrations that it has and this office lacks. */
    readonly unknown: readonly string[],
  ) {
    super(`the database is newer than this office: ${unknown.join(', ')}`);
  }
}

/** The database was last used by an earlier version of the office, and whoever opened it is not to bring it up to date. */
export class DatabaseOlderError extends Error {
  override name = 'DatabaseOlderError';
  constructor() {
    super('the database is older than this office');
  }
}

/** What becomes of a database of an earlier version: its tables are brought up to date, or it is refused. */
export type Older = 'update' | 'refuse';

/**
 * Another program has something in the same database that is in the way. Nothing was changed: what is not ours is never touched.
 * `name-taken`: it has a name that one of our tables has to have. `rests-on-ours`: our tables cannot be removed without it.
 */
export class StrangerError extends Error {
  override name = 'StrangerError';
  constructor(
    readonly why: 'name-taken' | 'rests-on-ours',
    /** What it is, in the database's own words; names of its objects alone. */
    readonly what: string,
    options?: ErrorOptions,
  ) {
    super(`${why}: ${what}`, options);
  }
}
