/** Concern 民情, version 1 (data dictionary). */
import { codesOf } from '../../domain/codes/codes';
import type { BodyOf, FormDefinition } from '../definition';
import { ask, coded, field, hint } from './fields';

const disputes = codesOf('concern-category').filter((code) => code.startsWith('dispute-'));

export const concern = {
  id: 'concern',
  version: 1,
  kind: 'concern',
  targets: ['grid', 'dwelling', 'resident'],
  label: 'form_concern',
  sections: [
    {
      name: 'what',
      label: 'section_what',
      fields: [
        coded('category', 'concern-category', {
          required: true,
          ask: ask('category'),
          first: [
            'dispute-neighbour',
            'environment',
            'facility',
            'safety',
            'heating-water-power',
            'traffic',
            'noise',
            'livelihood',
          ],
        }),
        field('title', 'text', { required: true, maxLength: 60, personal: true, ask: ask('title') }),
        coded('urgency', 'urgency', { required: true, ask: ask('urgency') }),
      ],
    },
    {
      name: 'who',
      label: 'section_who',
      fields: [
        field('raisedBy', 'group', {
          required: true,
          personal: true,
          ask: ask('raisedBy'),
          orWords: ['anonymous', 'worker'],
          fields: [
            {
              ...field('name', 'text', { maxLength: 50, required: true, ask: ask('raisedName') }),
              purpose: 'purpose_raisedBy',
            },
            { ...field('phone', 'phone', {}), purpose: 'purpose_raisedBy' },
            field('own', 'yes-no', { initial: true }),
          ],
        }),
        field('parties', 'list', {
          maxItems: 6,
          personal: true,
          relevant: { field: 'category', in: disputes },
          hint: hint('parties'),
          fields: [
            { ...field('name', 'text', { maxLength: 50, required: true }), purpose: 'purpose_parties' },
            { ...field('phone', 'phone', {}), purpose: 'purpose_parties' },
          ],
        }),
      ],
    },
    {
      name: 'details',
      label: 'section_details',
      fields: [
        field('where', 'text', { maxLength: 120, personal: true }),
        field('description', 'long-text', { maxLength: 2000, personal: true, ask: ask('description') }),
        {
          ...field('households', 'whole-number', { min: 1, max: 9999, rare: true }),
          label: 'label_householdsTouched',
          purpose: 'purpose_householdsTouched',
        },
        {
          ...field('since', 'part-date', { rare: true, hint: hint('since') }),
          label: 'label_concernSince',
          purpose: 'purpose_concernSince',
        },
        field('repeatOf', 'reference', {}),
        { ...field('alreadyTold', 'codes', { rare: true }), codeList: 'hand-over' },
      ],
    },
    {
      name: 'solved',
      label: 'section_solved',
      fields: [
        field('solvedOnSpot', 'group', {
          ask: ask('solvedOnSpot'),
          fields: [
            {
              ...field('how', 'long-text', { required: true, maxLength: 500 }),
              label: 'label_solvedHow',
              purpose: 'purpose_solvedOnSpot',
            },
          ],
        }),
      ],
    },
  ],
} as const satisfies FormDefinition;

export type ConcernBody = BodyOf<typeof concern>;
