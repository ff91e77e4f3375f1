/** From the answers of a body to the register's fields: only what was given, in the register's own form. */
import { mendIdentityNumber } from './identity-number';
import { mendName } from './personal-name';
import { mendPhone } from './phone-number';
import { DwellingFields, HouseholdFields, ResidentFields } from './register';

/** What an emptied answer becomes, where it is not ''. */
const empties: Record<string, unknown> = {
  idType: null,
  relation: null,
  residence: null,
  use: null,
  tenure: null,
  headId: null,
  careGroups: [],
  contacts: [],
};
const mend: Record<string, (text: string) => string> = {
  name: mendName,
  idNumber: mendIdentityNumber,
  phone: mendPhone,
  contactPhone: mendPhone,
  ownerPhone: mendPhone,
};
/** An emptied answer to these says nothing: a register without them would be no register. */
const neverEmpty = new Set(['name', 'sex', 'presence', 'kind', 'compound', 'building', 'floor']);

export const residentFields = Object.keys(ResidentFields.shape).filter((name) => name !== 'missing');
export const householdFields = Object.keys(HouseholdFields.shape);
export const dwellingFields = Object.keys(DwellingFields.shape);

/** A resident's given fields; `missing` too, where it stands there. */
export function givenOfResident(body: Record<string, unknown>): Partial<ResidentFields> {
  const given = pick(body, residentFields);
  if (typeof body['missing'] === 'object' && body['missing'] !== null) given['missing'] = body['missing'];
  return ResidentFields.partial().catch({}).parse(given);
}

export function givenOfHousehold(body: Record<string, unknown>): Partial<HouseholdFields> {
  return HouseholdFields.partial().catch({}).parse(pick(body, householdFields));
}

export function givenOfDwelling(body: Record<string, unknown>): Partial<DwellingFields> {
  return DwellingFields.partial().catch({}).parse(pick(body, dwellingFields));
}

function pick(body: Record<string, unknown>, names: string[]): Record<string, unknown> {
  const given: Record<string, unknown> = {};
  for (const name of names) {
    const value = body[name];
    if (value === undefined) continue;
    const isEmpty = value === null || value === '';
    if (isEmpty && neverEmpty.has(name)) continue;
    const mended = typeof value === 'string' ? (mend[name] ?? ((text: string) => text))(value) : value;
    given[name] = isEmpty ? (name in empties ? empties[name] : '') : mended;
  }
  return given;
}
