/** A Kysely instance for a library that brings its own tables: statements one by one, writes in line with the office's own. */
import type { CompiledQuery, DatabaseConnection, Driver, Kysely } from 'kysely';
import { ConflictError } from './database';
import { connectionOver, type Execute, kyselyWith, type Words } from './kysely-over';
import type { Tables } from './tables';

/** Runs its callback in a snapshot or in a transaction of its own. */
type Ground = {
  read<T>(run: (execute: Execute) => Promise<T>): Promise<T>;
  write<T>(run: (execute: Execute) => Promise<T>): Promise<T>;
};
type Lease = { execute: Execute; end(error?: Error): void; ended: Promise<void> };

export function libraryKysely(words: Words, ground: Ground): Kysely<Tables> {
  return kyselyWith(words, new LibraryDriver(ground));
}

/** Each acquired connection holds at most one transaction; the writing connection is lent out only while one runs. */
class LibraryDriver implements Driver {
  readonly #ground: Ground;
  readonly #leases = new Map<DatabaseConnection, Lease>();

  constructor(ground: Ground) {
    this.#ground = ground;
  }

  async init() {}
  async acquireConnection(): Promise<DatabaseConnection> {
    const connection: DatabaseConnection = connectionOver(<R>(query: CompiledQuery) => {
      const lease = this.#leases.get(connection);
      if (lease) return lease.execute<R>(query);
      const lent = query.query.kind === 'SelectQueryNode' ? this.#ground.read : this.#ground.write;
      return lent((execute) => execute<R>(query));
    });
    return connection;
  }

  beginTransaction(connection: DatabaseConnection): Promise<void> {
    return new Promise((begun, failed) => {
      let isBegun = false;
      const ended = this.#ground.write((execute) => {
        // What the library has said once it will not say again.
        if (isBegun) throw new ConflictError('library');
        isBegun = true;
        return new Promise<void>((commit, rollback) => {
          const end = (error?: Error) => (error ? rollback(error) : commit());
          this.#leases.set(connection, { execute, end, ended });
          begun();
        });
      });
      ended.catch(failed);
    });
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    const lease = this.#take(connection);
    lease.end();
    await lease.ended;
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    const lease = this.#take(connection);
    lease.end(new Error('rolled back by the library'));
    await lease.ended.catch(() => undefined);
  }

  async releaseConnection() {}
  async destroy() {}

  #take(connection: DatabaseConnection): Lease {
    const lease = this.#leases.get(connection);
    if (!lease) throw new Error('no transaction runs on this connection');
    this.#leases.delete(connection);
    return lease;
  }
}
