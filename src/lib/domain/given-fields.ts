/** From the answers of a body to the register's fields: only what was given, in the register's own form. */
import * as z from 'zod/mini';
import { isCode } from './codes/codes';
import { mendIdentityNumber } from './identity-number';
import { asRecord, isFilled, textOf } from './json';
import { mendName } from './personal-name';
import { mendPhone } from './phone-number';
import { DwellingFields, HouseholdFields, type Missing, ResidentFields } from './register';

/** What an emptied answer becomes, where it is not ''. */
const empties = new Map<string, unknown>([
  ['idType', null],
  ['relation', null],
  ['residence', null],
  ['use', null],
  ['tenure', null],
  ['headId', null],
  ['careGroups', []],
  ['contacts', []],
]);
const mend = new Map<string, (text: string) => string>([
  ['name', mendName],
  ['idNumber', mendIdentityNumber],
  ['phone', mendPhone],
  ['contactPhone', mendPhone],
  ['ownerPhone', mendPhone],
]);
/** An emptied answer to these says nothing: a register without them would be no register. */
const neverEmpty = new Set(['name', 'sex', 'presence', 'kind', 'compound', 'building', 'floor', 'partOf']);
/** Optional everywhere (○): null is no answer, the same as leaving them out; '' takes a value away. */
const optional = new Set(['alias', 'partOf', 'ownerName', 'ownerPhone', 'awayTo', 'contacts']);

/** Said beside the change that takes a person away, not corrected like a field. */
const ofDeparture = ['on', 'movedTo'];
/** Written by the office, at approval. */
const ofOffice = ['consent'];

export const residentFields = Object.keys(ResidentFields.shape).filter(
  (name) => name !== 'missing' && !ofDeparture.includes(name) && !ofOffice.includes(name),
);
export const householdFields = Object.keys(HouseholdFields.shape).filter((name) => name !== 'missing');
export const dwellingFields = Object.keys(DwellingFields.shape).filter((name) => name !== 'missing');
// Made once: making a schema costs a hundred times what reading with it does.
const GivenOfResident = z.partial(ResidentFields);
const GivenOfHousehold = z.partial(HouseholdFields);
const GivenOfDwelling = z.partial(DwellingFields);

/** A resident's given fields; `missing` too, where it stands there. */
export function givenOfResident(body: Record<string, unknown>): Partial<ResidentFields> {
  const given = pick(body, ResidentFields.shape, residentFields);
  if (asRecord(body['missing'])) given['missing'] = reasonsOf(body);
  return GivenOfResident.parse(given);
}

/** When and to where somebody went, as far as it was told. */
export function givenOfDeparture(body: Record<string, unknown>): Partial<Pick<ResidentFields, 'on' | 'movedTo'>> {
  const told = ofDeparture.filter((name) => isFilled(body[name]));
  return GivenOfResident.parse(pick(body, ResidentFields.shape, told));
}

/** A household's given fields, without `missing`: what is left of that hangs on what is held (`missingAfter`). */
export function givenOfHousehold(body: Record<string, unknown>): Partial<HouseholdFields> {
  return GivenOfHousehold.parse(pick(body, HouseholdFields.shape, householdFields));
}

/** A dwelling's given fields, without `missing`, as above. */
export function givenOfDwelling(body: Record<string, unknown>): Partial<DwellingFields> {
  return GivenOfDwelling.parse(pick(body, DwellingFields.shape, dwellingFields));
}

/** Fields with the reasons that stand beside them after a visit; without the word where those stay as they are. */
export function withReasons<Fields extends object>(
  fields: Fields,
  held: Missing | undefined,
  body: Record<string, unknown>,
): Fields & { missing?: Missing } {
  const missing = missingAfter(held, body);
  return missing === undefined ? fields : { ...fields, missing };
}

/**
 * The reasons that stand after a visit: those held, without the ones whose answer came now, and those given now. Undefined where
 * that is what the register has already.
 */
export function missingAfter(held: Missing | undefined, body: Record<string, unknown>): Missing | undefined {
  const kept = Object.entries(held ?? {}).filter(([name]) => !isFilled(body[name]));
  const after = { ...Object.fromEntries(kept), ...reasonsOf(body) };
  return sameReasons(held ?? {}, after) ? undefined : after;
}

/** The reasons given; what is no reason says nothing. */
export function reasonsOf(body: Record<string, unknown>): Missing {
  const said = Object.entries(asRecord(body['missing']) ?? {});
  return Object.fromEntries(
    said.flatMap(([name, reason]) => (isCode('missing-reason', reason) ? [[name, reason] as const] : [])),
  );
}

function sameReasons(a: Missing, b: Missing): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}

type Shape = Record<string, { safeParse(value: unknown): { success: boolean; data?: unknown } }>;

/** Each answer stands for itself: one that cannot be read takes no other along. */
function pick(body: Record<string, unknown>, shape: Shape, names: readonly string[]): Record<string, unknown> {
  const given: Record<string, unknown> = {};
  for (const name of names) {
    const value = Object.hasOwn(body, name) ? body[name] : undefined;
    if (value === undefined || (value === null && optional.has(name))) continue;
    const isEmpty = value === null || value === '';
    if (isEmpty && neverEmpty.has(name)) continue;
    const read = shape[name]?.safeParse(isEmpty ? emptied(name) : mended(name, value));
    if (read?.success) given[name] = read.data;
  }
  return given;
}

function emptied(name: string): unknown {
  return empties.has(name) ? empties.get(name) : '';
}

function mended(name: string, value: unknown): unknown {
  if (name === 'contacts' && Array.isArray(value)) return value.map(mendedContact);
  const mending = mend.get(name);
  return mending && typeof value === 'string' ? mending(value) : value;
}

function mendedContact(contact: unknown): unknown {
  const record = asRecord(contact);
  if (!record) return contact;
  const { residentId, ...rest } = record;
  const about = isFilled(residentId) ? { residentId } : {};
  return { ...rest, ...about, name: textOf(rest['name']), phone: mendPhone(textOf(rest['phone'])) };
}
