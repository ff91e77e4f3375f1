import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import type { DwellingItem, RoundItem } from '../sync/items';
import { itemOf } from './item-row';
import { RegisterMemory } from './register-memory';
import { Search } from './search';
import {
  building,
  BUILDING,
  dwelling,
  grid,
  GRID,
  GRID_FEED,
  household,
  id,
  resident,
  round,
} from './testing/fixtures';
import { START } from './testing/test-world';

const item = (type: string, itemId: string, body: object) => itemOf({ feed: GRID_FEED, type, id: itemId }, 1, body);

function registerOf(doors: DwellingItem[], plan: ReturnType<typeof building> = building()) {
  const register = new RegisterMemory(() => START);
  register.addSearch((known) => new Search(known));
  register.applyItems({
    emptied: [],
    gone: [],
    put: [item('building', plan.id, plan), ...doors.map((door) => item('dwelling', door.id, door))],
  });
  return register;
}

const state = (more: Partial<DwellingItem['state']>) => ({ ...dwelling(0).state, ...more });
const attempt = (at: string) => ({ at, outcome: 'no-one-home' as const, band: 'morning' as const, weekend: false });

describe('a building', () => {
  const doors = [
    dwelling(11, {
      room: '101',
      floor: 1,
      state: state({ outcome: 'verified', changed: true, verifiedAt: '2026-11-20T10:00:00+08:00' }),
    }),
    dwelling(12, {
      room: '102',
      floor: 1,
      state: state({ outcome: 'refused', attempts: [attempt('2026-11-22T10:00:00+08:00')] }),
    }),
    dwelling(13, { room: '201', floor: 2, state: state({ outcome: 'partly-verified' }) }),
    dwelling(14, { room: '201', floor: 2, unit: '2' }),
  ];

  it('counts what is done and what is left', () => {
    expect(registerOf(doors).buildings()[0]).toMatchObject({
      doors: 4,
      verified: 1,
      toDo: 3,
      changed: 1,
      tried: 1,
      returned: 0,
      lastVisitAt: '2026-11-22T10:00:00+08:00',
    });
  });

  it('has nothing to do while no round runs in its grid, and again when one begins', () => {
    const register = registerOf(doors);
    const tell = (rounds: RoundItem[]) =>
      register.applyItems({ emptied: [], gone: [], put: [item('grid', GRID, grid(rounds))] });
    tell([]);
    expect(register.buildings()[0]).toMatchObject({ inRound: false, doors: 4, toDo: 0 });
    expect(register.nextDoor(id(11))).toBeNull();
    expect(register.stairToDo(BUILDING, '1')).toEqual([]);
    tell([round()]);
    expect(register.buildings()[0]).toMatchObject({ inRound: true, toDo: 3 });
    expect(register.nextDoor(id(11))?.door.room).toBe('102');
  });

  it('counts again when one door changed, and keeps what did not', () => {
    const register = registerOf(doors);
    const other = register.door(id(12));
    expect(register.buildings()[0]?.verified).toBe(1);
    register.applyItems({
      emptied: [],
      gone: [],
      put: [item('dwelling', id(14), dwelling(14, { state: state({ outcome: 'vacant' }) }))],
    });
    expect(register.buildings()[0]?.verified).toBe(2);
    expect(register.door(id(12))).toBe(other);
    register.applyItems({ emptied: [], put: [], gone: [{ feed: GRID_FEED, type: 'dwelling', id: id(11) }] });
    expect(register.buildings()[0]).toMatchObject({ doors: 3, verified: 1 });
  });

  it('has a board: units across, floors from the top, doors by room, gaps of the plan', () => {
    const register = registerOf(doors, building({ plan: [{ unit: '1', floors: [1, 2], doors: 2 }], noDoor: [] }));
    const board = register.board(BUILDING);
    expect(
      board?.units.map(({ unit, floors }) => [
        unit,
        floors.map(({ floor, doors: cells }) => [floor, cells.map(({ door }) => door.room)]),
      ]),
    ).toEqual([
      [
        '1',
        [
          [2, ['201']],
          [1, ['101', '102']],
        ],
      ],
      ['2', [[2, ['201']]]],
    ]);
    expect(board?.units[0]?.floors[0]?.gaps).toEqual([{ unit: '1', floor: 2, position: 2 }]);
  });
});

describe('the next door', () => {
  const stair = (rooms: [number, string, number, Partial<DwellingItem>?][]) =>
    registerOf(rooms.map(([n, room, floor, more]) => dwelling(n, { room, floor, ...more })));

  it('is on this floor, then above, then below, then on the next stair', () => {
    const register = stair([
      [11, '301', 3],
      [12, '302', 3],
      [13, '401', 4],
      [14, '201', 2],
      [15, '202', 2],
      [16, '101', 1, { unit: '2' }],
    ]);
    const order = ['301'];
    let at = id(11);
    const done: string[] = [];
    for (;;) {
      done.push(at);
      const body = dwelling(0);
      register.applyItems({
        emptied: [],
        gone: [],
        put: done.map((doorId) =>
          item('dwelling', doorId, { ...body, ...register.door(doorId)?.door, state: state({ outcome: 'verified' }) }),
        ),
      });
      const next = register.nextDoor(at);
      if (!next) break;
      order.push(next.door.room);
      at = next.door.id;
    }
    expect(order).toEqual(['301', '302', '401', '201', '202', '101']);
  });

  it('is not one that was tried in this band of this day, nor one asked for another day', () => {
    const register = stair([
      [11, '301', 3],
      [12, '302', 3, { state: state({ outcome: 'no-one-home', attempts: [attempt('2026-11-23T09:30:00+08:00')] }) }],
      [13, '303', 3, { state: state({ outcome: 'postponed', nextVisit: '2026-11-25' }) }],
      [14, '304', 3, { state: state({ outcome: 'no-one-home', attempts: [attempt('2026-11-22T09:30:00+08:00')] }) }],
    ]);
    expect(register.nextDoor(id(11))?.door.room).toBe('304');
    expect(register.stairToDo(BUILDING, '1').map(({ door }) => door.room)).toEqual(['301', '302', '303', '304']);
  });
});

describe('search', () => {
  const register = registerOf([
    dwelling(11, {
      room: '302',
      households: [household(51, resident(101), resident(102, { name: '曾祥', phone: '139 1111 2222' }))],
    }),
    dwelling(12, {
      room: '302',
      unit: '2',
      households: [household(52, resident(103, { name: '王小兰', phone: '0936-4421234' }))],
    }),
    dwelling(13, {
      room: '1302',
      floor: 13,
      building: '12',
      households: [household(53, resident(104, { name: '李王', presence: 'died' }))],
    }),
    dwelling(14, { compound: '幸福巷', building: '12', unit: '', room: '', floor: 1 }),
  ]);
  const found = (text: string) =>
    register.search(text, 10).map(({ name, label, kind, by }) => (kind === 'door' ? label : `${name} ${by}`));

  it.each([
    ['王', ['王秀兰 name', '王小兰 name']],
    ['秀', ['王秀兰 name']],
    ['wxl', ['王秀兰 initials', '王小兰 initials']],
    ['zx', ['曾祥 initials']],
    ['CX', ['曾祥 initials']],
    ['8979', ['王秀兰 phone']],
    ['2222', ['曾祥 phone']],
    ['4421234', ['王小兰 phone']],
    ['1-302', ['金山花园 3号楼 1单元 302']],
    ['3-2-302', ['金山花园 3号楼 2单元 302']],
    ['3号楼2单元302', ['金山花园 3号楼 2单元 302']],
    ['金山花园 3号楼 2单元 302', ['金山花园 3号楼 2单元 302']],
    ['幸福巷12', ['幸福巷 12号']],
    ['１３０２', ['金山花园 12号楼 1单元 1302']],
    ['李王', []],
    ['', []],
    ['  ', []],
    ['·', []],
    ['((((', []],
  ])('%s', (text, hits) => {
    expect(found(text)).toEqual(hits);
  });

  it('of a room finds every door, before phones that end so', () => {
    expect(found('302').slice(0, 2).sort()).toEqual(['金山花园 3号楼 1单元 302', '金山花园 3号楼 2单元 302']);
  });

  it('keeps to its limit', () => {
    expect(register.search('王', 1)).toHaveLength(1);
  });
});

describe('a register of 30,000 people', () => {
  const surnames = [...'王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗'];
  const given = [...'秀兰英华明军伟芳敏静丽强磊洋勇艳杰娟涛超霞平刚桂香'];
  const doors = Array.from({ length: 10_000 }, (_, n) => {
    const people = [0, 1, 2].map((k) => {
      const name = [surnames[(n + k) % 20], given[(n * 7 + k) % 25], given[(n * 3 + k) % 25]].join('');
      return resident(100_000 + n * 3 + k, { name, phone: `138${String(n * 3 + k).padStart(8, '0')}` });
    });
    const floor = 1 + (n % 10);
    return dwelling(n + 1000, {
      buildingId: id(200 + Math.floor(n / 100)),
      building: String(Math.floor(n / 100)),
      floor,
      room: `${floor}0${1 + (Math.floor(n / 10) % 2)}`,
      households: [household(500_000 + n, ...people)],
    });
  });

  it('is found in by any key, and counted building by building', () => {
    const register = new RegisterMemory(() => START);
    register.addSearch((known) => new Search(known));
    const buildings = Array.from({ length: 100 }, (_, n) => building({ id: id(200 + n), building: String(n) }));
    register.applyItems({
      emptied: [],
      gone: [],
      put: [
        ...buildings.map((body) => item('building', body.id, body)),
        ...doors.map((body) => item('dwelling', body.id, body)),
      ],
    });
    expect(register.buildings()).toHaveLength(100);
    expect(register.buildings()[0]?.doors).toBe(100);
    let rounds = 0;
    // Initials are read ahead also where a key came before.
    for (; register.warmSearch(1000); rounds += 1) expect(register.search('13', 5).length).toBeLessThanOrEqual(5);
    expect(rounds).toBe(doors.length / 1000 - 1); // the last says that all are read
    expect(register.search('wxl', 30).every(({ by }) => by === 'initials')).toBe(true);
    expect(register.search('00029999', 5)).toMatchObject([{ by: 'phone' }]);
    expect(register.search('57-1-1002', 5).map(({ label }) => label)).toContain('金山花园 57号楼 1单元 1002');
  });
});

describe('what ties', () => {
  const told = (n: number, version: number, outcome: string) =>
    itemOf({ feed: 'account/a', type: 'submission', id: id(n) }, version, {
      ...{
        kind: 'household-verification',
        target: { type: 'dwelling', id: id(11) },
        recordedAt: '2026-11-23T10:00:00+08:00',
      },
      ...{ revision: 1, digest: `digest ${n}`, review: 'pending', comments: [], outcome, decidedAt: null, by: null },
    });
  const neighbours = [dwelling(11, { room: '101' }), dwelling(12, { room: '101' })];
  const items = [
    item('building', BUILDING, building()),
    ...neighbours.map((door) => item('dwelling', door.id, door)),
    told(31, 2, 'refused'),
    told(32, 1, 'verified'),
  ];

  it.each([
    ['as it came', items],
    ['when it is opened anew', [...items].reverse()],
  ])('is shown in one order, %s', (_, put) => {
    const register = new RegisterMemory(() => START);
    register.applyItems({ emptied: [], gone: [], put });
    const doors = register.board(BUILDING)?.units.flatMap(({ floors }) => floors.flatMap((floor) => floor.doors));
    expect(doors?.map(({ door }) => door.id)).toEqual([id(11), id(12)]);
    // Of two records of other phones the one that the office told last stands on top.
    expect(register.door(id(11))?.door.state.outcome).toBe('refused');
  });
});
