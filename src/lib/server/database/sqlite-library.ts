/** A Kysely instance for a library that brings its own tables: statements one by one, writes in line with the office's own. */
import type { CompiledQuery, DatabaseConnection, Driver, Kysely } from 'kysely';
import { connectionOver, type Execute, kyselyWith } from './sqlite-driver';
import type { SqliteReaders } from './sqlite-readers';
import type { SqliteWriter } from './sqlite-writer';
import type { Tables } from './tables';

type Lease = { execute: Execute; end(error?: Error): void; ended: Promise<void> };

export function libraryKysely(writer: SqliteWriter, readers: SqliteReaders): Kysely<Tables> {
  return kyselyWith(new LibraryDriver(writer, readers));
}

/** Each acquired connection holds at most one transaction; the writing connection is lent out only while one runs. */
class LibraryDriver implements Driver {
  readonly #writer: SqliteWriter;
  readonly #readers: SqliteReaders;
  readonly #leases = new Map<DatabaseConnection, Lease>();

  constructor(writer: SqliteWriter, readers: SqliteReaders) {
    this.#writer = writer;
    this.#readers = readers;
  }

  async init() {}
  async acquireConnection(): Promise<DatabaseConnection> {
    const connection: DatabaseConnection = connectionOver(<R>(query: CompiledQuery) => {
      const lease = this.#leases.get(connection);
      if (lease) return lease.execute<R>(query);
      if (query.query.kind === 'SelectQueryNode') return this.#readers.read((_, execute) => execute<R>(query));
      return this.#writer.write((_, execute) => execute<R>(query));
    });
    return connection;
  }

  beginTransaction(connection: DatabaseConnection): Promise<void> {
    return new Promise((begun, failed) => {
      const ended = this.#writer.write(
        (_, execute) =>
          new Promise<void>((commit, rollback) => {
            const end = (error?: Error) => (error ? rollback(error) : commit());
            this.#leases.set(connection, { execute, end, ended });
            begun();
          }),
      );
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
