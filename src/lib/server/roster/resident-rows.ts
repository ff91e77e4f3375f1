/**
 * The rows of a sheet that speak of a resident or a dwelling, each with what its columns mean. Merged cells and `同上` are filled,
 * what a household's later rows leave out is taken from its first; titles, totals, signatures and repeated headers are left out.
 */
import { cellText, isBlank, isDitto, type Cell, type ReadSheet } from './cell';
import { isCellError, withoutErrors, type CellError } from './cell-errors';
import type { HeaderRows } from './find-header';
import { addressFields, plainHeader, sharedFields, type RosterField } from './fields';
import type { ColumnMeaning } from './map-columns';
import { readSection, type Section } from './sections';

/** `column`: the header's words in the file. */
export type Value = { cell: Cell; text: string; column: string };
export type ResidentRow = {
  sheet: string;
  /** As the spreadsheet counts: 1 is its first row. */
  row: number;
  values: Partial<Record<RosterField, Value>>;
  /** Cells that hold an error in the place of a value. */
  errors: CellError[];
  /** What titles, the tab and rows in between say of the rows below them. */
  section: Section;
  hidden: boolean;
};
export type SheetRows = { rows: ResidentRow[]; totals: number; hidden: number };

/** Merged over several rows these belong to each of them; names, numbers and birth dates never do. */
const mergedFields = new Set<RosterField>([
  ...sharedFields,
  'residence',
  'presence',
  'registeredAddress',
  'since',
  'awayTo',
]);
const noDitto = new Set<RosterField>(['name', 'idNumber']);

export function residentRows(
  sheet: ReadSheet,
  header: HeaderRows,
  columns: ColumnMeaning[],
  section: Section,
): SheetRows {
  const meant = columns.filter((column) => column.meaning !== null && column.meaning !== 'left');
  const mapped = meant.filter(({ member }) => member === undefined);
  const members = Map.groupBy(
    meant.filter(({ member }) => member !== undefined),
    ({ member }) => member,
  );
  const cells = withMergedCells(sheet, header, mapped);
  const headers = new Map(columns.map((column) => [column.index, plainHeader(column.header)]));
  const rows: ResidentRow[] = [];
  let totals = 0;
  let hidden = 0;
  let current = section;
  let above: ResidentRow['values'] = {};
  const failed = new Set<Value>();
  for (let index = header.bottom + 1; index < cells.length; index++) {
    const row = cells[index] ?? [];
    const texts = row.map(cellText);
    const filled = texts.filter((text) => text !== '');
    if (isTotal(filled)) {
      totals++;
      continue;
    }
    if (isFooter(filled) || isColumnNumbers(filled) || repeatsHeader(texts, headers)) continue;
    const title = readSection(filled);
    if (title) {
      current = { ...current, ...title };
      above = {};
      continue;
    }
    const written = sheet.rows[index] ?? [];
    const values = valuesOf(row, texts, mapped, { above, written });
    const others = [...members.values()].map((own) => valuesOf(row, texts, own, { above: {}, written }));
    if (!speaksOfSomething(values) && !others.some(speaksOfSomething)) continue;
    above = fillDown(values, above);
    if (sheet.hiddenRows.has(index)) hidden++;
    const place = { sheet: sheet.name, row: index + 1, section: current, hidden: sheet.hiddenRows.has(index) };
    for (const person of household(values, others)) rows.push({ ...place, ...withoutErrors(person, failed) });
  }
  return { rows, totals, hidden };
}

/**
 * One household a row: who stands in columns of their own is a row, too, at the same door. Who is named beside them is the head, and
 * counts once where the members name them again.
 */
function household(values: ResidentRow['values'], members: readonly ResidentRow['values'][]): ResidentRow['values'][] {
  const named = members.filter(({ name }) => name !== undefined);
  if (named.length === 0) return [values];
  const shared = Object.fromEntries(Object.entries(values).filter(([field]) => isShared(field)));
  const { name } = values;
  const again = name && named.find((one) => one.name?.text === name.text);
  const others = named.filter((one) => one !== again).map((one) => ({ ...shared, ...one }));
  if (!name) return others;
  const head = { relation: { cell: '户主', text: '户主', column: name.column } };
  return [{ ...head, ...again, ...values }, ...others];
}

function isShared(field: string): boolean {
  return [...sharedFields].some((shared) => shared === field);
}

function withMergedCells(sheet: ReadSheet, header: HeaderRows, mapped: ColumnMeaning[]): Cell[][] {
  const cells = sheet.rows.slice();
  const byIndex = new Map(mapped.map((column) => [column.index, column]));
  for (const { top, bottom, left } of sheet.merges) {
    const column = byIndex.get(left);
    if (top <= header.bottom || bottom === top || !column?.meaning || column.meaning === 'left') continue;
    if (!mergedFields.has(column.meaning)) continue;
    const value = cells[top]?.[left] ?? null;
    for (let row = top + 1; row <= bottom && row < cells.length; row++) {
      const copy = (cells[row] ?? []).slice();
      if (isBlank(copy[left])) copy[left] = value;
      cells[row] = copy;
    }
  }
  return cells;
}

/** Of several columns with one meaning the first that is filled counts. `written`: the row without what merged cells bring to it. */
function valuesOf(
  row: Cell[],
  texts: string[],
  mapped: ColumnMeaning[],
  { above, written }: { above: ResidentRow['values']; written: Cell[] },
): ResidentRow['values'] {
  const values: ResidentRow['values'] = {};
  for (const { index, header, meaning } of mapped) {
    if (meaning === null || meaning === 'left' || values[meaning]) continue;
    const [cell, text] = [row[index] ?? null, texts[index] ?? ''];
    if (text === '') continue;
    const isAbove = isDitto(text) ? !noDitto.has(meaning) : isCellError(text) && isBlank(written[index]);
    const repeated = isAbove ? above[meaning] : undefined;
    values[meaning] = repeated ?? { cell, text, column: header };
  }
  return values;
}

/**
 * Adds to `values` what a row leaves out because the row above says it, and answers what stands above the next row.
 * Without an address it is the same door; with a room alone the same building.
 */
function fillDown(values: ResidentRow['values'], above: ResidentRow['values']): ResidentRow['values'] {
  const take = (fields: Iterable<RosterField>) => {
    for (const field of fields) {
      const earlier = above[field];
      if (earlier && !values[field]) values[field] = earlier;
    }
  };
  const sameDoor = addressFields.every((field) => !values[field]);
  if (sameDoor && (values.name || values.idNumber)) {
    const sameHousehold = !differs(values.householdNumber, above.householdNumber) && !differs(values.head, above.head);
    take(sameHousehold ? sharedFields : ['grid', ...addressFields]);
  } else if (!values.address && (values.room || values.unit || values.building)) {
    const sameBuilding = !values.building;
    take(
      sameBuilding
        ? ['grid', 'compound', 'building', ...(values.unit ? [] : (['unit'] as const))]
        : ['grid', 'compound'],
    );
  } else {
    take(['grid']);
  }
  return values;
}

function differs(one: Value | undefined, other: Value | undefined): boolean {
  return one !== undefined && one.text !== other?.text;
}

/** A row with nothing but a date or a remark in it speaks of nobody. */
function speaksOfSomething(values: ResidentRow['values']): boolean {
  return Boolean(values.name ?? values.idNumber ?? values.head) || addressFields.some((field) => values[field]);
}

const TOTAL = '(?:合计|小计|总计|共计|累计|总数|本页合计|网格合计|楼栋合计)';
const BEGINS_TOTAL = new RegExp(`^${TOTAL}`);
const IS_TOTAL = new RegExp(`^${TOTAL}[:：]?$`);

/** The row begins with the word, or has it for itself in some cell: a remark that says 累计 is none. */
function isTotal(filled: string[]): boolean {
  const [first = ''] = filled;
  return (
    BEGINS_TOTAL.test(first.replace(/\s/g, '')) ||
    filled.some((text) => text.endsWith('计') && IS_TOTAL.test(text.replace(/\s/g, '')))
  );
}

/** 制表人：…… 审核：…… and notes under the table. */
function isFooter(filled: string[]): boolean {
  const signed = filled.some((text) =>
    /^(?:制表|填表|填报|审核|统计|负责|主管|经办|录入|单位|注|说明|备注)[^:：]{0,8}[:：]/.test(text),
  );
  return signed && !filled.some((text) => /\d{15}/.test(text));
}

/** The row of column numbers that forms have under their header: 1, 2, 3 … or 甲, 1, 2 … */
function isColumnNumbers(filled: string[]): boolean {
  if (filled.length < 3 || filled.some((text) => text.length > 4)) return false;
  const numbers = filled.map((text) => Number(/^[(（]?(\d{1,2})[)）]?$/.exec(text)?.[1] ?? Number.NaN));
  const counted = numbers.filter((number, index) => index > 0 && number === (numbers[index - 1] ?? 0) + 1).length;
  return counted >= filled.length - 2;
}

/** The header again, on each printed page. `headers`: each column's plain words. */
function repeatsHeader(texts: string[], headers: ReadonlyMap<number, string>): boolean {
  let [named, same] = [0, 0];
  for (const [index, header] of headers) {
    const text = texts[index] ?? '';
    if (header === '' || text === '') continue;
    named++;
    // the longest header has its words and a few marks around them
    if (text.length <= header.length + 12 && plainHeader(text) === header) same++;
  }
  return same >= 2 && same * 2 >= named;
}
