import { describe, expect, it } from 'vitest';
import { mappingIn } from './mapping-form';

const column = (index: number, header: string, meaning: 'name' | 'phone' | null) => ({
  index,
  header,
  group: '',
  meaning,
  by: 'words' as const,
  samples: [],
});
const sheets = [
  {
    name: '一网格',
    left: null,
    header: [2, 2] satisfies [number, number],
    columns: [column(0, '姓名', 'name'), column(1, '号码', null)],
    rows: 3,
    totals: 0,
    hiddenRows: 0,
    hidden: false,
  },
];
const formOf = (entries: [string, string][]) => {
  const form = new FormData();
  for (const [name, value] of entries) form.append(name, value);
  return form;
};
const shown: [string, string][] = [
  ['sheet:0', '1'],
  ['use:0', '1'],
  ['top:0', '2'],
  ['bottom:0', '2'],
  ['column:0:0', 'name'],
];

describe('the form of the column mapping', () => {
  it('says only what a person changed', () => {
    expect(mappingIn(formOf([...shown, ['column:0:1', 'phone']]), { sheets }, {})).toEqual({
      一网格: { use: true, columns: { 1: 'phone' } },
    });
  });

  it('keeps what was chosen before and drops a sheet', () => {
    const held = { 一网格: { columns: { 1: 'phone' as const } } };
    const form = formOf(shown.filter(([name]) => name !== 'use:0'));
    expect(mappingIn(form, { sheets }, held)).toEqual({ 一网格: { use: false, columns: { 1: 'phone' } } });
  });

  it('forgets the columns where the header rows are others', () => {
    const form = formOf(shown.map(([name, value]) => [name, name === 'bottom:0' ? '3' : value]));
    expect(mappingIn(form, { sheets }, { 一网格: { columns: { 1: 'phone' } } })).toEqual({
      一网格: { use: true, header: [2, 3], columns: {} },
    });
  });
});
