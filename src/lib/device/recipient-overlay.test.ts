import { expect, it } from 'vitest';
import { layVisitOver } from './recipient-overlay';

const recipient = (nextOn: string | null): Parameters<typeof layVisitOver>[0] => ({
  id: 'resident-1',
  name: '王秀兰',
  sex: '2',
  birthDate: '1940',
  phone: '',
  careGroups: [],
  address: { compound: '东街', building: '1', unit: '1', floor: 1, room: '101' },
  contacts: [],
  plan: {
    services: ['company'],
    everyDays: 7,
    from: '2026-01-01',
    until: null,
    mustKnow: '',
    pausedUntil: null,
    nextOn,
    volunteers: [],
  },
  visits: [],
});

const nextAfter = (nextOn: string | null, body: Record<string, unknown>) => {
  const overlay = { body, recordedAt: '2026-11-26T10:00:00+08:00' };
  return layVisitOver(recipient(nextOn), overlay as Parameters<typeof layVisitOver>[1], '李志愿').plan.nextOn;
};

it.each([
  ['met', { outcome: 'met' }, '2026-12-03'],
  ['met, with a day agreed', { outcome: 'met', nextVisit: '2026-12-24' }, '2026-12-24'],
  ['in hospital', { outcome: 'in-hospital' }, '2026-12-10'],
  ['not met', { outcome: 'not-met' }, '2026-11-20'],
  ['met, and wants no visits', { outcome: 'met', stopVisits: true }, null],
  ['away, and wants no visits', { outcome: 'away', stopVisits: true }, null],
  ['dead', { outcome: 'died', nextVisit: '2026-12-24' }, null],
])('plans on from a visit: %s', (_, body, next) => {
  expect(nextAfter('2026-11-20', body)).toBe(next);
});

it.each([
  ['not-met', null],
  ['away', null],
  ['met', '2026-12-24'],
])('where visits are over, only one at which somebody was met begins them again: %s', (outcome, next) => {
  expect(nextAfter(null, { outcome, nextVisit: '2026-12-24' })).toBe(next);
});
