/** Names that one process at a time may hold, over processes that share a folder: an empty database file each, locked while it is held. */
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { DatabaseUnavailableError } from './database';
import { makeFolder } from './folder';
import { onSqlite } from './sqlite-driver';

export class SqliteClaims {
  readonly #folder: string;
  readonly #open = new Map<string, Sqlite.Database>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Null where somebody holds the name, in this process or another; what a process held is free when it ends, however it ends. */
  async claim(name: string): Promise<(() => Promise<void>) | null> {
    const lock = this.#open.get(name) ?? this.#make(name);
    if (lock.inTransaction) return null;
    try {
      onSqlite(() => lock.exec('BEGIN EXCLUSIVE'));
    } catch (error) {
      if (error instanceof DatabaseUnavailableError && error.code.startsWith('SQLITE_BUSY')) return null;
      throw error;
    }
    return async () => {
      if (lock.inTransaction) lock.exec('ROLLBACK');
    };
  }

  close(): void {
    for (const lock of this.#open.values()) lock.close();
    this.#open.clear();
  }

  #make(name: string): Sqlite.Database {
    makeFolder(this.#folder);
    const lock = onSqlite(() => new Sqlite(join(this.#folder, encodeURIComponent(name)), { timeout: 0 }));
    this.#open.set(name, lock);
    return lock;
  }
}
