import { strToU8, unzipSync, Zip, ZipDeflate, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { refusalText } from '../../src/lib/server/roster/refusal';
import { makeWorkbook, changeSheet, refusalOf } from '../support/make-roster';

const COMPOUND = Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, ...Array<number>(600).fill(0)]);
const header = ['姓名', '身份证号', '住址'];

/** The workbook with a sheet that unpacks to so many megabytes of spaces. */
function bombOf(workbook: Uint8Array, megabytes: number): Buffer {
  const parts = unzipSync(workbook);
  const zip: Uint8Array[] = [];
  const archive = new Zip((_, piece) => zip.push(piece));
  for (const [name, bytes] of Object.entries(parts)) {
    const file = new ZipDeflate(name, { level: 1 });
    archive.add(file);
    const isSheet = name.endsWith('sheet1.xml');
    file.push(bytes, !isSheet);
    const spaces = new Uint8Array(1024 * 1024).fill(32);
    for (let count = 1; isSheet && count <= megabytes; count++) file.push(spaces, count === megabytes);
  }
  archive.end();
  return Buffer.concat(zip);
}

describe('files that cannot be taken in', () => {
  it.each([
    ['an old Excel file', COMPOUND, 'a.xls', 'old-excel'],
    ['a WPS file', COMPOUND, 'a.et', 'wps'],
    [
      'an encrypted workbook',
      Buffer.concat([COMPOUND, Buffer.from('EncryptedPackage', 'utf16le')]),
      'a.xlsx',
      'encrypted',
    ],
    ['nothing', Buffer.alloc(0), 'a.xlsx', 'empty'],
    ['a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0]), 'a.xlsx', 'no-spreadsheet'],
    ['any binary', Buffer.from([1, 2, 3, 0, 5, 6]), 'a.csv', 'no-spreadsheet'],
    [
      'an archive of other things',
      Buffer.from(zipSync({ 'word/document.xml': strToU8('<w/>') })),
      'a.docx',
      'no-spreadsheet',
    ],
    ['a web page called .xls', Buffer.from('<html><table><tr><td>姓名</td></tr></table></html>'), 'a.xls', 'web-page'],
    ['a broken archive', Buffer.from('PK\u0003\u0004 and then nothing of the kind'), 'a.xlsx', 'no-spreadsheet'],
    ['words', Buffer.from('只有一句话。\n没有表格。'), 'a.csv', 'no-header'],
  ])('says in a sentence what is wrong with %s', async (_, bytes, name, code) => {
    const refusal = await refusalOf(bytes, name);
    expect(refusal?.refused).toBe(code);
    expect(refusal && refusalText(refusal, 'zh-CN')).toMatch(/。$/);
    expect(refusal && refusalText(refusal, 'en')).toMatch(/\.$/);
  });

  it('says how to save an old file as .xlsx', async () => {
    const refusal = await refusalOf(COMPOUND, 'a.xls');
    expect(refusal && refusalText(refusal)).toContain('.xlsx');
  });

  it('refuses 300 columns, names or not', async () => {
    const wide = Array.from({ length: 300 }, (_, index) => header[index] ?? `列${index + 1}`);
    expect(await refusalOf(await makeWorkbook({ 表: [wide, wide.map(() => '值')] }), 'a.xlsx')).toMatchObject({
      refused: 'too-many-columns',
      sheet: '表',
    });
    expect(await refusalOf(Buffer.from([wide, wide].map((row) => row.join(',')).join('\n')), 'a.csv')).toMatchObject({
      refused: 'too-many-columns',
    });
  });

  it('refuses a table without a header, and one without residents', async () => {
    const rows = [
      ['龙杰', '620799195403273977', '金山花园1-1-101'],
      ['彭林文', '620799197310144112', '金山花园1-1-102'],
    ];
    expect(await refusalOf(await makeWorkbook({ 表: rows }), 'a.xlsx')).toEqual({ refused: 'no-header' });
    expect(
      await refusalOf(
        await makeWorkbook({
          统计: [
            ['网格', '住址', '户数'],
            ['一网格', '金山花园', 3],
          ],
        }),
        'a.xlsx',
      ),
    ).toEqual({ refused: 'no-residents' });
    expect(await refusalOf(await makeWorkbook({ 空: [[null]] }), 'a.xlsx')).toEqual({ refused: 'empty' });
  });

  it('stops unpacking a zip bomb, whatever sizes it claims', async () => {
    const bomb = bombOf(await makeWorkbook({ 表: [header] }), 125);
    expect(bomb.length).toBeLessThan(2 * 1024 * 1024);
    expect(await refusalOf(bomb, 'a.xlsx')).toMatchObject({ refused: 'unpacks-too-large' });
    // every size of what is unpacked, in local and central headers: 1 kB
    for (const [mark, field] of [
      ['PK\u0003\u0004', 22],
      ['PK\u0001\u0002', 24],
    ] as const) {
      for (let at = bomb.indexOf(mark); at >= 0; at = bomb.indexOf(mark, at + 1)) bomb.writeUInt32LE(1024, at + field);
    }
    expect(await refusalOf(bomb, 'a.xlsx')).toMatchObject({ refused: 'unpacks-too-large' });
  });

  it('refuses a sheet that claims a cell far out', async () => {
    const far = changeSheet(await makeWorkbook({ 表: [header, ['龙杰', '', '']] }), (xml) =>
      xml.replace('r="C1"', 'r="XFD1"'),
    );
    const deep = changeSheet(await makeWorkbook({ 表: [header, ['龙杰', '', '']] }), (xml) =>
      xml.replace('<row r="2"', '<row r="1048576"').replaceAll(/r="([ABC])2"/g, 'r="$11048576"'),
    );
    expect((await refusalOf(deep, 'a.xlsx'))?.refused).toBe('too-many-rows');
    expect((await refusalOf(far, 'a.xlsx'))?.refused).toBe('too-many-columns');
  });
});
