/** Opening the office's database: a SQLite file, or PostgreSQL. */
import type { World } from '../../domain/world';
import { makeWorld } from '../world';
import type { Database } from './database';
import { isPostgres } from './place';
import { openPostgres } from './postgres';
import { openSqlite } from './sqlite';

export {
  ConflictError,
  type Database,
  DatabaseNewerError,
  DatabaseUnavailableError,
  type ReadSnapshot,
  StrangerError,
  type Transaction,
} from './database';

/**
 * Opens the database at `place`, a file or a `postgres://` address, and brings its tables up to date. A file is made when it is not there;
 * `':memory:'` is one in a temporary folder that goes with `close()`. Throws a DatabaseUnavailableError, a DatabaseNewerError or a StrangerError.
 */
export function openDatabase(place: string, world: World = makeWorld()): Promise<Database> {
  return isPostgres(place) ? openPostgres(place, world) : openSqlite(place, world);
}
