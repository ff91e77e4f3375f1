/** Household verification 入户核实, version 1 (data dictionary). The rules between residents stand in `rules/`. */
import type { BodyOf, FormDefinition } from '../definition';
import { ask, coded, field, hint } from './fields';
import { dwellingFields, householdFields, residentFields } from './register-fields';

const answered = { field: 'outcome', in: ['verified', 'partly-verified'] } as const;
/** Who is listed then says when and where to each of them went. */
const listing = { field: 'outcome', in: [...answered.in, 'moved-away'] } as const;
const missing = field('missing', 'missing', {});
const noAnswer = { field: 'outcome', in: ['no-one-home', 'refused', 'no-access', 'unable'] } as const;

export const householdVerification = {
  id: 'household-verification',
  version: 1,
  kind: 'household-verification',
  targets: ['dwelling'],
  label: 'form_household_verification',
  sections: [
    {
      name: 'knock',
      label: 'section_knock',
      fields: [
        coded('outcome', 'visit-outcome', { required: true, ask: ask('outcome') }),
        coded('how', 'contact-mode', { ask: ask('how'), initial: 'in-person' }),
        field('visitedAt', 'time', { ask: ask('visitedAt'), hint: hint('visitedAt'), rare: true }),
        field('nextVisit', 'day', {
          asked: { any: [noAnswer, { field: 'outcome', in: ['postponed', 'partly-verified'] }] },
          ask: [
            { when: { field: 'outcome', in: ['postponed'] }, ask: ask('nextAgreed') },
            { when: answered, ask: ask('nextForOthers') },
            { ask: ask('nextVisit') },
          ],
        }),
        field('informant', 'group', {
          required: answered,
          personal: true,
          ask: ask('informant'),
          fields: [
            field('residentId', 'reference', {}),
            {
              ...coded('kind', 'informant-kind', { ask: ask('whoTheyAre') }),
              label: 'label_informantKind',
              purpose: 'purpose_informant',
            },
            { ...field('name', 'text', { maxLength: 50, ask: ask('informantName') }), purpose: 'purpose_informant' },
          ],
        }),
        field('noticeGiven', 'yes-no', {
          required: answered,
          asked: { any: [answered, noAnswer] },
          ask: [{ when: noAnswer, ask: ask('slipLeft') }, { ask: ask('noticeGiven') }],
        }),
      ],
    },
    {
      name: 'dwelling',
      label: 'section_dwelling',
      fields: [field('dwelling', 'group', { fields: [...dwellingFields, missing] })],
    },
    {
      name: 'households',
      label: 'section_households',
      relevant: listing,
      fields: [
        field('households', 'list', {
          relevant: listing,
          maxItems: 60,
          fields: [
            field('id', 'reference', { required: true }),
            ...householdFields,
            missing,
            field('residents', 'list', {
              maxItems: 300,
              fields: [
                field('id', 'reference', { required: true }),
                coded('change', 'resident-change', { required: true }),
                field('on', 'part-date', {
                  relevant: { field: 'change', in: ['moved-away', 'died', 'moved-in', 'born'] },
                  asked: { not: { field: 'change', in: ['born'] } },
                  hint: hint('partDate'),
                  ask: [
                    { when: { field: 'change', in: ['died'] }, ask: ask('diedOn') },
                    { when: { field: 'change', in: ['moved-away'] }, ask: ask('movedOn') },
                    { ask: ask('movedInOn') },
                  ],
                }),
                field('movedTo', 'text', {
                  maxLength: 40,
                  personal: true,
                  relevant: { field: 'change', in: ['moved-away'] },
                  ask: ask('movedTo'),
                  hint: hint('county'),
                }),
                field('sameAs', 'reference', {}),
                missing,
                ...residentFields,
              ],
            }),
          ],
        }),
      ],
    },
    {
      name: 'remarks',
      label: 'section_remarks',
      fields: [
        field('note', 'long-text', {
          maxLength: 1000,
          personal: true,
          ask: [
            { when: { field: 'outcome', in: ['no-access'] }, ask: ask('whoHasTheKey') },
            { when: { field: 'outcome', in: ['unable'] }, ask: ask('whoCouldHelp') },
            { ask: ask('note') },
          ],
        }),
      ],
    },
  ],
} as const satisfies FormDefinition;

export type VerificationBody = BodyOf<typeof householdVerification>;
export type VerificationHousehold = NonNullable<VerificationBody['households']>[number];
export type VerificationResident = NonNullable<VerificationHousehold['residents']>[number];
