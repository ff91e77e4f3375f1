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

/** Values in the order in which the form asks for them; what is stored has an order of its own. */
export function inFormOrder<T extends { field: string }>(entity: RegisterEntity, values: readonly T[]): T[] {
  const place = (name: string) => {
    const at = fields[entity]?.findIndex((field) => field.name === name) ?? -1;
    return at < 0 ? 99 : at;
  };
  return [...values].sort((a, b) => place(a.field) - place(b.field));
}
