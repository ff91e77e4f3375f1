/**
 * What a worker does to a verification, in the worker's own verbs. Each changes the body in place, so that a screen may hand in one
 * that it watches; ids of new people and households are the caller's.
 */
import type { DoorLike } from '../domain/door-like';
import { checkIdentityNumber, mendIdentityNumber } from '../domain/identity-number';
import type { Missing } from '../domain/register';
import type { Change, Departure, FillingBody, HouseholdEntry, ResidentEntry, VisitOutcome } from './verification-body';
import { headOf, type House, type Person, waitingOf } from './verification-people';

type Place = Pick<Person, 'id' | 'householdId'>;
export type EntryField = Exclude<keyof ResidentEntry, 'id' | 'change'>;

/** What was typed for another outcome stays in the draft; what only that one has is taken back. */
export function chooseOutcome(body: FillingBody, outcome: VisitOutcome | null): void {
  if (body.outcome === 'vacant' || body.outcome === 'not-a-dwelling') delete body.dwelling.use;
  if (body.outcome === 'no-such-door') delete body.dwelling.partOf;
  body.outcome = outcome;
  if (outcome === 'vacant') {
    body.dwelling.use = 'vacant';
    setReason(body.dwelling, 'use', null);
  }
  if (outcome === null || outcome === 'vacant' || outcome === 'moved-away') body.nextVisit = null;
}

/** Gives a registered person an answer; fields of another answer are forgotten, notes on what is missing stay. */
export function answer(body: FillingBody, person: Place, change: Change): void {
  const household = householdIn(body, person.householdId);
  const old = household.residents.find(({ id }) => id === person.id);
  const kept = old?.missing && change !== 'unchanged' ? { missing: old.missing } : {};
  const next: ResidentEntry = change === 'corrected' && old ? { ...old, change } : { id: person.id, change, ...kept };
  const index = household.residents.findIndex(({ id }) => id === person.id);
  if (index === -1) household.residents.push(next);
  else household.residents[index] = next;
}

/** Nothing changed with everybody of whom nothing was said yet. */
export function restUnchanged(door: DoorLike, body: FillingBody): void {
  for (const person of waitingOf(door, body)) answer(body, person, 'unchanged');
}

/** Takes the answer back: this person is to do again. A person who was added here is gone with it. */
export function withdraw(door: DoorLike, body: FillingBody, person: Place): void {
  takeOut(body, person.id);
  body.households = body.households.filter(
    (household) => household.residents.length > 0 || Object.keys(household).length > 2 || isOf(door, household.id),
  );
  if (body.informant?.residentId === person.id) body.informant = null;
}

/** A field's new value, `undefined` where nothing is said about it any more. Who was unchanged is corrected by it. */
export function setField(body: FillingBody, door: DoorLike, person: Place, name: EntryField, value: unknown): void {
  const household = householdIn(body, person.householdId);
  const entry = entryIn(household, person.id) ?? added(household, { id: person.id, change: 'corrected' });
  if (entry.change === 'unchanged') entry.change = 'corrected';
  if (name === 'idNumber') delete entry.idNumberMasked;
  if (name === 'relation' && value === '02' && !isOf(door, household.id)) household.headId = person.id;
  if (value === undefined) delete entry[name];
  else Object.assign(entry, { [name]: value });
}

/** Parts of an entry that are no correction: when, where to, who it is. Nothing where the person has no answer yet. */
export function setEntry(body: FillingBody, person: Place, part: Partial<ResidentEntry>): void {
  const entry = entryIn(householdIn(body, person.householdId), person.id);
  if (entry) Object.assign(entry, part);
}

/** When or where to the whole household went. */
export function setDeparture(body: FillingBody, part: Departure): void {
  body.departure = { ...body.departure, ...part };
}

/** Everybody moved away, but not all at the same time or to one place: what was told of all is the answer of each who has none yet. */
export function departOneByOne(door: DoorLike, body: FillingBody): void {
  chooseOutcome(body, 'verified');
  for (const person of waitingOf(door, body)) {
    answer(body, person, 'moved-away');
    setEntry(body, person, { ...body.departure });
  }
}

/** Why an answer about a person was not had; null takes it back. */
export function setMissing(body: FillingBody, person: Place, field: string, reason: Missing[string] | null): void {
  const entry = entryIn(householdIn(body, person.householdId), person.id);
  if (entry) setReason(entry, field, reason);
}

/** Why an answer about a household or the dwelling was not had; null takes it back. */
export function setReason(about: { missing?: Missing | null }, field: string, reason: Missing[string] | null): void {
  const { [field]: _old, ...others } = about.missing ?? {};
  const missing: Missing = reason === null ? others : { ...others, [field]: reason };
  if (Object.keys(missing).length > 0) about.missing = missing;
  else delete about.missing;
}

/** A person whom the register does not have here. */
export function add(body: FillingBody, id: string, change: 'moved-in' | 'born', householdId: string): void {
  householdIn(body, householdId).residents.push({
    id,
    change,
    name: '',
    presence: 'here',
    careGroups: [],
    ...(change === 'born' ? { residence: 'not-registered' as const } : {}),
  });
}

/** A newborn without name and papers is whole all the same: four answers in one tap. */
export function withoutNameAndPapers(body: FillingBody, door: DoorLike, person: Place): void {
  setField(body, door, person, 'name', '未取名');
  setField(body, door, person, 'idType', 'none');
  setField(body, door, person, 'residence', 'not-registered');
  setMissing(body, person, 'idNumber', 'none-yet');
}

/** A household that the register does not have at this door. */
export function addHousehold(body: FillingBody, id: string): void {
  body.households.push({ id, kind: 'family', tenure: null, headId: null, phone: '', residents: [] });
}

/** Lists a person under another household of this door: they live and eat there now, and the relation is another. */
export function moveTo(body: FillingBody, person: Person, householdId: string): void {
  const { relation: _relation, ...entry } = person.entry ?? { id: person.id, change: 'corrected' as const };
  takeOut(body, person.id);
  const change = entry.change === 'unchanged' ? 'corrected' : entry.change;
  householdIn(body, householdId).residents.push({ ...entry, change });
}

/** Name and number are another person's: the registered one is not known here, and all that was typed is the other's. */
export function anotherPerson(body: FillingBody, person: Person, id: string): void {
  const typed = person.entry;
  answer(body, person, 'unknown-here');
  add(body, id, 'moved-in', person.householdId);
  const number = checkIdentityNumber(mendIdentityNumber(typed?.idNumber ?? ''));
  // Of somebody new, the card says what was not told yet.
  const ofCard = number.ok ? { birthDate: number.birthDate, sex: number.sex, idType: 'resident-id' as const } : {};
  setEntry(
    body,
    { ...person, id },
    { ...ofCard, ...typed, id, change: 'moved-in', presence: typed?.presence ?? 'here' },
  );
}

/**
 * Names the head. Relations that were told are to the head before: of another head each is asked anew. A household that had none
 * keeps what was told, but for who was said to be head.
 */
export function setHead(body: FillingBody, door: DoorLike, house: House, personId: string): void {
  const before = headOf(house);
  if (before === personId) return;
  householdIn(body, house.id).headId = personId;
  for (const other of house.people) {
    const told = other.entry?.relation;
    if (other.id !== personId && told && (before !== null || told === '02'))
      setField(body, door, other, 'relation', undefined);
  }
  setField(body, door, { id: personId, householdId: house.id }, 'relation', '02');
}

/** The household as the form lists it, listed now where it was not. */
export function householdIn(body: FillingBody, householdId: string): HouseholdEntry {
  const known = body.households.find(({ id }) => id === householdId);
  if (known) return known;
  body.households.push({ id: householdId, residents: [] });
  return theLast(body.households);
}

function added(household: HouseholdEntry, entry: ResidentEntry): ResidentEntry {
  household.residents.push(entry);
  return theLast(household.residents);
}

/** Read again from the list: a watched list hands out another object than went in. */
function theLast<T>(list: readonly T[]): T {
  const last = list.at(-1);
  if (last === undefined) throw new Error('what was just added is there');
  return last;
}

function entryIn(household: HouseholdEntry, id: string): ResidentEntry | undefined {
  return household.residents.find((entry) => entry.id === id);
}

function takeOut(body: FillingBody, personId: string): void {
  for (const household of body.households)
    household.residents = household.residents.filter(({ id }) => id !== personId);
}

function isOf(door: DoorLike, householdId: string): boolean {
  return door.households.some(({ id }) => id === householdId);
}
