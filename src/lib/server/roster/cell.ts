/** What a spreadsheet's cell holds, and how it reads as text. */

export type Cell = string | number | boolean | Date | null;
/** Rows and columns from 0, both ends included. */
export type MergedRange = { top: number; left: number; bottom: number; right: number };

export type ReadSheet = {
  name: string;
  /** Row 0 is the spreadsheet's row 1; empty rows stand in their places. */
  rows: Cell[][];
  merges: MergedRange[];
  /** Rows from 0 that the spreadsheet hides: read like the others, and counted. */
  hiddenRows: Set<number>;
  /** The spreadsheet hides the whole sheet. */
  hidden: boolean;
};

export type ReadSheets = { fileName: string; sheets: ReadSheet[] };

/**
 * A cell's text without the spaces, tabs, quotes and apostrophes that exports put around numbers (`="6207…"`, `'6207…`).
 * Dates read `YYYY-MM-DD`; a number reads as it was kept (beyond 15 digits with noughts).
 */
export function cellText(cell: Cell | undefined): string {
  if (cell === null || cell === undefined) return '';
  if (cell instanceof Date) return Number.isNaN(cell.getTime()) ? '' : cell.toISOString().slice(0, 10);
  if (typeof cell === 'number') return String(cell);
  if (typeof cell === 'boolean') return cell ? '是' : '否';
  if (!mayNeedMending(cell)) return cell;
  const text = trimmed(cell);
  const wrapped = /^="?(.*?)"?$/.exec(text)?.[1] ?? text;
  return trimmed(wrapped.startsWith("'") ? wrapped.slice(1) : wrapped);
}

/** Also the invisible marks that copying from a web page or a chat leaves. */
const EDGES =
  /^[\s\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+|[\s\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+$/g;

/** A cheap look at the ends: hundreds of thousands of cells have nothing there to mend. */
function mayNeedMending(text: string): boolean {
  const [first, last] = [text.charCodeAt(0), text.charCodeAt(text.length - 1)];
  return isMark(first) || isMark(last) || first === 0x3d || first === 0x27;
}

function isMark(code: number): boolean {
  return code <= 0x20 || code === 0xa0 || code === 0x3000 || code === 0xfeff || (code >= 0x2000 && code <= 0x206f);
}

function trimmed(text: string): string {
  return text.replace(EDGES, '');
}

export function isBlank(cell: Cell | undefined): boolean {
  return cell === null || cell === undefined || (typeof cell === 'string' && cellText(cell) === '');
}

/** `同上`, `〃` and the like: the value of the row above. A dash is not one: it also means "none". */
export function isDitto(text: string): boolean {
  return /^(?:同上|同前|同左|〃|″|"|''|”|ditto)$/i.test(text);
}
