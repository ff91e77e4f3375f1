/** Looking through the register at the desk: by name, door or the end of a telephone number, by grid or building. */
import type { Kysely } from 'kysely';
import { compareRooms, compareUnits } from '../../domain/address';
import { asRecord, textOf } from '../../domain/json';
import { open } from '../codec';
import { audit } from '../audit/audit';
import type { Tables } from '../database/tables';
import type { Office, SignedIn } from '../office';
import { pageWithin } from '../page-within';
import { eachReadable, jsonOf, logLeftOut } from '../readable';
import { type DoorRecords, loadDoors, loadRecords } from './read';
import type { DwellingRecord } from './records';

type Reader = Kysely<Tables>;

/** `retired`: only the doors that were taken out of the register. */
export type BrowseAsked = {
  text?: string;
  gridId?: string;
  buildingId?: string;
  retired?: boolean;
  page?: number;
  limit?: number;
};
export type BrowseRow = {
  id: string;
  gridId: string;
  buildingId: string;
  address: Pick<DwellingRecord['fields'], 'compound' | 'building' | 'unit' | 'floor' | 'room'>;
  use: DwellingRecord['fields']['use'];
  /** Taken out of the register: kept with its people and its history. */
  retired: boolean;
  households: number;
  /** Who is registered, heads first; those who moved away or died are not among them. */
  people: { id: string; name: string; isHead: boolean }[];
};
export type BrowsePage = { rows: BrowseRow[]; total: number; page: number; pages: number };

/** One page of doors, along the stairs; 50 a page unless `limit` says otherwise. Retired doors are found by `text`, so that nobody is lost, and listed only where asked for. */
export async function browse(db: Reader, communityId: string, asked: BrowseAsked): Promise<BrowsePage> {
  const limit = Math.min(200, Math.max(1, asked.limit ?? 50));
  const places = await placesOf(db, communityId, asked);
  const text = asked.text?.trim() ?? '';
  const found = text === '' ? places : await matching(db, communityId, places, text);
  found.sort(alongTheStairs);
  const { page, pages } = pageWithin(found.length, limit, asked.page);
  const shown = found.slice((page - 1) * limit, page * limit).map(({ id }) => id);
  return { rows: await rowsOf(db, communityId, shown), total: found.length, page, pages };
}

/** Notes that somebody looked at a full record; to be called by every page that shows one. */
export async function noteLook(
  office: Office,
  account: SignedIn,
  type: 'dwelling' | 'household' | 'resident',
  id: string,
): Promise<void> {
  await office.database.write((tx) => audit(tx, office.world, account, 'register.look', { type, id }));
}

/** The whole identity number of a resident, logged; null where the register has none. */
export async function lookAtRegisteredNumber(
  office: Office,
  account: SignedIn,
  residentId: string,
): Promise<string | null> {
  return office.database.write(async (tx) => {
    await audit(tx, office.world, account, 'register.look-at-number', { type: 'resident', id: residentId });
    const record = (await loadRecords(tx, account.communityId, 'resident', [residentId])).get(residentId);
    return record?.fields.idNumber || null;
  });
}

type Place = { id: string; compound: string; building: string; unit: string; floor: number; room: string };

async function placesOf(
  db: Reader,
  communityId: string,
  { gridId, buildingId, retired, text }: BrowseAsked,
): Promise<Place[]> {
  const isSearch = (text?.trim() ?? '') !== '';
  return db
    .selectFrom('dwelling')
    .innerJoin('building', (join) =>
      join
        .onRef('building.community_id', '=', 'dwelling.community_id')
        .onRef('building.id', '=', 'dwelling.building_id'),
    )
    .select(['dwelling.id', 'dwelling.unit', 'dwelling.floor', 'dwelling.room'])
    .select(['building.compound', 'building.building'])
    .where('dwelling.community_id', '=', communityId)
    .$if(retired === true, (query) => query.where('dwelling.retired_at', 'is not', null))
    .$if(retired !== true && !isSearch, (query) => query.where('dwelling.retired_at', 'is', null))
    .$if(gridId !== undefined, (query) => query.where('dwelling.grid_id', '=', gridId ?? ''))
    .$if(buildingId !== undefined, (query) => query.where('dwelling.building_id', '=', buildingId ?? ''))
    .execute();
}

function alongTheStairs(a: Place, b: Place): number {
  return (
    a.compound.localeCompare(b.compound, 'zh') ||
    compareUnits(a.building, b.building) ||
    compareUnits(a.unit, b.unit) ||
    a.floor - b.floor ||
    compareRooms(a.room, b.room)
  );
}

/** By door where the text names one, by the end of a telephone where it is four digits or more, and by name in any case. */
async function matching(db: Reader, communityId: string, places: Place[], text: string): Promise<Place[]> {
  const doors = new Set(await doorsOfNames(db, communityId, text));
  if (/^\d{4,}$/.test(text)) for (const id of await doorsOfPhones(db, communityId, text)) doors.add(id);
  const asked = partsOf(text);
  return places.filter((place) => doors.has(place.id) || isDoor(place, asked));
}

async function doorsOfNames(db: Reader, communityId: string, text: string): Promise<string[]> {
  const rows = await db
    .selectFrom('resident')
    .select('dwelling_id')
    .where('community_id', '=', communityId)
    .where('retired_at', 'is', null)
    // Holds the text: what is left without it is another name. (LIKE has letters and signs of its own on each engine.)
    .where((eb) => eb(eb.fn<string>('replace', ['name', eb.val(text), eb.val('')]), '!=', eb.ref('name')))
    .execute();
  return rows.map((row) => row.dwelling_id);
}

/** Telephones stand in sealed bodies, which no index and no query can look into: they are opened here, a piece at a time. */
async function doorsOfPhones(db: Reader, communityId: string, ending: string): Promise<string[]> {
  const found: string[] = [];
  for (const table of ['resident', 'household'] as const) {
    for (let last = ''; ;) {
      const rows = await db
        .selectFrom(table)
        .select(['id', 'dwelling_id', 'body'])
        .where('community_id', '=', communityId)
        .where('id', '>', last)
        .orderBy('id')
        .limit(2000)
        .execute();
      for (const row of rows) {
        const phone = textOf(asRecord(jsonOf(open(row.body)))?.['phone']);
        if (phone.endsWith(ending)) found.push(row.dwelling_id);
      }
      const end = rows.at(-1);
      if (!end) break;
      last = end.id;
    }
  }
  return found;
}

/** `3-2-302`, `3栋2单元302`, `302`: the last part is the room, before it unit and building. */
function partsOf(text: string): string[] {
  return text
    .replace(/[室号户]$/, '')
    .split(/[-－—\s/]|号楼|栋|幢|楼|单元/)
    .filter(Boolean);
}

function isDoor(place: Place, parts: string[]): boolean {
  const [room, unit, building] = [...parts].reverse();
  if (room === undefined || place.room !== room) return false;
  if (unit !== undefined && place.unit !== unit && !(building === undefined && place.building === unit)) return false;
  return building === undefined || `${place.compound}${place.building}`.endsWith(building);
}

async function rowsOf(db: Reader, communityId: string, ids: readonly string[]): Promise<BrowseRow[]> {
  const doors = new Map<string, DoorRecords>();
  const load = async (some: readonly string[]) => {
    for (const [id, door] of await loadDoors(db, communityId, some)) doors.set(id, door);
  };
  await eachReadable(ids, load, logLeftOut('register-list', 'dwelling'));
  return ids.flatMap((id): BrowseRow[] => {
    const door = doors.get(id);
    if (!door) return [];
    const { dwelling, households, residents } = door;
    const { compound, building, unit, floor, room, use } = dwelling.fields;
    const heads = new Set(households.flatMap(({ fields }) => fields.headId ?? []));
    const here = new Set(households.map((household) => household.id));
    return [
      {
        id,
        gridId: dwelling.gridId,
        buildingId: dwelling.buildingId,
        address: { compound, building, unit, floor, room },
        use,
        retired: dwelling.retiredAt !== null,
        households: households.length,
        people: residents
          .filter(({ householdId, fields }) => here.has(householdId) && !/^(moved-away|died)$/.test(fields.presence))
          .map((resident) => ({ id: resident.id, name: resident.fields.name, isHead: heads.has(resident.id) }))
          .sort((a, b) => Number(b.isHead) - Number(a.isHead)),
      },
    ];
  });
}
