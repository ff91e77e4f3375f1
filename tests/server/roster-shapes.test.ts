/** Rosters of unusual shapes: a household a row, a hidden sheet, much above the table, text that does not say how it is written. */
import iconv from 'iconv-lite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { planImport } from '../../src/lib/server/roster/plan';
import { questionText } from '../../src/lib/server/roster/questions';
import { readRoster } from '../../src/lib/server/roster/read';
import { isRefusal, refusalText } from '../../src/lib/server/roster/refusal';
import { runImport } from '../../src/lib/server/roster/run';
import { understand } from '../../src/lib/server/roster/understand';
import {
  figures,
  hideSheet,
  makeWorkbook,
  people,
  readBytes,
  readTabs,
  refusalOf,
  today,
} from '../support/make-roster';
import { openTestOffice, type TestOffice } from './office-for-tests';

const number = '620799195403273977';
const other = '620799196511204666';

describe('what a roster says that cannot be, or only half', () => {
  const head = ['网格', '住址', '姓名', '与户主关系', '出生日期', '人员类别', '入住时间'];
  const at101 = (name: string, relation: string, birth: string, kind = '', since = '') => [
    ...['一网格', '金山花园1号楼1单元101室', name, relation, birth, kind, since],
  ];

  it('asks about dates that are still to come or before 1900, and takes none of them', async () => {
    const rows = [
      at101('龙杰', '户主', '2030-01-01', '', '2031-05'),
      at101('文佳佳', '妻子', '1880-01-01'),
      at101('龙大', '父亲', '18790203'),
      at101('龙二', '兄', '某年'),
    ];
    const understanding = await readTabs({ 名册: [head, ...rows] });
    expect(figures(understanding).questions).toEqual([
      '2 出生日期 date_ahead',
      '2 入住时间 date_ahead',
      '3 出生日期 birth_before_1900',
      '4 出生日期 birth_before_1900',
      '5 出生日期 birth_unclear',
    ]);
    expect(people(understanding).map(({ birthDate }) => birthDate)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('asks once a column what 常住 means for the hukou', async () => {
    const rows = [at101('龙杰', '户主', '1975', '常住'), at101('文佳佳', '妻子', '1976', '常住')];
    const understanding = await readTabs({ 名册: [head, ...rows, at101('龙三', '子', '2001', '常住人口')] });
    expect(figures(understanding).questions).toEqual([
      '2 人员类别 residence_lives_only',
      '4 人员类别 residence_lives_only',
    ]);
    expect(people(understanding)).toMatchObject([{ presence: 'here' }, { presence: 'here' }, { presence: 'here' }]);
  });

  it('names a household without a head by its whole address, in both languages', async () => {
    const rows = [at101('龙杰', '妻子', '1975'), at101('文佳佳', '子', '1999')];
    const { roster } = await readTabs({ 名册: [head, ...rows] });
    const [asked] = roster.questions;
    if (!asked) throw new Error('nothing was asked');
    expect(questionText(asked)).toContain('金山花园 1号楼 1单元 101');
    expect(questionText(asked, 'en')).toContain('金山花园 Building 1 Unit 1, 101');
  });
});

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
    const understanding = understand(sheets, today);
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
