/** What a verification says beside what the register says: what a reviewer sees, and how many values a decision would change. */
import { type DoorLike, findResident, type ResidentLike } from './door-like';
import {
  dwellingFields,
  givenOfDeparture,
  givenOfDwelling,
  givenOfHousehold,
  givenOfResident,
  householdFields,
  missingAfter,
} from './given-fields';
import { asRecord, isFilled, recordsOf, textOf } from './json';
import { withNumbersOf } from './numbers-put-back';
import type { EntityType, ResidentFields } from './register';
import { headNamed, relationUnderOther } from './verification';

export type Difference = {
  /** Path of the answer in the body, for comments and corrections. */
  path: (string | number)[];
  entity: Exclude<EntityType, 'building'>;
  entityId: string;
  /** Of the person; '' for dwelling and household. */
  name: string;
  /** Field name; `change` for a person who came, left or is not known here; `outcome` for what becomes of the door. */
  field: string;
  before: unknown;
  after: unknown;
  kind: 'changed' | 'new' | 'confirmed' | 'left' | 'joined';
};

type Body = Record<string, unknown>;

/** People at other doors, by the id that a record gives as `sameAs`. */
type Elsewhere = ReadonlyMap<string, ResidentLike>;

/** Differences in the body's order: the door, then each household with its people; people without a change as `confirmed`. */
export function differences(door: DoorLike | null, sent: Body, elsewhere: Elsewhere = new Map()): Difference[] {
  const body = withNumbersOf(door, sent);
  return [
    ...ofOutcome(door, body),
    ...ofDwelling(door, body),
    ...recordsOf(body['households']).flatMap(({ record, index }) =>
      ofHousehold(door, record, ['households', index], elsewhere),
    ),
  ];
}

/** How many values would change in the register; 0 is *all as registered*. */
export function countChanges(found: Difference[]): number {
  return found.filter(({ kind }) => kind !== 'confirmed').length;
}

/** Outcomes that change the door itself or everybody behind it. */
function ofOutcome(door: DoorLike | null, body: Body): Difference[] {
  const outcome = textOf(body['outcome']);
  if (!['moved-away', 'not-a-dwelling', 'no-such-door'].includes(outcome)) return [];
  const entityId = door?.id ?? '';
  return [
    {
      path: ['outcome'],
      entity: 'dwelling',
      entityId,
      name: '',
      field: 'outcome',
      before: null,
      after: outcome,
      kind: 'left',
    },
  ];
}

function ofDwelling(door: DoorLike | null, body: Body): Difference[] {
  const given = asRecord(body['dwelling']);
  if (!given) return [];
  const said = { ...givenOfDwelling(given), missing: missingAfter(door?.missing, given) };
  return ofFields(said, door, [...dwellingFields, 'missing']).map((change) => ({
    ...change,
    path: ['dwelling', change.field],
    entity: 'dwelling',
    entityId: door?.id ?? '',
    name: '',
    kind: door ? 'changed' : 'new',
  }));
}

function ofHousehold(
  door: DoorLike | null,
  household: Body,
  path: (string | number)[],
  elsewhere: Elsewhere,
): Difference[] {
  const id = textOf(household['id']);
  const known = door?.households.find((candidate) => candidate.id === id);
  const told = { ...givenOfHousehold(household), missing: missingAfter(known?.missing, household) };
  const own = ofFields(told, known ?? null, [...householdFields, 'missing']).map((change): Difference => ({
    ...change,
    path: [...path, change.field],
    entity: 'household',
    entityId: id,
    name: '',
    kind: known ? 'changed' : 'new',
  }));
  const residents = recordsOf(household['residents']);
  const said = {
    ...givenOfHousehold(household),
    ...headNamed(
      household,
      residents.map(({ record }) => record),
      known,
    ),
  };
  const place = { id, head: said.headId ?? null };
  const people = residents.flatMap(({ record, index }) =>
    ofResident(door, place, record, [...path, 'residents', index], elsewhere),
  );
  return [...own, ...people];
}

function ofResident(
  door: DoorLike | null,
  { id: householdId, head }: { id: string; head: string | null },
  resident: Body,
  path: (string | number)[],
  elsewhere: Elsewhere,
): Difference[] {
  const id = textOf(resident['id']);
  const change = textOf(resident['change']);
  const sameAs = textOf(resident['sameAs']);
  const found = findResident(door, id);
  // Of somebody whom the register has at another door, only what differs from that is a change.
  const brought = found ? null : (elsewhere.get(sameAs) ?? null);
  const known = found?.resident ?? brought;
  const name = known?.name ?? textOf(resident['name']);
  const about = { entity: 'resident', entityId: id, name } as const;
  const fields = ofPerson(resident, known)
    .filter(({ after }) => !brought || isFilled(after))
    .map((entry): Difference => ({
      ...about,
      ...entry,
      path: [...path, entry.field],
      kind: known ? 'changed' : 'new',
    }));
  if (sameAs !== '') {
    fields.unshift({
      ...about,
      path: [...path, 'sameAs'],
      field: 'sameAs',
      before: null,
      after: sameAs,
      kind: 'joined',
    });
  }
  const relation = relationUnderOther(found, householdId, head, resident);
  if (relation !== undefined) {
    const before = known?.relation ?? null;
    fields.push({ ...about, path: [...path, 'relation'], field: 'relation', before, after: relation, kind: 'changed' });
  }
  if (change === 'moved-away' || change === 'died' || change === 'unknown-here') {
    const before = known?.presence ?? null;
    return [{ ...about, path: [...path, 'change'], field: 'change', before, after: change, kind: 'left' }, ...fields];
  }
  if (change === 'moved-in' || change === 'born')
    return [
      { ...about, path: [...path, 'change'], field: 'change', before: null, after: change, kind: 'new' },
      ...fields,
    ];
  if (found && found.household.id !== householdId)
    fields.push({
      ...about,
      path: [...path, 'id'],
      field: 'householdId',
      before: found.household.id,
      after: householdId,
      kind: 'changed',
    });
  if (fields.length > 0) return fields;
  return [{ ...about, path: [...path, 'change'], field: 'change', before: null, after: change, kind: 'confirmed' }];
}

/** A resident's fields; a number is compared with the last four where only those are held. */
function ofPerson(resident: Body, known: ResidentLike | null): FieldChange[] {
  const change = textOf(resident['change']);
  if (change === 'unknown-here') return [];
  if (change === 'moved-away' || change === 'died') {
    const departure = givenOfDeparture(resident);
    return ofFields(departure, known, Object.keys(departure));
  }
  const { idNumber, ...answers }: Partial<ResidentFields> = change === 'unchanged' ? {} : givenOfResident(resident);
  const given = { ...answers, missing: missingAfter(known?.missing, resident) };
  const changes = ofFields(given, known, Object.keys(given));
  if (idNumber === undefined || idNumber === '') return changes;
  const held = known?.idNumber ?? known?.idNumberMasked ?? '';
  return held === idNumber ? changes : [{ field: 'idNumber', before: held, after: idNumber }, ...changes];
}

type FieldChange = { field: string; before: unknown; after: unknown };

function ofFields(given: object, known: object | null, names: string[]): FieldChange[] {
  const after: Body = { ...given };
  const before: Body = { ...known };
  return names
    .filter((field) => after[field] !== undefined && !isSame(before[field], after[field]))
    .map((field) => ({ field, before: before[field] ?? null, after: after[field] }));
}

function isSame(a: unknown, b: unknown): boolean {
  if (!isFilled(a) && !isFilled(b)) return true;
  return JSON.stringify(a) === JSON.stringify(b);
}
