import { describe, expect, it } from 'vitest';
import { householdVerification } from '$lib/forms/definitions/household-verification';
import { keyOf } from '../answer-keys';
import { choicesIn, commentsIn, correctionsIn, retiresUnseen } from './decision-form';

const body = {
  households: [{ id: 'h', residents: [{ phone: '13800008979', idNumber: '62', presence: 'here' }, {}] }],
  note: '',
};
const pathTo = (field: string, place = 0) => ['households', 0, 'residents', place, field];
const at = (field: string, place = 0) => keyOf(body, pathTo(field, place));
const formOf = (entries: [string, string][]) => {
  const form = new FormData();
  for (const [name, value] of entries) form.append(name, value);
  return form;
};

describe("the coordinator's form", () => {
  it('reads comments on answers and on the whole', () => {
    const form = formOf([
      [`comment:${at('phone')}`, ' 少一位 '],
      [`comment:${at('presence')}`, '  '],
      ['words', '请再问一次'],
      ['comment:nonsense', 'x'],
    ]);
    expect(commentsIn(form, body)).toEqual([
      { path: ['households', 0, 'residents', 0, 'phone'], text: '少一位' },
      { path: [], text: '请再问一次' },
    ]);
  });

  it('takes only what differs from the submission as a correction', () => {
    const form = formOf([
      [`value:${at('phone')}`, '15900006152'],
      [`value:${at('presence')}`, 'here'],
      ['value:["note"]', ''],
    ]);
    expect(correctionsIn(form, body, null)).toEqual([
      { path: ['households', 0, 'residents', 0, 'phone'], value: '15900006152' },
    ]);
  });

  it('reads why an answer is missing: given anew, another, or taken away', () => {
    const reason = (value: string) => [['value:["households","h","missing","tenure"]', value]] as [string, string][];
    const path = ['households', 0, 'missing', 'tenure'];
    const refused = { households: [{ id: 'h', missing: { tenure: 'refused' } }] };
    const read = (said: object, value: string) => correctionsIn(formOf(reason(value)), said, householdVerification);
    expect(read(body, 'unknown')).toEqual([{ path, value: 'unknown' }]);
    expect(read(body, '')).toEqual([]);
    expect(read(refused, 'refused')).toEqual([]);
    expect(read(refused, '')).toEqual([{ path, value: null }]);
  });

  it('finds whom an answer is about by id, wherever they stand in this revision', () => {
    const person = (id: string, phone: string) => ({ id, phone });
    const newest = { households: [{ id: 'h', residents: [person('a', '1'), person('c', '3')] }] };
    const of = (id: string) => JSON.stringify(['households', 'h', 'residents', id, 'phone']);
    const form = formOf([
      [`value:${of('c')}`, '33'],
      [`value:${of('b')}`, '22'],
      [`comment:${of('c')}`, '丙的'],
      [`comment:${of('b')}`, '乙的'],
      [`choice:${of('c')}`, 'register'],
      [`choice:${of('b')}`, 'register'],
    ]);
    const path = ['households', 0, 'residents', 1, 'phone'];
    expect(correctionsIn(form, newest, null)).toEqual([{ path, value: '33' }]);
    expect(commentsIn(form, newest)).toEqual([
      { path, text: '丙的' },
      { path: [], text: '乙的' },
    ]);
    expect(choicesIn(form, null, newest).all).toEqual([{ key: JSON.stringify(path), take: 'register' }]);
  });

  it('takes no correction from a field that says what the page gave it', () => {
    const form = formOf([
      [`value:${at('phone')}`, '13700000000'],
      [`was:value:${at('phone')}`, '13700000000'],
    ]);
    expect(correctionsIn(form, body, null)).toEqual([]);
  });

  it('asks about the door before a correction takes it out of the register', () => {
    const to = (value: string) => [{ path: ['outcome'], value }];
    const none = formOf([]);
    expect(retiresUnseen(none, { outcome: 'refused' }, to('no-such-door'))).toBe(true);
    expect(retiresUnseen(formOf([['door', 'keep']]), { outcome: 'refused' }, to('no-such-door'))).toBe(false);
    expect(retiresUnseen(none, { outcome: 'not-a-dwelling' }, to('no-such-door'))).toBe(false);
    expect(retiresUnseen(none, { outcome: 'refused' }, to('no-access'))).toBe(false);
  });

  it('keeps a masked number that nobody typed over', () => {
    expect(correctionsIn(formOf([[`value:${at('idNumber')}`, '']]), body, null)).toEqual([]);
  });

  it('reads several codes as a list, none of them as an empty one', () => {
    const path = at('careGroups');
    expect(
      correctionsIn(
        formOf([
          [`many:${path}`, '1'],
          [`value:${path}`, 'elderly'],
        ]),
        body,
        null,
      ),
    ).toEqual([{ path: pathTo('careGroups'), value: ['elderly'] }]);
    expect(correctionsIn(formOf([[`many:${path}`, '1']]), body, null)).toEqual([]);
  });

  it('reads which side counts, who is who, and a value of one’s own only where one stands', () => {
    const phone = at('phone');
    const form = formOf([
      [`choice:${phone}`, 'own'],
      [`own:${phone}`, ' 15900006152 '],
      [`choice:${at('sameAs', 1)}`, 'is:c1'],
      ['choice:["dwelling","use"]', 'register'],
      ['choice:@r2/relation', 'own'],
      ['own:@r2/relation', ''],
      ['choice:["note"]', 'nonsense'],
    ]);
    const who = [
      { key: JSON.stringify(pathTo('sameAs', 1)), take: 'own', value: 'c1' },
      { key: '["dwelling","use"]', take: 'register' },
    ];
    expect(choicesIn(form, null, body)).toEqual({
      all: [...who, { key: JSON.stringify(pathTo('phone')), take: 'own', value: '15900006152' }],
      who,
    });
  });
});
