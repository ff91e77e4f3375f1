/** From the path of an answer in a body to the field that declares it. */
import type { Field, FormDefinition } from './definition';
import { coded } from './definitions/fields';

export type Path = readonly (string | number)[];

/** All fields of a form, section by section. */
export function fieldsOf(definition: FormDefinition): readonly Field[] {
  return definition.sections.flatMap(({ fields }) => fields);
}

/** The declaration of the field at a path, list positions left out; null where the form has none. */
export function fieldAt(definition: FormDefinition | null, path: Path): Field | null {
  let found: Field | null = null;
  for (const step of path) {
    if (typeof step === 'string') found = fieldUnder(found ?? definition, step);
    if (!found) return null;
  }
  return found;
}

/** Beside the answers stands why one is missing, by the answer's name: a code. */
function fieldUnder(above: Field | FormDefinition | null, name: string): Field | null {
  if (!above) return null;
  if ('sections' in above) return fieldsOf(above).find((field) => field.name === name) ?? null;
  if (above.type === 'missing') return coded(name, 'missing-reason', {});
  return above.fields?.find((field) => field.name === name) ?? null;
}
