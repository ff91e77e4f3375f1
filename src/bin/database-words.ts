/** What is wrong with the database, for whoever starts a program on it. */
import type { Locale } from '../lib/domain/codes/codes';
import * as m from '../lib/paraglide/messages';
import { isPostgres } from '../lib/server/database/place';
import type { DatabaseNewerError, DatabaseUnavailableError, StrangerError } from '../lib/server/database/open';

/** Null for an error that says nothing of the database. `place`: a file, or an address of PostgreSQL. */
export function databaseWords(error: unknown, place: string, locale: Locale): string | null {
  const named = { place: withoutSecrets(place) };
  if (isNewer(error)) return m.database_newer({ ...named, names: error.unknown.join(', ') }, { locale });
  if (error instanceof Error && error.name === 'DatabaseOlderError') return m.database_older(named, { locale });
  if (isUnavailable(error)) return m.database_closed({ ...named, code: error.code }, { locale });
  if (isStranger(error)) {
    const words = error.why === 'name-taken' ? m.database_name_taken : m.database_rests_on_ours;
    return words({ ...named, what: error.what }, { locale });
  }
  return null;
}

// The built app and the programs are two bundles, each with classes of its own: the names are what they share.
const isNewer = (error: unknown): error is DatabaseNewerError =>
  error instanceof Error && error.name === 'DatabaseNewerError' && 'unknown' in error;
const isStranger = (error: unknown): error is StrangerError =>
  error instanceof Error && error.name === 'StrangerError' && 'what' in error;
const isUnavailable = (error: unknown): error is DatabaseUnavailableError =>
  error instanceof Error && /^(DatabaseUnavailable|Conflict)Error$/.test(error.name) && 'code' in error;

/** Of an address only where it leads: neither who nor the password. */
function withoutSecrets(place: string): string {
  if (!isPostgres(place)) return place;
  const { host, pathname } = new URL(place);
  return `postgres://${host}${pathname}`;
}
