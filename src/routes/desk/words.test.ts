import { describe, expect, it } from 'vitest';
import * as m from '$lib/paraglide/messages';
import { valueWord } from './words';

describe('a value as people read it', () => {
  it('says in words who raised a concern, where nobody is named', () => {
    expect(valueWord('raisedBy', 'worker')).toBe('上报人自己看到的');
    expect(valueWord('raisedBy', 'anonymous')).toBe('匿名');
  });
});

describe('a count in English', () => {
  it('says one in the singular, each count for itself', () => {
    const english = { locale: 'en' } as const;
    expect(m.desk_door_count({ households: 1, people: 2 }, english)).toBe('1 household, 2 people');
    expect(m.desk_door_count({ households: 0, people: 1 }, english)).toBe('0 households, 1 person');
    expect(m.field_all_as_registered({ count: 1 }, english)).toBe('All as registered · 1 person');
    expect(m.field_all_as_registered({ count: 21 }, english)).toBe('All as registered · 21 people');
  });
});
