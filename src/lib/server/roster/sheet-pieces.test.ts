import { describe, expect, it } from 'vitest';
import { sheetPieces } from './sheet-pieces';

const rows = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, at) => `<${prefix}row r="${at + 1}"><${prefix}c r="A${at + 1}"/></${prefix}row>`);
const sheet = (prefix: string, count: number) =>
  `<?xml version="1.0"?><${prefix}worksheet xmlns="x"><${prefix}cols/><${prefix}sheetData>${rows(prefix, count).join('')}` +
  `</${prefix}sheetData><${prefix}mergeCells/></${prefix}worksheet>`;
const cut = (text: string, size: number) =>
  [...sheetPieces(Buffer.from(text), size)].map((piece) => Buffer.from(piece).toString());

describe('a large sheet', () => {
  it.each(['', 'x:'])('is cut between rows into sheets for themselves, every row once (prefix "%s")', (prefix) => {
    const pieces = cut(sheet(prefix, 200), 1000);
    expect(pieces.length).toBeGreaterThan(3);
    const found = pieces.flatMap((piece) => [...piece.matchAll(/ r="(\d+)"/g)].map(([, row]) => Number(row)));
    expect(found).toEqual(Array.from({ length: 200 }, (_, at) => at + 1));
    for (const piece of pieces) {
      expect(piece).toContain(`<${prefix}cols/><${prefix}sheetData>`);
      expect(piece.endsWith(`</${prefix}worksheet>`)).toBe(true);
    }
    expect(pieces.filter((piece) => piece.includes('mergeCells'))).toHaveLength(1);
  });

  it('stays whole where it is small or of another shape', () => {
    expect(cut(sheet('', 3), 1000)).toEqual([sheet('', 3)]);
    const other = `<chart>${'x'.repeat(5000)}</chart>`;
    expect(cut(other, 1000)).toEqual([other]);
  });
});
