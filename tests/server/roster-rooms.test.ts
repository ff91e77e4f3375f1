/** What the room's own column may hold: halves of a flat, unit and room, whole addresses, several doors. */
import { describe, expect, it } from 'vitest';
import { figures, people, readTabs, type TableRow } from '../support/make-roster';

const header = ['网格', '小区', '楼栋', '单元', '室号', '姓名', '与户主关系'];
const at = (room: string, name: string, building = '1号楼', unit = '1单元', relation = '户主'): TableRow => [
  ...['一网格', '东苑', building, unit, room, name, relation],
];

async function read(...rows: TableRow[]) {
  const understanding = await readTabs({ 名册: [header, ...rows] });
  return {
    doors: understanding.roster.doors.map(({ place }) => {
      const { compound, building, unit, floor, room } = place;
      return `${compound}|${building}|${unit}|${room} ${floor}层`;
    }),
    people: people(understanding).map(({ door, name }) => `${name} ${door}`),
    questions: figures(understanding).questions,
  };
}

describe('a room in a column of its own', () => {
  it('is the room where a flat was split, not a building with a room', async () => {
    const { people, doors, questions } = await read(
      at('101-1', '乙一'),
      at('101-2', '丙一'),
      at('201-1', '丁一'),
      at('201－2室', '戊一'),
    );
    expect(doors).toEqual(['东苑|1|1|101-1 1层', '东苑|1|1|101-2 1层', '东苑|1|1|201-1 2层', '东苑|1|1|201-2 2层']);
    expect(people).toEqual([
      '乙一 东苑|1|1|101-1',
      '丙一 东苑|1|1|101-2',
      '丁一 东苑|1|1|201-1',
      '戊一 东苑|1|1|201-2',
    ]);
    expect(questions).toEqual([]);
  });

  it('is that room too where no column names the unit', async () => {
    const { doors } = await read(at('101-2', '丙一', '1号楼', ''), at('1-2', '丁一', '3号楼', ''));
    expect(doors).toEqual(['东苑|1||101-2 1层', '东苑|3||1-2 1层']);
  });

  it('is taken apart where it holds unit and room, or a whole address that agrees with the columns', async () => {
    const { doors, questions } = await read(
      at('1-302', '甲一'),
      at('2-302', '乙一', '1号楼', ''),
      at('1-2-302-1', '丙零', '1号楼', '2单元'),
      at('1-2-401', '丙一', '1号楼', '2单元'),
      at('2-5-501', '丁一', '3号楼', ''),
      at('5号楼1单元602室', '庚一', '5栋', '一单元'),
    );
    expect(doors).toEqual([
      '东苑|1|1|302 3层',
      '东苑|1|2|302 3层',
      '东苑|1|2|302-1 3层',
      '东苑|1|2|401 4层',
      '东苑|3|2|501 5层',
      '东苑|5|1|602 6层',
    ]);
    expect(questions).toEqual([]);
  });

  it('is taken apart where there are no columns of buildings and units', async () => {
    const rooms = ['4-1-101', '东苑5号楼1单元601室', '6-301', '101-1', '东苑小区7-2-201'];
    const understanding = await readTabs({
      名册: [['网格', '小区', '室号', '姓名'], ...rooms.map((room) => ['一网格', '东苑', room, '甲一'])],
    });
    expect(people(understanding).map(({ door }) => door)).toEqual([
      '东苑|4|1|101',
      '东苑|5|1|601',
      '东苑|6||301',
      '东苑|||101-1',
      '东苑|7|2|201',
    ]);
  });

  it('is asked about, and its row left out, where it names another place than the columns of these', async () => {
    const { doors, questions } = await read(
      at('2-302', '甲一'),
      at('9-1-302', '乙一', '1号楼', '1单元'),
      at('2号楼1单元302', '丙一'),
      at('西苑1号楼1单元302', '丁零'),
      at('302', '丁一'),
    );
    expect(questions).toEqual([2, 3, 4, 5].map((row) => `${row} 室号 room_contradicts`));
    expect(doors).toEqual(['东苑|1|1|302 3层']);
  });

  it.each(['601、602', '601，602', '601/602', '601-602', '601 602', '601和602室', '601室、602室', '601、602、603'])(
    'is the first of the doors that it names (%s), and one question',
    async (room) => {
      const { people, questions } = await read(at(room, '甲一'), at(room, '甲二', '1号楼', '1单元', '妻'), [
        ...Array<string>(5).fill(''),
        '甲三',
        '子',
      ]);
      expect(people).toEqual(['甲一 东苑|1|1|601', '甲二 东苑|1|1|601', '甲三 东苑|1|1|601']);
      expect(questions).toEqual(['2 室号 rooms_several']);
    },
  );

  it('is asked about in an address, too', async () => {
    const understanding = await readTabs({
      名册: [
        ['网格', '住址', '姓名'],
        ['一网格', '东苑1号楼1单元601、602室', '甲一'],
        ['一网格', '东苑1号楼1单元701', '乙一'],
      ],
    });
    expect(people(understanding).map(({ door }) => door)).toEqual(['东苑|1|1|601', '东苑|1|1|701']);
    expect(figures(understanding).questions).toEqual(['2 住址 rooms_several']);
  });
});

it('东苑 and 东苑小区 with the same building are one compound, in columns and in addresses', async () => {
  const columns = ['网格', '住址', '小区', '楼栋', '室号', '姓名'];
  const understanding = await readTabs({
    名册: [
      columns,
      ['一网格', '东苑1号楼101', '', '', '', '甲一'],
      ['一网格', '东苑小区1号楼102', '', '', '', '乙一'],
      ['一网格', '', '东苑小区', '1号楼', '101', '甲二'],
      ['一网格', '', '东苑', '1号楼', '201', '丙一'],
    ],
  });
  expect(figures(understanding)).toMatchObject({ buildings: 1, dwellings: 3, questions: [] });
  expect(new Set(understanding.roster.doors.map(({ place }) => place.compound))).toEqual(new Set(['东苑']));
});
