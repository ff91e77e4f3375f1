/** From what stands in a filled form to what is sent: a body carries only what changed. */
import {
  type DoorLike,
  findResident,
  type HouseholdLike,
  registeredResidents,
  type ResidentLike,
} from '../domain/door-like';
import { dwellingFields, householdFields, residentFields } from '../domain/given-fields';
import { asRecord, isFilled, recordsOf, textOf } from '../domain/json';

type Body = Record<string, unknown>;
export type Informant = { residentId: string | null; name: string; kind?: string | null };

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
    residents: recordsOf(household['residents']).map(({ record }) => changedResident(door, known ?? null, record)),
  };
}

function changedResident(door: DoorLike, household: HouseholdLike | null, resident: Body): Body {
  const known = findResident(door, textOf(resident['id']));
  const change = textOf(resident['change']);
  if (!known || change === 'moved-in' || change === 'born') return resident;
  if (change !== 'corrected') return without(resident, residentFields);
  const changed = withoutSame(resident, known.resident, residentFields);
  const isMoved = household?.id !== known.household.id;
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
