/** The door that a form was filled in against: as the feed told it under the version that the record names, else the register's now. */
import type { DoorLike } from '../../domain/door-like';
import { DwellingItem } from '../../sync/items';
import { open } from '../codec';
import { wholeOf } from '../register/read';
import type { GatheredReads } from './reads';
import type { Place } from './target';

export async function doorOfBasis(
  reads: GatheredReads,
  { door, dwellingId }: Place,
  basis: Readonly<Record<string, number>>,
  targetId: string,
): Promise<DoorLike | null> {
  if (!door || dwellingId === null) return null;
  const now = wholeOf(door);
  const version = versionIn(basis, targetId) ?? versionIn(basis, dwellingId);
  if (version === undefined) return now;
  if ((await reads.versionsOfDoor(dwellingId)).includes(version)) return now;
  const past = await reads.db
    .selectFrom('feed_past')
    .select('body')
    .where('community_id', '=', reads.communityId)
    .where('type', '=', 'dwelling')
    .where('item_id', '=', dwellingId)
    .where('version', '=', version)
    .execute();
  // Held in two feeds, a version means two things: then the register of now is the better guess.
  const [only] = past;
  if (!only || past.length > 1) return now;
  const told = DwellingItem.safeParse(JSON.parse(open(only.body)));
  return told.success ? told.data : now;
}

/** The version under which a record names something; undefined where it names none, or what no feed has as a version: no database is asked for that. */
export function versionIn(basis: Readonly<Record<string, number>>, id: string): number | undefined {
  const version = Object.hasOwn(basis, id) ? basis[id] : undefined;
  return Number.isSafeInteger(version) ? version : undefined;
}
