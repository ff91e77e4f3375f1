/** What workers fill in: forms made from what the phone shows, good ones mostly, and some that the office has to put into quarantine. */
import { v7 } from 'uuid';
import { KnownForms } from '../../src/lib/device/known-forms';
import { allAsRegistered } from '../../src/lib/forms/verification-draft';
import type { DoorView, Draft, Phone, RecordView } from '../../src/lib/device/phone';
import type { Chance } from './chance';
import { oddlyTyped } from './odd-signs';

type Body = Record<string, unknown>;
type Form = Pick<Draft, 'kind' | 'target' | 'basis' | 'body'> & { version?: number };

/** An id of the dice alone: removing other steps of the story changes nothing about it. */
export function freshId(dice: Chance, now: number): string {
  return v7({ msecs: now, random: dice.bytes(16) });
}

/** Null where this phone shows nothing to write about. */
export function fillIn(phone: Phone, dice: Chance, now: number): Draft | null {
  const form = dice.pick([verification, verification, verification, verification, concern, handBack, careVisit])(
    phone,
    dice,
    now,
  );
  if (!form) return null;
  return draftOf(phone, freshId(dice, now), dice.happens(0.12) ? spoiled(form, dice, now) : form, dice, now);
}

/** A further revision of something that this phone shows: a returned one, or any other (REC-9). */
export function correct(phone: Phone, dice: Chance, now: number): Draft | null {
  const records = phone.register.records().filter(({ revision, body }) => revision > 0 && body !== null);
  const returned = records.filter(({ state }) => state === 'returned');
  const record =
    returned.length > 0 && dice.happens(0.7) ? dice.pick(returned) : records.length > 0 ? dice.pick(records) : null;
  if (!record || record.body === null) return null;
  const draft = draftOf(
    phone,
    freshId(dice, now),
    { ...formOf(record), body: { ...record.body, note: `更正 ${dice.below(1000)}` } },
    dice,
    now,
  );
  return { ...draft, submissionId: record.id };
}

function formOf({ kind, target, body }: RecordView): Form {
  const known =
    target.type === 'dwelling' || target.type === 'resident' || target.type === 'grid' ? target.type : 'task';
  return { kind, target: { type: known, id: target.id }, basis: {}, body: body ?? {} };
}

/** In the version that the screens begin a form with; another where the form says so. */
function draftOf(phone: Phone, id: string, form: Form, dice: Chance, now: number): Draft {
  const { kind, target, basis, body, version = new KnownForms(phone.register).newest(kind).version } = form;
  const at = new Date(now).toISOString();
  return {
    ...{ id, submissionId: id, kind, form: { id: kind, version }, target, basis },
    ...{ prefilledFrom: null, body: oddlyTyped({ id, kind, body }) },
    ...{
      place: { step: 'knock', field: null },
      secondsOpen: dice.below(600) / 8,
      startedAt: `${at}#${dice.below(1e6)}`,
      changedAt: at,
    },
  };
}

export function doorsOf(phone: Phone): DoorView[] {
  const { register } = phone;
  const boards = register.buildings().flatMap(({ building }) => register.board(building.id) ?? []);
  return boards.flatMap(({ units }) => units.flatMap(({ floors }) => floors.flatMap(({ doors }) => doors)));
}

function verification(phone: Phone, dice: Chance, now: number): Form | null {
  const doors = doorsOf(phone);
  if (doors.length === 0) return null;
  const { door, version } = dice.pick(doors);
  const target = { type: 'dwelling', id: door.id } as const;
  const basis = version === null ? {} : { [door.id]: version };
  const of = (body: Body): Form => ({ kind: 'household-verification', target, basis, body });
  const head = door.households[0]?.residents[0];
  const told = allAsRegistered(door, { residentId: head?.id ?? null, name: head?.name ?? '王建国', kind: 'member' });
  switch (dice.below(9)) {
    case 0:
    case 1:
      return of({ outcome: 'no-one-home' });
    case 2:
      return of({ outcome: 'refused', note: '不开门' });
    case 3:
    case 4:
      return of(told);
    case 5:
      return of(
        withPerson(told, dice, (person) => ({
          ...person,
          change: 'corrected',
          phone: `139${String(dice.below(1e8)).padStart(8, '0')}`,
        })),
      );
    case 6:
      return of(
        withPerson(told, dice, (person) => ({ ...person, change: 'moved-away', on: '2026-10', movedTo: '外地' })),
      );
    case 7:
      return of(withNewcomer(told, dice, now));
    default:
      return newDoor(phone, dice, now, told) ?? of({ outcome: 'vacant' });
  }
}

type Household = { id: string; residents: Body[] };
const householdsOf = (body: Body) => body['households'] as Household[];

function withPerson(body: Body, dice: Chance, change: (person: Body) => Body): Body {
  const [first, ...rest] = householdsOf(body);
  if (!first) return body;
  const at = dice.below(first.residents.length);
  return {
    ...body,
    households: [
      { ...first, residents: first.residents.map((one, index) => (index === at ? change(one) : one)) },
      ...rest,
    ],
  };
}

function withNewcomer(body: Body, dice: Chance, now: number): Body {
  const [first, ...rest] = householdsOf(body);
  if (!first) return body;
  const newcomer = {
    ...{ id: freshId(dice, now), change: 'moved-in', name: '王芳', sex: '2', birthDate: '1990', idType: 'resident-id' },
    ...{ relation: '97', residence: 'migrant', presence: 'here' },
  };
  return { ...body, households: [{ ...first, residents: [...first.residents, newcomer] }, ...rest] };
}

/** A door that the register lacks (its id is the phone's). */
function newDoor(phone: Phone, dice: Chance, now: number, told: Body): Form | null {
  const building = dice.pick(phone.register.buildings());
  const { compound, building: number, gridId } = building.building;
  const address = {
    compound,
    building: number,
    unit: '2',
    floor: 1 + dice.below(5),
    room: `${101 + dice.below(400)}`,
    gridId,
  };
  const target = { type: 'dwelling', id: freshId(dice, now) } as const;
  const body = {
    ...told,
    outcome: 'vacant',
    informant: null,
    dwelling: { ...address, use: 'owner-occupied' },
    households: [],
  };
  return { kind: 'household-verification', target, basis: {}, body };
}

function concern(phone: Phone, dice: Chance): Form | null {
  const grids = phone.register.grids();
  if (grids.length === 0) return null;
  const body = {
    category: 'environment',
    title: `楼道漏水 ${dice.below(100)}`,
    urgency: 'week',
    raisedBy: 'worker',
    description: '',
  };
  return { kind: 'concern', target: { type: 'grid', id: dice.pick(grids).id }, basis: {}, body };
}

function handBack(phone: Phone, dice: Chance): Form | null {
  const doors = doorsOf(phone);
  if (doors.length === 0) return null;
  const target = { type: 'dwelling', id: dice.pick(doors).door.id } as const;
  return { kind: 'hand-back', target, basis: {}, body: { reason: 'other', note: '请换人' } };
}

function careVisit(phone: Phone, dice: Chance): Form | null {
  const people = phone.register.recipients();
  if (people.length === 0) return null;
  const mood = 1 + dice.below(5);
  const met = { outcome: 'met', services: [{ code: 'company', minutes: 30 }], condition: { mood } };
  const outcome = dice.happens(0.7)
    ? met
    : { outcome: dice.pick(['not-met', 'in-hospital']), services: [], condition: {} };
  const body = { ...outcome, present: 'in-person', note: '' };
  return { kind: 'care-visit', target: { type: 'resident', id: dice.pick(people).id }, basis: {}, body };
}

/** Something that the office cannot take as it is: kept whole all the same, with a problem in words. */
function spoiled(form: Form, dice: Chance, now: number): Form {
  const note = (text: string): Form => ({ ...form, body: { ...form.body, note: text } });
  switch (dice.below(9)) {
    case 0:
      return { ...form, version: 99 };
    case 1:
      return { ...form, target: { ...form.target, id: freshId(dice, now) } };
    case 2:
      return { ...form, body: { ...form.body, outcome: 'nonsense' } };
    case 3:
      return note('空字符\u0000在此');
    case 4:
      return note('半个\ud83d字');
    case 5:
      return note('长'.repeat(1001 + dice.below(60_000)));
    case 6:
      return {
        ...form,
        body: { ...form.body, ['__proto__\u20ac']: [1e21, -0, 0.1 + 0.2, 5e-324, '\u2028'], é: { 'e\u0301': null } },
      };
    case 7:
      return { ...form, body: { ...form.body, extra: nested(40) } };
    default:
      return note('长'.repeat(90_000));
  }
}

function nested(depth: number): unknown {
  return depth === 0 ? '底' : [nested(depth - 1)];
}
