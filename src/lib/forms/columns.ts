/** The columns of an export, and of the documentation: every answer of a form that is one value, along the path that leads to it. */
import { codeLabel } from '../domain/codes/code-label';
import type { Locale } from '../domain/codes/codes';
import { asRecord } from '../domain/json';
import type { Field, FormDefinition } from './definition';

export type Column = {
  /** `households[].residents[].phone`: `[]` stands for each entry of a list. */
  path: string;
  /** Message keys from the outermost group's label to the field's own. */
  header: readonly string[];
  field: Field;
};

/** In the form's order. A group or a list is its parts; a field that holds several codes is one column. */
export function columnsOf(definition: FormDefinition): Column[] {
  return definition.sections.flatMap(({ fields }) => columnsIn(fields, '', []));
}

function columnsIn(fields: readonly Field[], path: string, header: readonly string[]): Column[] {
  return fields.flatMap((field) => {
    const place = `${path}${field.name}`;
    const labels = [...header, field.label];
    if (!field.fields) return [{ path: place, header: labels, field }];
    const inner = columnsIn(field.fields, field.type === 'list' ? `${place}[].` : `${place}.`, labels);
    return field.orWords ? [{ path: place, header: labels, field }, ...inner] : inner;
  });
}

/** A value as a cell: codes as their labels, several of them with `separator` between; '' where there is no answer. */
export function cellOf({ field }: Column, value: unknown, locale: Locale, separator = '、'): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value))
    return value.map((entry: unknown) => cellOf({ path: '', header: [], field }, entry, locale)).join(separator);
  if (field.type === 'missing')
    return Object.entries(asRecord(value) ?? {})
      .map(([name, reason]) => `${name}: ${codeLabel('missing-reason', String(reason), locale)}`)
      .join(separator);
  if (typeof value === 'object') return '';
  return field.codeList ? codeLabel(field.codeList, String(value), locale) : String(value);
}
