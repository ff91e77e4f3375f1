/** A form of one screen: what it begins with, and what of it is sent. */
import { isFilled, asRecord } from '../domain/json';
import { holds, type Scope } from './conditions';
import type { AnswersOf, Field, FieldType, FormDefinition } from './definition';
import { fieldsOf } from './paths';

type Body = Record<string, unknown>;

const lists: readonly FieldType[] = ['list', 'codes', 'references'];
/** Answers that somebody types; the others are picked. */
const typed: readonly FieldType[] = ['text', 'long-text', 'person-name', 'phone', 'identity-number', 'part-date'];

/** An open form without an answer, but for those that a form begins with. */
export function begin<D extends FormDefinition>(definition: D): AnswersOf<D> {
  const fields = fieldsOf(definition).map(({ name, type, initial }) => [
    name,
    lists.includes(type) ? [] : (initial ?? null),
  ]);
  return Object.fromEntries(fields) as AnswersOf<D>;
}

/**
 * What is sent of a filled form: answers that are asked for as it stands now, and no entry of a list in which nothing was typed. What the
 * definition does not name stays.
 */
export function askedOnly(definition: FormDefinition, body: Body): Body {
  return ofGroup(fieldsOf(definition), body, [body]);
}

/** Whether a screen asks for the field, as the form stands. `scope`: the groups from the body down to the field's own. */
export function isAsked(field: Field, scope: Scope, today = ''): boolean {
  return [field.relevant, field.asked].every((condition) => !condition || holds(condition, scope, today));
}

function ofGroup(fields: readonly Field[], group: Body, scope: Scope): Body {
  return Object.fromEntries(
    Object.entries(group).flatMap(([name, value]) => {
      const field = fields.find((known) => known.name === name);
      if (!field) return [[name, value]];
      return isAsked(field, scope) ? [[name, ofField(field, value, scope)]] : [];
    }),
  );
}

function ofField({ fields, type }: Field, value: unknown, scope: Scope): unknown {
  if (!fields) return value;
  if (type === 'list' && Array.isArray(value))
    return value
      .map((entry: unknown) => asRecord(entry))
      .flatMap((entry) => (entry && isBegun(fields, entry) ? [ofGroup(fields, entry, [...scope, entry])] : []));
  const group = asRecord(value);
  return group ? ofGroup(fields, group, [...scope, group]) : value;
}

/** An entry that was added and left empty is none. */
function isBegun(fields: readonly Field[], entry: Body): boolean {
  const names = fields.filter(({ type }) => typed.includes(type)).map(({ name }) => name);
  return names.length === 0 || names.some((name) => isFilled(entry[name]));
}
