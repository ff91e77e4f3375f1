/** The door that a form was filled in against: as the feed told it under the version that the record names, else the register's now. */
import type { DoorLike } from '../../domain/door-like';
import { DwellingItem } from '../../sync/items';
import { open } from '../codec';
import type { ReadSnapshot } from '../database/open';
import { wholeOf } from '../register/read';
import type { Place } from './target';

export async function doorOfBasis(
  db: ReadSnapshot,
  communityId: string,
  { door, dwellingId }: Place,
  basis: Readonly<Record<string, number>>,
  targetId: string,
): Promise<DoorLike | null> {
  if (!door || dwellingId === null) return null;
  const now = wholeOf(door);
  const version = own(basis, targetId) ?? own(basis, dwellingId);
  if (version === undefined) return now;
  const items = await db
    .selectFrom('feed_item')
    .select('version')
    .where('community_id', '=', communityId)
    .where('type', '=', 'dwelling')
    .where('item_id', '=', dwellingId)
    .execute();
  if (items.some((item) => item.version === version)) return now;
  const past = await db
    .selectFrom('feed_past')
    .select('body')
    .where('community_id', '=', communityId)
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

function own(basis: Readonly<Record<string, number>>, id: string): number | undefined {
  return Object.hasOwn(basis, id) ? basis[id] : undefined;
}
