/** The plan of a building, guessed from the doors there are: what lacks in it is a gap that somebody goes and looks at (区不漏房). */
import { compareUnits } from '../../domain/address';
import type { PlanPart } from '../../domain/register';

type PlacedDoor = { unit: string; floor: number; room: string };

const MAX_DOORS = 60;

/**
 * One part a stairway: from its lowest to its highest floor above ground, with as many doors as the highest door number that two floors
 * have (`302` is the second door of the third floor), else as most floors have. Cellars and houses in lanes have no plan.
 */
export function guessPlan(doors: readonly PlacedDoor[]): PlanPart[] {
  const stairs = Map.groupBy(
    doors.filter(({ floor, room }) => floor > 0 && room !== ''),
    ({ unit }) => unit,
  );
  return [...stairs]
    .sort(([left], [right]) => compareUnits(left, right))
    .map(([unit, own]) => {
      const floors = [...new Set(own.map(({ floor }) => floor))].sort((a, b) => a - b);
      const doorsOnFloor = Math.min(MAX_DOORS, Math.max(highestShared(own), usualCount(own)));
      return { unit, floors: [floors[0] ?? 1, floors.at(-1) ?? 1], doors: doorsOnFloor };
    });
}

/** A plan that also holds what new doors show. What people corrected is only ever widened. */
export function widenPlan(plan: readonly PlanPart[], guessed: readonly PlanPart[]): PlanPart[] {
  const merged = plan.map((part): PlanPart => {
    const seen = guessed.find(({ unit }) => unit === part.unit);
    if (!seen) return part;
    const floors: [number, number] = [
      Math.min(part.floors[0], seen.floors[0]),
      Math.max(part.floors[1], seen.floors[1]),
    ];
    return { unit: part.unit, floors, doors: Math.max(part.doors, seen.doors) };
  });
  return [...merged, ...guessed.filter(({ unit }) => !plan.some((part) => part.unit === unit))];
}

/** A single 309 among rooms …01 and …02 is a name, not the ninth door. */
function highestShared(doors: PlacedDoor[]): number {
  const floorsOf = new Map<number, Set<number>>();
  for (const { room, floor } of doors) {
    const position = Number(/\d(\d\d)\D*$/.exec(room)?.[1] ?? 0);
    floorsOf.set(position, (floorsOf.get(position) ?? new Set()).add(floor));
  }
  return Math.max(0, ...[...floorsOf].filter(([, floors]) => floors.size >= 2).map(([position]) => position));
}

function usualCount(doors: PlacedDoor[]): number {
  const counts = [...Map.groupBy(doors, ({ floor }) => floor).values()]
    .map((list) => list.length)
    .sort((a, b) => a - b);
  return counts[Math.floor(counts.length / 2)] ?? 1;
}
