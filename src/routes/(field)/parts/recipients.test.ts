import { expect, it } from 'vitest';
import type { RecordState, RecordView } from '$lib/device/phone';
import { id } from '$lib/device/testing/fixtures';
import { isToVisit } from './recipients';

const visit = (state: RecordState, more: Partial<RecordView> = {}): RecordView => ({
  ...{ id: id(900), revision: 1, kind: 'care-visit', target: { type: 'resident', id: id(21) }, state, outcome: null },
  ...{ recordedAt: '2026-11-23T10:00:00+08:00', comments: [], problems: [], corrections: [], by: null },
  ...{
    decidedAt: null,
    putAway: null,
    savedHere: null,
    discardable: null,
    inFile: false,
    form: null,
    body: {},
    ...more,
  },
});
const isMine = (...records: RecordView[]) => isToVisit({ recipient: () => null, records: () => records }, id(21));

it('somebody whom the phone does not have in its care is not visited', () => {
  expect(isMine()).toBe(false);
  expect(isMine(visit('approved'), visit('voided'), visit('draft', { target: { type: 'resident', id: id(22) } }))).toBe(
    false,
  );
});

it('[DEV-4] who left this care is visited where a form was begun or came back', () => {
  for (const state of ['draft', 'returned', 'set-aside'] as const) expect(isMine(visit(state))).toBe(true);
});
