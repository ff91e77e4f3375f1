/** The folder of a database in a file, and the file itself: for the office's account alone. */
import { chmodSync, closeSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseUnavailableError } from './database';

/**
 * Makes a folder and those above it, for this account alone; nothing where it is there. Throws a DatabaseUnavailableError with the system's code.
 * Step by step, since Node's own recursion never ends where a folder that is there takes no new one (`/proc`).
 */
export function makeFolder(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  const above = dirname(path);
  if (above !== path) makeFolder(above);
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'EIO';
    // Another process was as quick.
    if (code === 'EEXIST' && statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
    throw new DatabaseUnavailableError(code, { cause: error });
  }
}

/**
 * Makes the file where it is not there, and takes from everybody else the right to read it where they had it; SQLite gives the files that it makes beside
 * it (`-wal`, `-shm`) the same rights. What cannot be done here is told by whoever opens the file.
 */
export function makePrivateFile(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch {
    for (const file of [path, `${path}-wal`, `${path}-shm`]) {
      // Never opened: to close it would end the locks that another connection of this process has on it.
      if (isOpenToOthers(file)) quietly(() => chmodSync(file, 0o600));
    }
  }
}

/** Whether others than its owner may do anything with a file or folder; false where it is not there, and where rights are not kept so. */
export function isOpenToOthers(path: string): boolean {
  const mode = statSync(path, { throwIfNoEntry: false })?.mode ?? 0;
  return process.platform !== 'win32' && (mode & 0o077) !== 0;
}

function quietly(run: () => void): void {
  try {
    run();
  } catch {
    // Another account's file: opening it says what is wrong, if anything is.
  }
}
