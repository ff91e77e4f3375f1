/**
 * Reads every sheet of an .xlsx workbook: the library's rows, with the merged ranges and hidden rows that it does not tell. A large sheet is
 * read in pieces: of each only the cells are kept.
 */
import { zipSync } from 'fflate';
import { readSheet } from 'read-excel-file/node';
import type { Cell, ReadSheet } from './cell';
import { RefusedFile } from './refusal';
import { readMarks, sheetPaths } from './sheet-marks';
import { sheetPieces } from './sheet-pieces';
import { unpackWorkbook } from './unpack';

type Parts = Map<string, Uint8Array>;

/** Throws `RefusedFile` when the archive is no workbook, too large, or damaged. */
export async function readWorkbook(bytes: Uint8Array): Promise<ReadSheet[]> {
  const parts = unpackWorkbook(bytes);
  const places = sheetPaths(parts);
  const waiting: Parts = new Map();
  for (const { path } of places) {
    const part = parts.get(path);
    if (part) waiting.set(path, part);
    parts.delete(path);
  }
  const keep = keeper();
  const sheets: ReadSheet[] = [];
  for (const [index, { name, path, hidden }] of places.entries()) {
    const part = waiting.get(path);
    if (!part) continue;
    waiting.delete(path);
    const sheet: ReadSheet = { name, rows: [], merges: [], hiddenRows: new Set(), hidden };
    for (const piece of sheetPieces(part)) await readPiece(sheet, { path, piece, position: index + 1 }, parts, keep);
    sheets.push(sheet);
  }
  return sheets;
}

type Piece = { path: string; piece: Uint8Array; position: number };

async function readPiece(
  sheet: ReadSheet,
  { path, piece, position }: Piece,
  parts: Parts,
  keep: (text: string) => string,
): Promise<void> {
  const xml = new TextDecoder().decode(piece);
  const { merges, hiddenRows } = readMarks(xml, sheet.name);
  sheet.merges.push(...merges);
  for (const row of hiddenRows) sheet.hiddenRows.add(row);
  const before = sheet.rows.length;
  const rows = await readRows(new Map(parts).set(path, withErrorsAsText(piece, xml)), position);
  // Rows of the pieces before stand empty in this one.
  for (const row of rows.slice(before)) sheet.rows.push(cellsOf(row, keep));
}

/** The library drops a cell whose formula failed: it is given the error's words as text. */
function withErrorsAsText(piece: Uint8Array, xml: string): Uint8Array {
  if (!/\st=["']e["']/.test(xml)) return piece;
  return new TextEncoder().encode(xml.replace(/(<(?:\w+:)?c\s(?:[^>]*\s)?t=)["']e["']/g, '$1"str"'));
}

/** The library is given the parts that were counted, packed without compression: it never unpacks the file as it came. */
async function readRows(parts: Parts, position: number): Promise<unknown[][]> {
  const packed = zipSync(Object.fromEntries(parts), { level: 0 });
  const counted = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
  try {
    return await readSheet(counted, position);
  } catch {
    throw new RefusedFile({ refused: 'damaged' });
  }
}

/** Blank cells at the end of a row are left out: most rows of a wide sheet are short. */
function cellsOf(row: unknown[], keep: (text: string) => string): Cell[] {
  const cells = row.map((value) => (typeof value === 'string' ? keep(value) : asCell(value)));
  while (cells.length > 0 && cells.at(-1) === null) cells.pop();
  return cells;
}

function asCell(value: unknown): Cell {
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  return value instanceof Date ? value : null;
}

/**
 * A text once, however many cells say it, and by itself: what the library hands out may be a window on the whole part, which would be kept
 * for the sake of eighteen digits.
 */
function keeper(): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    const held = known.get(text);
    if (held !== undefined) return held;
    const own = Buffer.from(text, 'utf16le').toString('utf16le');
    known.set(own, own);
    return own;
  };
}
