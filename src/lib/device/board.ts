/** A building's board: units across, floors up, a cell a door, with the places of the plan that the register lacks. */
import { compareRooms, compareUnits } from '../domain/address';
import type { BuildingItem } from '../sync/items';
import type { BoardView, BuildingView, DoorView, Gap } from './phone';

/** `doors` in any order; the summary is the building's own. */
export function makeBoard(building: BuildingItem, summary: BuildingView, doors: DoorView[]): BoardView {
  const gaps = findGaps(building, doors);
  const units = [...new Set([...doors.map(({ door }) => door.unit), ...gaps.map((gap) => gap.unit)])].sort(
    compareUnits,
  );
  return {
    building,
    summary,
    units: units.map((unit) => {
      const ofUnit = doors.filter(({ door }) => door.unit === unit).sort(compareDoors);
      const gapsOfUnit = gaps.filter((gap) => gap.unit === unit);
      const floors = new Set([...ofUnit.map(({ door }) => door.floor), ...gapsOfUnit.map((gap) => gap.floor)]);
      return {
        unit,
        floors: [...floors]
          .sort((one, other) => other - one)
          .map((floor) => ({
            floor,
            doors: ofUnit.filter(({ door }) => door.floor === floor),
            gaps: gapsOfUnit.filter((gap) => gap.floor === floor),
          })),
      };
    }),
  };
}

/** Along the stair: unit, floor from below, room. */
export function compareDoors(one: DoorView, other: DoorView): number {
  return (
    compareUnits(one.door.unit, other.door.unit) ||
    one.door.floor - other.door.floor ||
    compareRooms(one.door.room, other.door.room)
  );
}

/**
 * Places of the plan without a door. A room's place on its floor is its last two digits (`302`, the second door of the third
 * floor); rooms with other names take what places are left. A room named in `noDoor` leaves no gap.
 */
export function findGaps(building: BuildingItem, doors: DoorView[]): Gap[] {
  const gaps: Gap[] = [];
  for (const part of building.plan ?? []) {
    const [from, to] = part.floors;
    for (let floor = from; floor <= to; floor += 1) {
      if (floor === 0) continue; // floors go from −1 to 1
      const here = doors.filter(({ door }) => door.unit === part.unit && door.floor === floor);
      for (const position of freePlaces(here, part.doors)) {
        if (!isNoDoor(building.noDoor ?? [], part.unit, floor, position))
          gaps.push({ unit: part.unit, floor, position });
      }
    }
  }
  return gaps;
}

function freePlaces(here: DoorView[], places: number): number[] {
  const free = new Set(Array.from({ length: places }, (_, index) => index + 1));
  let unplaced = 0;
  for (const { door } of here) {
    const digits = /\d(\d\d)\D*$/.exec(door.room)?.[1];
    if (!digits || !free.delete(Number(digits))) unplaced += 1;
  }
  return [...free].slice(0, Math.max(0, free.size - unplaced));
}

function isNoDoor(noDoor: string[], unit: string, floor: number, position: number): boolean {
  const room = `${floor}${String(position).padStart(2, '0')}`;
  return noDoor.some((name) => name === room || name === `${unit}-${room}` || name === `${unit}单元${room}`);
}
