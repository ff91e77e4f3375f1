/** The register 底册: what it holds about a door, and the only writers of it (`rows.ts`, `apply.ts`, `correct.ts`). */
import type { Kysely } from 'kysely';
import type { EntityType, Resident, WholeDwelling } from '../../domain/register';
import type { Tables } from '../database/tables';
import { buildingOf, dwellingOf, householdOf, residentOf } from './columns';
import type { DwellingRecord, HouseholdRecord, RecordOf, RegisterRecord, ResidentRecord } from './records';

/** A read snapshot or a transaction: reading asks no more than that. */
export type Reader = Kysely<Tables>;

/** The dwelling with its households and residents, or null when the register has none of that id or has retired it. Follows aliases. */
export async function wholeDwelling(
  db: Reader,
  communityId: string,
  dwellingId: string,
): Promise<WholeDwelling | null> {
  const id = await resolveAlias(db, communityId, 'dwelling', dwellingId);
  const door = await loadDoor(db, communityId, id);
  return door && door.dwelling.retiredAt === null ? wholeOf(door) : null;
}

/** The rows of one door, as they are worked on. Households that ended and people who were joined elsewhere are not among them. */
export type DoorRecords = {
  dwelling: DwellingRecord;
  households: HouseholdRecord[];
  residents: ResidentRecord[];
};

export async function loadDoor(db: Reader, communityId: string, id: string): Promise<DoorRecords | null> {
  return (await loadDoors(db, communityId, [id])).get(id) ?? null;
}

/** Several doors in three reads, retired ones too. */
export async function loadDoors(
  db: Reader,
  communityId: string,
  ids: readonly string[],
): Promise<Map<string, DoorRecords>> {
  const doors = new Map<string, DoorRecords>();
  if (ids.length === 0) return doors;
  const dwellings = await loadRecords(db, communityId, 'dwelling', ids);
  for (const dwelling of dwellings.values()) {
    doors.set(dwelling.id, { dwelling, households: [], residents: [] });
  }
  const households = await db
    .selectFrom('household')
    .selectAll()
    .where('community_id', '=', communityId)
    .where('dwelling_id', 'in', ids)
    .where('ended_at', 'is', null)
    // As the index has them: ordered by id alone, SQLite may walk the whole table by its key instead.
    .orderBy('dwelling_id')
    .orderBy('id')
    .execute();
  for (const row of households) doors.get(row.dwelling_id)?.households.push(householdOf(row));
  const residents = await db
    .selectFrom('resident')
    .selectAll()
    .where('community_id', '=', communityId)
    .where('dwelling_id', 'in', ids)
    .where('retired_at', 'is', null)
    .orderBy('dwelling_id')
    .orderBy('id')
    .execute();
  for (const row of residents) doors.get(row.dwelling_id)?.residents.push(residentOf(row));
  return doors;
}

/** One door as the domain knows it; the head of a household comes first, then by birth. */
export function wholeOf({ dwelling, households, residents }: DoorRecords): WholeDwelling {
  return {
    id: dwelling.id,
    gridId: dwelling.gridId,
    ...dwelling.fields,
    households: households.map((household) => ({
      id: household.id,
      dwellingId: household.dwellingId,
      ...household.fields,
      residents: residents
        .filter((resident) => resident.householdId === household.id)
        .map((resident): Resident => ({ id: resident.id, householdId: household.id, ...resident.fields }))
        .sort((a, b) => byPlace(a, b, household.fields.headId)),
    })),
  };
}

function byPlace(a: Resident, b: Resident, headId: string | null): number {
  const rank = (resident: Resident) => `${resident.id === headId ? 0 : 1}${resident.birthDate || '9999'}${resident.id}`;
  return rank(a) < rank(b) ? -1 : 1;
}

/** Records by id; an id that the register lacks is not in the map. Aliases are not followed. */
export async function loadRecords<Type extends EntityType>(
  db: Reader,
  communityId: string,
  type: Type,
  ids: readonly string[],
): Promise<Map<string, RecordOf<Type>>>;
export async function loadRecords(
  db: Reader,
  communityId: string,
  type: EntityType,
  ids: readonly string[],
): Promise<Map<string, RegisterRecord>> {
  if (ids.length === 0) return new Map();
  const records = await selectRecords(db, communityId, type, ids);
  return new Map(records.map((record) => [record.id, record]));
}

async function selectRecords(
  db: Reader,
  communityId: string,
  type: EntityType,
  ids: readonly string[],
): Promise<RegisterRecord[]> {
  switch (type) {
    case 'building': {
      const query = db.selectFrom('building').selectAll().where('community_id', '=', communityId);
      return (await query.where('id', 'in', ids).execute()).map(buildingOf);
    }
    case 'dwelling': {
      const query = db.selectFrom('dwelling').selectAll().where('community_id', '=', communityId);
      return (await query.where('id', 'in', ids).execute()).map(dwellingOf);
    }
    case 'household': {
      const query = db.selectFrom('household').selectAll().where('community_id', '=', communityId);
      return (await query.where('id', 'in', ids).execute()).map(householdOf);
    }
    case 'resident': {
      const query = db.selectFrom('resident').selectAll().where('community_id', '=', communityId);
      return (await query.where('id', 'in', ids).execute()).map(residentOf);
    }
  }
}

/** The id that counts for `id`: itself, or what it was found to be one with (TWO-5). */
export async function resolveAlias(db: Reader, communityId: string, type: EntityType, id: string): Promise<string> {
  return (await resolveAliases(db, communityId, type, [id])).get(id) ?? id;
}

/** As `resolveAlias`, for many; only ids that are aliases are in the map. Chains are followed. */
export async function resolveAliases(
  db: Reader,
  communityId: string,
  type: EntityType,
  ids: readonly string[],
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  let asked = [...new Set(ids)];
  // Two joins in a row make a chain; eight in a row would be a loop.
  for (let step = 0; asked.length > 0 && step < 8; step += 1) {
    const rows = await db
      .selectFrom('alias')
      .select(['id', 'same_as'])
      .where('community_id', '=', communityId)
      .where('type', '=', type)
      .where('id', 'in', asked)
      .execute();
    for (const row of rows) found.set(row.id, row.same_as);
    asked = rows.map((row) => row.same_as);
  }
  const end = (id: string): string => {
    const next = found.get(id);
    return next === undefined ? id : end(next);
  };
  return new Map([...found.keys()].map((id) => [id, end(id)]));
}

/** Every id that counts for `id`, itself first: what its history and its submissions are found by. */
export async function idsOf(db: Reader, communityId: string, type: EntityType, id: string): Promise<string[]> {
  const ids = [id];
  for (let start = 0; start < ids.length;) {
    const asked = ids.slice(start);
    start = ids.length;
    const rows = await db
      .selectFrom('alias')
      .select('id')
      .where('community_id', '=', communityId)
      .where('type', '=', type)
      .where('same_as', 'in', asked)
      .execute();
    ids.push(...rows.map((row) => row.id).filter((other) => !ids.includes(other)));
  }
  return ids;
}
