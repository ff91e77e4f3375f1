/** What a record was prefilled from: the door as its feed told it then, and what the register got since. */
import type { SinceChange } from '../../domain/since';
import { DwellingItem } from '../../sync/items';
import { open } from '../codec';
import { changesOfDoorSince } from '../register/history';
import { type DoorRecords, type Reader } from '../register/read';
import { officeTime, type StoredRevision } from './revision';

export type Basis = {
  door: DwellingItem;
  /** Nothing of this door was told since. */
  newest: boolean;
};

/** The door under the version that the record names; null where that is not held, or held in two feeds (a door that moved). */
export async function basisOf(
  db: Reader,
  communityId: string,
  { basis, target }: StoredRevision,
  dwellingId: string,
): Promise<Basis | null> {
  const version = own(basis, dwellingId) ?? own(basis, target.id);
  if (version === undefined) return null;
  const item = (table: 'feed_item' | 'feed_past') =>
    db
      .selectFrom(table)
      .select('body')
      .where('community_id', '=', communityId)
      .where('type', '=', 'dwelling')
      .where('item_id', 'in', [dwellingId, target.id])
      .where('version', '=', version)
      .execute();
  const current = await item('feed_item');
  const past = await item('feed_past');
  const [told, ...more] = [...current, ...past];
  if (!told || more.length > 0) return null;
  const door = DwellingItem.safeParse(JSON.parse(open(told.body) || 'null'));
  return door.success ? { door: door.data, newest: past.length === 0 } : null;
}

function own(basis: Readonly<Record<string, number>>, id: string): number | undefined {
  return Object.hasOwn(basis, id) ? basis[id] : undefined;
}

/** The basis is gone: what the register wrote about this door since the record was made. Numbers stay untold. */
export async function writtenSince(
  db: Reader,
  communityId: string,
  revision: StoredRevision,
  door: DoorRecords,
): Promise<SinceChange[]> {
  const names = new Map(door.residents.map(({ id, fields }) => [id, fields.name]));
  const made = new Date(officeTime({ ...revision, body: {} })).toISOString();
  const entries = await changesOfDoorSince(db, communityId, door.dwelling.id, made);
  return entries.flatMap((entry): SinceChange[] => {
    if (entry.entityType === 'building' || entry.submissionId === revision.submissionId) return [];
    const hidden = entry.field === 'idNumber' || entry.field === '*';
    return [
      {
        entity: entry.entityType,
        entityId: entry.entityId,
        name: names.get(entry.entityId) ?? '',
        field: entry.field,
        before: hidden ? undefined : entry.before,
        now: hidden ? undefined : entry.after,
      },
    ];
  });
}
