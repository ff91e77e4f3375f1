/** A building's board: units across, floors up, a cell a door, with the places of the plan that the register lacks. */
import { compareRooms, compareUnits } from '../domain/door-order';
import { planGaps } from '../domain/plan-gaps';
import type { BuildingItem } from '../sync/items';
import type { BoardView, BuildingView, DoorView } from './phone';

/** `doors` in any order; the summary is the building's own. */
export function makeBoard(building: BuildingItem, summary: BuildingView, doors: DoorView[]): BoardView {
  const gaps = planGaps(
    building.plan ?? [],
    building.noDoor ?? [],
    doors.map(({ door }) => door),
  );
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
    compareRooms(one.door.room, other.door.room) ||
    one.door.id.localeCompare(other.door.id)
  );
}
