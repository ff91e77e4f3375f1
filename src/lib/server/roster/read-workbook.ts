/** Reads every sheet of an .xlsx workbook: the library's rows, with the merged ranges and hidden rows that it does not tell. */
import { zipSync } from 'fflate';
import readWorkbookRows from 'read-excel-file/node';
import type { Cell, ReadSheet } from './cell';
import { RefusedFile } from './refusal';
import { readMarks, sheetPaths, type SheetMarks } from './sheet-marks';
import { unpackWorkbook } from './unpack';

/** Throws `RefusedFile` when the archive is no workbook, too large, or damaged. */
export async function readWorkbook(bytes: Uint8Array): Promise<ReadSheet[]> {
  const parts = unpackWorkbook(bytes);
  const marks = new Map<string, SheetMarks>();
  for (const { name, path } of sheetPaths(parts)) {
    const part = parts.get(path);
    if (part) marks.set(name, readMarks(new TextDecoder().decode(part), name));
  }
  const sheets = await readRows(parts);
  return sheets.map(({ sheet: name, data }) => ({
    name,
    rows: data.map(cellsOf),
    merges: marks.get(name)?.merges ?? [],
    hiddenRows: marks.get(name)?.hiddenRows ?? new Set(),
  }));
}

/** The library is given the parts that were counted, packed without compression: it never unpacks the file as it came. */
async function readRows(parts: Map<string, Uint8Array>): Promise<{ sheet: string; data: unknown[][] }[]> {
  const packed = zipSync(Object.fromEntries(parts), { level: 0 });
  const counted = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
  parts.clear();
  try {
    return await readWorkbookRows(counted);
  } catch {
    throw new RefusedFile({ refused: 'damaged' });
  }
}

/** Blank cells at the end of a row are left out: most rows of a wide sheet are short. */
function cellsOf(row: unknown[]): Cell[] {
  const cells = row.map(asCell);
  while (cells.length > 0 && cells.at(-1) === null) cells.pop();
  return cells;
}

function asCell(value: unknown): Cell {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return value instanceof Date ? value : null;
}
