/** Where a record of the register stood at a time: its history is the list of its intervals, written with each move and never overwritten (SCO-4). */
import * as z from 'zod';
import { open } from '../codec';
import type { Reader } from './read';

/** The grid of a door at `then` (RFC 3339, UTC); null where it never moved since, so that it stood then where it stands now. */
export function gridOfDoorAt(
  db: Reader,
  communityId: string,
  dwellingId: string,
  then: string,
): Promise<string | null> {
  return valueAt(db, communityId, { type: 'dwelling', id: dwellingId, field: 'gridId' }, then);
}

/** The door of a person at `then`; null where nobody moved them since. */
export function doorOfResidentAt(
  db: Reader,
  communityId: string,
  residentId: string,
  then: string,
): Promise<string | null> {
  return valueAt(db, communityId, { type: 'resident', id: residentId, field: 'dwellingId' }, then);
}

type Place = { type: 'dwelling'; id: string; field: 'gridId' } | { type: 'resident'; id: string; field: 'dwellingId' };

/** What the first change after `then` replaced. */
async function valueAt(
  db: Reader,
  communityId: string,
  { type, id, field }: Place,
  then: string,
): Promise<string | null> {
  const row = await db
    .selectFrom('register_change')
    .select('before')
    .where('community_id', '=', communityId)
    .where('entity_type', '=', type)
    .where('entity_id', '=', id)
    .where('field', '=', field)
    .where('at', '>', then)
    .orderBy('at')
    .orderBy('id')
    .executeTakeFirst();
  return row
    ? z
        .string()
        .nullable()
        .parse(JSON.parse(open(row.before)))
    : null;
}
