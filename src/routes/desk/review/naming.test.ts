import { describe, expect, it } from 'vitest';
import { sidesIn } from './naming';
import type { Row } from './view';

const row = (more: Partial<Row>): Row => ({
  ...{ path: ['phone'], field: 'phone', before: '1', after: '2', kind: 'changed' },
  ...{ maskedBefore: false, maskedAfter: false, fixed: false },
  ...more,
});

describe('what stands on both sides of a question', () => {
  it('is the values, whatever else is new in the record or the register', () => {
    expect(sidesIn(row({}), 'first')).toBe(sidesIn(row({}), 'second'));
    expect(sidesIn(row({ after: '3' }), 'first')).not.toBe(sidesIn(row({}), 'first'));
  });

  it('[TWO-2] of a masked number may be another number with the same last digits as soon as either is new', () => {
    for (const masked of [{ maskedBefore: true }, { maskedAfter: true }]) {
      const number = row({ field: 'idNumber', before: '620799********1235', after: '620799********1235', ...masked });
      expect(sidesIn(number, 'first')).not.toBe(sidesIn(number, 'second'));
    }
  });
});
