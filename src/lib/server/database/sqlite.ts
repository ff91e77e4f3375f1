/** The office's database in one SQLite file, in WAL mode; each commit is synced to disk (REC-1). */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { sql } from 'kysely';
import type { World } from '../../domain/world';
import { pagesToFill } from '../fault-point';
import type { Database, Older, Transaction } from './database';
import { makeFolder, makePrivateFile } from './folder';
import { GroupCommit } from './group-commit';
import { libraryKysely } from './library';
import { migrate, migrationNames } from './migrate';
import { SqliteClaims } from './sqlite-claims';
import { onSqlite, sqliteWords } from './sqlite-driver';
import { SqliteReaders } from './sqlite-readers';
import { SqliteWriter } from './sqlite-writer';

/**
 * Opens the database in `file`, makes it when it is not there, and brings its tables up to date.
 * `':memory:'` is a temporary folder that goes with `close()`: several connections cannot share SQLite's own.
 */
export async function openSqlite(file: string, world: World, older: Older): Promise<Database> {
  const temporary = file === ':memory:' ? mkdtempSync(join(tmpdir(), 'qiaomen-')) : null;
  const path = temporary ? join(temporary, 'memory.sqlite') : file;
  makeFolder(dirname(path));
  makePrivateFile(path);

  const writer = new SqliteWriter(openWriting(path), world);
  const readers = new SqliteReaders(path);
  const ground: Pick<Database, 'write' | 'attempt'> = {
    write: (run) => writer.write((tx) => run(tx)),
    attempt: (_, run) => writer.attempt(run),
  };
  const claims = new SqliteClaims(join(dirname(path), 'locks'));
  const together = new GroupCommit(ground);
  const close = async () => {
    readers.close();
    claims.close();
    // Last, for the last one to close leaves one whole file behind, and a reader may not write.
    await writer.close();
    if (temporary) rmSync(temporary, { recursive: true, force: true });
  };
  try {
    await ground.write(async (tx) => {
      await migrate(tx, migrationNames, older);
      await tune(tx);
    });
  } catch (error) {
    await close();
    throw error;
  }
  return {
    engine: 'sqlite',
    ...ground,
    read: (run) => readers.read((snapshot) => run(snapshot)),
    writeTogether: (run) => together.join(run),
    library: libraryKysely(sqliteWords, {
      read: (run) => readers.read((_, execute) => run(execute)),
      write: (run) => writer.write((_, execute) => run(execute)),
    }),
    tune: () => ground.write(tune),
    claim: (name) => claims.claim(name),
    close,
  };
}

async function tune(tx: Transaction): Promise<void> {
  await sql`PRAGMA optimize = 0x10002`.execute(tx);
}

function openWriting(path: string): Sqlite.Database {
  return onSqlite(() => {
    // While opening, another process may be making the very same file.
    const connection = new Sqlite(path, { timeout: 5000 });
    connection.pragma('journal_mode = WAL');
    connection.pragma('synchronous = FULL');
    connection.pragma('cache_size = -64000');
    const pages = pagesToFill();
    if (pages !== null) connection.pragma(`max_page_count = ${pages}`);
    // From here on the writer waits by itself, without holding up the event loop.
    connection.pragma('busy_timeout = 0');
    return connection;
  });
}
