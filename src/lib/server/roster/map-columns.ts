/** Says what each column of a sheet means: by its words, by a person's choice, or by what stands in it where the words are unknown. */
import { parseAddress } from '../../domain/address';
import { mendIdentityNumber } from '../../domain/identity-number';
import { cellText, type Cell, type ReadSheet } from './cell';
import { readDate } from './dates';
import type { HeaderCell, HeaderRows } from './find-header';
import { addressFields, meaningOf, memberOf, plainHeader, type Meaning, type RosterField } from './fields';
import { readPhones } from './phones';
import { relationOf, residenceOf, sexOf } from './words';

export type ColumnMeaning = HeaderCell & {
  meaning: Meaning | null;
  by: 'words' | 'content' | 'person';
  /** One household a row: the member whose column it is. */
  member?: string;
};

const SAMPLED_ROWS = 200;

/** `chosen`: meanings that a person set, by column index; they hold whatever the words say. */
export function mapColumns(
  sheet: ReadSheet,
  header: HeaderRows,
  cells: HeaderCell[],
  chosen: Readonly<Record<number, Meaning>> = {},
): ColumnMeaning[] {
  const members = memberColumns(cells);
  const columns = cells.map((cell, at): ColumnMeaning => {
    const choice = chosen[cell.index];
    const own = members[at] ? { member: members[at].member } : {};
    if (choice) return { ...cell, ...own, meaning: choice, by: 'person' };
    return { ...cell, ...own, meaning: meaningOf(members[at]?.words ?? cell.header, cell.group), by: 'words' };
  });
  preferNames(columns);
  tellPresence(columns);
  if (!columns.some(({ meaning, member }) => meaning === 'name' && member === undefined)) nameFromHead(columns);
  addByContent(sheet.rows.slice(header.bottom + 1, header.bottom + 1 + SAMPLED_ROWS), columns);
  return columns;
}

/** Whether the columns can make a register: somebody, somewhere. */
export function missingForRegister(columns: ColumnMeaning[]): 'no-name' | 'no-address' | null {
  const has = (fields: RosterField[]) => columns.some(({ meaning }) => fields.some((field) => field === meaning));
  if (!has(['name'])) return 'no-name';
  return has(addressFields.filter((field) => field !== 'floor' && field !== 'unit')) ? null : 'no-address';
}

type Member = { member: string; words: string };

/** `成员1姓名 成员2姓名 …`, the same in two rows, or `姓名1 姓名2 …`: whose column each is. */
function memberColumns(cells: HeaderCell[]): (Member | null)[] {
  const numbered = cells.map(({ header }): Member | null => {
    const [, words = '', member = ''] =
      /^(\D+?)[（(]?(\d{1,2})[)）]?$/.exec(header.normalize('NFKC').replace(/\s/g, '')) ?? [];
    return member === '' || memberOf(header) ? null : { member, words };
  });
  // Two numbered telephones are one person's; two numbered names are two people.
  const names = new Set(numbered.flatMap((one) => (one && meaningOf(one.words) === 'name' ? [one.member] : [])));
  return cells.map(({ header, group }, at) => {
    const own = memberOf(header);
    if (own) return { member: own.member, words: own.words || '姓名' };
    const above = memberOf(group);
    if (above) return { member: above.member, words: header };
    const one = numbered[at] ?? null;
    return names.size >= 2 && one && names.has(one.member) ? one : null;
  });
}

/** 网格编号 beside 网格名称: the name is meant. */
function preferNames(columns: ColumnMeaning[]): void {
  const grids = columns.filter(({ meaning, by }) => meaning === 'grid' && by === 'words');
  if (grids.length < 2) return;
  for (const column of grids) if (/编号|编码|代码|号$/.test(plainHeader(column.header))) column.meaning = 'left';
}

/** 人口类型 beside 居住状况: the second tells who is there (在住, 外出). */
function tellPresence(columns: ColumnMeaning[]): void {
  const own = columns.filter(({ meaning, by }) => meaning === 'residence' && by === 'words');
  if (own.length < 2 || columns.some(({ meaning }) => meaning === 'presence')) return;
  const living = own.findLast(({ header }) => /居住/.test(header));
  if (living) living.meaning = 'presence';
}

/** One row a household, with the head alone: then the head is who lives there. */
function nameFromHead(columns: ColumnMeaning[]): void {
  const head = columns.find(({ meaning, by }) => meaning === 'head' && by === 'words');
  if (head) head.meaning = 'name';
}

const looksLike: [RosterField, share: number, (text: string, cell: Cell) => boolean][] = [
  ['idNumber', 0.6, (text) => /^\d{17}[\dX]$/.test(mendIdentityNumber(text))],
  ['phone', 0.6, (text) => readPhones(text).first !== ''],
  ['sex', 0.9, (text) => /^[男女]$/.test(text) && sexOf(text) !== null],
  ['relation', 0.8, (text) => text.length <= 6 && !/^[男女\d]/.test(text) && relationOf(text) !== null],
  ['residence', 0.8, (text) => text.length <= 8 && residenceOf(text) !== null],
  ['grid', 0.8, (text) => /网格$/.test(text)],
  [
    'birthDate',
    0.8,
    (text, cell) => (cell instanceof Date || /\d{4}\D|\d{6}/.test(text)) && readDate(cell).date !== null,
  ],
  ['address', 0.6, (text) => isWholeAddress(text)],
];

/** Only columns whose words say nothing, or call an identity number a 编号; and only fields that no other column has. */
function addByContent(rows: Cell[][], columns: ColumnMeaning[]): void {
  for (const [field, share, looks] of looksLike) {
    if (columns.some(({ meaning }) => meaning === field)) continue;
    if (field === 'address' && columns.some(({ meaning }) => meaning === 'room' || meaning === 'building')) continue;
    const found = columns.find((column) => {
      const open =
        column.meaning === null || (field === 'idNumber' && column.meaning === 'left' && column.by === 'words');
      return open && shareOf(rows, column.index, looks) >= share;
    });
    if (found) Object.assign(found, { meaning: field, by: 'content' });
  }
  if (columns.some(({ meaning }) => meaning === 'name')) return;
  const name = columns.find((column) => column.meaning === null && looksLikeNames(rows, column.index));
  if (name) Object.assign(name, { meaning: 'name', by: 'content' });
}

function shareOf(rows: Cell[][], index: number, looks: (text: string, cell: Cell) => boolean): number {
  const cells = rows.map((row) => row[index] ?? null).filter((cell) => cellText(cell) !== '');
  if (cells.length < 2) return 0;
  return cells.filter((cell) => looks(cellText(cell).normalize('NFKC'), cell)).length / cells.length;
}

/** Two to four Chinese characters, and seldom the same ones. */
function looksLikeNames(rows: Cell[][], index: number): boolean {
  const texts = rows.map((row) => cellText(row[index])).filter((text) => text !== '');
  const names = texts.filter((text) => /^\p{Script=Han}{2,4}$/u.test(text));
  return names.length >= 3 && names.length >= texts.length * 0.8 && new Set(names).size >= names.length * 0.5;
}

function isWholeAddress(text: string): boolean {
  const address = parseAddress(text);
  return address !== null && address.compound !== '' && address.building !== '' && text.length >= 5;
}
