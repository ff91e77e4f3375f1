import { expect, it } from 'vitest';
import { addDays, dayOf, daysBetween, hourBand, isWeekend, toTimestamp } from './calendar';
import { betterTime, countAttempts, triedEnough } from './attempts';

it("counts days in the community's zone", () => {
  expect(dayOf('2026-11-22T16:30:00Z')).toBe('2026-11-23');
  expect(toTimestamp(Date.UTC(2026, 10, 22, 16, 30))).toBe('2026-11-23T00:30:00+08:00');
  expect(addDays('2026-02-27', 3)).toBe('2026-03-02');
  expect(daysBetween('2026-02-27', '2026-03-02')).toBe(3);
});

it('tells the hour bands apart', () => {
  expect(hourBand('2026-11-23T11:59:00+08:00')).toBe('morning');
  expect(hourBand('2026-11-23T12:00:00+08:00')).toBe('midday');
  expect(hourBand('2026-11-23T14:00:00+08:00')).toBe('afternoon');
  expect(hourBand('2026-11-23T18:00:00+08:00')).toBe('evening');
  expect(isWeekend('2026-11-22T10:00:00+08:00')).toBe(true);
});

it('counts two attempts in one band of one day once, and proposes another time after two', () => {
  const attempt = (at: string) => ({ at, band: hourBand(at), weekend: isWeekend(at) });
  const two = [attempt('2026-11-23T09:00:00+08:00'), attempt('2026-11-23T10:00:00+08:00')];
  expect(countAttempts(two)).toHaveLength(1);
  expect(betterTime(two)).toBeNull();
  const three = [...two, attempt('2026-11-24T09:00:00+08:00'), attempt('2026-11-25T19:00:00+08:00')];
  expect(betterTime(three)).not.toBeNull();
  expect(triedEnough(three)).toBe(true);
});
