/** Finds the header rows of a sheet: below titles, in one row or several, and puts each column's words together. */
import { cellText, isBlank, type Cell, type ReadSheet } from './cell';
import { meaningOf, memberOf, plainHeader } from './fields';

/** Some offices print a cover sheet and instructions above the table. */
const SEARCHED_ROWS = 200;
const MAX_HEADER_ROWS = 4;

/** Rows from 0, both included. */
export type HeaderRows = { top: number; bottom: number };
/** `header`: the column's own words as they stand in the file; `group`: the words above them that span several columns. */
export type HeaderCell = { index: number; header: string; group: string };

/** The rows whose words name the most fields; `null` when none name two. */
export function findHeader({ rows, merges }: ReadSheet): HeaderRows | null {
  let best: (HeaderRows & { fields: number }) | null = null;
  for (let top = 0; top < Math.min(rows.length, SEARCHED_ROWS); top++) {
    if (!isHeaderRow(rows[top])) continue;
    let bottom = top;
    while (bottom + 1 < rows.length && bottom - top + 1 < MAX_HEADER_ROWS && continuesHeader(rows[bottom + 1]))
      bottom++;
    bottom = mergedBottom(top, bottom);
    const fields = new Set(rows.slice(top, bottom + 1).flatMap(knownFields)).size;
    if (fields >= 2 && fields > (best?.fields ?? 0)) best = { top, bottom, fields };
  }
  if (!best) return null;
  const above = rows[best.top - 1];
  // a row of nothing but group names (基本信息 | 住址信息) above the fields
  if (above && knownFields(above).length === 0 && isHeaderRow(above) && filled(above) >= 2) best.top -= 1;
  return { top: best.top, bottom: best.bottom };

  /** A header cell merged down over rows says how many of them there are, whatever words stand in the others. */
  function mergedBottom(top: number, bottom: number): number {
    const own = merges.filter(
      (merge) => merge.top >= top && merge.top <= bottom && merge.bottom < top + MAX_HEADER_ROWS,
    );
    const lowest = Math.max(bottom, ...own.map((merge) => merge.bottom));
    return rows.slice(bottom + 1, lowest + 1).every(isOfHeaderText) ? lowest : bottom;
  }
}

/** A row that could be the header where no words are known: the one above the first row that looks like data. */
export function headerAboveData({ rows }: ReadSheet): HeaderRows | null {
  for (let row = 1; row < Math.min(rows.length, SEARCHED_ROWS); row++) {
    if (!rows[row]?.some(isIdentityLike)) continue;
    const above = rows[row - 1];
    return above && isHeaderRow(above) && filled(above) >= 3 ? { top: row - 1, bottom: row - 1 } : null;
  }
  return null;
}

/** Each column's words. A cell merged over several columns names them all; without merges (text files) an empty cell takes the group at its left. */
export function headerCells(sheet: ReadSheet, { top, bottom }: HeaderRows): HeaderCell[] {
  const width = Math.max(0, ...sheet.rows.slice(top, top + SEARCHED_ROWS).map((row) => row.length));
  const cells: HeaderCell[] = [];
  for (let index = 0; index < width; index++) {
    const words: string[] = [];
    for (let row = top; row <= bottom; row++) {
      const own = cellText(sheet.rows[row]?.[index]);
      const inherited = own === '' ? groupAtLeft(sheet, row, index, bottom) : own;
      if (inherited !== '' && inherited !== words.at(-1)) words.push(inherited);
    }
    cells.push({ index, header: words.at(-1) ?? '', group: words.slice(0, -1).join(' ') });
  }
  return cells;
}

function groupAtLeft(sheet: ReadSheet, row: number, index: number, bottom: number): string {
  const merge = sheet.merges.find(
    (one) => one.top <= row && row <= one.bottom && one.left <= index && index <= one.right,
  );
  if (merge) return cellText(sheet.rows[merge.top]?.[merge.left]);
  if (sheet.merges.some((one) => one.top <= bottom && one.right > one.left)) return '';
  // only above a column that has words of its own further down
  const below = sheet.rows.slice(row + 1, bottom + 1).some((cells) => !isBlank(cells[index]));
  if (row === bottom || !below) return '';
  for (let left = index - 1; left >= 0; left--) {
    const text = cellText(sheet.rows[row]?.[left]);
    if (text !== '') return sheet.rows.slice(row + 1, bottom + 1).some((cells) => !isBlank(cells[left])) ? text : '';
  }
  return '';
}

/** No numbers, dates or sentences: only short words. */
function isHeaderRow(row: Cell[] | undefined): boolean {
  if (!row || filled(row) < 2) return false;
  return isOfHeaderText(row);
}

function isOfHeaderText(row: Cell[]): boolean {
  return row.every((cell) => isBlank(cell) || (typeof cell === 'string' && isHeaderText(cellText(cell))));
}

function isHeaderText(text: string): boolean {
  const plain = plainHeader(memberOf(text)?.words ?? text);
  return plain.length <= 24 && !/\d{2}|[:：]./.test(plain) && !/^第.+网格$|\d(?:号|栋|幢|单元|室|层|网格)/.test(plain);
}

/** At least half of what the row holds are words of fields. */
function continuesHeader(row: Cell[] | undefined): boolean {
  if (!row || !isOfHeaderText(row)) return false;
  const known = row.filter((cell) => !isBlank(cell) && meaningOf(cellText(cell)) !== null).length;
  return known > 0 && known * 2 >= filled(row);
}

function knownFields(row: Cell[]): string[] {
  return row.map((cell) => meaningOf(cellText(cell))).filter((meaning) => meaning !== null && meaning !== 'left');
}

function filled(row: Cell[]): number {
  return row.filter((cell) => !isBlank(cell)).length;
}

function isIdentityLike(cell: Cell): boolean {
  return /^\d{14,17}[\dXx]$/.test(cellText(cell).normalize('NFKC').replace(/\s/g, ''));
}
