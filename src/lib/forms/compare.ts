/** Two versions of one form beside each other: may the newer be published, and can screens made for the older ask it? */
import type { Field, FormDefinition } from './definition';

/** Fields by their path, those of groups and lists too: `households.residents.name`. */
export function fieldsByPath(definition: FormDefinition): Map<string, Field> {
  const found = new Map<string, Field>();
  const collect = (fields: readonly Field[], above: string) => {
    for (const field of fields) {
      const path = above ? `${above}.${field.name}` : field.name;
      found.set(path, field);
      collect(field.fields ?? [], path);
    }
  };
  for (const { fields } of definition.sections) collect(fields, '');
  return found;
}

/**
 * Whether screens that ask `known` ask all of `other` and nothing beyond it: the same answers of the same kinds. What may differ is which must be
 * given, within which bounds, and how they are named.
 */
export function asksTheSame(known: FormDefinition, other: FormDefinition): boolean {
  if (known.id !== other.id || known.kind !== other.kind) return false;
  const here = fieldsByPath(known);
  const there = fieldsByPath(other);
  return here.size === there.size && [...here].every(([path, field]) => isAlike(field, there.get(path)));
}

function isAlike(field: Field, other: Field | undefined): boolean {
  return (
    other !== undefined &&
    field.type === other.type &&
    field.codeList === other.codeList &&
    JSON.stringify(field.codes ?? []) === JSON.stringify(other.codes ?? []) &&
    JSON.stringify(field.orWords ?? []) === JSON.stringify(other.orWords ?? [])
  );
}

/**
 * Paths in `next` at which a name means something else than in `before`, or is gone although `before` always asked it: what the office does with
 * a record rests on these.
 */
export function brokenFields(before: FormDefinition, next: FormDefinition): string[] {
  const now = fieldsByPath(next);
  return [...fieldsByPath(before)].flatMap(([path, field]) => {
    const other = now.get(path);
    if (!other) return field.required === true && (!path.includes('.') || now.has(parentOf(path))) ? [path] : [];
    return other.type === field.type && other.codeList === field.codeList ? [] : [path];
  });
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('.'));
}
