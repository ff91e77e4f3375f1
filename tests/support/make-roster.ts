/** Makes spreadsheets for tests, as offices send them: plain rows in, the bytes of an .xlsx or a text table out. */
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import writeXlsxFile from 'write-excel-file/node';
import { isRefusal, type RosterRefusal } from '../../src/lib/server/roster/refusal';
import { readRoster } from '../../src/lib/server/roster/read';
import { rosterReport, type RosterReport } from '../../src/lib/server/roster/report';
import { understand, type RosterMapping, type RosterUnderstanding } from '../../src/lib/server/roster/understand';

/** The day on which rosters of tests are read. */
export const today = '2026-11-23';

export type Value = string | number | Date | null;
/** A number of rows or columns that a cell spans. */
export type Span = { value: Value; rowSpan?: number; columnSpan?: number };
export type TableRow = (Value | Span)[];
export type Tabs = Record<string, TableRow[]>;

export async function makeWorkbook(tabs: Tabs): Promise<Buffer> {
  const sheets = Object.entries(tabs).map(([sheet, rows]) => ({ sheet, data: rows.map((row) => row.map(asCell)) }));
  return writeXlsxFile(sheets).toBuffer();
}

/** Hides rows (as the spreadsheet counts) of the first sheet. */
export function hideRows(workbook: Uint8Array, rows: number[]): Buffer {
  return changeSheet(workbook, (xml) =>
    rows.reduce((text, row) => text.replace(`<row r="${row}"`, `<row r="${row}" hidden="1"`), xml),
  );
}

/** Hides the sheet of that name, as a person does in the spreadsheet. */
export function hideSheet(workbook: Uint8Array, name: string): Buffer {
  const parts = unzipSync(workbook);
  const path = 'xl/workbook.xml';
  const xml = strFromU8(parts[path] ?? new Uint8Array());
  return Buffer.from(
    zipSync({ ...parts, [path]: strToU8(xml.replace(`name="${name}"`, `name="${name}" state="hidden"`)) }),
  );
}

export function changeSheet(workbook: Uint8Array, change: (xml: string) => string): Buffer {
  const parts = unzipSync(workbook);
  const path = Object.keys(parts).find((name) => name.endsWith('sheet1.xml')) ?? '';
  return Buffer.from(zipSync({ ...parts, [path]: strToU8(change(strFromU8(parts[path] ?? new Uint8Array()))) }));
}

export async function readTabs(tabs: Tabs, mapping?: RosterMapping): Promise<RosterUnderstanding> {
  return readBytes(await makeWorkbook(tabs), 'roster.xlsx', mapping);
}

/** Throws when the file is refused. */
export async function readBytes(
  bytes: Uint8Array,
  name: string,
  mapping?: RosterMapping,
): Promise<RosterUnderstanding> {
  const sheets = await readRoster(bytes, name);
  if (isRefusal(sheets)) throw new Error(`refused: ${sheets.refused}`);
  const understanding = understand(sheets, today, mapping);
  if (isRefusal(understanding)) throw new Error(`refused: ${understanding.refused}`);
  return understanding;
}

export async function refusalOf(bytes: Uint8Array, name: string): Promise<RosterRefusal | null> {
  const sheets = await readRoster(bytes, name);
  if (isRefusal(sheets)) return sheets;
  const understanding = understand(sheets, today);
  return isRefusal(understanding) ? understanding : null;
}

export function figures(understanding: RosterUnderstanding): Omit<RosterReport, 'questions'> & { questions: string[] } {
  const { questions, ...rest } = rosterReport(understanding);
  return { ...rest, questions: questions.map(({ row, column, code }) => `${row} ${column} ${code}`) };
}

/** Everybody with their door: `金山花园|1|1|101 张三 02 …`. */
export function people(understanding: RosterUnderstanding) {
  return understanding.roster.doors.flatMap((door) =>
    door.households.flatMap((household, index) =>
      household.people.map(({ name, stated, careGroups }) => ({
        door: [door.place.compound, door.place.building, door.place.unit, door.place.room].join('|'),
        grid: door.grid,
        household: index,
        careGroups,
        ...stated,
        name,
      })),
    ),
  );
}

function asCell(value: Value | Span) {
  if (value === null) return null;
  if (value instanceof Date) return { value, type: Date, format: 'yyyy-mm-dd' };
  return typeof value === 'object' ? { ...value, value: value.value ?? '' } : { value };
}
