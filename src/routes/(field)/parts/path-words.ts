/** Which answer a path of a record means, in words: `李子豪 · 联系电话`. */
import type { PhoneRegister, RecordView } from '$lib/device/phone';
import { newestForm } from '$lib/forms/definitions';
import { fieldAt } from '$lib/forms/paths';
import * as m from '$lib/paraglide/messages';
import { labelWord } from './field-words';
import { residentAt } from './mend-record';

type Doors = Pick<PhoneRegister, 'door'>;
type Said = Pick<RecordView, 'kind' | 'target' | 'body'>;

export function pathWords(register: Doors, record: Said, path: readonly (string | number)[]): string {
  const field = fieldAt(newestForm(record.kind), path);
  const label = field && typeof path.at(-1) === 'string' ? labelWord(field) : '';
  const id = residentAt(record.body, path);
  if (!id) return label;
  const name = nameOf(record, path) || registeredName(register, record, id) || m.field_person();
  return path.length > 4 && label ? `${name} · ${label}` : name;
}

function registeredName(register: Doors, record: Said, residentId: string): string {
  const households = register.door(record.target.id)?.registered?.households ?? [];
  return households.flatMap(({ residents }) => residents).find(({ id }) => id === residentId)?.name ?? '';
}

function nameOf(record: Said, path: readonly (string | number)[]): string {
  const entry = path
    .slice(0, 4)
    .reduce<unknown>(
      (value, part) => (typeof value === 'object' && value !== null ? Reflect.get(value, part) : undefined),
      record.body,
    );
  const name = typeof entry === 'object' && entry !== null ? Reflect.get(entry, 'name') : null;
  return typeof name === 'string' ? name : '';
}
