/** Cells whose formula failed: no value, one question each, and never a door or a person. */
import { describe, expect, it } from 'vitest';
import { changeSheet, figures, makeWorkbook, people, readBytes, readTabs, type TableRow } from '../support/make-roster';

const header = ['网格', '小区', '楼栋', '单元', '室号', '姓名', '与户主关系', '身份证号', '电话', '备注'];
const number = '620799195403273977';
const row = (cells: Record<string, string>): TableRow =>
  header.map(
    (field) =>
      cells[field] ??
      { 网格: '一网格', 小区: '东苑', 楼栋: '1号楼', 单元: '1单元', 室号: '101', 姓名: '甲一', 与户主关系: '户主' }[
        field
      ] ??
      '',
  );
const below = (name: string): TableRow => header.map((field) => (field === '姓名' ? name : ''));

describe('a cell whose formula failed', () => {
  it.each(['#DIV/0!', '#N/A', '#REF!', '#VALUE!', '#NAME?', '#NUM!', '#NULL!', '＃Ｎ／Ａ', 'Err:502'])(
    'is no value and one question, and the other cells are kept (%s)',
    async (error) => {
      const rows = [row({ 身份证号: error, 电话: '13900007273' }), row({ 室号: '102', 身份证号: number, 电话: error })];
      const understanding = await readTabs({ 名册: [header, ...rows] });
      expect(figures(understanding)).toMatchObject({
        dwellings: 2,
        residents: 2,
        questions: ['2 身份证号 cell_error', '3 电话 cell_error'],
      });
      expect(people(understanding)).toMatchObject([{ phone: '13900007273' }, { idNumber: number }]);
      expect(people(understanding)[1]).not.toHaveProperty('phone');
    },
  );

  it('is one where the spreadsheet says so itself, not only its words', async () => {
    const workbook = changeSheet(await makeWorkbook({ 名册: [header, row({ 电话: '77' })] }), (xml) =>
      xml.replace(/<c r="I2"[^>]*>.*?<\/c>/, '<c r="I2" t="e"><f>1/0</f><v>#DIV/0!</v></c>'),
    );
    const { roster } = await readBytes(workbook, '名册.xlsx');
    expect(roster.questions).toMatchObject([{ row: 2, column: '电话', value: '#DIV/0!', code: 'cell_error' }]);
    expect(roster.doors.map(({ place }) => place.room)).toEqual(['101']);
  });

  it.each(['小区', '楼栋', '单元', '室号'])('makes no door where it stands for the %s', async (field) => {
    const rows = [row({ 室号: '201', 姓名: '乙一' }), row({ [field]: '#REF!', 电话: '#N/A' }), below('甲二')];
    const understanding = await readTabs({ 名册: [header, ...rows] });
    expect(people(understanding).map(({ name, door }) => `${name} ${door}`)).toEqual(['乙一 东苑|1|1|201']);
    expect(figures(understanding)).toMatchObject({
      dwellings: 1,
      questions: [`3 ${field} cell_error_place`, '3 电话 cell_error', '4 姓名 address_missing'],
    });
  });

  it('is one question where it is merged over a household, and 同上 below it is none of its own', async () => {
    const cells = (name: string, room: TableRow[number]): TableRow => ['一网格', '东苑', '1号楼', '1单元', room, name];
    const head = header.slice(0, 6);
    const merged = [cells('甲一', { value: '#N/A', rowSpan: 2 }), cells('甲二', null), cells('甲三', '同上')];
    expect(figures(await readTabs({ 名册: [head, ...merged] }))).toMatchObject({
      dwellings: 0,
      questions: ['2 室号 cell_error_place', '3 姓名 address_missing', '4 姓名 address_missing'],
    });
  });

  it('is no name and no vacant door', async () => {
    const understanding = await readTabs({ 名册: [header, row({ 姓名: '#NAME?', 身份证号: number })] });
    expect(figures(understanding)).toMatchObject({ residents: 0, questions: ['2 姓名 cell_error_name'] });
    expect(understanding.roster.doors.map(({ stated }) => stated.use)).toEqual([undefined]);
  });

  it('is no grid', async () => {
    const understanding = await readTabs({
      名册: [header, row({}), row({ 网格: '#N/A', 姓名: '甲二', 与户主关系: '妻' })],
    });
    expect(figures(understanding)).toMatchObject({ grids: 1, questions: ['3 网格 cell_error'] });
  });
});
