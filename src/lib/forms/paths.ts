/** From the path of an answer in a body to the field that declares it. */
import type { Field, FormDefinition } from './definition';

export type Path = readonly (string | number)[];

/** All fields of a form, section by section. */
export function fieldsOf(definition: FormDefinition): readonly Field[] {
  return definition.sections.flatMap(({ fields }) => fields);
}

/** The declaration of the field at a path, list positions left out; null where the form has none. */
export function fieldAt(definition: FormDefinition | null, path: Path): Field | null {
  let fields = definition ? fieldsOf(definition) : [];
  let found: Field | null = null;
  for (const step of path) {
    if (typeof step === 'number') continue;
    found = fields.find(({ name }) => name === step) ?? null;
    fields = found?.fields ?? [];
  }
  return found;
}
