/** The folder of a database in a file. */
import { mkdirSync, statSync } from 'node:fs';
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
