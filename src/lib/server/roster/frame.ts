/** The frame in which a roster's new doors stand: grids and buildings that the register lacks, and plans wide enough for what is new. */
import { buildingKey } from '../../domain/door-key';
import type { PlanPart } from '../../domain/register';
import { placeProposedDoors } from '../coverage/new-buildings';
import type { Transaction } from '../database/database';
import { lockCommunity } from '../database/locks';
import { publish } from '../feeds/publish';
import { buildingChanges, republishGrid } from '../feeds/republish';
import type { Office } from '../office';
import type { Origin } from '../register/provenance';
import { loadRecords } from '../register/read';
import type { NewBuilding } from '../register/records';
import { type GridRow, insertBuildings, insertGrids, updateBuilding } from '../register/rows';
import type { RosterDoor } from './build';
import { guessPlan, widenPlan } from './building-plan';
import { moveBuildings } from './moving-buildings';
import { homeOf } from './plan';
import { gridKey, type RegisterIndex } from './register-index';

/** Buildings of one transaction: a village of houses in lanes has thousands. */
const CHUNK = 200;

/** `fresh`: doors that the register lacks; `moving`: those that go to another grid. Adds to `index` what it made. */
export async function makeFrame(
  office: Office,
  communityId: string,
  { fresh, moving }: { fresh: readonly RosterDoor[]; moving: readonly RosterDoor[] },
  index: RegisterIndex,
  origin: Origin,
): Promise<void> {
  const doors = [...fresh, ...moving];
  const grids = gridsOf(doors, index, () => office.world.uuid());
  await office.database.write(async (tx) => {
    await lockCommunity(tx, communityId);
    await insertGrids(tx, communityId, grids);
    for (const { id } of grids) await republishGrid(tx, communityId, id);
  });
  await moveBuildings(office, communityId, moving, index, origin);
  const { made, known } = buildingsOf(doors, index, () => office.world.uuid());
  for (let start = 0; start < made.length; start += CHUNK) {
    const part = made.slice(start, start + CHUNK);
    await office.database.write(async (tx) => {
      await lockCommunity(tx, communityId);
      const ids = part.map(({ id }) => id);
      await insertBuildings(tx, communityId, part, origin);
      await placeProposedDoors(tx, communityId, ids);
      await publish(tx, communityId, await buildingChanges(tx, communityId, ids));
    });
  }
  for (let start = 0; start < known.length; start += CHUNK) {
    await office.database.write((tx) => widenPlans(tx, communityId, known.slice(start, start + CHUNK), origin));
  }
}

/** Grids that the register lacks; in the index from now on. */
function gridsOf(doors: readonly RosterDoor[], index: RegisterIndex, newId: () => string): GridRow[] {
  const made: GridRow[] = [];
  for (const door of doors) {
    const key = gridKey(door.grid);
    if (index.grids.has(key) || homeOf(door, index).grid !== null) continue;
    const grid = { id: newId(), name: door.grid, position: index.gridCount++ };
    index.grids.set(key, grid.id);
    made.push(grid);
  }
  return made;
}

type KnownBuilding = { id: string; guessed: PlanPart[] };

function buildingsOf(
  doors: readonly RosterDoor[],
  index: RegisterIndex,
  newId: () => string,
): { made: NewBuilding[]; known: KnownBuilding[] } {
  const made: NewBuilding[] = [];
  const known: KnownBuilding[] = [];
  const places = Map.groupBy(doors, (door) => `${gridKey(door.grid)} ${buildingKey(door.place)}`);
  for (const own of places.values()) {
    const [first] = own;
    if (!first) continue;
    const { grid, building } = homeOf(first, index);
    if (grid === null) throw new Error('a grid was not made');
    const guessed = guessPlan(own.map(({ place }) => place));
    if (building !== null) {
      known.push({ id: building, guessed });
      continue;
    }
    const id = newId();
    const compound = first.place.compound.slice(0, 60);
    made.push({ id, gridId: grid, compound, building: first.place.building.slice(0, 30), plan: guessed });
    const key = buildingKey(first.place);
    index.buildings.set(key, [...(index.buildings.get(key) ?? []), { id, gridId: grid }]);
  }
  return { made, known };
}

async function widenPlans(
  tx: Transaction,
  communityId: string,
  buildings: KnownBuilding[],
  origin: Origin,
): Promise<void> {
  await lockCommunity(tx, communityId);
  const records = await loadRecords(
    tx,
    communityId,
    'building',
    buildings.map(({ id }) => id),
  );
  const changed: string[] = [];
  for (const { id, guessed } of buildings) {
    const before = records.get(id)?.fields.plan ?? [];
    const plan = widenPlan(before, guessed);
    if (JSON.stringify(plan) === JSON.stringify(before)) continue;
    await updateBuilding(tx, communityId, id, { fields: { plan } }, origin);
    changed.push(id);
  }
  if (changed.length > 0) await publish(tx, communityId, await buildingChanges(tx, communityId, changed));
}
