/** Rows become grids, doors, households and people; what only a person can answer becomes a question. */
import type { Code } from '../../domain/codes/codes';
import { compoundKey, doorKey } from '../../domain/door-key';
import type { DwellingFields } from '../../domain/register';
import { errorQuestions, hasError, hidesDoor } from './cell-errors';
import { doorNotes } from './door-notes';
import { columnWasRounded } from './identity';
import { readPerson, isVacantName, type RosterPerson } from './person';
import type { RosterField } from './fields';
import { readPhones } from './phones';
import { placeReader, type Place, type ReadPlace } from './place';
import { question, type RosterQuestion } from './questions';
import type { ResidentRow } from './resident-rows';
import { Repeats } from './repeats';
import { settleHeads } from './heads';
import { isNothing, isPlainDwelling, residenceOf, tenureOf, useOf } from './words';

export type RosterHousehold = {
  /** Household number or head of the file; empty where it names neither. */
  key: string;
  kind: Code<'household-kind'>;
  tenure: Code<'tenure'> | null;
  phone: string;
  people: RosterPerson[];
  head: RosterPerson | null;
};
export type RosterDoor = {
  grid: string;
  place: Omit<Place, 'remainder'>;
  /** Only what the file states. */
  stated: Partial<DwellingFields>;
  /** The row that names it first, and its cell of the grid, if it has one. */
  at: { sheet: string; row: number; column: string; value: string };
  households: RosterHousehold[];
  /** Only while it is built. */
  rows: ResidentRow[];
  /** What stands behind the room in addresses: `北侧`. */
  remainders: Set<string>;
};
export type Roster = { doors: RosterDoor[]; questions: RosterQuestion[]; rows: number; repeated: number };

/** Where neither a column nor a tab names a grid. */
export const UNASSIGNED_GRID = '未划分网格';

/** `today`: `YYYY-MM-DD`. */
export function buildRoster(rows: ResidentRow[], today: string): Roster {
  const builder = new RosterBuilder(rows, today);
  for (const row of rows) builder.add(row);
  return builder.finish();
}

class RosterBuilder {
  private readonly questions: RosterQuestion[] = [];
  private readonly doors = new Map<string, RosterDoor>();
  private readonly compounds = new Map<string, string>();
  private readonly readPlace = placeReader();
  private readonly grids = new Map<string, string>();
  private readonly repeats = new Repeats((asked) => this.questions.push(asked));
  private readonly roundedColumns: Map<string, boolean>;
  private gridMissing = false;
  private readonly rows: number;
  private readonly today: string;
  /** Words of a column that were asked about once for all its rows. */
  private readonly askedOnce = new Set<string>();

  constructor(rows: ResidentRow[], today: string) {
    this.today = today;
    this.rows = new Set(rows.map(({ sheet, row }) => `${row} ${sheet}`)).size;
    this.roundedColumns = roundedColumns(rows);
  }

  add(row: ResidentRow): void {
    const read = this.readPlace(row);
    if (hidesDoor(row, 'place' in read ? read.place : null)) {
      this.questions.push(...errorQuestions(row, true));
      return;
    }
    if (!('place' in read)) {
      this.questions.push(...errorQuestions(row, false), leftOut(row, read));
      return;
    }
    const held: RosterQuestion[] = errorQuestions(row, false);
    const known = { roundedColumn: this.roundedColumns.get(idColumn(row)) ?? false, today: this.today };
    const person = hasError(row, 'name')
      ? null
      : readPerson(this.withHeadAsName(row), known, (asked) => held.push(asked));
    const key = doorKey(read.place);
    // a repeated row is left out whole, its questions too
    if (this.repeats.isRepeated(row, person, key)) return;
    this.questions.push(...held.filter((asked) => this.isFirst(asked)));
    const door = this.doorOf(row, read.place, key);
    door.rows.push(row);
    this.askAboutUse(row, door);
    if (read.several) this.askAboutSeveral(row, read.several, door);
    addStated(door, row, read.place, person);
    if (person) this.householdOf(door, row, person).people.push(person);
  }

  finish(): Roster {
    for (const door of this.doors.values()) {
      settleHeads(door, (asked) => this.questions.push(asked));
      if (door.households.length === 0 && !door.stated.use && !lacksName(door)) door.stated.use = 'vacant';
      const note = doorNotes(door);
      if (note) door.stated.note = note;
      letGoOfRows(door);
    }
    const order = new Map<string, number>();
    for (const { sheet } of this.questions) if (!order.has(sheet)) order.set(sheet, order.size);
    this.questions.sort((a, b) => (order.get(a.sheet) ?? 0) - (order.get(b.sheet) ?? 0) || a.row - b.row);
    return {
      doors: [...this.doors.values()],
      questions: this.questions,
      rows: this.rows,
      repeated: this.repeats.count,
    };
  }

  /** A whole column of one word is one question. */
  private isFirst({ code, sheet, column, value }: RosterQuestion): boolean {
    if (code !== 'residence_lives_only') return true;
    const key = `${sheet}\n${column}\n${value}`;
    return !this.askedOnce.has(key) && this.askedOnce.add(key).has(key);
  }

  /** A row that names the head alone is the head's own. */
  private withHeadAsName(row: ResidentRow): ResidentRow {
    const { name, head } = row.values;
    if (name || hasError(row, 'name') || !head || isVacantName(head.text) || !row.values.idNumber) return row;
    return { ...row, values: { ...row.values, name: head } };
  }

  /** Once a door: the rows of a household repeat its word. */
  private askAboutUse({ values, ...row }: ResidentRow, door: RosterDoor): void {
    const text = values.use?.text ?? '';
    if (isNothing(text) || text === '' || useOf(text) !== null || tenureOf(text) !== null || isPlainDwelling(text))
      return;
    if (door.rows.length > 1 && door.rows.some((other) => other.row !== row.row && other.values.use?.text === text))
      return;
    this.questions.push(question({ values, ...row }, 'use_unclear', values.use));
  }

  /** Once a door: merged cells and the rows of a household repeat it. */
  private askAboutSeveral(row: ResidentRow, field: RosterField, door: RosterDoor): void {
    const value = row.values[field];
    if (door.rows.some((other) => other !== row && other.values[field]?.text === value?.text)) return;
    this.questions.push(question(row, 'rooms_several', value, door.place.room));
  }

  private doorOf(row: ResidentRow, place: Place, key: string): RosterDoor {
    const grid = this.gridOf(row);
    const door = this.doors.get(key);
    if (!door) {
      const { remainder: _remainder, ...address } = place;
      const compound = this.compounds.get(compoundKey(place.compound)) ?? place.compound;
      this.compounds.set(compoundKey(place.compound), compound);
      const made: RosterDoor = {
        grid,
        place: { ...address, compound },
        stated: {},
        at: {
          sheet: row.sheet,
          row: row.row,
          column: row.values.grid?.column ?? '',
          value: row.values.grid?.text ?? grid,
        },
        households: [],
        rows: [],
        remainders: new Set(),
      };
      this.doors.set(key, made);
      return made;
    }
    if (door.grid !== grid && !hasError(row, 'grid'))
      this.questions.push(question(row, 'grid_differs', row.values.grid, door.grid));
    return door;
  }

  private gridOf(row: ResidentRow): string {
    const stated = row.values.grid?.text ?? '';
    const name = (isNothing(stated) ? '' : stated.normalize('NFKC').replace(/\s/g, '')) || row.section.grid || '';
    if (name === '') {
      if (hasError(row, 'grid')) return UNASSIGNED_GRID;
      if (!this.gridMissing) this.questions.push(question(row, 'grid_missing', undefined, UNASSIGNED_GRID));
      this.gridMissing = true;
      return UNASSIGNED_GRID;
    }
    const key = name.replace(/^第/, '').replace(/号?网格$/, '');
    const known = this.grids.get(key);
    if (known !== undefined) return known;
    this.grids.set(key, name);
    return name;
  }

  /** By the file's household number, else by its head, else one household a door; a second head begins another. */
  private householdOf(door: RosterDoor, row: ResidentRow, person: RosterPerson): RosterHousehold {
    const { householdNumber, head } = row.values;
    const number = householdNumber && !isNothing(householdNumber.text) ? householdNumber.text : '';
    const named = head && !isVacantName(head.text) ? head.text : '';
    const key = number !== '' ? `number ${number}` : named !== '' ? `head ${named}` : '';
    const household = door.households.findLast((one) => one.key === key);
    const isHead = person.stated.relation === '02';
    const otherHead = household?.people.find((one) => one.stated.relation === '02');
    if (household && isHead && otherHead) {
      this.questions.push(question(row, 'two_heads', row.values.relation, otherHead.name));
      return this.newHousehold(door, row, key);
    }
    return household ?? this.newHousehold(door, row, key);
  }

  private newHousehold(door: RosterDoor, row: ResidentRow, key: string): RosterHousehold {
    const collective = /集体/.test(`${key}${row.values.relation?.text ?? ''}${row.values.residence?.text ?? ''}`);
    const stated = row.values.tenure && !isNothing(row.values.tenure.text) ? tenureOf(row.values.tenure.text) : null;
    const use = row.values.use ? useOf(row.values.use.text) : null;
    const household: RosterHousehold = {
      key,
      kind: collective || use === 'dormitory' ? 'collective' : 'family',
      tenure:
        stated ?? (use === 'owner-occupied' ? 'owner' : use === 'rented' || use === 'shared-rented' ? 'tenant' : null),
      phone: readPhones(row.values.householdPhone?.text ?? '').first,
      people: [],
      head: null,
    };
    door.households.push(household);
    return household;
  }
}

/** Somebody lives there whose name the file lost. */
function lacksName({ rows }: RosterDoor): boolean {
  return rows.some((row) => hasError(row, 'name'));
}

/** The question about a row that has no door. */
function leftOut(row: ResidentRow, read: Exclude<ReadPlace, { place: Place }>): RosterQuestion {
  if ('missing' in read) return question(row, 'address_missing', row.values.name);
  if ('contradicts' in read) return question(row, 'room_contradicts', row.values[read.contradicts]);
  return question(row, 'address_unclear', row.values[read.unclear]);
}

function addStated(door: RosterDoor, row: ResidentRow, place: Place, person: RosterPerson | null): void {
  if (place.remainder) door.remainders.add(place.remainder);
  const { use, ownerName, ownerPhone, contactName, contactPhone } = row.values;
  // 居住状态 is also asked as 自住, 出租, 空置
  const { residence } = row.values;
  const word = use ?? (residence && residenceOf(residence.text) === null ? residence : undefined);
  const found = word && !isNothing(word.text) ? useOf(word.text) : null;
  if (found !== null) door.stated.use ??= found;
  else if (!person && /商铺|门面|店/.test(row.values.name?.text ?? row.values.note?.text ?? ''))
    door.stated.use ??= 'shop';
  const text = (value: string | undefined, max: number) => (value && !isNothing(value) ? value.slice(0, max) : '');
  if (text(ownerName?.text, 50)) door.stated.ownerName ??= text(ownerName?.text, 50);
  const ownPhone = readPhones(ownerPhone?.text ?? '').first;
  if (ownPhone) door.stated.ownerPhone ??= ownPhone;
  if (text(contactName?.text, 50)) door.stated.contactName ??= text(contactName?.text, 50);
  const contact = readPhones(contactPhone?.text ?? '').first;
  if (contact) door.stated.contactPhone ??= contact;
  if (place.floor !== 1 && door.place.floor === 1) door.place.floor = place.floor;
}

/** What the cells said is in the roster now; held through an import, 20,000 rows of them would cost more than all else. */
function letGoOfRows(door: RosterDoor): void {
  door.rows = [];
  for (const person of door.households.flatMap(({ people }) => people)) {
    const { idNumber } = person.row.values;
    person.row = { ...person.row, values: idNumber ? { idNumber } : {} };
  }
}

function idColumn({ sheet, values }: ResidentRow): string {
  return `${sheet} ${values.idNumber?.column ?? ''}`;
}

function roundedColumns(rows: ResidentRow[]): Map<string, boolean> {
  const cells = Map.groupBy(
    rows.filter(({ values }) => values.idNumber),
    idColumn,
  );
  return new Map(
    [...cells].map(([column, list]) => [
      column,
      columnWasRounded(list.map(({ values }) => values.idNumber?.cell ?? null)),
    ]),
  );
}
