import { describe, expect, it } from 'vitest';
import * as m from '$lib/paraglide/messages';
import { overwriteGetLocale } from '$lib/paraglide/runtime';
import { valueWord } from './words';

describe('a value as people read it', () => {
  it('says in words who raised a concern, where nobody is named', () => {
    expect(valueWord('raisedBy', 'worker')).toBe('上报人自己看到的');
    expect(valueWord('raisedBy', 'anonymous')).toBe('匿名');
  });

  it('says the steps of a care visit with the words of the phone', () => {
    const condition = { mood: 3, mobility: 1, eating: 5, home: 4 };
    expect(['mood', 'mobility', 'eating', 'home'].map((field) => valueWord(field, 1))).toEqual(Array(4).fill('很差'));
    expect(valueWord('condition', condition)).toBe('心情 一般、行动 很差、吃饭 很好、家中状况 好');
    expect(valueWord('minutes', 3)).toBe('3');
    overwriteGetLocale(() => 'en');
    expect(valueWord('mood', 3)).toBe('Fair');
    overwriteGetLocale(() => 'zh-CN');
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
