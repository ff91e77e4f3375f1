/** Doors as a record may speak of them: with what ended there, and found by their address. */
import { doorKey, type Address } from '../../domain/door-key';
import { householdOf } from './columns';
import { loadDoor, type DoorRecords, type Reader } from './read';
import type { RecordOf } from './records';
import { takenBackFrom } from './taken-back';

/** One door with the households that ended there, retired or not: what the record of that submission may still speak of. */
export async function loadDoorWithPast(
  db: Reader,
  communityId: string,
  id: string,
  submissionId: string,
): Promise<DoorRecords | null> {
  const door = await loadDoor(db, communityId, id);
  return door && withPast(db, communityId, door, await endedAt(db, communityId, id), submissionId);
}

/** Households that ended at a door, retired or not. */
export async function endedAt(db: Reader, communityId: string, dwellingId: string): Promise<RecordOf<'household'>[]> {
  const past = await db
    .selectFrom('household')
    .selectAll()
    .where('community_id', '=', communityId)
    .where('dwelling_id', '=', dwellingId)
    .where('ended_at', 'is not', null)
    .orderBy('id')
    .execute();
  return past.map(householdOf);
}

/** A door with `ended`, as that submission may speak of it; null where only that submission ever made it and the undo of that took it back. */
export async function withPast(
  db: Reader,
  communityId: string,
  door: DoorRecords,
  ended: readonly RecordOf<'household'>[],
  submissionId: string,
): Promise<DoorRecords | null> {
  const never = await takenBackFrom(db, communityId, submissionId, [door.dwelling, ...ended]);
  if (never.has(door.dwelling.id)) return null;
  return { ...door, households: [...door.households, ...ended.filter(({ id }) => !never.has(id))] };
}

/** A standing door. `floor`: of its own, where the one that was asked for says another. */
export type StandingDoor = { id: string; gridId: string; buildingId: string; floor: number };

/** Doors of a community with their addresses and places, struck off or not. */
function addressed(db: Reader, communityId: string) {
  return db
    .selectFrom('building')
    .innerJoin('dwelling', (join) =>
      join
        .onRef('dwelling.community_id', '=', 'building.community_id')
        .onRef('dwelling.building_id', '=', 'building.id'),
    )
    .select(['dwelling.id', 'building.grid_id as gridId', 'building.id as buildingId'])
    .select(['building.compound', 'building.building', 'dwelling.unit', 'dwelling.floor', 'dwelling.room'])
    .where('building.community_id', '=', communityId);
}

/** The doors that stand at each of these addresses, by `doorKey`, in whatever grid; what was struck off does not count. */
export async function doorsAt(
  db: Reader,
  communityId: string,
  addresses: readonly Address[],
): Promise<Map<string, StandingDoor[]>> {
  const asked = new Set(addresses.map(doorKey));
  const all = <Field extends 'unit' | 'room'>(field: Field) => [...new Set(addresses.map((one) => one[field]))];
  const rows = await addressed(db, communityId)
    .where('building.building', 'in', [...new Set(addresses.map(({ building }) => building.trim()))])
    .where('dwelling.unit', 'in', all('unit'))
    .where('dwelling.room', 'in', all('room'))
    .where('dwelling.retired_at', 'is', null)
    .orderBy('dwelling.id')
    .execute();
  const doors = new Map<string, StandingDoor[]>();
  for (const { id, gridId, buildingId, ...address } of rows) {
    const key = doorKey(address);
    if (!asked.has(key)) continue;
    doors.set(key, [...(doors.get(key) ?? []), { id, gridId, buildingId, floor: address.floor }]);
  }
  return doors;
}

/**
 * Doors that were struck off at this address of the grid, and have not been found to be one with another since. One whose finding was undone never was
 * one: the record that proposes it joins it to another by itself.
 */
export async function struckOffAt(
  db: Reader,
  communityId: string,
  gridId: string,
  address: Address,
  than: string,
): Promise<string[]> {
  const rows = await addressed(db, communityId)
    .leftJoin('alias', (join) =>
      join
        .onRef('alias.community_id', '=', 'dwelling.community_id')
        .onRef('alias.id', '=', 'dwelling.id')
        .on('alias.type', '=', 'dwelling'),
    )
    .where('building.grid_id', '=', gridId)
    .where('building.building', '=', address.building.trim())
    .where('dwelling.unit', '=', address.unit)
    .where('dwelling.room', '=', address.room)
    .where('dwelling.id', '!=', than)
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('register_change')
          .select('register_change.id')
          .whereRef('register_change.community_id', '=', 'dwelling.community_id')
          .whereRef('register_change.entity_id', '=', 'dwelling.id')
          .whereRef('register_change.at', '=', 'dwelling.retired_at')
          .where('register_change.field', '=', 'retiredAt')
          .where('register_change.source', '!=', 'undo'),
      ),
    )
    .where('alias.id', 'is', null)
    .orderBy('dwelling.id')
    .execute();
  return rows.filter((row) => doorKey(row) === doorKey(address)).map(({ id }) => id);
}

/**
 * An address is one door in its grid (TWO-5): the one that stands there, or null. `than`: the door that is asked about, which is no other. Where more than
 * one stands there the one on that very floor.
 */
export async function otherDoorAt(
  db: Reader,
  communityId: string,
  gridId: string,
  address: Address,
  than = '',
): Promise<string | null> {
  const standing = (await doorsAt(db, communityId, [address])).get(doorKey(address)) ?? [];
  const others = standing.filter((door) => door.gridId === gridId && door.id !== than);
  const [first] = others;
  return (others.find(({ floor }) => floor === address.floor) ?? first)?.id ?? null;
}
