/** The fields of a person as the phone asks for them: which are offered, and why an answer may be missing. */
import type { Code } from '$lib/domain/codes/codes';
import type { ResidentFields } from '$lib/domain/register';
import * as m from '$lib/paraglide/messages';

export type PersonField = Exclude<keyof ResidentFields, 'missing' | 'on' | 'movedTo'>;

export const personFields: readonly PersonField[] = [
  'phone',
  'idNumber',
  'name',
  'birthDate',
  'sex',
  'idType',
  'relation',
  'residence',
  'registeredAddress',
  'presence',
  'awayTo',
  'since',
  'careGroups',
  'contacts',
];

/** Of somebody new: in the order of the document in hand, then how they live here. */
export const newPersonFields: readonly PersonField[] = [
  'name',
  'idType',
  'idNumber',
  'sex',
  'birthDate',
  'phone',
  'relation',
  'residence',
  'registeredAddress',
  'presence',
  'awayTo',
  'since',
  'careGroups',
  'contacts',
];

export function fieldWord(field: string): string {
  const words: Record<PersonField, () => string> = {
    name: m.field_f_name,
    sex: m.field_f_sex,
    birthDate: m.field_f_birth_date,
    idType: m.field_f_id_type,
    idNumber: m.field_f_id_number,
    phone: m.field_f_phone,
    relation: m.field_f_relation,
    residence: m.field_f_residence,
    registeredAddress: m.field_f_registered_address,
    since: m.field_f_since,
    careGroups: m.field_f_care_groups,
    presence: m.field_f_presence,
    awayTo: m.field_f_away_to,
    contacts: m.field_f_contacts,
  };
  return isPersonField(field) ? words[field]() : field;
}

export function isPersonField(field: string): field is PersonField {
  return (personFields as readonly string[]).includes(field);
}

/** Reasons that make sense for a field; none where an answer is always had. */
export function reasonsFor(field: PersonField): readonly Code<'missing-reason'>[] {
  switch (field) {
    case 'idNumber':
      return ['not-shown', 'none-yet', 'refused', 'unknown'];
    case 'phone':
      return ['not-applicable', 'refused', 'unknown', 'out-of-service'];
    case 'birthDate':
      return ['not-shown', 'refused', 'unknown'];
    case 'registeredAddress':
    case 'residence':
    case 'relation':
      return ['refused', 'unknown'];
    default:
      return [];
  }
}
