import { expect, it } from 'vitest';
import type { SubmissionItem } from '../sync/items';
import { standing } from './record-standing';

const item = (more: Partial<SubmissionItem> = {}): SubmissionItem => ({
  kind: 'household-verification',
  target: { type: 'dwelling', id: '00000000-0000-7000-8000-000000000001' },
  recordedAt: '2026-11-23T14:30:00+08:00',
  revision: 1,
  digest: 'digest',
  review: 'pending',
  comments: [],
  decidedAt: null,
  by: null,
  ...more,
});

it('[DEV-8] an undecided record of another phone is laid over as far as the office tells it', () => {
  const held = standing('record', [], item({ outcome: 'verified' }), () => false);
  expect(held?.overlay).toMatchObject({ body: { outcome: 'verified' }, returned: false });
  expect(held?.view).toMatchObject({ state: 'at-the-office', body: null });
});

it('lays nothing over once the record is decided', () => {
  expect(standing('record', [], item({ outcome: 'verified', review: 'approved' }), () => false)?.overlay).toBeNull();
  expect(standing('record', [], item(), () => false)?.overlay).toBeNull();
});
