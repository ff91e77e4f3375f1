/** A submission's whole body as a list of answers: each with its path, its field's declaration where a form has one, and what it stands under. */
import type { Field, FormDefinition } from '$lib/forms/definition';
import { fieldsOf } from '$lib/forms/paths';

export type Path = (string | number)[];
export type Answer = { path: Path; name: string; field: Field | null; value: unknown };
export type AnswerGroup = { path: Path; name: string; of: string; answers: Answer[] };

/**
 * Groups in the order of the body: the form itself first, then each object and each entry of a list as a group of its own.
 * Works without a definition too, for what was quarantined because its form is not known.
 */
export function answerGroups(definition: FormDefinition | null, body: unknown): AnswerGroup[] {
  const fields = definition ? fieldsOf(definition) : [];
  const groups: AnswerGroup[] = [];
  collect(groups, { path: [], name: '', of: '', answers: [] }, fields, body);
  return groups.filter((group) => group.answers.length > 0);
}

function collect(groups: AnswerGroup[], group: AnswerGroup, fields: readonly Field[], value: unknown): void {
  groups.push(group);
  if (!isRecord(value)) return;
  for (const [name, entry] of inOrder(value, fields)) {
    const field = fields.find((known) => known.name === name) ?? null;
    const path = [...group.path, name];
    if (isRecord(entry) && field?.type !== 'missing') {
      collect(groups, { path, name: nameIn(entry), of: name, answers: [] }, field?.fields ?? [], entry);
    } else if (Array.isArray(entry) && entry.some(isRecord)) {
      entry.forEach((part: unknown, index) => {
        const inner = { path: [...path, index], name: nameIn(part), of: name, answers: [] };
        collect(groups, inner, field?.fields ?? [], part);
      });
    } else {
      group.answers.push({ path, name, field, value: entry });
    }
  }
}

/** As the form asks; what it does not know comes last. A stored body has its keys in the order of their letters. */
function inOrder(value: Record<string, unknown>, fields: readonly Field[]): [string, unknown][] {
  const place = (name: string) => {
    const at = fields.findIndex((field) => field.name === name);
    return at < 0 ? fields.length : at;
  };
  return Object.entries(value).sort(([a], [b]) => place(a) - place(b));
}

/** The value at a path, or undefined where the body does not go so far. */
export function valueAt(body: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, step) => {
    if (Array.isArray(value)) return value[Number(step)];
    return isRecord(value) && Object.hasOwn(value, step) ? value[step] : undefined;
  }, body);
}

function nameIn(value: unknown): string {
  return isRecord(value) && typeof value.name === 'string' ? value.name : '';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
