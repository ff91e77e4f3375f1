/** Care visit 关爱走访, version 1 (data dictionary). */
import type { BodyOf, FormDefinition } from '../definition';
import { coded, field } from './fields';

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
          ...coded('outcome', 'care-outcome', { required: true }),
          label: 'label_careOutcome',
          purpose: 'purpose_careOutcome',
        },
        coded('present', 'contact-mode', { required: true }),
        { ...coded('spokeWith', 'informant-kind', {}) },
        field('visitedAt', 'time', {}),
        field('services', 'list', {
          required: met,
          asked: met,
          maxItems: 20,
          fields: [
            {
              ...coded('code', 'care-service', { required: true }),
              label: 'label_service',
              purpose: 'purpose_services',
            },
            field('minutes', 'whole-number', { required: true, min: 1, max: 480 }),
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
        { ...field('hazards', 'codes', { personal: true }), codeList: 'hazard' },
        field('needs', 'list', {
          maxItems: 20,
          personal: true,
          fields: [
            { ...field('text', 'text', { required: true, maxLength: 200 }), purpose: 'purpose_needs' },
            { ...coded('urgency', 'urgency', { required: true }), purpose: 'purpose_needs' },
          ],
        }),
      ],
    },
    {
      name: 'next',
      label: 'section_next',
      fields: [
        field('nextVisit', 'day', {}),
        field('note', 'long-text', { maxLength: 2000, personal: true }),
        field('stopVisits', 'yes-no', {}),
        field('withVolunteers', 'references', { maxItems: 10 }),
      ],
    },
  ],
} as const satisfies FormDefinition;

export type CareVisitBody = BodyOf<typeof careVisit>;
