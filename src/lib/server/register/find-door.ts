/** Doors as a record may speak of them: with what ended there, and found by their address. */
import type { DwellingFields } from '../../domain/register';
import { householdOf } from './columns';
import { loadDoor, type DoorRecords, type Reader } from './read';

/** One door with the households that ended there, retired or not: what a record may still speak of. */
export async function loadDoorWithPast(db: Reader, communityId: string, id: string): Promise<DoorRecords | null> {
  const door = await loadDoor(db, communityId, id);
  return door && withPast(db, communityId, door);
}

/** The same for a door that is loaded already. */
export async function withPast(db: Reader, communityId: string, door: DoorRecords): Promise<DoorRecords> {
  const past = await db
    .selectFrom('household')
    .selectAll()
    .where('community_id', '=', communityId)
    .where('dwelling_id', '=', door.dwelling.id)
    .where('ended_at', 'is not', null)
    .orderBy('id')
    .execute();
  return { ...door, households: [...door.households, ...past.map(householdOf)] };
}

/** The dwelling of that address in the grid, or null; what was struck off does not count. */
export async function dwellingAt(
  db: Reader,
  communityId: string,
  gridId: string,
  { compound, building, unit, floor, room }: Pick<DwellingFields, 'compound' | 'building' | 'unit' | 'floor' | 'room'>,
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
    .executeTakeFirst();
  return row?.id ?? null;
}
