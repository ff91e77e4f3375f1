/** Doors that a newer roster has in another grid: a building that nobody stays in goes with them, and the plan of one that some leave forgets them. */
import { buildingKey, doorKey } from '../../domain/door-key';
import { placeProposedDoors } from '../coverage/new-buildings';
import { recomputeDoors } from '../coverage/recompute';
import { lockCommunity } from '../database/locks';
import type { Transaction } from '../database/database';
import { publish } from '../feeds/publish';
import { buildingChanges } from '../feeds/republish';
import type { Office } from '../office';
import type { Origin } from '../register/provenance';
import { loadRecords } from '../register/read';
import { updateBuilding, updateDwelling } from '../register/rows';
import { proposedInBuildings } from '../review/proposed-doors';
import type { RosterDoor } from './build';
import { guessPlan } from './building-plan';
import { gridKey, type RegisterIndex } from './register-index';

/**
 * Moves each building whose doors all go to other grids into the one that takes most of them, with what people noted of it. `doors`: those
 * that move; their grids are in `index`, which learns where the buildings are.
 */
export async function moveBuildings(
  office: Office,
  communityId: string,
  doors: readonly RosterDoor[],
  index: RegisterIndex,
  origin: Origin,
): Promise<void> {
  const byBuilding = Map.groupBy(doors, ({ place }) => index.doors.get(doorKey(place))?.buildingId ?? '');
  for (const [buildingId, own] of byBuilding) {
    const [first] = own;
    const target = largestGrid(own, index);
    const known = index.buildings.get(first ? buildingKey(first.place) : '') ?? [];
    if (target === null || known.some(({ gridId }) => gridId === target)) continue;
    const ids = new Set(own.map(({ place }) => index.doors.get(doorKey(place))?.id ?? ''));
    const moved = await office.database.write(async (tx) => {
      await lockCommunity(tx, communityId);
      const standing = await dwellingsOf(tx, communityId, buildingId);
      if (standing.some(({ id, retired_at }) => retired_at === null && !ids.has(id))) return false;
      const proposed = (await proposedInBuildings(tx, communityId, [buildingId])).get(buildingId) ?? [];
      await updateBuilding(tx, communityId, buildingId, { place: { gridId: target } }, origin);
      await recomputeDoors(tx, communityId, proposed);
      await placeProposedDoors(tx, communityId, [buildingId]);
      // doors that are none any more have no feed; they stay with their building
      for (const { id, retired_at } of standing) {
        if (retired_at === null) continue;
        await updateDwelling(tx, communityId, id, { place: { gridId: target } }, origin);
      }
      await publish(tx, communityId, await buildingChanges(tx, communityId, [buildingId]));
      return true;
    });
    if (!moved) continue;
    for (const building of known) if (building.id === buildingId) building.gridId = target;
  }
}

function largestGrid(doors: readonly RosterDoor[], index: RegisterIndex): string | null {
  const byGrid = [...Map.groupBy(doors, ({ grid }) => index.grids.get(gridKey(grid)) ?? null)];
  return byGrid.sort(([, a], [, b]) => b.length - a.length)[0]?.[0] ?? null;
}

/** A door that left its building. */
export type LeftDoor = { buildingId: string; unit: string; floor: number; room: string };

/**
 * Takes doors that left out of the plans of their buildings: a plan that people never corrected is guessed anew, of another only stairs
 * that are empty now go. Answers the buildings that changed; in the transaction that moved the doors.
 */
export async function narrowPlans(
  tx: Transaction,
  communityId: string,
  left: readonly LeftDoor[],
  origin: Origin,
): Promise<string[]> {
  const byBuilding = Map.groupBy(left, ({ buildingId }) => buildingId);
  const records = await loadRecords(tx, communityId, 'building', [...byBuilding.keys()]);
  const changed: string[] = [];
  for (const [id, gone] of byBuilding) {
    const before = records.get(id)?.fields.plan;
    if (!before) continue;
    const standing = (await dwellingsOf(tx, communityId, id)).filter(({ retired_at }) => retired_at === null);
    const isGuessed = JSON.stringify(before) === JSON.stringify(guessPlan([...standing, ...gone]));
    const isLeft = (unit: string) => gone.some((door) => door.unit === unit);
    const isThere = (unit: string) => standing.some((door) => door.unit === unit);
    const plan = isGuessed ? guessPlan(standing) : before.filter(({ unit }) => isThere(unit) || !isLeft(unit));
    if (JSON.stringify(plan) === JSON.stringify(before)) continue;
    await updateBuilding(tx, communityId, id, { fields: { plan } }, origin);
    changed.push(id);
  }
  return changed;
}

function dwellingsOf(tx: Transaction, communityId: string, buildingId: string) {
  return tx
    .selectFrom('dwelling')
    .select(['id', 'unit', 'floor', 'room', 'retired_at'])
    .where('community_id', '=', communityId)
    .where('building_id', '=', buildingId)
    .orderBy('id')
    .execute();
}
