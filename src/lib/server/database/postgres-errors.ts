/** PostgreSQL's failures told apart: the database itself, another writer in the way, or what was asked. */
import pg from 'pg';
import { ConflictError, DatabaseUnavailableError, StrangerError } from './database';

/**
 * SQLSTATEs that speak of the server, the disk, the connection or of waiting too long, not of the statement: classes 08 connection, 28, 3D and 42501 who
 * may connect and where, 53 resources, 57 an operator, 58 and XX the system; 25006 a server that only reads, 25P03 and 25P04 a transaction
 * that was idle or ran too long, 55P03 a lock.
 */
const unavailable = /^(08|28|3D|42501|53|57|58|XX|25006|25P03|25P04|55P03)/;
/** Deadlock, serialization failure. */
const inTheWay = /^(40P01|40001)$/;
/** A unique key that another transaction took between this one's look and its insert. */
const taken = '23505';
/** A relation or a type of the name is there; something else depends on what is to be removed. */
const nameTaken = /^(42P07|42710)$/;
const restedOn = '2BP01';

/** `mayRepeat`: a key that is taken counts as another's transaction in the way; on the last try it is what it is. */
export function asDatabaseError(error: unknown, mayRepeat = false): unknown {
  if (error instanceof DatabaseUnavailableError || !(error instanceof Error)) return error;
  if (error instanceof pg.DatabaseError) {
    const code = error.code ?? '';
    if (inTheWay.test(code) || (mayRepeat && code === taken)) return new ConflictError(code, { cause: error });
    if (nameTaken.test(code)) return new StrangerError('name-taken', error.message, { cause: error });
    if (code === restedOn) return new StrangerError('rests-on-ours', error.detail ?? error.message, { cause: error });
    return unavailable.test(code) ? new DatabaseUnavailableError(code, { cause: error }) : error;
  }
  // A value that cannot be sent is a mistake of ours; all else that is not the server's own word is about reaching it.
  if (error instanceof TypeError || error instanceof RangeError) return error;
  return new DatabaseUnavailableError('code' in error ? String(error.code) : 'CONNECTION', { cause: error });
}
