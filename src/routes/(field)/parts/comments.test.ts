import { describe, expect, it } from 'vitest';
import type { RecordState, RecordView } from '$lib/device/phone';
import { commentsOnHousehold, firstCommented, generalComments } from './comments';

function record(paths: (string | number)[][], state: RecordState = 'returned'): RecordView {
  return {
    id: 'one',
    revision: 1,
    kind: 'household-verification',
    target: { type: 'dwelling', id: 'door' },
    recordedAt: '2026-11-23T10:00:00+08:00',
    outcome: null,
    state,
    comments: paths.map((path) => ({ path, text: path.join('.'), by: '王敏', at: '2026-11-23T11:00:00+08:00' })),
    problems: [],
    corrections: [],
    by: '王敏',
    decidedAt: null,
    putAway: null,
    savedHere: null,
    form: null,
    discardable: null,
    inFile: false,
    body: {},
  };
}

describe('the coordinator’s words about a verification', () => {
  it('stand above every step where they name no answer, or one without a place of its own', () => {
    const words = generalComments(
      record([
        [],
        ['dwelling', 'use'],
        ['households', 0, 'residents', 1, 'phone'],
        ['households', 0, 'tenure'],
        ['nextVisit'],
        ['note'],
      ]),
    );
    expect(words.map(({ text }) => text)).toEqual(['', 'households.0.tenure', 'nextVisit']);
  });

  it('are gone once the record was approved', () => {
    expect(generalComments(record([[]], 'approved'))).toEqual([]);
  });
});

it('words about a household stand at the answer that they are about', () => {
  const returned = record([
    ['households', 1, 'tenure'],
    ['households', 0, 'tenure'],
    ['households', 1, 'residents', 0, 'phone'],
  ]);
  returned.body = { households: [{ id: 'first' }, { id: 'second' }] };
  const words = (id: string, field: string) => commentsOnHousehold(returned, id, field).map(({ text }) => text);
  expect(words('second', 'tenure')).toEqual(['households.1.tenure']);
  expect(words('second', 'note')).toEqual([]);
  expect(words('third', 'tenure')).toEqual([]);
});

describe('a form on one screen opens at the first answer that somebody commented on', () => {
  it.each([
    [[[], ['title']], ['title']],
    [
      [['condition', 'mood'], ['note']],
      ['mood', 'condition'],
    ],
    [[['needs', 1, 'text']], ['needs-1-text', 'needs-1', 'text', 'needs']],
    [[['parties', 0, 'phone']], ['parties-0-phone', 'parties-0', 'phone', 'parties']],
    [[[]], []],
  ])('%j', (paths, names) => {
    expect(firstCommented(record(paths))).toEqual(names);
  });
});
