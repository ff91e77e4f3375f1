/** Writing a backup while the office runs: one snapshot, one file. */
import { createWriteStream } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Office } from '../office';
import { BackupProblem } from './backup-problem';
import { linesOf } from './lines';
import { partOf, removeLeftParts } from './parts';

/** `removed`: what backups that were killed had left beside it. */
export type Written = { file: string; bytes: number; removed: string[] };

/**
 * Writes all that the database holds at this moment, gzipped, readable by its owner alone. The file has its name only when it is whole and on disk; one that
 * was there is replaced then. Throws a BackupProblem where a folder or a device has the name, and what the disk says, with the file's path, where it cannot be
 * written.
 */
export async function writeBackup(
  { database, world }: Pick<Office, 'database' | 'world'>,
  app: string,
  file: string,
): Promise<Written> {
  const there = await stat(file).catch(() => null);
  if (there && !there.isFile()) throw new BackupProblem('not-a-file');
  const removed = await removeLeftParts(path.dirname(file), world.now());
  const part = partOf(file, world.uuid());
  try {
    await database.read(async (db) => {
      const lines = linesOf(db, database.engine, { madeAt: new Date(world.now()).toISOString(), app });
      await pipeline(Readable.from(lines), createGzip({ level: 6 }), createWriteStream(part, { mode: 0o600 }));
    });
    const written = await open(part, 'r+');
    await written.sync();
    await written.close();
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    // A disk that is full says so of a write, without the file that was written.
    if (error instanceof Error && 'syscall' in error) throw Object.assign(error, { path: file });
    throw error;
  }
  return { file, bytes: (await stat(file)).size, removed };
}
