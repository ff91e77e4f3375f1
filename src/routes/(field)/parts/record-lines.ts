/** A record's body as lines of label and words, for reading: what its form asked, in the form's order. */
import { maskIdentityNumber } from '$lib/domain/identity-number';
import { asRecord, isFilled, recordsOf, textOf } from '$lib/domain/json';
import type { PhoneRegister, RecordView } from '$lib/device/phone';
import type { Field } from '$lib/forms/definition';
import { newestForm } from '$lib/forms/definitions';
import { residentFields } from '$lib/forms/definitions/register-fields';
import { fieldsOf } from '$lib/forms/paths';
import * as m from '$lib/paraglide/messages';
import { codeWord } from './code-words';
import { labelWord, valueWord } from './field-words';
import { entryField } from './person-answers';
import { dayWords, timeWords } from './words';

export type Line = { label: string; text: string };
type Doors = Pick<PhoneRegister, 'door'>;
type Said = Pick<RecordView, 'kind' | 'target' | 'body'>;
type Names = ReadonlyMap<string, string>;

export function recordLines(register: Doors, record: Said, today: string): Line[] {
  if (!record.body) return [];
  const registered = register.door(record.target.id)?.registered?.households ?? [];
  const names: Names = new Map(registered.flatMap(({ residents }) => residents.map(({ id, name }) => [id, name])));
  return linesOf(fieldsOf(newestForm(record.kind)), record.body, today, names).filter(({ text }) => text !== '');
}

function linesOf(fields: readonly Field[], group: Record<string, unknown>, today: string, names: Names): Line[] {
  return fields.flatMap((field) => {
    const value = group[field.name];
    if (!isFilled(value)) return [];
    const inner = asRecord(value);
    switch (field.type) {
      case 'reference':
      case 'references':
        return [];
      case 'group':
        if (field.name === 'informant') return [{ label: labelWord(field), text: informantWord(inner) }];
        if (inner) return linesOf(field.fields ?? [], inner, today, names);
        return [{ label: labelWord(field), text: aloneWord(value) }];
      case 'list':
        if (field.name === 'households') return householdLines(field, value, names);
        return [
          {
            label: labelWord(field),
            text: recordsOf(value)
              .map(({ record }) => entryWord(field, record))
              .join(m.field_name_comma()),
          },
        ];
      default:
        return [{ label: labelWord(field), text: answerWord(field, value, today) }];
    }
  });
}

function answerWord(field: Field, value: unknown, today: string): string {
  if (field.type === 'day') return dayWords(textOf(value), today);
  if (field.type === 'time') return timeWords(textOf(value), today);
  return valueWord(field, value);
}

/** `亲情陪伴 30 分钟`: what an entry of a list says, one after the other. */
function entryWord({ fields = [] }: Field, entry: Record<string, unknown>): string {
  return fields
    .map((field) => {
      const value = entry[field.name];
      return field.name === 'minutes' && isFilled(value)
        ? m.field_minutes({ minutes: Number(value) })
        : valueWord(field, value);
    })
    .filter(Boolean)
    .join(' ');
}

function informantWord(informant: Record<string, unknown> | null): string {
  return [textOf(informant?.['name']), codeWord('informant-kind', textOf(informant?.['kind']))]
    .filter(Boolean)
    .join(' · ');
}

/** A word that stands for a group: who raised a concern. */
function aloneWord(value: unknown): string {
  if (value === 'worker') return m.field_raised_worker();
  return value === 'anonymous' ? m.field_raised_anonymous() : '';
}

/** When and where to somebody went, then the answers of the register. */
const told: readonly Field[] = [entryField('on'), entryField('movedTo'), ...residentFields, entryField('missing')];

/** What was told of a household itself, where something was, then its people. */
function householdLines(field: Field, households: unknown, names: Names): Line[] {
  const own = (field.fields ?? []).filter(({ type }) => type !== 'reference' && type !== 'list');
  return recordsOf(households).flatMap(({ record }) => {
    const text = own.flatMap((one) => changeWord(one, record)).join(m.field_clause_comma());
    return [...(text === '' ? [] : [{ label: labelWord(field), text }]), ...peopleLines(record['residents'], names)];
  });
}

/** One line a person: what is with them, and each answer that changed. */
function peopleLines(residents: unknown, names: Names): Line[] {
  return recordsOf(residents).map(({ record: entry }) => {
    const change = textOf(entry['change']);
    // Beside *unchanged* only a reason for a missing answer counts.
    const said = change === 'unchanged' ? [entryField('missing')] : told;
    const changes = said.flatMap((field) => changeWord(field, entry));
    return {
      label: textOf(entry['name']) || names.get(textOf(entry['id'])) || m.field_person(),
      text: [codeWord('resident-change', change), ...changes].join(m.field_clause_comma()),
    };
  });
}

/** Numbers stand masked but for their last four. */
function changeWord(field: Field, entry: Record<string, unknown>): string[] {
  const value = entry[field.name];
  const words =
    field.name === 'idNumber' && isFilled(value) ? maskIdentityNumber(textOf(value)) : valueWord(field, value);
  return words ? [`${labelWord(field)} ${words}`] : [];
}
