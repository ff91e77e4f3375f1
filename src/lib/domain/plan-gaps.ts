/** Places of a building's plan where the register has no dwelling: the doors of 区不漏房 that nobody knows yet. */
import type { PlanPart } from './register';

export type PlanGap = { unit: string; floor: number; position: number };
type PlacedDoor = { unit: string; floor: number; room: string };

/**
 * A room's place on its floor is its last two digits (`302`, the second door of the third floor); rooms with other names take what
 * places are left. A room named in `noDoor` (`302`, `2-302`, `2单元302`) leaves no gap.
 */
export function planGaps(
  plan: readonly PlanPart[],
  noDoor: readonly string[],
  doors: readonly PlacedDoor[],
): PlanGap[] {
  const byFloor = groupByFloor(doors);
  return plan.flatMap(({ unit, floors: [from, to], doors: places }) =>
    floorsBetween(from, to).flatMap((floor) =>
      freePlaces(byFloor.get(`${unit}/${floor}`) ?? [], places)
        .filter((position) => !isNoDoor(noDoor, unit, floor, position))
        .map((position) => ({ unit, floor, position })),
    ),
  );
}

function groupByFloor(doors: readonly PlacedDoor[]): Map<string, PlacedDoor[]> {
  const floors = new Map<string, PlacedDoor[]>();
  for (const door of doors) {
    const key = `${door.unit}/${door.floor}`;
    const here = floors.get(key);
    if (here) here.push(door);
    else floors.set(key, [door]);
  }
  return floors;
}

/** Floors go from −1 to 1: there is no 0. */
function floorsBetween(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index).filter((floor) => floor !== 0);
}

function freePlaces(here: readonly PlacedDoor[], places: number): number[] {
  const free = new Set(Array.from({ length: places }, (_, index) => index + 1));
  let unplaced = 0;
  for (const { room } of here) {
    const digits = /\d(\d\d)\D*$/.exec(room)?.[1];
    if (!digits || !free.delete(Number(digits))) unplaced += 1;
  }
  return [...free].slice(0, Math.max(0, free.size - unplaced));
}

function isNoDoor(noDoor: readonly string[], unit: string, floor: number, position: number): boolean {
  const room = `${floor}${String(position).padStart(2, '0')}`;
  return noDoor.some((name) => name === room || name === `${unit}-${room}` || name === `${unit}单元${room}`);
}
