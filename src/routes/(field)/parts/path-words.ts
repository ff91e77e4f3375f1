/** Which answer a path of a record means, in words: `李子豪 · 联系电话`. */
import type { PhoneRegister, RecordView } from '$lib/device/phone';
import * as m from '$lib/paraglide/messages';
import { fieldWord, isPersonField } from './person-fields';
import { residentAt } from './mend-record';

export function pathWords(register: PhoneRegister, record: RecordView, path: readonly (string | number)[]): string {
  const id = residentAt(record.body, path);
  if (id) {
    const field = path[4];
    const name = nameOf(record, path) || registeredName(register, record, id) || m.field_person();
    return typeof field === 'string' && isPersonField(field) ? `${name} · ${fieldWord(field)}` : name;
  }
  switch (path[0]) {
    case 'informant':
      return m.field_informant();
    case 'dwelling':
      return m.field_dwelling();
    case 'households':
      return m.field_household();
    case 'note':
      return m.field_note();
    case 'outcome':
      return m.field_knock();
    case 'nextVisit':
      return m.field_next_visit();
    case 'services':
      return m.field_visit_services();
    case 'needs':
      return m.field_need();
    case 'title':
      return m.field_concern_title();
    case 'description':
      return m.field_concern_description();
    default:
      return '';
  }
}

function registeredName(register: PhoneRegister, record: RecordView, residentId: string): string {
  const households = register.door(record.target.id)?.registered?.households ?? [];
  return households.flatMap(({ residents }) => residents).find(({ id }) => id === residentId)?.name ?? '';
}

function nameOf(record: RecordView, path: readonly (string | number)[]): string {
  const entry = path
    .slice(0, 4)
    .reduce<unknown>(
      (value, part) => (typeof value === 'object' && value !== null ? Reflect.get(value, part) : undefined),
      record.body,
    );
  const name = typeof entry === 'object' && entry !== null ? Reflect.get(entry, 'name') : null;
  return typeof name === 'string' ? name : '';
}
