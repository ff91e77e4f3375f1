import { describe, expect, it } from 'vitest';
import type { BoardView, DoorView } from '$lib/device/phone';
import { emptyDwelling } from '$lib/domain/register';
import { type DwellingItem, notVisited } from '$lib/sync/items';
import { cellsOf, columnsOf, gapRoom, rowsOf } from './board-cells';

const id = (number: number) => `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`;

function door(unit: string, floor: number, room: string): DoorView {
  const item: DwellingItem = {
    ...emptyDwelling,
    id: id(Number(room) || floor),
    gridId: id(1),
    buildingId: id(2),
    compound: '金山花园',
    building: '3',
    unit,
    floor,
    room,
    households: [],
    state: notVisited(),
  };
  return {
    door: item,
    registered: item,
    version: 1,
    record: null,
    onlyHere: false,
    hasDraft: false,
    handedOver: false,
  };
}

function board(units: BoardView['units']): BoardView {
  const building = { id: id(2), gridId: id(1), compound: '金山花园', building: '3' };
  const none = {
    inRound: true,
    doors: 0,
    verified: 0,
    toDo: 0,
    returned: 0,
    notSent: 0,
    changed: 0,
    tried: 0,
    lastVisitAt: null,
  };
  return { building, units, summary: { building, grid: null, ...none } };
}

describe('the board', () => {
  it('puts a gap at the place where the plan has it', () => {
    const cells = cellsOf([door('1', 3, '301'), door('1', 3, '303')], [{ unit: '1', floor: 3, position: 2 }]);
    expect(cells.map((cell) => (cell.kind === 'door' ? cell.view.door.room : gapRoom(cell.gap)))).toEqual([
      '301',
      '302',
      '303',
    ]);
  });

  it('stands every unit on the same floors, a shorter one with empty places', () => {
    const view = board([
      {
        unit: '1',
        floors: [2, 1].map((floor) => ({
          floor,
          doors: [door('1', floor, `${floor}01`), door('1', floor, `${floor}02`)],
          gaps: [],
        })),
      },
      { unit: '2', floors: [{ floor: 1, doors: [door('2', 1, '101')], gaps: [] }] },
    ]);
    expect(columnsOf(view).map(({ width }) => width)).toEqual([2, 1]);
    expect(
      rowsOf(view).map(({ floor, cells }) => [floor, ...cells.map((unit) => unit.filter(Boolean).length)]),
    ).toEqual([
      [2, 2, 0],
      [1, 2, 1],
    ]);
  });

  it('guesses the room of a gap as rooms are numbered, and none below the ground', () => {
    expect(gapRoom({ unit: '1', floor: 12, position: 4 })).toBe('1204');
    expect(gapRoom({ unit: '1', floor: -1, position: 1 })).toBe('');
  });
});
