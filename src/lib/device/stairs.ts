/** Where to knock next, as one walks: the rest of this floor, the floors above, those below, then the other stairs. */
import { compareUnits } from '../domain/door-order';
import { compareDoors } from './board';
import { isToDo } from './door-work';
import type { DoorView } from './phone';

/** Null when nothing is left in the building. `isDue` leaves out doors that were just tried, or are asked for another day. */
export function nextOnStair(from: DoorView, building: DoorView[], isDue: (door: DoorView) => boolean): DoorView | null {
  const open = building
    .filter((view) => view.door.id !== from.door.id && isToDo(view) && isDue(view))
    .sort(compareDoors);
  const stair = open.filter(({ door }) => door.unit === from.door.unit);
  const floor = stair.filter(({ door }) => door.floor === from.door.floor);
  const onFloor = floor.find((view) => compareDoors(view, from) > 0) ?? floor[0];
  if (onFloor) return onFloor;
  const above = stair.find(({ door }) => door.floor > from.door.floor);
  if (above) return above;
  const below = stair.filter(({ door }) => door.floor < from.door.floor);
  const nearest = below.at(-1);
  if (nearest) return below.find(({ door }) => door.floor === nearest.door.floor) ?? nearest;
  return open.find(({ door }) => compareUnits(door.unit, from.door.unit) > 0) ?? open[0] ?? null;
}
