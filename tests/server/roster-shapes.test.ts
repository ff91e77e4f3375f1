/** Rosters of unusual shapes: a household a row, a hidden sheet, much above the table, text that does not say how it is written. */
import iconv from 'iconv-lite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { planImport } from '../../src/lib/server/roster/plan';
import { readRoster } from '../../src/lib/server/roster/read';
import { isRefusal, refusalText } from '../../src/lib/server/roster/refusal';
import { runImport } from '../../src/lib/server/roster/run';
import { understand } from '../../src/lib/server/roster/understand';
import { figures, hideSheet, makeWorkbook, people, readBytes, readTabs, refusalOf } from '../support/make-roster';
import { openTestOffice, type TestOffice } from './office-for-tests';

const number = '620799195403273977';
const other = '620799196511204666';

describe('one household a row', () => {
  it('reads the head and every member in columns of their own, questions at the right column', async () => {
    const understanding = await readTabs({
      名册: [
        [
          '网格',
          '住址',
          '户主姓名',
          '户主电话',
          '成员1姓名',
          '成员1身份证号',
          '成员1与户主关系',
          '成员2姓名',
          '成员2身份证号',
        ],
        [
          '一网格',
          '金山花园1号楼1单元101室',
          '龙杰',
          '13900007273',
          '文佳佳',
          other,
          '妻子',
          '龙小宝',
          '620799201806010000',
        ],
        ['一网格', '金山花园1号楼1单元102室', '彭海', '', '', '', '', '', ''],
      ],
    });
    expect(figures(understanding)).toMatchObject({ rows: 2, dwellings: 2, households: 2, residents: 4 });
    expect(figures(understanding).questions).toEqual(['2 成员2身份证号 id_rounded']);
    expect(people(understanding)).toMatchObject([
      { door: '金山花园|1|1|101', name: '龙杰', relation: '02' },
      { door: '金山花园|1|1|101', name: '文佳佳', relation: '10', idNumber: other },
      { door: '金山花园|1|1|101', name: '龙小宝' },
      { door: '金山花园|1|1|102', name: '彭海', relation: '02' },
    ]);
  });

  it('counts a head once whom the members name again, and takes their number from there', async () => {
    const understanding = await readTabs({
      名册: [
        ['住址', '户主姓名', '成员一姓名', '成员一身份证号', '成员二姓名', '成员二身份证号'],
        ['金山花园1号楼1单元101室', '龙杰', '龙杰', number, '文佳佳', other],
      ],
    });
    expect(people(understanding)).toMatchObject([
      { name: '龙杰', relation: '02', idNumber: number },
      { name: '文佳佳', idNumber: other },
    ]);
  });

  it('reads numbered names and a header in two rows; two numbered telephones stay one person', async () => {
    const numbered = await readTabs({
      表: [
        ['住址', '姓名1', '性别1', '姓名2', '性别2'],
        ['金山花园1号楼1单元101室', '龙杰', '男', '文佳佳', '女'],
      ],
    });
    expect(people(numbered)).toMatchObject([
      { name: '龙杰', sex: '1' },
      { name: '文佳佳', sex: '2' },
    ]);
    const across = (value: string) => ({ value, columnSpan: 2 });
    const grouped = await readTabs({
      表: [
        [{ value: '住址', rowSpan: 2 }, across('成员1'), null, across('成员2'), null],
        [null, '姓名', '电话', '姓名', '电话'],
        ['金山花园1号楼1单元101室', '龙杰', '13900007273', '文佳佳', '13900007274'],
      ],
    });
    expect(people(grouped).map(({ name, phone }) => [name, phone])).toEqual([
      ['龙杰', '13900007273'],
      ['文佳佳', '13900007274'],
    ]);
    const phones = await readTabs({
      表: [
        ['住址', '姓名', '联系电话1', '联系电话2'],
        ['金山花园1号楼1单元101室', '龙杰', '13900007273', '13900007274'],
      ],
    });
    expect(people(phones)).toHaveLength(1);
  });
});

describe('what a spreadsheet hides or begins with', () => {
  const table = [
    ['姓名', '身份证号', '住址'],
    ['龙杰', number, '金山花园1号楼1单元101室'],
  ];

  it('reads a hidden sheet, names it and asks once', async () => {
    const second = [table[0] ?? [], ['文佳佳', other, '金山花园1号楼1单元102室']];
    const workbook = hideSheet(await makeWorkbook({ 一网格: table, 旧表: second }), '旧表');
    const understanding = await readBytes(workbook, 'roster.xlsx');
    expect(understanding.sheets.map(({ name, hidden, left }) => [name, hidden, left])).toEqual([
      ['一网格', false, null],
      ['旧表', true, null],
    ]);
    const hidden = understanding.roster.questions.filter(({ code }) => code === 'sheet_hidden');
    expect(hidden).toMatchObject([{ sheet: '旧表', row: 1, detail: '旧表' }]);
    const without = await readBytes(workbook, 'roster.xlsx', { 旧表: { use: false } });
    expect(without.roster.questions.map(({ code }) => code)).not.toContain('sheet_hidden');
    expect(figures(without).residents).toBe(1);
  });

  it('finds a header below a long cover, and says how to mend one that is further down', async () => {
    const cover = (lines: number) => Array.from({ length: lines }, () => ['填表说明']);
    expect(figures(await readTabs({ 表: [...cover(120), ...table] }))).toMatchObject({ residents: 1 });
    const far = await makeWorkbook({ 表: [...cover(250), ['姓名', '住址'], ['龙杰', '金山花园1号楼1单元101室']] });
    const refusal = await refusalOf(far, 'roster.xlsx');
    expect(refusal).toEqual({ refused: 'no-header' });
    expect(refusal && refusalText(refusal)).toContain('请删去它上面的内容');
  });

  it.each(['utf16-le', 'utf16-be'])(
    'reads %s that does not say so, and refuses other bytes with noughts',
    async (kind) => {
      const text = table.map((row) => row.join(',')).join('\r\n');
      const understanding = await readBytes(iconv.encode(text, kind), 'roster.csv');
      expect(people(understanding)).toMatchObject([{ name: '龙杰', idNumber: number }]);
      const noise = Buffer.from(Array.from({ length: 4000 }, (_, at) => (at * 7919) % 251));
      expect(await refusalOf(noise, 'roster.csv')).toEqual({ refused: 'no-spreadsheet' });
    },
  );
});

describe('people who are gone', () => {
  let at: TestOffice;
  beforeEach(async () => {
    at = await openTestOffice();
  });
  afterEach(() => at.close());

  async function imported(rows: string[][]): Promise<{ added: number; changes: number }> {
    const sheets = await readRoster(await makeWorkbook({ 名册: rows }), 'roster.xlsx');
    if (isRefusal(sheets)) throw new Error(sheets.refused);
    const understanding = understand(sheets);
    if (isRefusal(understanding)) throw new Error(understanding.refused);
    const { office, communityId, accounts } = at;
    const plan = await office.database.read((db) => planImport(db, communityId, understanding));
    await runImport(office, communityId, plan, { by: accounts.administrator.id });
    return { added: plan.added.residents, changes: plan.changes.length };
  }

  it('leave a household that ends by itself, once, and a second import changes nothing', async () => {
    const header = ['网格', '住址', '姓名', '身份证号', '与户主关系', '备注'];
    const rows = [
      header,
      ['第三网格', '金山花园9号楼1单元101室', '龙杰', number, '户主', '已去世'],
      ['第三网格', '金山花园9号楼1单元101室', '文佳佳', other, '妻子', '已搬走'],
      ['第三网格', '金山花园9号楼1单元102室', '彭海', '620799197310144112', '户主', ''],
    ];
    await imported(rows);
    const households = await at.office.database.read((db) =>
      db
        .selectFrom('household')
        .innerJoin('dwelling', (join) =>
          join
            .onRef('dwelling.community_id', '=', 'household.community_id')
            .onRef('dwelling.id', '=', 'household.dwelling_id'),
        )
        .innerJoin('building', (join) =>
          join
            .onRef('building.community_id', '=', 'dwelling.community_id')
            .onRef('building.id', '=', 'dwelling.building_id'),
        )
        .select(['dwelling.room', 'household.ended_at'])
        .where('household.community_id', '=', at.communityId)
        .where('building.building', '=', '9')
        .orderBy('dwelling.room')
        .execute(),
    );
    expect(households.map(({ room, ended_at: ended }) => [room, ended !== null])).toEqual([
      ['101', true],
      ['102', false],
    ]);
    expect(await imported(rows)).toEqual({ added: 0, changes: 0 });
  });
});
