/** Household verification 入户核实, version 1 (data dictionary). The rules between residents stand in `rules/`. */
import type { BodyOf, FormDefinition } from '../definition';
import { coded, field } from './fields';
import { dwellingFields, householdFields, residentFields } from './register-fields';

const answered = { field: 'outcome', in: ['verified', 'partly-verified'] } as const;

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
        coded('outcome', 'visit-outcome', { required: true }),
        coded('how', 'contact-mode', {}),
        field('visitedAt', 'time', {}),
        field('nextVisit', 'day', {}),
        field('informant', 'group', {
          required: answered,
          personal: true,
          fields: [
            field('residentId', 'reference', {}),
            field('name', 'text', { maxLength: 50 }),
            { ...coded('kind', 'informant-kind', {}), label: 'label_informantKind', purpose: 'purpose_informant' },
          ],
        }),
        field('noticeGiven', 'yes-no', { required: answered }),
      ],
    },
    {
      name: 'dwelling',
      label: 'section_dwelling',
      fields: [field('dwelling', 'group', { fields: dwellingFields })],
    },
    {
      name: 'households',
      label: 'section_households',
      relevant: answered,
      fields: [
        field('households', 'list', {
          relevant: answered,
          maxItems: 60,
          fields: [
            field('id', 'reference', { required: true }),
            ...householdFields,
            field('residents', 'list', {
              maxItems: 300,
              fields: [
                field('id', 'reference', { required: true }),
                coded('change', 'resident-change', { required: true }),
                field('on', 'part-date', {
                  relevant: { field: 'change', in: ['moved-away', 'died', 'moved-in', 'born'] },
                }),
                field('movedTo', 'text', {
                  maxLength: 40,
                  personal: true,
                  relevant: { field: 'change', in: ['moved-away'] },
                }),
                field('sameAs', 'reference', {}),
                field('missing', 'missing', {}),
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
      fields: [field('note', 'long-text', { maxLength: 1000, personal: true })],
    },
  ],
} as const satisfies FormDefinition;

export type VerificationBody = BodyOf<typeof householdVerification>;
export type VerificationHousehold = NonNullable<VerificationBody['households']>[number];
export type VerificationResident = NonNullable<VerificationHousehold['residents']>[number];
