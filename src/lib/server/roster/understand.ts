/** From sheets to a roster: which sheets hold residents, what their columns mean, and who lives where by them. */
import * as z from 'zod';
import { buildRoster, type Roster } from './build';
import { cellText, type ReadSheet, type ReadSheets } from './cell';
import { RosterField, type Meaning } from './fields';
import { findHeader, headerAboveData, headerCells, type HeaderRows } from './find-header';
import { mapColumns, missingForRegister, type ColumnMeaning } from './map-columns';
import type { RosterQuestion } from './questions';
import type { RosterRefusal } from './refusal';
import { residentRows, type ResidentRow } from './resident-rows';
import { sectionOfTab, sectionOfTitles, type Section } from './sections';

/** What a person changed: per sheet, whether it is read at all, its header rows (as the spreadsheet counts), and columns by index. */
export const RosterMapping = z.record(
  z.string(),
  z.object({
    use: z.boolean().optional(),
    header: z.tuple([z.int().min(1), z.int().min(1)]).optional(),
    columns: z.record(z.string(), z.union([RosterField, z.literal('left')])).optional(),
  }),
);
export type RosterMapping = z.infer<typeof RosterMapping>;

export type LeftReason = 'empty' | 'no-header' | 'no-name' | 'no-address' | 'by-person';
export type SheetUnderstanding = {
  name: string;
  /** Why a sheet is not read; `null` when it is. */
  left: LeftReason | null;
  /** First and last header row, as the spreadsheet counts. */
  header: [number, number] | null;
  columns: (Omit<ColumnMeaning, 'meaning'> & { meaning: Meaning | null; samples: string[] })[];
  rows: number;
  totals: number;
  hiddenRows: number;
  /** The spreadsheet hides it: read like the others, and asked about. */
  hidden: boolean;
  section: Section;
};
export type RosterUnderstanding = { fileName: string; sheets: SheetUnderstanding[]; roster: Roster };

const SAMPLES = 3;

/** A refusal when no sheet holds residents. The sheets are not changed. `today`: `YYYY-MM-DD`, for dates that lie ahead. */
export function understand(
  { fileName, sheets }: ReadSheets,
  today: string,
  mapping: RosterMapping = {},
): RosterUnderstanding | RosterRefusal {
  const manySheets = sheets.filter((sheet) => findHeader(sheet) !== null).length > 1;
  const read = sheets.map((sheet) => understandSheet(sheet, mapping[sheet.name] ?? {}, manySheets));
  const rows = read.flatMap((sheet) => sheet.rows);
  if (rows.length === 0) return { refused: refusalOf(read.map(({ understood }) => understood)) };
  const understood = read.map((sheet) => sheet.understood);
  const roster = buildRoster(rows, today);
  return {
    fileName,
    sheets: understood,
    roster: { ...roster, questions: [...asked(understood), ...roster.questions] },
  };
}

/** A sheet that nobody sees in the spreadsheet is read, and one question says so. */
function asked(sheets: SheetUnderstanding[]): RosterQuestion[] {
  return sheets
    .filter(({ hidden, left }) => hidden && left === null)
    .map(({ name, header }) => ({
      ...{ sheet: name, row: header?.[0] ?? 1, column: '', value: '', code: 'sheet_hidden', detail: name },
    }));
}

function refusalOf(sheets: SheetUnderstanding[]) {
  if (sheets.every(({ left }) => left === 'empty')) return 'empty';
  return sheets.every(({ left }) => left === 'empty' || left === 'no-header') ? 'no-header' : 'no-residents';
}

function understandSheet(
  sheet: ReadSheet,
  chosen: RosterMapping[string],
  manySheets: boolean,
): { understood: SheetUnderstanding; rows: ResidentRow[] } {
  const understood: SheetUnderstanding = {
    name: sheet.name,
    left: null,
    header: null,
    columns: [],
    rows: 0,
    totals: 0,
    hiddenRows: 0,
    hidden: sheet.hidden,
    section: {},
  };
  const left = (reason: LeftReason) => ({ understood: { ...understood, left: reason }, rows: [] });
  if (sheet.rows.every((row) => row.every((cell) => cellText(cell) === ''))) return left('empty');
  const header = chosenHeader(chosen) ?? findHeader(sheet) ?? headerAboveData(sheet);
  if (!header) return left('no-header');
  const columns = mapColumns(sheet, header, headerCells(sheet, header), chosen.columns);
  understood.header = [header.top + 1, header.bottom + 1];
  understood.columns = columns
    .filter(({ header: words, meaning }) => words !== '' || meaning !== null)
    .map((column) => ({ ...column, samples: samplesOf(sheet, header, column.index) }));
  if (chosen.use === false) return left('by-person');
  const missing = missingForRegister(columns);
  if (missing) return left(missing);

  const section = sectionOf(sheet, header, columns, manySheets);
  const { rows, totals, hidden } = residentRows(sheet, header, columns, section);
  if (rows.length === 0) return left('empty');
  const told = new Set(rows.map(({ row }) => row)).size;
  return { understood: { ...understood, rows: told, totals, hiddenRows: hidden, section }, rows };
}

function chosenHeader({ header }: RosterMapping[string]): HeaderRows | null {
  return header ? { top: Math.min(...header) - 1, bottom: Math.max(...header) - 1 } : null;
}

/** Several sheets of residents without a grid column are one sheet a grid, whatever their tabs are called. */
function sectionOf(sheet: ReadSheet, header: HeaderRows, columns: ColumnMeaning[], manySheets: boolean): Section {
  const section = { ...sectionOfTitles(sheet, header.top), ...sectionOfTab(sheet.name) };
  const hasGrid = columns.some(({ meaning }) => meaning === 'grid');
  if (section.grid || hasGrid || !manySheets || /^(?:sheet|工作表|表)\s*\d*$/i.test(sheet.name)) return section;
  return section.building ? section : { ...section, grid: sheet.name };
}

function samplesOf(sheet: ReadSheet, header: HeaderRows, index: number): string[] {
  const samples: string[] = [];
  for (let row = header.bottom + 1; row < sheet.rows.length && samples.length < SAMPLES; row++) {
    const text = cellText(sheet.rows[row]?.[index]);
    if (text !== '') samples.push(text);
  }
  return samples;
}
