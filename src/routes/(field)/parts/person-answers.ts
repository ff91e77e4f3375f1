/** What is asked of a person: the fields as the definition has them, how an old value stands above one, and how a new one reads. */
import { residentFields } from '$lib/forms/definitions/register-fields';
import { householdVerification } from '$lib/forms/definitions/household-verification';
import type { Field } from '$lib/forms/definition';
import { fieldAt } from '$lib/forms/paths';
import type { ResidentEntry } from '$lib/forms/verification-body';
import type { EntryField } from '$lib/forms/verification-edits';
import type { ResidentItem } from '$lib/sync/items';
import { valueWord } from './field-words';

export type PersonField = Field & { name: EntryField };

/** Of somebody new, in the order of the document in hand, then how they live here. */
export const personFields: readonly PersonField[] = residentFields;

/** Of somebody registered, what changes most comes first. */
const often: readonly string[] = ['phone', 'idNumber'];
export const correctedFields: readonly PersonField[] = [
  ...personFields.filter(({ name }) => often.includes(name)).reverse(),
  ...personFields.filter(({ name }) => !often.includes(name)),
];

/** Of an entry itself, beside the register's fields: `on`, `movedTo`. Throws a RangeError where the form has no such field. */
export function entryField(name: string): Field {
  const field = fieldAt(householdVerification, ['households', 'residents', name]);
  if (!field) throw new RangeError(`the form has no field ${name}`);
  return field;
}

/** The old value in words, masked where it is masked; empty when there was none. */
export function wasWord(old: ResidentItem | null, field: PersonField): string {
  if (!old) return '';
  return field.name === 'idNumber' ? old.idNumberMasked : valueWord(field, heldValue(old, field));
}

/** What the register has, as the phone holds it. */
export function heldValue(old: ResidentItem | null, { name }: PersonField): unknown {
  const held: Record<string, unknown> = { ...old };
  return held[name];
}

/** The new value in words; null where the form says nothing about the field. */
export function isWord(entry: ResidentEntry | null, field: PersonField): string | null {
  const value = entry?.[field.name];
  return value === undefined ? null : valueWord(field, value);
}
