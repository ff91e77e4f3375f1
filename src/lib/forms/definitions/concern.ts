/** Concern 民情, version 1 (data dictionary). */
import { codesOf } from '../../domain/codes/codes';
import type { BodyOf, FormDefinition } from '../definition';
import { coded, field } from './fields';

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
        coded('category', 'concern-category', { required: true }),
        field('title', 'text', { required: true, maxLength: 60, personal: true }),
        field('description', 'long-text', { maxLength: 2000, personal: true }),
        field('where', 'text', { maxLength: 120, personal: true }),
        coded('urgency', 'urgency', { required: true }),
      ],
    },
    {
      name: 'who',
      label: 'section_who',
      fields: [
        field('raisedBy', 'group', {
          required: true,
          personal: true,
          orWords: ['anonymous', 'worker'],
          fields: [
            field('name', 'text', { maxLength: 50, required: true }),
            field('phone', 'phone', {}),
            field('own', 'yes-no', {}),
          ],
        }),
        field('parties', 'list', {
          maxItems: 6,
          personal: true,
          relevant: { field: 'category', in: disputes },
          fields: [field('name', 'text', { maxLength: 50, required: true }), field('phone', 'phone', {})],
        }),
        {
          ...field('households', 'whole-number', { min: 1, max: 9999 }),
          label: 'label_householdsTouched',
          purpose: 'purpose_householdsTouched',
        },
        { ...field('since', 'part-date', {}), label: 'label_concernSince', purpose: 'purpose_concernSince' },
        field('repeatOf', 'reference', {}),
        { ...field('alreadyTold', 'codes', {}), codeList: 'hand-over' },
      ],
    },
    {
      name: 'solved',
      label: 'section_solved',
      fields: [
        field('solvedOnSpot', 'group', {
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
