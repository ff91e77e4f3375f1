/** From what stands in a filled form to what is sent: a body carries only what changed. */
import {
  type DoorLike,
  findResident,
  type HouseholdLike,
  isRegistered,
  registeredResidents,
  type ResidentLike,
} from '../domain/door-like';
import { dwellingFields, householdFields, residentFields } from '../domain/given-fields';
import { asRecord, isFilled, recordsOf, textOf } from '../domain/json';
import type { Departure, FillingBody, HouseholdEntry, Informant } from './verification-body';
import { waitingOf } from './verification-people';

type Body = Record<string, unknown>;

/** *All as registered*: everybody who belongs to the door, unchanged. Who moved away or died before is not asked for. */
export function allAsRegistered(door: DoorLike, informant: Informant, how: string | null = null): Body {
  const registered = new Set(registeredResidents(door).map(({ id }) => id));
  return {
    outcome: 'verified',
    nextVisit: null,
    informant,
    ...(how ? { how } : {}),
    dwelling: {},
    households: door.households
      .map(({ id, residents }) => ({
        id,
        residents: residents
          .filter((resident) => registered.has(resident.id))
          .map((resident) => ({ id: resident.id, change: 'unchanged' })),
      }))
      .filter(({ residents }) => residents.length > 0),
    note: '',
    noticeGiven: true,
  };
}

/**
 * What is saved of a filled form: answers that belong to its outcome alone, only what changed, and *partly verified* as long as somebody
 * is to do. `isNew`: the register lacks this door, so its whole address goes along.
 */
export function bodyToSend(door: DoorLike, filled: FillingBody, isNew = false): Body {
  const answered = filled.outcome === 'verified' || filled.outcome === 'partly-verified';
  // Who said that they moved belongs to the record; of a knock without an answer there is nobody who said anything.
  const told = answered || filled.outcome === 'moved-away';
  const { departure, ...said } = filled;
  const body: FillingBody = {
    ...said,
    ...(answered ? {} : { households: filled.outcome === 'moved-away' ? allMovedAway(door, departure) : [] }),
    ...(told && !isUnsaid(filled.informant) ? {} : { informant: null }),
    ...(told ? {} : { how: undefined }),
  };
  if (answered) body.outcome = waitingOf(door, filled).length > 0 ? 'partly-verified' : 'verified';
  if (body.outcome === 'verified') body.nextVisit = null;
  const changed = changedOnly(door, body);
  return isNew ? { ...changed, dwelling: body.dwelling } : changed;
}

/** Everybody registered, with what was told of all; nobody where nothing was: that they moved stands in the outcome. */
function allMovedAway(door: DoorLike, { on, movedTo }: Departure = {}): HouseholdEntry[] {
  const told = { ...(isFilled(on) ? { on } : {}), ...(isFilled(movedTo) ? { movedTo } : {}) };
  if (Object.keys(told).length === 0) return [];
  return door.households
    .map(({ id, residents }) => ({
      id,
      residents: residents.filter(isRegistered).map((one) => ({ id: one.id, change: 'moved-away' as const, ...told })),
    }))
    .filter(({ residents }) => residents.length > 0);
}

/** The other way round, of a record that is mended: what it tells of everybody, told once again. */
export function withDeparture(sent: FillingBody): FillingBody {
  if (sent.outcome !== 'moved-away') return sent;
  const { on, movedTo } = sent.households.flatMap(({ residents }) => residents)[0] ?? {};
  const departure = { ...(on ? { on } : {}), ...(movedTo ? { movedTo } : {}) };
  return { ...sent, households: [], ...(on || movedTo ? { departure } : {}) };
}

function isUnsaid(informant: Informant | null): boolean {
  return informant !== null && informant.residentId === null && !isFilled(informant.name) && !isFilled(informant.kind);
}

/**
 * The body with what is as registered left out: fields that did not change, and `corrected` people at whom nothing did, who become
 * `unchanged`. `door`: what the form was prefilled from. Pure; what the form does not know stays.
 */
export function changedOnly(door: DoorLike, edited: Body): Body {
  const dwelling = asRecord(edited['dwelling']);
  return {
    ...edited,
    dwelling: dwelling ? withoutSame(dwelling, door, dwellingFields) : {},
    households: recordsOf(edited['households']).map(({ record }) => changedHousehold(door, record)),
  };
}

function changedHousehold(door: DoorLike, household: Body): Body {
  const known = door.households.find(({ id }) => id === household['id']);
  return {
    ...(known ? withoutSame(household, known, householdFields) : household),
    residents: recordsOf(household['residents']).map(({ record }) =>
      changedResident(door, { id: textOf(household['id']), head: headAfter(household, known) }, record),
    ),
  };
}

/** The head named, else the one person who is said to be it, else the register's. */
function headAfter(household: Body, known: HouseholdLike | undefined): string | null {
  if (isFilled(household['headId'])) return textOf(household['headId']);
  const heads = recordsOf(household['residents']).filter(({ record }) => record['relation'] === '02');
  return heads.length === 1 ? textOf(heads[0]?.record['id']) : (known?.headId ?? null);
}

function changedResident(door: DoorLike, household: { id: string; head: string | null }, resident: Body): Body {
  const known = findResident(door, textOf(resident['id']));
  const change = textOf(resident['change']);
  if (!known || change === 'moved-in' || change === 'born') return resident;
  if (change !== 'corrected') return without(resident, residentFields);
  const isMoved = household.id !== known.household.id;
  // In another household, or to another head, each relation was asked again: an equal one is an answer, too.
  const isAskedAgain = (isMoved || household.head !== known.household.headId) && isFilled(resident['relation']);
  const relation = isAskedAgain ? { relation: resident['relation'] } : {};
  const changed: Body = { ...withoutSame(resident, known.resident, residentFields), ...relation };
  const saysSomething = isMoved || [...residentFields, 'sameAs', 'missing'].some((name) => changed[name] !== undefined);
  return saysSomething ? changed : { ...changed, change: 'unchanged' };
}

function withoutSame(given: Body, known: ResidentLike | HouseholdLike | DoorLike, fields: string[]): Body {
  const held: Body = { ...known };
  return without(
    given,
    fields.filter((name) => isSame(given[name], held[name]) || isOldNumber(name, given, held)),
  );
}

/** An untouched number: empty in the form, because the phone holds only its last four, or those sent back. */
function isOldNumber(name: string, given: Body, held: Body): boolean {
  if (name !== 'idNumber') return false;
  return !isFilled(given['idNumber']) || given['idNumber'] === held['idNumberMasked'];
}

/** Equal, or both no answer. */
function isSame(a: unknown, b: unknown): boolean {
  if (a === undefined) return true;
  if (!isFilled(a) && !isFilled(b)) return true;
  return JSON.stringify(a) === JSON.stringify(b);
}

function without(given: Body, names: string[]): Body {
  return Object.fromEntries(Object.entries(given).filter(([name]) => !names.includes(name)));
}
