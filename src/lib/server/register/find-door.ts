/** Doors as a record may speak of them: with what ended there, and found by their address. */
import type { DwellingFields } from '../../domain/register';
import { householdOf } from './columns';
import { loadDoor, type DoorRecords, type Reader } from './read';
import { takenBackFrom } from './taken-back';

/** One door with the households that ended there, retired or not: what the record of that submission may still speak of. */
export async function loadDoorWithPast(
  db: Reader,
  communityId: string,
  id: string,
  submissionId: string,
): Promise<DoorRecords | null> {
  const door = await loadDoor(db, communityId, id);
  return door && withPast(db, communityId, door, submissionId);
}

/** The same for a door that is loaded already; null where only that submission ever made it and the undo of that took it back. */
export async function withPast(
  db: Reader,
  communityId: string,
  door: DoorRecords,
  submissionId: string,
): Promise<DoorRecords | null> {
  const past = await db
    .selectFrom('household')
    .selectAll()
    .where('community_id', '=', communityId)
    .where('dwelling_id', '=', door.dwelling.id)
    .where('ended_at', 'is not', null)
    .orderBy('id')
    .execute();
  const ended = past.map(householdOf);
  const never = await takenBackFrom(db, communityId, submissionId, [door.dwelling, ...ended]);
  if (never.has(door.dwelling.id)) return null;
  return { ...door, households: [...door.households, ...ended.filter(({ id }) => !never.has(id))] };
}

export const addressFields = ['compound', 'building', 'unit', 'floor', 'room'] as const;
export type Address = Pick<DwellingFields, (typeof addressFields)[number]>;

/** The dwelling of that address in the grid, or null; what was struck off does not count. `other`: than this one. */
export async function dwellingAt(
  db: Reader,
  communityId: string,
  gridId: string,
  { compound, building, unit, floor, room }: Address,
  other = '',
): Promise<string | null> {
  const row = await db
    .selectFrom('dwelling')
    .innerJoin('building', (join) =>
      join
        .onRef('building.community_id', '=', 'dwelling.community_id')
        .onRef('building.id', '=', 'dwelling.building_id'),
    )
    .select('dwelling.id')
    .where('building.community_id', '=', communityId)
    .where('building.grid_id', '=', gridId)
    .where('building.compound', '=', compound.trim())
    .where('building.building', '=', building.trim())
    .where('dwelling.unit', '=', unit)
    .where('dwelling.floor', '=', floor)
    .where('dwelling.room', '=', room)
    .where('dwelling.retired_at', 'is', null)
    .where('dwelling.id', '<>', other)
    .executeTakeFirst();
  return row?.id ?? null;
}
