/** Hand-back, version 1: a worker gives a door or a task back, with a reason and a proposed day (data dictionary). */
import type { BodyOf, FormDefinition } from '../definition';
import { coded, field } from './fields';

export const handBack = {
  id: 'hand-back',
  version: 1,
  kind: 'hand-back',
  targets: ['dwelling', 'task'],
  label: 'form_hand_back',
  sections: [
    {
      name: 'hand-back',
      label: 'section_hand_back',
      fields: [
        coded('reason', 'hand-back-reason', { required: true }),
        field('proposed', 'day', {}),
        field('note', 'long-text', { maxLength: 500, personal: true }),
      ],
    },
  ],
} as const satisfies FormDefinition;

export type HandBackBody = BodyOf<typeof handBack>;
