/** A board laid out: units side by side, each as wide as its widest floor; doors and gaps in their places. */
import type { BoardView, DoorView, Gap } from '$lib/device/phone';

export type Cell = { kind: 'door'; view: DoorView } | { kind: 'gap'; gap: Gap };
export type BoardColumns = { unit: string; width: number };
export type BoardRow = { floor: number; cells: (Cell | null)[][] };

/** More doors than this on one floor of one unit is no stair any more: they are shown as a list of cells. */
export const WIDEST_UNIT = 8;

export function columnsOf(board: BoardView): BoardColumns[] {
  return board.units.map(({ unit, floors }) => ({
    unit,
    width: Math.max(1, ...floors.map((floor) => floor.doors.length + floor.gaps.length)),
  }));
}

/** Floors from the top down, across all units; a unit without that floor has empty places. */
export function rowsOf(board: BoardView): BoardRow[] {
  const columns = columnsOf(board);
  const floors = [...new Set(board.units.flatMap((unit) => unit.floors.map(({ floor }) => floor)))].sort(
    (a, b) => b - a,
  );
  return floors.map((floor) => ({
    floor,
    cells: board.units.map((unit, index) => {
      const here = unit.floors.find((one) => one.floor === floor);
      const cells: (Cell | null)[] = here ? cellsOf(here.doors, here.gaps) : [];
      const width = columns[index]?.width ?? 0;
      return [...cells, ...Array.from({ length: Math.max(0, width - cells.length) }, () => null)];
    }),
  }));
}

/** Doors in order, a gap at the place where the plan has it. */
export function cellsOf(doors: DoorView[], gaps: Gap[]): Cell[] {
  const cells: Cell[] = doors.map((view) => ({ kind: 'door', view }));
  for (const gap of [...gaps].sort((a, b) => a.position - b.position))
    cells.splice(Math.min(gap.position - 1, cells.length), 0, { kind: 'gap', gap });
  return cells;
}

/** The room that a gap stands for, guessed as rooms are numbered: floor and two digits. */
export function gapRoom(gap: Gap): string {
  return gap.floor > 0 ? `${gap.floor}${String(gap.position).padStart(2, '0')}` : '';
}
