/** What an import would do to the register: what is new, what would change, and what waits for a person's word. */
import { buildingKey, doorKey } from '../../domain/door-key';
import type { Reader } from '../register/read';
import { loadDoors } from '../register/read';
import { UNASSIGNED_GRID, type RosterDoor } from './build';
import { importedPeople, withoutKnownNews } from './known-news';
import { planDoor, type DoorPlan, type RosterChange } from './plan-door';
import type { RosterQuestion } from './questions';
import { gridKey, indexRegister, type RegisterIndex } from './register-index';
import { withoutTakenNumbers } from './taken-numbers';
import type { RosterUnderstanding } from './understand';
import { withVisitedAsked } from './visited-doors';
import { waitingQuestions } from './waiting';

export type ImportFigures = {
  grids: number;
  buildings: number;
  dwellings: number;
  households: number;
  residents: number;
};
export type ImportPlan = {
  understanding: RosterUnderstanding;
  /** What the register lacks and the import brings. */
  added: ImportFigures;
  /** In the file's order; `held` ones are made only when their key is confirmed. */
  changes: RosterChange[];
  /** Doors of the file that the register has and that stay as they are. */
  unchanged: number;
  /** `held` changes as questions, for whoever reads no list of changes. */
  waiting: RosterQuestion[];
};

const CHUNK = 400;

/** Works on one snapshot of the register. Nothing is written. */
export async function planImport(
  db: Reader,
  communityId: string,
  understanding: RosterUnderstanding,
): Promise<ImportPlan> {
  const index = await indexRegister(db, communityId);
  const told = await withoutTakenNumbers(db, communityId, understanding.roster, index);
  const roster = { ...told, questions: [...doorsTwice(told.doors, index), ...told.questions] };
  const { doors } = roster;
  const listed = listedNumbers(doors);
  const plan: ImportPlan = {
    understanding: { ...understanding, roster },
    added: { grids: 0, buildings: 0, dwellings: 0, households: 0, residents: 0 },
    changes: [],
    unchanged: 0,
    waiting: [],
  };
  const grids = new Set<string>();
  const buildings = new Set<string>();
  const moving: RosterDoor[] = [];
  for (let start = 0; start < doors.length; start += CHUNK) {
    const part = doors.slice(start, start + CHUNK);
    for (const planned of await planDoors(db, communityId, part, index, listed)) {
      count(plan, planned);
      plan.waiting.push(...waitingQuestions(planned));
      const { roster: door, door: known, changes } = planned;
      const goes = changes.some(({ kind, held }) => kind === 'grid' && !held);
      if (known && !goes) continue;
      const { grid, building } = homeOf(door, index);
      if (grid === null) grids.add(gridKey(door.grid));
      if (known) moving.push(door);
      else if (building === null) buildings.add(`${gridKey(door.grid)} ${buildingKey(door.place)}`);
    }
  }
  plan.added.grids = grids.size;
  for (const building of buildingsForMoved(moving, index)) buildings.add(building);
  plan.added.buildings = buildings.size;
  return plan;
}

/** Buildings to be made for doors that go to another grid: one that nobody stays in goes with them, see `moveBuildings`. */
function buildingsForMoved(moving: readonly RosterDoor[], index: RegisterIndex): string[] {
  const before = Map.groupBy(
    [...index.doors.values()].filter(({ retired }) => !retired),
    ({ buildingId }) => buildingId,
  );
  const byBuilding = Map.groupBy(moving, ({ place }) => index.doors.get(doorKey(place))?.buildingId ?? '');
  return [...byBuilding].flatMap(([id, doors]) => {
    const lacking = doors.filter((door) => homeOf(door, index).building === null);
    const names = [...new Set(lacking.map((door) => `${gridKey(door.grid)} ${buildingKey(door.place)}`))];
    const isWhole = lacking.length > 0 && doors.length === before.get(id)?.length;
    return isWhole ? names.slice(1) : names;
  });
}

/** Everybody's doors by number: who is listed at two doors has not moved. */
export type ListedNumbers = Map<string, Set<string>>;

export function listedNumbers(doors: readonly RosterDoor[]): ListedNumbers {
  const listed: ListedNumbers = new Map();
  for (const door of doors) {
    for (const { stated } of door.households.flatMap(({ people }) => people)) {
      if (!stated.idNumber) continue;
      listed.set(stated.idNumber, (listed.get(stated.idNumber) ?? new Set()).add(doorKey(door.place)));
    }
  }
  return listed;
}

/** Doors whose address the register has twice: which of the two their rows mean has to be said first. */
function doorsTwice(doors: readonly RosterDoor[], index: RegisterIndex): RosterQuestion[] {
  return doors
    .filter(({ place }) => index.severalAt.has(doorKey(place)))
    .map(({ at: { sheet, row }, place }) => ({
      ...{ sheet, row, column: '', value: '' },
      ...{ code: 'address_twice', detail: JSON.stringify(place) },
    }));
}

/** Plans some doors of a roster against the register as `db` sees it now; of one whose address stands there twice nothing. */
export async function planDoors(
  db: Reader,
  communityId: string,
  listedDoors: readonly RosterDoor[],
  index: RegisterIndex,
  listed: ListedNumbers,
): Promise<DoorPlan[]> {
  const doors = listedDoors.filter(({ place }) => !index.severalAt.has(doorKey(place)));
  const ids = doors.flatMap((door) => index.doors.get(doorKey(door.place))?.id ?? []);
  const records = await loadDoors(db, communityId, ids);
  const elsewhere = (idNumber: string, dwellingId: string | null) =>
    index.byNumber.get(idNumber)?.find((record) => {
      const home = index.doorKeys.get(record.dwellingId) ?? '';
      return record.dwellingId !== dwellingId && !listed.get(idNumber)?.has(home);
    });
  const planOf = (door: RosterDoor, imported: Parameters<typeof planDoor>[3]['imported']) => {
    const known = index.doors.get(doorKey(door.place));
    const record = known ? (records.get(known.id) ?? null) : null;
    return planDoor(door, record, record ? statedGrid(door, index) : null, { elsewhere, imported });
  };
  const first = doors.map((door) => planOf(door, []));
  const unknown = first.filter(
    ({ door, households }) => door && households.some(({ people }) => people.some(({ known }) => !known)),
  );
  const imported = await importedPeople(
    db,
    communityId,
    unknown.flatMap(({ door }) => door?.dwelling.id ?? []),
  );
  const plans = first.map((plan) => {
    const earlier = imported.get(plan.door?.dwelling.id ?? '');
    return earlier ? planOf(plan.roster, earlier) : plan;
  });
  const said = await withVisitedAsked(
    db,
    communityId,
    plans.flatMap(({ changes }) => changes),
  );
  const news = new Map((await withoutKnownNews(db, communityId, said)).map((change) => [change.key, change]));
  return plans.map((plan) => ({
    ...plan,
    changes: withNamesAsked(plan.changes.flatMap(({ key }) => news.get(key) ?? [])),
  }));
}

/** Another name under the same number may be another person: nothing of theirs changes unasked. */
function withNamesAsked(changes: RosterChange[]): RosterChange[] {
  const renamed = new Set(changes.flatMap(({ field, id }) => (field === 'name' ? [id] : [])));
  return changes.map((change) => (renamed.has(change.id) ? { ...change, held: true } : change));
}

/** Grid and building of a door that the register lacks; null where they are to be made as well. */
export function homeOf(door: RosterDoor, index: RegisterIndex): { grid: string | null; building: string | null } {
  const known = index.buildings.get(buildingKey(door.place)) ?? [];
  const [only] = known;
  if (door.grid === UNASSIGNED_GRID && only) return { grid: only.gridId, building: only.id };
  const grid = index.grids.get(gridKey(door.grid)) ?? null;
  return { grid, building: known.find(({ gridId }) => gridId === grid)?.id ?? null };
}

function statedGrid(door: RosterDoor, index: RegisterIndex): string | null {
  return door.grid === UNASSIGNED_GRID ? null : (index.grids.get(gridKey(door.grid)) ?? door.grid);
}

function count(plan: ImportPlan, { door, households, changes }: DoorPlan): void {
  plan.changes.push(...changes);
  if (!door) plan.added.dwellings++;
  const moving = new Set(changes.flatMap(({ kind, id }) => (kind === 'moved' ? [id] : [])));
  let added = 0;
  for (const { known, people } of households) {
    added += people.filter((one) => !one.known).length;
    if (!known && people.some((one) => !one.known || moving.has(one.known.id))) plan.added.households++;
  }
  plan.added.residents += added;
  if (door && added === 0 && changes.length === 0) plan.unchanged++;
}
