import { expect, it } from 'vitest';
import type { SubmissionItem } from '../sync/items';
import type { OwnRevision } from './own-revision';
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

it('lays nothing over once the record is decided, and still says how the visit ended', () => {
  const decided = standing('record', [], item({ outcome: 'verified', review: 'approved' }), () => false);
  expect(decided?.overlay).toBeNull();
  expect(decided?.view).toMatchObject({ outcome: 'verified', state: 'approved' });
  expect(standing('record', [], item(), () => false)?.overlay).toBeNull();
});

it('[REC-3] what the office put away for another phone’s revision is not laid over, and says why', () => {
  const target = { type: 'dwelling' as const, id: '00000000-0000-7000-8000-000000000001' };
  const content = {
    ...{ id: 'record', revision: 2, kind: 'household-verification' as const, form: { id: 'x', version: 1 }, target },
    ...{ basis: {}, recordedAt: '2026-11-23T14:30:00+08:00', secondsOpen: 1, location: null, digest: 'mine' },
    body: { outcome: 'refused' },
  };
  const own: OwnRevision = {
    ...{
      id: 'record',
      revision: 2,
      order: 1,
      digest: 'mine',
      bytes: 1,
      where: 'sent',
      handedOver: true,
      inFile: false,
    },
    ...{ status: 'quarantined', problems: [], content },
  };
  const others = [{ revision: 2, digest: 'mine', review: 'voided', reason: '以另一份为准' }];
  const told = item({ revision: 2, digest: 'theirs', outcome: 'verified', others });
  const now = standing('record', [own], told, () => false);
  expect(now?.view).toMatchObject({ state: 'at-the-office', body: null, putAway: { reason: '以另一份为准' } });
  expect(now?.view.outcome).toBe('verified');
  expect(now?.overlay).toMatchObject({ body: { outcome: 'verified' } });
  const undecided = { ...told, others: [{ revision: 2, digest: 'mine', review: 'quarantined' }] };
  expect(standing('record', [own], undecided, () => false)?.view).toMatchObject({
    state: 'quarantined',
    putAway: null,
  });
});
