/** Care visit 关爱走访, version 1 (data dictionary). */
import type { BodyOf, FormDefinition } from '../definition';
import { ask, coded, field, hint } from './fields';

const met = { field: 'outcome', in: ['met'] } as const;
const seen = { all: [{ field: '^outcome', in: ['met'] }, { not: { field: '^present', in: ['telephone'] } }] } as const;
const condition = { min: 1, max: 5, relevant: { field: '^outcome', in: ['met'] } } as const;

export const careVisit = {
  id: 'care-visit',
  version: 1,
  kind: 'care-visit',
  targets: ['resident'],
  label: 'form_care_visit',
  sections: [
    {
      name: 'meeting',
      label: 'section_meeting',
      fields: [
        {
          ...coded('outcome', 'care-outcome', { required: true, ask: ask('careOutcome') }),
          label: 'label_careOutcome',
          purpose: 'purpose_careOutcome',
        },
        coded('present', 'contact-mode', { required: true, ask: ask('present'), initial: 'in-person' }),
        coded('spokeWith', 'informant-kind', { rare: true }),
        field('visitedAt', 'time', { ask: ask('visitedAt'), hint: hint('visitedAt'), rare: true }),
        field('services', 'list', {
          required: met,
          asked: met,
          ask: ask('services'),
          maxItems: 20,
          fields: [
            {
              ...coded('code', 'care-service', {
                required: true,
                first: ['company', 'health', 'counsel', 'errand', 'housework', 'phone-call'],
              }),
              label: 'label_service',
              purpose: 'purpose_services',
            },
            field('minutes', 'whole-number', { required: true, min: 1, max: 480, initial: 30 }),
          ],
        }),
      ],
    },
    {
      name: 'condition',
      label: 'section_condition',
      fields: [
        field('condition', 'group', {
          personal: true,
          fields: [
            field('mood', 'scale', condition),
            field('mobility', 'scale', { min: 1, max: 5, relevant: seen }),
            field('eating', 'scale', condition),
            field('home', 'scale', { min: 1, max: 5, relevant: seen }),
          ],
        }),
        { ...field('hazards', 'codes', { personal: true, ask: ask('hazards') }), codeList: 'hazard' },
        field('needs', 'list', {
          maxItems: 20,
          personal: true,
          fields: [
            {
              ...field('text', 'text', { required: true, maxLength: 200, ask: ask('need') }),
              purpose: 'purpose_needs',
            },
            {
              ...coded('urgency', 'urgency', { required: true, ask: ask('urgency'), initial: 'week' }),
              purpose: 'purpose_needs',
            },
          ],
        }),
      ],
    },
    {
      name: 'next',
      label: 'section_next',
      fields: [
        field('nextVisit', 'day', {
          asked: { not: { field: 'outcome', in: ['died'] } },
          ask: [
            { when: { field: 'outcome', in: ['in-hospital', 'away'] }, ask: ask('pausedTo') },
            { ask: ask('nextCareVisit') },
          ],
        }),
        field('withVolunteers', 'references', { maxItems: 10, ask: ask('withVolunteers') }),
        field('note', 'long-text', { maxLength: 2000, personal: true, ask: ask('note') }),
        field('stopVisits', 'yes-no', { ask: ask('stopVisits') }),
      ],
    },
  ],
} as const satisfies FormDefinition;

export type CareVisitBody = BodyOf<typeof careVisit>;
