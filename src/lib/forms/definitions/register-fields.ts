/** The register's own fields, as a form may bring them: only what changed is given. In the order in which a screen asks for them. */
import { codesOf } from '../../domain/codes/codes';
import { usesOfNoDwelling } from '../../domain/outcomes';
import { ask, coded, field, hint } from './fields';

const use = coded('use', 'dwelling-use', {
  reasons: ['refused', 'unknown'],
  ask: [{ when: { field: '^outcome', in: ['not-a-dwelling'] }, ask: ask('usedAs') }],
});
const { reasons: _reasons, ...withoutReasons } = use;
/** Of a door that is no dwelling only some uses make sense. */
export const useOfNoDwelling = { ...withoutReasons, offers: usesOfNoDwelling };
/** Where people live every use makes sense but *vacant*, which stands there: no reason takes its place. */
export const useOfLivedIn = {
  ...withoutReasons,
  offers: codesOf('dwelling-use').filter((code) => code !== 'vacant'),
};

export const dwellingFields = [
  field('gridId', 'reference', {}),
  field('compound', 'text', { maxLength: 60 }),
  field('building', 'text', { maxLength: 30 }),
  field('unit', 'text', { maxLength: 20, hint: hint('unit') }),
  field('room', 'text', { maxLength: 20, hint: hint('room') }),
  field('floor', 'whole-number', { min: -3, max: 60 }),
  use,
  field('alias', 'text', { maxLength: 60, hint: hint('alias') }),
  field('note', 'long-text', { maxLength: 500 }),
  field('contactName', 'text', { maxLength: 50, personal: true, hint: hint('contactName') }),
  field('contactPhone', 'phone', { personal: true }),
  field('partOf', 'reference', { ask: ask('partOf') }),
  field('ownerName', 'text', { maxLength: 50, personal: true, hint: hint('ownerName') }),
  field('ownerPhone', 'phone', { personal: true }),
] as const;

export const householdFields = [
  coded('kind', 'household-kind', { initial: 'family' }),
  coded('tenure', 'tenure', { ask: ask('tenure'), reasons: ['refused', 'unknown'] }),
  field('headId', 'reference', { ask: ask('headId') }),
  { ...field('phone', 'phone', { personal: true }), label: 'label_householdPhone', purpose: 'purpose_householdPhone' },
] as const;

const elsewhere = { field: 'residence', in: ['person-here', 'migrant'] } as const;
const hasDocument = { all: [{ field: 'idType', filled: true }, { not: { field: 'idType', in: ['none'] } }] } as const;
/** A newborn has no telephone, and no child under twelve is asked for one. */
const mayHavePhone = {
  all: [
    { not: { field: 'change', in: ['born'] } },
    {
      any: [
        { field: 'birthDate', filled: false },
        { field: 'birthDate', ageFrom: 12 },
      ],
    },
  ],
} as const;

export const residentFields = [
  field('name', 'person-name', { maxLength: 50, personal: true, hint: hint('name') }),
  coded('idType', 'id-type', {}),
  field('idNumber', 'identity-number', {
    maxLength: 20,
    personal: true,
    asked: hasDocument,
    reasons: ['not-shown', 'none-yet', 'refused', 'unknown'],
  }),
  coded('sex', 'sex', { offers: ['1', '2', '9'] }),
  field('birthDate', 'part-date', {
    personal: true,
    hint: hint('birthDate'),
    reasons: ['not-shown', 'refused', 'unknown'],
  }),
  field('phone', 'phone', {
    personal: true,
    asked: mayHavePhone,
    reasons: ['not-applicable', 'refused', 'unknown', 'out-of-service'],
  }),
  coded('relation', 'relation', {
    first: ['02', '10', '20', '30', '28', '38', '40', '50'],
    reasons: ['refused', 'unknown'],
  }),
  coded('residence', 'residence', {
    codeHints: {
      'both-here': hint('bothHere'),
      'registration-here': hint('registrationHere'),
      'person-here': hint('personHere'),
      migrant: hint('migrant'),
    },
    reasons: ['refused', 'unknown'],
  }),
  field('registeredAddress', 'text', {
    maxLength: 120,
    personal: true,
    asked: elsewhere,
    hint: hint('county'),
    reasons: ['refused', 'unknown'],
  }),
  coded('presence', 'presence', { offers: ['here', 'away'], codeHints: { away: hint('away') }, initial: 'here' }),
  field('awayTo', 'text', {
    maxLength: 40,
    personal: true,
    ask: ask('awayTo'),
    asked: { field: 'presence', in: ['away'] },
    hint: hint('county'),
  }),
  field('since', 'part-date', { hint: hint('since'), rare: true }),
  { ...field('careGroups', 'codes', { personal: true, hint: hint('careGroups'), rare: true }), codeList: 'care-group' },
  field('contacts', 'list', {
    maxItems: 3,
    personal: true,
    hint: hint('contacts'),
    rare: true,
    fields: [
      {
        ...coded('kind', 'contact-kind', { required: true, ask: ask('whoTheyAre'), initial: 'guardian' }),
        label: 'label_contactKind',
        purpose: 'purpose_contacts',
      },
      { ...field('name', 'text', { maxLength: 50, required: true }), purpose: 'purpose_contacts' },
      { ...field('phone', 'phone', {}), purpose: 'purpose_contacts' },
      { ...field('residentId', 'reference', {}), purpose: 'purpose_contacts' },
    ],
  }),
] as const;

/** The names of a resident's own fields, for *only what changed*. */
export const residentFieldNames: readonly string[] = residentFields.map(({ name }) => name);
