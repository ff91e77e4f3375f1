/** The words of a form's fields in the language shown: what is asked, what the label is, and how an answer reads. */
import type { Field } from '$lib/forms/definition';
import type { Scope } from '$lib/forms/conditions';
import { askOf } from '$lib/forms/screen';
import { asRecord, isFilled, textOf } from '$lib/domain/json';
import { groupPhone } from '$lib/domain/phone-number';
import * as m from '$lib/paraglide/messages';
import { getLocale } from '$lib/paraglide/runtime';
import { codeWord } from './code-words';
import { formWords } from './form-words';
import { groupIdentity, partDateWords } from './words';

/** Words by a message key of a definition; the key where there are none. */
export function formWord(key: string): string {
  return formWords[key]?.() ?? key;
}

/** A field's own words, where a version of the form brought them, go before the catalogue's. */
export function labelWord({ label, words }: Field): string {
  return words?.[getLocale()] ?? formWord(label);
}

export function askWord(field: Field, scope: Scope = []): string {
  const key = askOf(field, scope);
  return key === field.label ? labelWord(field) : formWord(key);
}

const scale = [m.field_scale_1, m.field_scale_2, m.field_scale_3, m.field_scale_4, m.field_scale_5];

export function scaleWord(value: number): string {
  return scale[value - 1]?.() ?? '';
}

/** An answer as people read it; '' where there is none. Whole numbers of documents stand in groups, masked ones as they are. */
export function valueWord(field: Field, value: unknown): string {
  if (!isFilled(value)) return '';
  if (Array.isArray(value))
    return value
      .map((entry: unknown) => entryWord(field, entry))
      .filter(Boolean)
      .join(m.field_name_comma());
  switch (field.type) {
    case 'code':
      return field.codeList ? codeWord(field.codeList, String(value)) : String(value);
    case 'phone':
      return groupPhone(String(value));
    case 'identity-number':
      return groupIdentity(String(value));
    case 'part-date':
      return partDateWords(String(value));
    case 'scale':
      return scaleWord(Number(value));
    case 'yes-no':
      return value === true ? m.field_yes() : '';
    case 'missing':
      return Object.entries(asRecord(value) ?? {})
        .map(([name, reason]) => `${formWord(`label_${name}`)} ${codeWord('missing-reason', textOf(reason))}`)
        .join(m.field_name_comma());
    default:
      return typeof value === 'object' ? '' : String(value);
  }
}

/** One of several: a code, or the first thing that was written in an entry. */
function entryWord(field: Field, entry: unknown): string {
  const record = asRecord(entry);
  if (!record) return field.codeList ? codeWord(field.codeList, String(entry)) : String(entry);
  return (field.fields ?? []).map(({ name }) => textOf(record[name])).find((text) => text !== '') ?? '';
}
