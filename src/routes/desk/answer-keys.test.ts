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

  const visit = (...services: unknown[]) => ({ services, needs: [] });
  const minutesOf = (index: number) => ['services', index, 'minutes'];
  const [health, company] = [
    { code: 'health', minutes: 10 },
    { code: 'company', minutes: 10 },
  ];

  it('follow an entry without an id by its code, its name or its words', () => {
    const key = keyOf(visit(health, company), minutesOf(0));
    expect(key).toBe('["services","code health","minutes"]');
    expect(pathOf(visit(company, { ...health, minutes: 20 }), key)).toEqual(minutesOf(1));
    expect(pathOf(visit(company), key)).toBeNull();
    for (const field of ['name', 'text']) {
      const [one, two] = [{ [field]: '甲' }, { [field]: '乙' }];
      const phone = keyOf({ list: [one, two] }, ['list', 1, 'phone']);
      expect(phone).not.toContain('乙');
      expect(pathOf({ list: [two, one] }, phone)).toEqual(['list', 0, 'phone']);
      expect(pathOf({ list: [one, { [field]: '丙' }] }, phone)).toBeNull();
    }
  });

  it('are about an entry that nothing tells from another only while it says the same', () => {
    const longer = { ...health, minutes: 20 };
    for (const [first, second] of [
      [health, longer],
      [{ minutes: 10 }, { minutes: 20 }],
      ['fire', 'gas'],
    ]) {
      const key = keyOf(visit(first, second), minutesOf(1));
      expect(pathOf(visit(second, first), key)).toEqual(minutesOf(0));
      expect(pathOf(visit(first, { code: 'health', minutes: 30 }), key)).toBeNull();
    }
    const alike = visit(health, health);
    const keys = [0, 1].map((index) => keyOf(alike, minutesOf(index)));
    expect(keys.map((key) => pathOf(alike, key))).toEqual([minutesOf(0), minutesOf(1)]);
    // The same id twice is nobody's.
    const twice = people({ id: 'a', phone: '1' }, { id: 'a', phone: '2' });
    expect(pathOf(people({ id: 'a', phone: '2' }, { id: 'a', phone: '1' }), keyOf(twice, phoneOf(1)))).toEqual(
      phoneOf(0),
    );
  });

  it('name no entry by its place, but one that is none yet', () => {
    expect(pathOf(visit(health), '["services",0,"minutes"]')).toBeNull();
    const next = keyOf(visit(health), ['services', 1]);
    expect(next).toBe('["services",1]');
    expect(pathOf(visit(health), next)).toEqual(['services', 1]);
  });

  it('of anything at all are read without harm', () => {
    for (const text of ['', 'nonsense', '{}', '[null]', `[${'1,'.repeat(20)}1]`]) expect(pathOf({}, text)).toBeNull();
    expect(pathOf({}, '["__proto__"]')).toEqual(['__proto__']);
    expect(keyOf(null, ['a', 0])).toBe('["a",0]');
  });
});
