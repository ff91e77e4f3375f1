/** Coverage of a round, door by door, so that it can be summed: 区不漏房、房不漏户、户不漏人、人不漏项 (data dictionary, Rounds and coverage). */
import { applyVerification } from './apply-verification';
import { isCode } from './codes/codes';
import {
  type DoorLike,
  findResident,
  type HouseholdLike,
  isRegistered,
  registeredResidents,
  type ResidentLike,
} from './door-like';
import { recordsOf, textOf } from './json';
import { outcomeClass, usesOfNoDwelling, type VisitOutcome } from './outcomes';
import { ageOn } from './part-date';
import type { Missing } from './register';
import { isToldByOutsider } from './verification';

export type Figure = { of: number; done: number };
export type CoverageFigure = 'doors' | 'households' | 'people' | 'items';
export const coverageFigures: readonly CoverageFigure[] = ['doors', 'households', 'people', 'items'];

export type DoorCoverage = Record<CoverageFigure, Figure> & {
  /** Of the people done: told by telephone; told by others than the household. */
  peopleByTelephone: number;
  peopleByOthers: number;
  /** Of the items done: not a value but the reason why there is none. */
  itemsWithReason: number;
};

/** The submission that counts at a door: the newest in the round that is neither returned nor voided. */
export type Counted = { outcome: VisitOutcome; body: Record<string, unknown>; isApproved: boolean };

/**
 * The four figures of one door. `door`: the register's now; what is proposed and not decided yet is laid over it here. `today`: `YYYY-MM-DD`,
 * for who is 18. `leftInRound`: residents who moved away or died since the round began, by the register.
 */
export function doorCoverage(
  door: DoorLike,
  counted: Counted | null,
  today: string,
  leftInRound: readonly string[] = [],
): DoorCoverage {
  const shown = shownOf(door, counted);
  const people = peopleOf(door, counted, leftInRound);
  const items = itemsOf(shown, counted, today);
  return {
    doors: { of: 1, done: counted ? 1 : 0 },
    households: householdsOf(door, shown, counted),
    people: { of: people.all.size, done: people.done.size },
    items: { of: items.length, done: items.filter(({ is }) => is !== 'open').length },
    peopleByTelephone: counted && textOf(counted.body['how']) === 'telephone' ? people.done.size : 0,
    peopleByOthers: counted && isToldByOutsider(counted.body) ? people.done.size : 0,
    itemsWithReason: items.filter(({ is }) => is === 'reason').length,
  };
}

export const nothingCovered: DoorCoverage = {
  doors: { of: 0, done: 0 },
  households: { of: 0, done: 0 },
  people: { of: 0, done: 0 },
  items: { of: 0, done: 0 },
  peopleByTelephone: 0,
  peopleByOthers: 0,
  itemsWithReason: 0,
};

/** A place of the plan without a dwelling: one door of which nothing is known. */
export const gapCoverage: DoorCoverage = { ...nothingCovered, doors: { of: 1, done: 0 } };

export function sumCoverage(parts: Iterable<DoorCoverage>): DoorCoverage {
  let sum = nothingCovered;
  for (const part of parts)
    sum = {
      doors: add(sum.doors, part.doors),
      households: add(sum.households, part.households),
      people: add(sum.people, part.people),
      items: add(sum.items, part.items),
      peopleByTelephone: sum.peopleByTelephone + part.peopleByTelephone,
      peopleByOthers: sum.peopleByOthers + part.peopleByOthers,
      itemsWithReason: sum.itemsWithReason + part.itemsWithReason,
    };
  return sum;
}

/** Whole per cent, rounded down: 100 means that none is left. Null where there is nothing to cover. */
export function share({ of, done }: Figure): number | null {
  return of === 0 ? null : Math.floor((100 * done) / of);
}

/** The highest figure in which a door is left out: where it is listed for work, once. Null where nothing is left. */
export function gapOf(coverage: DoorCoverage): CoverageFigure | null {
  return coverageFigures.find((figure) => coverage[figure].done < coverage[figure].of) ?? null;
}

function add(a: Figure, b: Figure): Figure {
  return { of: a.of + b.of, done: a.done + b.done };
}

/**
 * Households registered or found, and one for a door not settled that has none; left out are those of doors not settled. A door that
 * the register holds as no dwelling asks for none.
 */
function householdsOf(door: DoorLike, shown: DoorLike, counted: Counted | null): Figure {
  const kind = counted ? outcomeClass(counted.outcome) : 'open';
  const ids = new Set([...livedIn(door), ...livedIn(shown)].map(({ id }) => id));
  if (kind === 'settled') return { of: ids.size, done: ids.size };
  const isNoDwelling = usesOfNoDwelling.some((use) => use === door.use);
  const of = isNoDwelling ? ids.size : Math.max(1, ids.size);
  if (kind === 'open' || !counted) return { of, done: 0 };
  const listed = new Set(listedIn(counted.body).flatMap((person) => placesOf(door, person)));
  return { of, done: [...ids].filter((id) => listed.has(id)).length };
}

/** The household that a person is listed under, and the one where the register has them: both were spoken of. */
function placesOf(door: DoorLike, { id, sameAs, householdId }: ListedPerson): string[] {
  const registered = [id, sameAs].flatMap((known) => findResident(door, known)?.household.id ?? []);
  return [householdId, ...registered];
}

function livedIn(door: DoorLike): HouseholdLike[] {
  return door.households.filter(({ residents }) => residents.some(isRegistered));
}

function peopleOf(
  door: DoorLike,
  counted: Counted | null,
  leftInRound: readonly string[],
): { all: Set<string>; done: Set<string> } {
  const registered = registeredResidents(door).map(({ id }) => id);
  const known = new Set([...registered, ...leftInRound]);
  const said = counted ? listedIn(counted.body) : [];
  // Two records that are one person count once, before and after the office has joined them.
  for (const { id, sameAs } of said) if (id !== sameAs && known.has(id)) known.delete(sameAs);
  const listed = said.map(({ id, sameAs }) => (known.has(sameAs) ? sameAs : id));
  const all = new Set([...known, ...listed]);
  if (!counted) return { all, done: new Set() };
  return { all, done: counted.outcome === 'moved-away' ? all : new Set([...leftInRound, ...listed]) };
}

type ListedPerson = { id: string; sameAs: string; householdId: string };

/** Everybody of whom the body says what became of them; only an answered door says it of anybody. */
function listedIn(body: Record<string, unknown>): ListedPerson[] {
  if (body['outcome'] !== 'verified' && body['outcome'] !== 'partly-verified') return [];
  return recordsOf(body['households']).flatMap(({ record }) =>
    recordsOf(record['residents'])
      .map((entry) => entry.record)
      .filter(({ id, change }) => textOf(id) !== '' && isCode('resident-change', change))
      .map(({ id, sameAs }) => ({ id: textOf(id), sameAs: textOf(sameAs), householdId: textOf(record['id']) })),
  );
}

/** What a door lacks, by whom it is lacking: a resident, a household, or (both null) the dwelling itself. */
export type MissingItems = { householdId: string | null; residentId: string | null; name: string; fields: string[] };

/** The items that `doorCoverage` counts as left out, named. Arguments as there. */
export function missingItems(door: DoorLike, counted: Counted | null, today: string): MissingItems[] {
  const missing: MissingItems[] = [];
  for (const { householdId, residentId, name, field, is } of itemsOf(shownOf(door, counted), counted, today)) {
    if (is !== 'open') continue;
    const same = missing.find((one) => one.householdId === householdId && one.residentId === residentId);
    if (same) same.fields.push(field);
    else missing.push({ householdId, residentId, name, fields: [field] });
  }
  return missing;
}

function shownOf(door: DoorLike, counted: Counted | null): DoorLike {
  return counted && !counted.isApproved ? applyVerification(door, counted.body) : door;
}

type Item = Omit<MissingItems, 'fields'> & { field: string; is: 'value' | 'reason' | 'open' };

/** Every answer that the register should have of a door, an empty one's use too: 人不漏项. */
function itemsOf(door: DoorLike, counted: Counted | null, today: string): Item[] {
  // What was approved and is still counted is a door that the office kept.
  if (!counted?.isApproved && (counted?.outcome === 'no-such-door' || counted?.outcome === 'not-a-dwelling')) return [];
  const ofDoor = { householdId: null, residentId: null, name: '' };
  const households = livedIn(door);
  return [
    { ...ofDoor, field: 'use', is: standingOf('use', door.use !== null, door.missing) },
    ...households.map(({ id, tenure, missing }): Item => ({
      ...ofDoor,
      householdId: id,
      field: 'tenure',
      is: standingOf('tenure', tenure !== null, missing),
    })),
    ...households.flatMap(({ id, residents }) =>
      residents.filter(isRegistered).flatMap((resident) => itemsOfPerson(resident, id, today)),
    ),
  ];
}

/** A value counts before the reason why there is none. */
function standingOf(field: string, hasValue: boolean, missing: Missing | undefined): Item['is'] {
  if (hasValue) return 'value';
  return missing?.[field] ? 'reason' : 'open';
}

function itemsOfPerson(resident: ResidentLike, householdId: string, today: string): Item[] {
  const { id: residentId, name, missing } = resident;
  const item = (field: string, hasValue: boolean): Item => ({
    ...{ householdId, residentId, name, field },
    is: standingOf(field, hasValue, missing),
  });
  const number = resident.idNumber ?? resident.idNumberMasked ?? '';
  const age = ageOn(resident.birthDate, today);
  const isElsewhere = resident.residence === 'person-here' || resident.residence === 'migrant';
  return [
    item('name', resident.name !== '' && resident.name !== '未取名'),
    item('sex', resident.sex === '1' || resident.sex === '2'),
    item('birthDate', resident.birthDate !== ''),
    item('idType', resident.idType !== null),
    item('idNumber', number !== ''),
    item('relation', resident.relation !== null),
    item('residence', resident.residence !== null),
    item('presence', true),
    ...(age === null || age >= 18 ? [item('phone', resident.phone !== '')] : []),
    ...(isElsewhere ? [item('registeredAddress', resident.registeredAddress !== '')] : []),
  ];
}
