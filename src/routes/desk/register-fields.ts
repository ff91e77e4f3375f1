/** The values of the register that the desk may correct one at a time, with the declaration that gives each its control. */
import { dwellingFields, householdFields, residentFields } from '$lib/forms/definitions/register-fields';
import type { Field } from '$lib/forms/definition';

const fields: Record<string, readonly Field[]> = {
  dwelling: dwellingFields,
  household: householdFields,
  resident: residentFields,
};
/** Who is head of what and what belongs where is more than one value; contacts are a list of people. */
const notHere = ['gridId', 'compound', 'building', 'partOf', 'headId', 'contacts'];

export type RegisterEntity = 'dwelling' | 'household' | 'resident';

export function registerField(entity: string, name: string): Field | null {
  if (notHere.includes(name)) return null;
  return fields[entity]?.find((field) => field.name === name) ?? null;
}

export function isRegisterEntity(text: string): text is RegisterEntity {
  return Object.hasOwn(fields, text);
}
