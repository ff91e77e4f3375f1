/** The office's database: opening it, migrations, snapshots and transactions. SQLite in WAL mode; each commit is synced to disk (REC-1). */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import Sqlite from 'better-sqlite3';
import type { World } from '../../domain/world';
import { makeWorld } from '../world';
import type { Database } from './database';
import { GroupCommit } from './group-commit';
import { migrate } from './migrate';
import { onSqlite } from './sqlite-driver';
import { libraryKysely } from './sqlite-library';
import { SqliteReaders } from './sqlite-readers';
import { SqliteWriter } from './sqlite-writer';

export { type Database, DatabaseUnavailableError, type ReadSnapshot, type Transaction } from './database';

/**
 * Opens the database in `file`, makes it when it is not there, and brings its tables up to date.
 * `':memory:'` is a temporary folder that goes with `close()`: several connections cannot share SQLite's own.
 */
export async function openDatabase(file: string, world: World = makeWorld()): Promise<Database> {
  const temporary = file === ':memory:' ? mkdtempSync(join(tmpdir(), 'qiaomen-')) : null;
  const path = temporary ? join(temporary, 'memory.sqlite') : file;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });

  const writer = new SqliteWriter(openWriting(path), world);
  const readers = new SqliteReaders(path);
  const ground: Pick<Database, 'write' | 'attempt'> = {
    write: (run) => writer.write((tx) => run(tx)),
    attempt: (_, run) => writer.attempt(run),
  };
  const together = new GroupCommit(ground);
  const close = async () => {
    readers.close();
    // Last, for the last one to close leaves one whole file behind, and a reader may not write.
    await writer.close();
    if (temporary) rmSync(temporary, { recursive: true, force: true });
  };
  try {
    await ground.write(migrate);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    ...ground,
    read: (run) => readers.read((snapshot) => run(snapshot)),
    writeTogether: (run) => together.join(run),
    library: libraryKysely(writer, readers),
    close,
  };
}

function openWriting(path: string): Sqlite.Database {
  return onSqlite(() => {
    // While opening, another process may be making the very same file.
    const connection = new Sqlite(path, { timeout: 5000 });
    connection.pragma('journal_mode = WAL');
    connection.pragma('synchronous = FULL');
    connection.pragma('cache_size = -64000');
    // From here on the writer waits by itself, without holding up the event loop.
    connection.pragma('busy_timeout = 0');
    return connection;
  });
}
