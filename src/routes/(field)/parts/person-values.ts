/** What stands in a field when it is opened, and how the old value is shown above it. */
import { groupPhone } from '$lib/domain/phone-number';
import type { ResidentFields } from '$lib/domain/register';
import type { ResidentItem } from '$lib/sync/items';
import type { PersonField } from './person-fields';
import type { Person } from './verification.svelte';
import type { ResidentEntry } from '$lib/forms/verification-body';
import { codeWord, groupIdentity } from './words';

/** A word that is mended is begun from the old one; a number, a date or a choice from nothing. */
export function startValue(person: Person, field: PersonField): ResidentFields[PersonField] {
  const old = person.registered;
  switch (field) {
    case 'name':
    case 'registeredAddress':
    case 'awayTo':
      return old?.[field] ?? '';
    case 'careGroups':
      return [...(old?.careGroups ?? []), ...(old?.suggestedCareGroups ?? [])];
    case 'contacts':
      return (old?.contacts ?? []).map((contact) => ({ ...contact }));
    case 'presence':
      return old?.presence === 'away' ? 'here' : 'away';
    case 'sex':
      return old?.sex === '1' ? '2' : old?.sex === '2' ? '1' : '0';
    case 'idType':
    case 'relation':
    case 'residence':
      return old?.[field] ?? null;
    default:
      return '';
  }
}

/** The old value in words, masked where it is masked; empty when there was none. */
export function wasWords(old: ResidentItem | null, field: PersonField): string {
  if (!old) return '';
  switch (field) {
    case 'idNumber':
      return old.idNumberMasked;
    case 'phone':
      return old.phone ? groupPhone(old.phone) : '';
    case 'sex':
      return codeWord('sex', old.sex);
    case 'idType':
      return codeWord('id-type', old.idType);
    case 'relation':
      return codeWord('relation', old.relation);
    case 'residence':
      return codeWord('residence', old.residence);
    case 'presence':
      return codeWord('presence', old.presence);
    case 'careGroups':
      return old.careGroups.map((group) => codeWord('care-group', group)).join('、');
    case 'contacts':
      return (old.contacts ?? []).map(({ name }) => name).join('、');
    case 'awayTo':
      return old.awayTo ?? '';
    default:
      return old[field];
  }
}

/** The new value in words; null where the form says nothing about the field. */
export function isWords(entry: ResidentEntry | null, field: PersonField): string | null {
  const value = entry?.[field];
  if (value === undefined) return null;
  if (value === null) return '';
  switch (field) {
    case 'phone':
      return groupPhone(String(value));
    case 'idNumber':
      return groupIdentity(String(value));
    case 'sex':
      return codeWord('sex', String(value));
    case 'idType':
      return codeWord('id-type', String(value));
    case 'relation':
      return codeWord('relation', String(value));
    case 'residence':
      return codeWord('residence', String(value));
    case 'presence':
      return codeWord('presence', String(value));
    case 'careGroups':
      return (entry?.careGroups ?? []).map((group) => codeWord('care-group', group)).join('、');
    case 'contacts':
      return (entry?.contacts ?? []).map(({ name }) => name).join('、');
    default:
      return String(value);
  }
}
