import { expect, it } from 'vitest';
import { ageOn, isDay, isPartDate, partDateAgrees } from './part-date';

it('knows which days exist', () => {
  expect(isDay('2024-02-29')).toBe(true);
  expect(isDay('2023-02-29')).toBe(false);
  expect(isPartDate('1998-13')).toBe(false);
  expect(isPartDate('1998')).toBe(true);
});

it('agrees as far as both tell', () => {
  expect(partDateAgrees('1998-04', '1998-04-13')).toBe(true);
  expect(partDateAgrees('1998-05', '1998-04-13')).toBe(false);
});

it('counts completed years', () => {
  expect(ageOn('1998-04-13', '2026-04-12')).toBe(27);
  expect(ageOn('1998-04-13', '2026-04-13')).toBe(28);
  expect(ageOn('1998', '2026-01-01')).toBe(28);
  expect(ageOn('', '2026-01-01')).toBeNull();
});
