/** The register's own fields, as a form may bring them: only what changed is given. */
import { coded, field } from './fields';

export const dwellingFields = [
  field('gridId', 'reference', {}),
  field('compound', 'text', { maxLength: 60 }),
  field('building', 'text', { maxLength: 30 }),
  field('unit', 'text', { maxLength: 20 }),
  field('floor', 'whole-number', { min: -3, max: 60 }),
  field('room', 'text', { maxLength: 20 }),
  coded('use', 'dwelling-use', {}),
  field('note', 'long-text', { maxLength: 500 }),
  field('contactName', 'text', { maxLength: 50, personal: true }),
  field('contactPhone', 'phone', { personal: true }),
  field('alias', 'text', { maxLength: 60 }),
  field('partOf', 'reference', {}),
  field('ownerName', 'text', { maxLength: 50, personal: true }),
  field('ownerPhone', 'phone', { personal: true }),
] as const;

export const householdFields = [
  coded('kind', 'household-kind', {}),
  coded('tenure', 'tenure', {}),
  field('headId', 'reference', {}),
  field('phone', 'phone', { personal: true }),
] as const;

export const residentFields = [
  field('name', 'person-name', { maxLength: 50, personal: true }),
  coded('sex', 'sex', {}),
  field('birthDate', 'part-date', { personal: true }),
  coded('idType', 'id-type', {}),
  field('idNumber', 'identity-number', { maxLength: 20, personal: true }),
  field('phone', 'phone', { personal: true }),
  coded('relation', 'relation', {}),
  coded('residence', 'residence', {}),
  field('registeredAddress', 'text', { maxLength: 120, personal: true }),
  field('since', 'part-date', {}),
  { ...field('careGroups', 'codes', { personal: true }), codeList: 'care-group' },
  coded('presence', 'presence', {}),
  field('awayTo', 'text', { maxLength: 40, personal: true }),
  field('contacts', 'list', {
    maxItems: 3,
    personal: true,
    fields: [
      { ...coded('kind', 'contact-kind', { required: true }), label: 'label_contactKind', purpose: 'purpose_contacts' },
      { ...field('name', 'text', { maxLength: 50, required: true }), purpose: 'purpose_contacts' },
      { ...field('phone', 'phone', {}), purpose: 'purpose_contacts' },
      { ...field('residentId', 'reference', {}), purpose: 'purpose_contacts' },
    ],
  }),
] as const;

/** The names of a resident's own fields, for *only what changed*. */
export const residentFieldNames: readonly string[] = residentFields.map(({ name }) => name);
export const householdFieldNames: readonly string[] = householdFields.map(({ name }) => name);
export const dwellingFieldNames: readonly string[] = dwellingFields.map(({ name }) => name);
