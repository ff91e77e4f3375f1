/** The one writing connection of this process: transactions one after the other, each begun with BEGIN IMMEDIATE. */
import type Sqlite from 'better-sqlite3';
import type { Kysely } from 'kysely';
import type { World } from '../../domain/world';
import { DatabaseUnavailableError, type Transaction } from './database';
import { type Execute, kyselyOver } from './kysely-over';
import { executeOn, onSqlite, sqliteWords } from './sqlite-driver';
import type { Tables } from './tables';

/** Another process may write: tried again every 20 ms for 2 s, and the event loop stays free meanwhile. */
const pause = 20;
const tries = 100;

export class SqliteWriter {
  readonly #connection: Sqlite.Database;
  readonly #world: World;
  readonly #execute: Execute;
  readonly #kysely: Kysely<Tables>;
  #line: Promise<unknown> = Promise.resolve();
  #lent = false;
  readonly #prepared = new Map<string, Sqlite.Statement>();

  constructor(connection: Sqlite.Database, world: World) {
    this.#connection = connection;
    this.#world = world;
    this.#execute = executeOn(connection, () => {
      if (!this.#lent) throw new Error('this transaction has ended: a promise was not awaited inside Database.write');
    });
    this.#kysely = kyselyOver(sqliteWords, this.#execute);
  }

  /** Runs `run` in a transaction when its turn has come; its result is durable when the promise resolves. */
  write<T>(run: (tx: Transaction, execute: Execute) => Promise<T>): Promise<T> {
    const turn = this.#line.then(() => this.#transact(run));
    this.#line = turn.catch(() => undefined);
    return turn;
  }

  async attempt<T>(run: () => Promise<T>): Promise<T> {
    this.#run('SAVEPOINT attempt');
    try {
      const result = await run();
      this.#run('RELEASE attempt');
      return result;
    } catch (error) {
      // A full disk may have made SQLite take the whole transaction back: then there is no savepoint left to go to.
      if (!this.#connection.inTransaction) throw new DatabaseUnavailableError('SQLITE_ABORT', { cause: error });
      this.#run('ROLLBACK TO attempt');
      this.#run('RELEASE attempt');
      throw error;
    }
  }

  /** Waits for the running transaction, then closes. */
  async close(): Promise<void> {
    await this.#line;
    this.#connection.close();
  }

  async #transact<T>(run: (tx: Transaction, execute: Execute) => Promise<T>): Promise<T> {
    await this.#begin();
    this.#lent = true;
    try {
      const result = await run(this.#kysely as Transaction, this.#execute);
      if (!this.#connection.inTransaction) throw new DatabaseUnavailableError('SQLITE_ABORT');
      this.#run('COMMIT');
      return result;
    } catch (error) {
      if (this.#connection.inTransaction) this.#run('ROLLBACK');
      throw error;
    } finally {
      this.#lent = false;
    }
  }

  async #begin(): Promise<void> {
    for (let tried = 1; ; tried += 1) {
      try {
        this.#run('BEGIN IMMEDIATE');
        return;
      } catch (error) {
        const busy = error instanceof DatabaseUnavailableError && /^SQLITE_(BUSY|LOCKED)/.test(error.code);
        if (!busy || tried === tries) throw error;
        await new Promise<void>((resolve) => this.#world.after(pause, resolve));
      }
    }
  }

  /** Attempts stand one in the other, never side by side: the innermost of the name is meant. */
  #run(sql: string): void {
    onSqlite(() => {
      const known = this.#prepared.get(sql) ?? this.#connection.prepare(sql);
      this.#prepared.set(sql, known);
      known.run();
    });
  }
}
