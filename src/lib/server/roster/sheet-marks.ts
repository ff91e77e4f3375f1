/**
 * What the spreadsheet library does not tell of a sheet: merged ranges, hidden rows, and how large it will become.
 * Read from the sheet's XML by its few fixed tags (ECMA-376 part 1, 18.3.1), before the library builds rows of it.
 */
import type { MergedRange } from './cell';
import { RefusedFile } from './refusal';

export const MAX_ROWS = 100_000;
export const MAX_COLUMNS = 200;

export type SheetMarks = { merges: MergedRange[]; hiddenRows: Set<number> };

/** Sheet names with the path of their part, and whether they are hidden, in the workbook's order. */
export function sheetPaths(parts: Map<string, Uint8Array>): { name: string; path: string; hidden: boolean }[] {
  const targets = new Map<string, string>();
  for (const relation of tags(xmlOf(parts, 'xl/_rels/workbook.xml.rels'), 'Relationship')) {
    const target = attribute(relation, 'Target') ?? '';
    targets.set(attribute(relation, 'Id') ?? '', target.startsWith('/') ? target.slice(1) : `xl/${target}`);
  }
  return [...tags(xmlOf(parts, 'xl/workbook.xml'), 'sheet')].map((sheet) => ({
    name: unescaped(attribute(sheet, 'name') ?? ''),
    path: targets.get(attribute(sheet, '(?:\\w+:)?id') ?? '') ?? '',
    hidden: /\sstate=["'](?:hidden|veryHidden)["']/.test(sheet),
  }));
}

/** Throws `RefusedFile` where a cell with content lies beyond the bounds. */
export function readMarks(xml: string, sheet: string): SheetMarks {
  boundSheet(xml, sheet);
  const hiddenRows = new Set<number>();
  for (const row of tags(xml, 'row')) {
    if (/\shidden="(?:1|true)"/.test(row)) hiddenRows.add(Number(attribute(row, 'r')) - 1);
  }
  const merges: MergedRange[] = [];
  for (const merge of tags(xml, 'mergeCell')) {
    const range = /^([A-Z]{1,3})(\d+):([A-Z]{1,3})(\d+)$/.exec(attribute(merge, 'ref') ?? '');
    if (!range) continue;
    const [, left = '', top, right = '', bottom] = range;
    merges.push({
      top: Number(top) - 1,
      left: columnNumber(left),
      bottom: Math.min(Number(bottom), MAX_ROWS) - 1,
      right: Math.min(columnNumber(right), MAX_COLUMNS - 1),
    });
  }
  return { merges, hiddenRows };
}

/** Only cells beyond column Z are looked at one by one: the others are many, and far from the bound. */
function boundSheet(xml: string, sheet: string): void {
  for (const match of xml.matchAll(/<(?:\w+:)?c\s(?:[^>]*\s)?r="([A-Z]{2,3})\d+"[^>]*[^/]>/g)) {
    if (columnNumber(match[1] ?? '') < MAX_COLUMNS) continue;
    throw new RefusedFile({ refused: 'too-many-columns', sheet, limit: MAX_COLUMNS });
  }
  for (const match of xml.matchAll(/<(?:\w+:)?(?:row|c)\s(?:[^>]*\s)?r="[A-Z]{0,3}(\d{6,})"/g)) {
    if (Number(match[1]) > MAX_ROWS) throw new RefusedFile({ refused: 'too-many-rows', sheet, limit: MAX_ROWS });
  }
}

function* tags(xml: string, name: string): Generator<string> {
  for (const match of xml.matchAll(new RegExp(`<(?:\\w+:)?${name}\\s[^>]*>`, 'g'))) yield match[0];
}

function attribute(tag: string, name: string): string | undefined {
  return new RegExp(`\\s${name}=["']([^"']*)["']`).exec(tag)?.[1];
}

function xmlOf(parts: Map<string, Uint8Array>, path: string): string {
  const part = parts.get(path);
  if (!part) throw new RefusedFile({ refused: 'no-spreadsheet' });
  return new TextDecoder().decode(part);
}

/** A → 0, Z → 25, AA → 26. */
function columnNumber(letters: string): number {
  let number = 0;
  for (const letter of letters) number = number * 26 + letter.charCodeAt(0) - 64;
  return number - 1;
}

function unescaped(text: string): string {
  const named: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
  return text.replace(/&(?:#x([\da-f]+)|#(\d+)|(\w+));/gi, (whole, hex?: string, decimal?: string, name?: string) => {
    if (name) return named[name] ?? whole;
    const point = hex ? parseInt(hex, 16) : Number(decimal);
    return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });
}
