import { describe, expect, it } from 'vitest';
import { keyOf, pathOf } from './answer-keys';

const people = (...residents: unknown[]) => ({ households: [{ id: 'h', residents }], note: '' });
const phoneOf = (index: number) => ['households', 0, 'residents', index, 'phone'];

describe('names of answers', () => {
  it('follow a person whose place in the list is another in the next revision', () => {
    const first = people({ id: 'a' }, { id: 'b' }, { id: 'c' });
    const key = keyOf(first, phoneOf(2));
    expect(key).toBe('["households","h","residents","c","phone"]');
    expect(pathOf(first, key)).toEqual(phoneOf(2));
    expect(pathOf(people({ id: 'a' }, { id: 'c' }), key)).toEqual(phoneOf(1));
  });

  it('are about nobody where the person is not in the record any more', () => {
    const key = keyOf(people({ id: 'a' }, { id: 'b' }), phoneOf(1));
    expect(pathOf(people({ id: 'a' }), key)).toBeNull();
    expect(pathOf(undefined, key)).toEqual(['households', 'h', 'residents', 'b', 'phone']);
  });

  it('keep the place where an entry has no id, or not one of its own', () => {
    for (const body of [people({ name: '甲' }, { name: '乙' }), people({ id: 'a' }, { id: 'a' })]) {
      const key = keyOf(body, phoneOf(1));
      expect(key).toBe('["households","h","residents",1,"phone"]');
      expect(pathOf(body, key)).toEqual(phoneOf(1));
    }
  });

  it('of anything at all are read without harm', () => {
    for (const text of ['', 'nonsense', '{}', '[null]', `[${'1,'.repeat(20)}1]`]) expect(pathOf({}, text)).toBeNull();
    expect(pathOf({}, '["__proto__"]')).toEqual(['__proto__']);
    expect(keyOf(null, ['a', 0])).toBe('["a",0]');
  });
});
