/** One connection of the pool, lent out for one transaction. */
import type { CompiledQuery, Kysely, QueryResult } from 'kysely';
import type { PoolClient, QueryResult as PgResult } from 'pg';
import { DatabaseUnavailableError } from './database';
import { type Execute, kyselyOver, storable } from './kysely-over';
import { asDatabaseError } from './postgres-errors';
import { postgresWords } from './postgres-words';
import type { Tables } from './tables';

const counted: ReadonlySet<string> = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE']);

export class Lease {
  readonly kysely: Kysely<Tables>;
  readonly #client: PoolClient;
  readonly #mayRepeat: boolean;
  #line: Promise<unknown> = Promise.resolve();
  #ended = false;
  #savepoints = 0;

  /** `mayRepeat`: whoever holds it runs the transaction again after a ConflictError. */
  constructor(client: PoolClient, mayRepeat = false) {
    this.#client = client;
    this.#mayRepeat = mayRepeat;
    this.kysely = kyselyOver(postgresWords, this.execute);
  }

  readonly execute: Execute = <R>(query: CompiledQuery) => {
    if (this.#ended) {
      return Promise.reject(
        new Error('this transaction has ended: a promise was not awaited inside the database’s callback'),
      );
    }
    return this.#send<QueryResult<R>>(async () =>
      resultOf(await this.#client.query(query.sql, storable(query.parameters))),
    );
  };

  begin(sql: string): Promise<void> {
    return this.#run(sql);
  }

  async commit(): Promise<void> {
    this.#ended = true;
    const { command } = await this.#send(() => this.#client.query('COMMIT'));
    // After a statement that failed PostgreSQL takes everything back, and says so only here.
    if (command !== 'COMMIT') throw new Error('a statement of this transaction failed, and its failure was swallowed');
  }

  /** Ends the transaction without a trace and gives the connection back; drops it where not even that can be said. */
  async giveBack(finished: boolean): Promise<void> {
    this.#ended = true;
    try {
      if (!finished) await this.#run('ROLLBACK');
      this.#client.release();
    } catch {
      this.#client.release(true);
    }
  }

  async attempt<T>(run: () => Promise<T>): Promise<T> {
    const name = `attempt_${++this.#savepoints}`;
    await this.#run(`SAVEPOINT ${name}`);
    try {
      const result = await run();
      await this.#run(`RELEASE ${name}`);
      return result;
    } catch (error) {
      await this.#run(`ROLLBACK TO ${name}; RELEASE ${name}`).catch((lost: unknown) => {
        throw lost instanceof DatabaseUnavailableError
          ? lost
          : new DatabaseUnavailableError('ABORTED', { cause: error });
      });
      throw error;
    }
  }

  async #run(sql: string): Promise<void> {
    await this.#send(() => this.#client.query(sql));
  }

  /** One statement after the other, also where a caller did not wait: what ends a transaction comes after all that it asked for. */
  #send<T>(ask: () => Promise<T>): Promise<T> {
    const sent = this.#line.then(ask).catch((error: unknown) => {
      throw asDatabaseError(error, this.#mayRepeat);
    });
    this.#line = sent.catch(() => undefined);
    return sent;
  }
}

function resultOf<R>({ command, rowCount, rows }: PgResult): QueryResult<R> {
  return counted.has(command) ? { rows: rows as R[], numAffectedRows: BigInt(rowCount ?? 0) } : { rows: rows as R[] };
}
