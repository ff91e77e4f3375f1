/** Opening the office's database: a SQLite file, or PostgreSQL. */
import type { World } from '../../domain/world';
import { makeWorld } from '../world';
import type { Database, Older } from './database';
import { isPostgres } from './place';
import { openPostgres } from './postgres';
import { openSqlite } from './sqlite';

export {
  ConflictError,
  type Database,
  DatabaseNewerError,
  DatabaseOlderError,
  DatabaseUnavailableError,
  type Older,
  type ReadSnapshot,
  StrangerError,
  type Transaction,
} from './database';

/**
 * Opens the database at `place`, a file or a `postgres://` address, and brings its tables up to date. A file is made when it is not there;
 * `':memory:'` is one in a temporary folder that goes with `close()`. Throws a DatabaseUnavailableError, a DatabaseNewerError, a StrangerError, and with
 * `older: 'refuse'` a DatabaseOlderError where tables of an earlier version are there.
 */
export function openDatabase(place: string, world: World = makeWorld(), older: Older = 'update'): Promise<Database> {
  return isPostgres(place) ? openPostgres(place, world, older) : openSqlite(place, world, older);
}
