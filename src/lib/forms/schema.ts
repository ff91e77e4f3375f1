/** From a definition to a Zod schema: what any body of the form must be, whoever filled it. */
import * as z from 'zod/mini';
import { asRecord, isFilled } from '../domain/json';
import { holds, type Scope } from './conditions';
import type { Field, FormDefinition } from './definition';
import { checkValue } from './values';

type Path = (string | number)[];
type Report = (path: Path, code: string, params?: Record<string, string | number>) => void;

/** Made once for each definition: making one costs more than a check with it. */
const schemas = new WeakMap<FormDefinition, z.ZodMiniType<Record<string, unknown>>>();

/**
 * A schema for the bodies of a form. Issues carry the problem's code as `message` and what its words need as `params`.
 * Fields that the definition does not name are let through (protocol.md: both sides ignore what they do not know).
 */
export function bodySchema(definition: FormDefinition): z.ZodMiniType<Record<string, unknown>> {
  const known = schemas.get(definition);
  if (known) return known;
  const schema = z.record(z.string(), z.unknown()).check(
    z.superRefine<Record<string, unknown>>((body, context) => {
      const report: Report = (path, code, params) => context.addIssue({ code: 'custom', path, message: code, params });
      for (const section of definition.sections) checkFields(section.fields, body, [body], [], report);
    }),
  );
  schemas.set(definition, schema);
  return schema;
}

function checkFields(
  fields: readonly Field[],
  group: Record<string, unknown>,
  scope: Scope,
  path: Path,
  report: Report,
): void {
  for (const field of fields) {
    const value = Object.prototype.hasOwnProperty.call(group, field.name) ? group[field.name] : undefined;
    checkField(field, value, scope, [...path, field.name], report);
  }
}

function checkField(field: Field, value: unknown, scope: Scope, path: Path, report: Report): void {
  if (!isFilled(value)) {
    if (isRequired(field, scope)) report(path, 'required');
    return;
  }
  if (field.relevant && !holds(field.relevant, scope)) {
    report(path, 'not_relevant');
    return;
  }
  if (field.type === 'group') checkGroup(field, value, scope, path, report);
  else if (field.type === 'list') checkList(field, value, scope, path, report);
  else {
    const problem = checkValue(field, value);
    if (problem) report(path, problem.code, problem.params);
  }
}

function isRequired(field: Field, scope: Scope): boolean {
  if (field.relevant && !holds(field.relevant, scope)) return false;
  return typeof field.required === 'object' ? holds(field.required, scope) : field.required === true;
}

function checkGroup(field: Field, value: unknown, scope: Scope, path: Path, report: Report): void {
  if (typeof value === 'string' && field.orWords?.includes(value)) return;
  const record = asRecord(value);
  if (!record) report(path, 'group_expected');
  else checkFields(field.fields ?? [], record, [...scope, record], path, report);
}

function checkList(field: Field, value: unknown, scope: Scope, path: Path, report: Report): void {
  if (!Array.isArray(value)) {
    report(path, 'list_expected');
    return;
  }
  if (field.maxItems !== undefined && value.length > field.maxItems) report(path, 'too_many', { max: field.maxItems });
  value.slice(0, field.maxItems).forEach((entry: unknown, index) => {
    const record = asRecord(entry);
    if (!record) report([...path, index], 'group_expected');
    else checkFields(field.fields ?? [], record, [...scope, record], [...path, index], report);
  });
}
