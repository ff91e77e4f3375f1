/**
 * A begun verification put onto a newer state of the register: what was typed stays, and nobody is left in it of whom the register, as the
 * screen now shows it, has nothing to confirm.
 */
import { type DoorLike, findResident, isRegistered } from '../domain/door-like';
import type { FillingBody, HouseholdEntry, ResidentEntry } from './verification-body';
import { chooseOutcome } from './verification-edits';
import { peopleOf } from './verification-people';

type Coded = Pick<ResidentEntry, 'sex' | 'idType'>;
type CodedHousehold = Pick<HouseholdEntry, 'kind' | 'tenure' | 'phone'>;
type Listed = { entry: ResidentEntry; householdId: string };

/**
 * `before`: what the form stood on; null where that is not known any more. An answer about somebody who no longer belongs to the door falls
 * away, because the register says it already; who was corrected lives here by that, and is told of as moved in, the same person. Answers
 * about people who went to another household of the door go with them. Pure; `newId` gives the ids of entries that have to be new ones.
 */
export function putOnto(before: DoorLike | null, now: DoorLike, begun: FillingBody, newId: () => string): FillingBody {
  const body = structuredClone(begun);
  const listed = body.households.flatMap((household) =>
    household.residents.map((entry): Listed => ({ entry, householdId: household.id })),
  );
  const places = new Map<string, string>();
  body.households = body.households.map((household) => {
    const placed = { ...asHousehold(before, now, household, newId), residents: [] };
    places.set(household.id, placed.id);
    return placed;
  });
  for (const one of listed) {
    const entry = entryNow(before, now, one.entry, newId);
    if (entry) listUnder(body, placeNow(before, now, one) ?? places.get(one.householdId) ?? one.householdId, entry);
  }
  body.households = body.households.filter(({ id, residents }) => residents.length > 0 || isOf(now, id));
  const people = peopleOf(now, body);
  const isEmpty = people.every(({ registered }) => registered === null);
  if ((body.outcome === 'vacant' && !isEmpty) || (body.outcome === 'moved-away' && isEmpty)) chooseOutcome(body, null);
  const informant = body.informant?.residentId ?? null;
  if (informant !== null && !people.some(({ id }) => id === informant)) body.informant = null;
  return body;
}

/** Whether the register says the same of a door: its fields, households and people, not when they were confirmed or how the round stands. */
export function saysTheSame(one: DoorLike, other: DoorLike): boolean {
  const said = (door: DoorLike) =>
    JSON.stringify(door, (key, value: unknown) => (key === 'state' || key === 'confirmedAt' ? undefined : value));
  return said(one) === said(other);
}

/** Names of those about whom an answer falls away, or becomes another one, when the form is put onto `now`. */
export function answeredAndGone(before: DoorLike, now: DoorLike, body: FillingBody): string[] {
  return peopleOf(before, body)
    .filter(({ entry, registered }) => entry && registered && !isHere(now, entry.id))
    .map(({ registered }) => registered?.name ?? '');
}

function entryNow(
  before: DoorLike | null,
  now: DoorLike,
  entry: ResidentEntry,
  newId: () => string,
): ResidentEntry | null {
  const isNew = entry.change === 'moved-in' || entry.change === 'born';
  if (isHere(now, entry.id)) return isNew ? { ...entry, change: 'corrected' } : entry;
  if (isNew) return entry;
  if (entry.change !== 'corrected') return null;
  const known = findResident(now, entry.id)?.resident ?? findResident(before, entry.id)?.resident;
  if (!known) return null;
  const { name, birthDate, phone } = known;
  const { sex, idType } = known as Coded; // one that only a newer office knows goes along as it is (FEED-7)
  return {
    ...{ name, sex, birthDate, idType, phone, presence: 'here' as const, careGroups: [] },
    ...entry,
    ...{ id: newId(), change: 'moved-in', sameAs: entry.id },
  };
}

/** Where the register has somebody now whom the worker did not put elsewhere; null for everybody else. */
function placeNow(before: DoorLike | null, now: DoorLike, { entry, householdId }: Listed): string | null {
  const place = isHere(now, entry.id) ? findResident(now, entry.id)?.household.id : undefined;
  if (place === undefined) return null;
  const wasLeft = findResident(before, entry.id)?.household.id === householdId;
  return wasLeft || (before === null && !isOf(now, householdId)) ? place : null;
}

/** A household that ended at the register is a new one to whoever is still listed under it. */
function asHousehold(
  before: DoorLike | null,
  now: DoorLike,
  household: HouseholdEntry,
  newId: () => string,
): HouseholdEntry {
  const wasOf = before?.households.find(({ id }) => id === household.id);
  if (isOf(now, household.id) || (!wasOf && household.kind)) return household;
  const { kind, tenure, phone } = (wasOf ?? { kind: 'family', tenure: null, phone: '' }) as CodedHousehold;
  return { kind, tenure, phone, headId: null, ...household, id: newId() };
}

function listUnder(body: FillingBody, householdId: string, entry: ResidentEntry): void {
  const known = body.households.find(({ id }) => id === householdId);
  if (known) known.residents.push(entry);
  else body.households.push({ id: householdId, residents: [entry] });
}

function isHere(door: DoorLike, residentId: string): boolean {
  const found = findResident(door, residentId);
  return found !== null && isRegistered(found.resident);
}

function isOf(door: DoorLike, householdId: string): boolean {
  return door.households.some(({ id }) => id === householdId);
}
