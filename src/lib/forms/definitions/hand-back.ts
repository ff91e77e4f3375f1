/** Hand-back, version 1: a worker gives a door or a task back, with a reason and a proposed day (data dictionary). */
import type { BodyOf, FormDefinition } from '../definition';
import { ask, coded, field } from './fields';

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
        coded('reason', 'hand-back-reason', { required: true, ask: ask('reason') }),
        field('proposed', 'day', { ask: ask('proposed') }),
        field('note', 'long-text', { maxLength: 500, personal: true, ask: ask('note') }),
      ],
    },
  ],
} as const satisfies FormDefinition;

export type HandBackBody = BodyOf<typeof handBack>;
