/** What the register has, by the keys that a roster knows: names of grids and buildings, addresses of doors, identity numbers. */
import { type Address, buildingKey, doorKey } from '../../domain/door-key';
import { resolveAliases, type Reader } from '../register/read';
import { dwellingOf, residentOf } from '../register/columns';
import { numberHash } from '../register/number-hash';
import type { ResidentRecord } from '../register/records';

export type KnownDoor = { id: string; gridId: string; buildingId: string; retired: boolean };
export type KnownBuilding = { id: string; gridId: string };
export type RegisterIndex = {
  grids: Map<string, string>;
  gridCount: number;
  buildings: Map<string, KnownBuilding[]>;
  doors: Map<string, KnownDoor>;
  /** Keys under which more than one door stands: which of them a row means nobody can tell. */
  severalAt: Set<string>;
  /** The keys of `doors` by id. */
  doorKeys: Map<string, string>;
  /** Addresses of `doors` by id. */
  places: Map<string, Address>;
  /** Everybody with a number, wherever they live. */
  byNumber: Map<string, ResidentRecord[]>;
};

/** `第一网格` and `一网格` are one grid. */
export function gridKey(name: string): string {
  return name
    .normalize('NFKC')
    .replace(/\s/g, '')
    .replace(/^第/, '')
    .replace(/号?网格$/, '');
}

export async function indexRegister(db: Reader, communityId: string): Promise<RegisterIndex> {
  const grids = await db.selectFrom('grid').select(['id', 'name']).where('community_id', '=', communityId).execute();
  const buildings = await db
    .selectFrom('building')
    .select(['id', 'grid_id', 'compound', 'building'])
    .where('community_id', '=', communityId)
    .execute();
  const dwellings = await db.selectFrom('dwelling').selectAll().where('community_id', '=', communityId).execute();
  const others = await resolveAliases(
    db,
    communityId,
    'dwelling',
    dwellings.flatMap(({ id, retired_at }) => (retired_at === null ? [] : [id])),
  );
  const index: RegisterIndex = {
    grids: new Map(grids.map(({ id, name }) => [gridKey(name), id])),
    gridCount: grids.length,
    buildings: new Map(),
    doors: new Map(),
    severalAt: new Set(),
    doorKeys: new Map(),
    places: new Map(),
    byNumber: await peopleByNumber(db, communityId),
  };
  for (const row of buildings) {
    const key = buildingKey(row);
    index.buildings.set(key, [...(index.buildings.get(key) ?? []), { id: row.id, gridId: row.grid_id }]);
  }
  for (const row of dwellings) {
    const { id, gridId, buildingId, fields, retiredAt } = dwellingOf(row);
    const { compound, building, unit, floor, room } = fields;
    index.places.set(id, { compound, building, unit, floor, room });
    const key = doorKey(fields);
    const known = index.doors.get(key);
    // One that was struck off and found again does not come back: the other one does.
    if (retiredAt !== null && (known || others.has(id))) continue;
    if (known?.retired === false) index.severalAt.add(key);
    index.doorKeys.set(id, key);
    index.doors.set(key, { id, gridId, buildingId, retired: retiredAt !== null });
  }
  return index;
}

const CHUNK = 500;

/**
 * Who has these numbers by now: since the index was read people may have moved, been verified, joined or erased (`planDoors` reads those of a door
 * anew by itself). Whom an import made at a door that the index lacks is left out.
 */
export async function refreshNumbers(
  db: Reader,
  communityId: string,
  numbers: ReadonlySet<string>,
  index: RegisterIndex,
): Promise<void> {
  const hash = await numberHash(db, communityId);
  const all = [...numbers];
  for (let start = 0; start < all.length; start += CHUNK) {
    const part = all.slice(start, start + CHUNK);
    const known = new Set(part.flatMap((number) => (index.byNumber.get(number) ?? []).map(({ id }) => id)));
    if (known.size === 0 && !hash) continue;
    const rows = await db
      .selectFrom('resident')
      .selectAll()
      .where('community_id', '=', communityId)
      .where('retired_at', 'is', null)
      .where((eb) =>
        eb.or([
          ...(known.size > 0 ? [eb('id', 'in', [...known])] : []),
          ...(hash ? [eb('number_hash', 'in', part.map(hash))] : []),
        ]),
      )
      .orderBy('id')
      .execute();
    for (const number of part) index.byNumber.delete(number);
    for (const record of rows.map(residentOf)) {
      const { idNumber } = record.fields;
      if (!numbers.has(idNumber) || !(known.has(record.id) || index.doorKeys.has(record.dwellingId))) continue;
      index.byNumber.set(idNumber, [...(index.byNumber.get(idNumber) ?? []), record]);
    }
  }
}

async function peopleByNumber(db: Reader, communityId: string): Promise<Map<string, ResidentRecord[]>> {
  const rows = await db
    .selectFrom('resident')
    .selectAll()
    .where('community_id', '=', communityId)
    .where('retired_at', 'is', null)
    .execute();
  const people = new Map<string, ResidentRecord[]>();
  for (const row of rows) {
    const record = residentOf(row);
    const { idNumber } = record.fields;
    if (idNumber) people.set(idNumber, [...(people.get(idNumber) ?? []), record]);
  }
  return people;
}
