/**
 * What an import may do to the register and what it has to do, worked out from the rows of the file, from what coordinators said yes to, and from the register
 * as it stood when the import wrote. None of the office's own planning is used.
 */
import * as z from 'zod';
import type { ReadSnapshot } from '../../src/lib/server/database/open';
import type { Fault } from './faults';
import { canonical } from './ledger';

export type Address = { compound: string; building: string; unit: string; floor: number; room: string };
/** A row of a file: one person at one door. `relation`: its code, or nothing. */
export type RosterRow = {
  grid: string;
  address: Address;
  name: string;
  number: string;
  relation: string;
  phone: string;
};
/** A word that somebody gave. `shown`: how the value stood when they looked; `brought`: when the file came; nothing where it was not there yet. */
export type Yes = { shown: string | undefined; brought: string | undefined };
/** What somebody decided who looked at what a file would change. `ticked`, by `id field`: what waits for a word and got it. */
export type Choice = { hasPhones: boolean; ticked: ReadonlyMap<string, Yes>; answer: string };

type Body = Record<string, unknown>;
type Door = { id: string; key: string; isGone: boolean; gridId: string; body: Body } & Stands;
type Household = { id: string; doorId: string; isEnded: boolean; body: Body } & Stands;
export type Resident = {
  id: string;
  doorId: string;
  householdId: string;
  isGone: boolean;
  name: string;
  number: string;
  body: Body;
  rest: string;
} & Stands;
/**
 * `isFree`: whether an import brought this value and nobody said since that it is so. `standing`: the value, since when it is so and when somebody said that it
 * still is: a word about it is about that.
 */
type Stands = { isFree: (field: string) => boolean; standing: (field: string) => string };
export type Register = {
  doors: ReadonlyMap<string, Door>;
  households: ReadonlyMap<string, Household>;
  residents: ReadonlyMap<string, Resident>;
};

const AnyBody = z.record(z.string(), z.unknown());
const Origin = z.object({ from: z.string(), since: z.string(), confirmedAt: z.string().nullable() });
const Origins = z.object({ default: Origin, fields: z.record(z.string(), Origin) });

export async function registerOf(db: ReadSnapshot): Promise<Register> {
  const dwellings = await db.selectFrom('dwelling').selectAll().orderBy('id').execute();
  const households = await db.selectFrom('household').selectAll().orderBy('id').execute();
  const residents = await db.selectFrom('resident').selectAll().orderBy('id').execute();
  return {
    doors: new Map(
      dwellings.map(({ id, grid_id, body, provenance, retired_at }) => {
        const fields = AnyBody.parse(JSON.parse(body));
        const door = { id, key: keyOf(Place.parse(fields)), isGone: retired_at !== null, gridId: grid_id };
        return [id, { ...door, body: fields, ...standsIn(provenance, { ...fields, retiredAt: retired_at }) }];
      }),
    ),
    households: new Map(
      households.map(({ id, dwelling_id, body, provenance, ended_at }) => {
        const household = { id, doorId: dwelling_id, isEnded: ended_at !== null };
        const fields = AnyBody.parse(JSON.parse(body));
        return [id, { ...household, body: fields, ...standsIn(provenance, fields) }];
      }),
    ),
    residents: new Map(
      residents.map((row) => {
        const body = AnyBody.parse(JSON.parse(row.body));
        const place = { id: row.id, doorId: row.dwelling_id, householdId: row.household_id };
        const person = { ...place, isGone: row.retired_at !== null, name: row.name, number: textOf(body['idNumber']) };
        const rest = canonical([row.suggested_care_groups, row.retired_at]);
        return [row.id, { ...person, body, rest, ...standsIn(row.provenance, { ...body, ...livingOf(row) }) }];
      }),
    ),
  };
}

const Place = z.object({
  ...{ compound: z.string(), building: z.string(), unit: z.string(), floor: z.number(), room: z.string() },
});
const textOf = (value: unknown) => (typeof value === 'string' ? value : '');

/** Where somebody lives is said again with every word about their presence. */
const livingOf = (row: { dwelling_id: string; household_id: string }) => ({
  dwellingId: row.dwelling_id,
  householdId: row.household_id,
});
const saidWith = (field: string) => (field === 'dwellingId' || field === 'householdId' ? 'presence' : field);

function standsIn(provenance: string, values: Body): Stands {
  const origins = Origins.parse(JSON.parse(provenance));
  const originOf = (field: string) => origins.fields[saidWith(field)] ?? origins.default;
  return {
    isFree: (field) => originOf(field).from === 'import' && originOf(field).confirmedAt === null,
    standing: (field) => canonical([values[field] ?? null, originOf(field).since, originOf(field).confirmedAt]),
  };
}

/** How the value stands that a change is about, by its id and field; nothing where the register has no such. */
export function standingIn({ doors, households, residents }: Register, id: string, field: string): string | undefined {
  return (doors.get(id) ?? households.get(id) ?? residents.get(id))?.standing(field);
}

/** Whether somebody said yes to what stands there now; `surely`: to just what stood there all along since the file came. */
function saidYes(
  { ticked }: Choice,
  { id, standing }: { id: string } & Stands,
  field: string,
): { may: boolean; surely: boolean } {
  const yes = ticked.get(`${id} ${field}`);
  const now = standing(field);
  return { may: yes?.shown === now, surely: yes?.shown === now && yes.brought === now };
}

/** What is one door to a roster: a room's number says its floor. */
export function keyOf({ compound, building, unit, room }: Address): string {
  return [compound, building, unit, room].join('|');
}

/** Who lives there, by the register: nobody who moved away or died. */
export function livesOn({ isGone, body }: Resident): boolean {
  return !isGone && body['presence'] !== 'moved-away' && body['presence'] !== 'died';
}

/** `brought`: people whom an import made, and of whom; `struck`: what this did of what can go wrong. */
export type Look = {
  wrong: string[];
  unmet: string[];
  brought: Map<Resident, RosterRow>;
  struck: Fault[];
  /** That the file names. */
  doors: string[];
};

export type Parts = {
  rows: readonly RosterRow[];
  choice: Choice;
  before: Register;
  after: Register;
  isErased: (id: string) => boolean;
  /** They lived at this door before, by all that the checker ever saw. */
  wasAt: (residentId: string, doorId: string) => boolean;
};

/** One transaction of an import. */
export function lookAt(parts: Parts): Look {
  const look: Look = { wrong: [], unmet: [], brought: new Map(), struck: [], doors: [] };
  doorsOf(parts, look);
  householdsOf(parts, look);
  residentsOf(parts, look);
  for (const row of parts.rows) rowIn(row, parts, look);
  look.doors = parts.rows.flatMap(({ address }) => liveAt(parts.after, keyOf(address)).map(({ id }) => id));
  return look;
}

function doorsOf({ rows, choice, before, after }: Parts, { wrong, struck }: Look): void {
  for (const id of before.doors.keys()) if (!after.doors.has(id)) wrong.push(`took the door ${id} out of the register`);
  for (const [id, door] of after.doors) {
    const was = before.doors.get(id);
    const of = rows.find(({ address }) => keyOf(address) === door.key);
    if (!was) {
      if (!of) wrong.push(`made a door that is not in the file: ${door.key}`);
      else if (liveAt(before, door.key).length > 0) wrong.push(`made a door a second time: ${door.key}`);
      else struck.push('door by a roster');
      continue;
    }
    const mayBe = (field: string) => was.isFree(field) || saidYes(choice, was, field).may;
    if (was.isGone && !door.isGone && !saidYes(choice, was, 'retiredAt').may)
      wrong.push(`took back a door that people found to be none: ${door.key}`);
    if (!was.isGone && door.isGone) wrong.push(`found a door to be none: ${door.key}`);
    if (was.gridId !== door.gridId) wrong.push(`moved a door to a grid that the file does not say: ${door.key}`);
    for (const field of changedIn(was.body, door.body)) {
      const isSaid = of !== undefined && field === 'floor' && door.body[field] === of.address.floor;
      if (!isSaid || !mayBe(field)) wrong.push(`changed ${field} of the door ${door.key}`);
    }
  }
}

function householdsOf({ rows, choice, before, after }: Parts, { wrong }: Look): void {
  const isListed = (doorId: string) => rows.some(({ address }) => keyOf(address) === after.doors.get(doorId)?.key);
  for (const id of before.households.keys())
    if (!after.households.has(id)) wrong.push(`took the household ${id} out of the register`);
  for (const [id, household] of after.households) {
    const was = before.households.get(id);
    if (!was && !isListed(household.doorId)) wrong.push(`made a household at a door that is not in the file`);
    const lives = [...after.residents.values()].some((one) => one.householdId === id && livesOn(one));
    if (household.isEnded && !was?.isEnded && lives) wrong.push(`ended the household ${id}, in which somebody lives`);
    if (!was) continue;
    if (was.isEnded && !household.isEnded) wrong.push(`the household ${id} goes on, which had ended`);
    if (was.doorId !== household.doorId) wrong.push(`moved the household ${id}`);
    for (const field of changedIn(was.body, household.body)) {
      const head = after.residents.get(textOf(household.body['headId']));
      const isSaid = field === 'headId' && rows.some((row) => row.name === head?.name && row.relation === '02');
      if (!isSaid) wrong.push(`changed ${field} of the household ${id}`);
      else if (!was.isFree(field) && !saidYes(choice, was, field).may)
        wrong.push(`[TWO-3] made another head of the household ${id}, of whom people said since who it is`);
    }
  }
}

function residentsOf(parts: Parts, look: Look): void {
  const { rows, before, after, isErased } = parts;
  const { wrong, struck, brought } = look;
  for (const id of before.residents.keys()) if (!after.residents.has(id)) wrong.push(`took ${id} out of the register`);
  for (const [id, person] of after.residents) {
    const was = before.residents.get(id);
    const door = after.doors.get(person.doorId)?.key ?? '';
    if (was) {
      changesOf(person, was, door, parts, look);
      continue;
    }
    const row = rows.find(
      (one) =>
        one.name === person.name &&
        (person.number === '' || one.number === person.number) &&
        keyOf(one.address) === door,
    );
    if (isErased(id)) wrong.push(`[REC-11] brought ${id} back, who was erased`);
    if (!row) wrong.push(`made somebody at ${door} who is not in the file there`);
    else if (liveWith(before, row).length > 0) wrong.push(`made somebody a second time: ${row.name}`);
    else {
      brought.set(person, row);
      struck.push('person by a roster');
    }
  }
}

function changesOf(person: Resident, was: Resident, door: string, parts: Parts, { wrong, struck }: Look): void {
  const { rows, choice } = parts;
  const { id } = person;
  const row = rows.find(
    (one) => keyOf(one.address) === door && (one.number === was.number || (was.number === '' && one.name === was.name)),
  );
  const isTicked = (field: string) => saidYes(choice, was, field).may;
  const mayMove = (field: string) => row !== undefined && (was.isFree('presence') || isTicked(field));
  if (was.rest !== person.rest) wrong.push(`changed something of ${id} that no roster says`);
  if (was.doorId !== person.doorId) {
    if (mayMove('dwellingId')) struck.push('moved by a roster');
    else wrong.push(`[TWO-3] moved ${id}, of whom people said since that they live where they lived`);
  } else if (was.householdId !== person.householdId && !mayMove('householdId'))
    wrong.push(`[TWO-3] moved ${id} to another household`);
  for (const field of changedIn(was.body, person.body)) {
    const said = saidOf(field, row, choice);
    const isLeft = field === 'presence' && person.body[field] === 'moved-away' && isTicked(field);
    const isSaid = isLeft || (said !== '' && person.body[field] === said);
    if (!isSaid) wrong.push(`changed ${field} of ${id}, of which the file says nothing of the kind`);
    else if (was.isFree(field)) struck.push('value by a roster');
    else if (isTicked(field)) struck.push('value changed at a yes');
    else wrong.push(`[TWO-3] wrote over ${field} of ${id}, which people said since`);
  }
}

/** What a row says of a value; nothing where it leaves it out. */
function saidOf(field: string, row: RosterRow | undefined, { hasPhones }: Choice): string {
  switch (field) {
    case 'phone':
      return hasPhones ? (row?.phone ?? '') : '';
    case 'relation':
      return row?.relation ?? '';
    case 'idType':
      return row ? 'resident-id' : '';
    case 'idNumber':
      return row?.number ?? '';
    default:
      return '';
  }
}

/** What has to be so after the import, as far as the register before it leaves no doubt. */
function rowIn(row: RosterRow, { choice, before, after, wasAt }: Parts, { unmet, struck }: Look): void {
  const key = keyOf(row.address);
  const there = liveAt(before, key);
  if (there.length === 0 && [...before.doors.values()].some((door) => door.key === key)) return; // found to be none
  const [door, ...more] = liveAt(after, key);
  if (!door || more.length > 0) return void unmet.push(`the door ${key} is there ${door ? 'twice' : 'not'}`);
  const known = liveWith(before, row);
  const [person, ...others] = liveWith(after, row);
  const [was] = known;
  const isNamed = [...before.residents.values()].some(
    (one) => !one.isGone && there.some(({ id }) => id === one.doorId) && one.name === row.name,
  );
  const isStale = [...before.residents.values()].some((one) => one.isGone && one.number === row.number);
  if (!was && (isNamed || isStale)) return;
  if (!person || others.length > 0)
    return void unmet.push(`${row.name} at ${key} is in the register ${person ? 'twice' : 'not'}`);
  if (!was) {
    if (person.doorId !== door.id) unmet.push(`${row.name} does not live at ${key}`);
    return;
  }
  const isKept = (field: string) => !was.isFree(field) && !saidYes(choice, was, field).may;
  const isDue = (field: string) => was.isFree(field) || saidYes(choice, was, field).surely;
  if (was.doorId !== door.id) {
    if (isKept('dwellingId')) struck.push('value kept from a roster');
    else if (isDue('dwellingId') && !wasAt(was.id, door.id) && person.doorId !== door.id)
      unmet.push(`${row.name} did not move to ${key}`);
    return;
  }
  const phone = saidOf('phone', row, choice);
  if (phone === '' || was.body['phone'] === phone) return;
  if (isKept('phone')) struck.push('value kept from a roster');
  if (isKept('phone') && choice.ticked.has(`${was.id} phone`)) struck.push('yes to a value that stands no more');
  if (isDue('phone') && person.body['phone'] !== phone) unmet.push(`the telephone of ${row.name} is not the file's`);
}

function liveAt({ doors }: Register, key: string): Door[] {
  return [...doors.values()].filter((door) => !door.isGone && door.key === key);
}

function liveWith({ residents }: Register, { number }: RosterRow): Resident[] {
  return [...residents.values()].filter((one) => !one.isGone && one.number === number);
}

function changedIn(was: Body, is: Body): string[] {
  return [...new Set([...Object.keys(was), ...Object.keys(is)])].filter(
    (field) => canonical(was[field] ?? null) !== canonical(is[field] ?? null),
  );
}
