/** Reading connections: each read has one to itself, and in it one snapshot, so that no reader waits for a writer or sees half of one. */
import Sqlite from 'better-sqlite3';
import type { Kysely } from 'kysely';
import type { ReadSnapshot } from './database';
import { type Execute, kyselyOver } from './kysely-over';
import { executeOn, onSqlite, sqliteWords } from './sqlite-driver';
import type { Tables } from './tables';

const keptIdle = 4;

type Reader = {
  connection: Sqlite.Database;
  kysely: Kysely<Tables>;
  execute: Execute;
  lent: boolean;
};

export class SqliteReaders {
  readonly #file: string;
  readonly #idle: Reader[] = [];
  readonly #all = new Set<Reader>();
  #closed = false;

  constructor(file: string) {
    this.#file = file;
  }

  async read<T>(run: (snapshot: ReadSnapshot, execute: Execute) => Promise<T>): Promise<T> {
    const reader = this.#idle.pop() ?? this.#open();
    reader.lent = true;
    try {
      onSqlite(() => reader.connection.exec('BEGIN'));
      return await run(reader.kysely as ReadSnapshot, reader.execute);
    } finally {
      reader.lent = false;
      if (reader.connection.inTransaction) reader.connection.exec('ROLLBACK');
      if (this.#closed || this.#idle.length >= keptIdle) this.#drop(reader);
      else this.#idle.push(reader);
    }
  }

  close(): void {
    this.#closed = true;
    for (const reader of this.#all) if (!reader.lent) this.#drop(reader);
  }

  #open(): Reader {
    if (this.#closed) throw new Error('the database is closed');
    const connection = onSqlite(() => new Sqlite(this.#file, { readonly: true, fileMustExist: true, timeout: 2000 }));
    connection.pragma('cache_size = -16000');
    const execute = executeOn(connection, () => {
      if (!reader.lent) throw new Error('this snapshot has ended: a promise was not awaited inside Database.read');
    });
    const reader: Reader = { connection, execute, kysely: kyselyOver(sqliteWords, execute), lent: false };
    this.#all.add(reader);
    return reader;
  }

  #drop(reader: Reader): void {
    this.#all.delete(reader);
    reader.connection.close();
  }
}
