import { describe, expect, it } from 'vitest';
import { hasCorrectable, isUnapprovable, reasonsGiven } from './correctable';
import type { Group, Row } from './view';

const row: Row = {
  path: ['households', 0, 'residents', 0, 'phone'],
  field: 'phone',
  before: '',
  after: '13800001111',
  kind: 'changed',
  maskedBefore: false,
  maskedAfter: false,
  fixed: false,
};
const group = (rows: Row[]): Group => ({
  id: 'a',
  entity: 'resident',
  name: '王建国',
  relation: null,
  age: null,
  change: rows.length > 0 ? 'corrected' : 'unchanged',
  path: null,
  rows,
});
const shown = { groups: [group([])], whole: false, sameNumbers: [] };

describe('correct and approve', () => {
  it('is not offered where all is as registered, but for the whole form while that is open', () => {
    expect(hasCorrectable(shown)).toBe(false);
    expect(hasCorrectable({ ...shown, whole: true })).toBe(true);
  });

  it('is offered where a value can be typed over or chosen', () => {
    expect(hasCorrectable({ ...shown, groups: [group([row])] })).toBe(true);
    expect(hasCorrectable({ ...shown, groups: [] })).toBe(true);
    const ask = { key: 'k', takes: [], path: null, candidates: [] };
    expect(hasCorrectable({ ...shown, groups: [group([{ ...row, path: null, ask }])] })).toBe(true);
  });

  it('is not offered for who left, for a record named by its id, nor for what the register got since', () => {
    const others: Row[] = [
      { ...row, kind: 'left' },
      { ...row, fixed: true },
      { ...row, path: null, kind: 'since' },
    ];
    expect(hasCorrectable({ ...shown, groups: [group(others)] })).toBe(false);
  });
});

it('of the reasons that will stand, those that the record gives can be corrected', () => {
  const held = { phone: 'refused', since: 'unknown' };
  expect(reasonsGiven({ before: held, after: { ...held, phone: 'unknown', idNumber: 'not-shown' } })).toEqual({
    phone: 'unknown',
    idNumber: 'not-shown',
  });
  expect(reasonsGiven({ before: null, after: { tenure: 'refused' } })).toEqual({ tenure: 'refused' });
});

it('a question that no choice answers leaves nothing to approve', () => {
  const asking = (takes: ('register' | 'own')[]) => ({
    groups: [group([{ ...row, path: null, ask: { key: 'k', takes, path: null, candidates: [] } }])],
  });
  expect(isUnapprovable(asking([]))).toBe(true);
  expect(isUnapprovable(asking(['register']))).toBe(false);
  expect(isUnapprovable({ groups: [group([row])] })).toBe(false);
});
