import { describe, expect, it } from 'vitest';
import { typedIn } from './typed';

function formOf(...entries: [string, string][]): FormData {
  const form = new FormData();
  for (const [name, value] of entries) form.append(name, value);
  return form;
}

describe('what was written into a form', () => {
  it('is what differs from what the page gave, and the comments that say something', () => {
    const form = formOf(
      ['value:["note"]', '路灯坏了'],
      ['was:value:["note"]', '路灯坏了'],
      ['value:["mood"]', '4'],
      ['was:value:["mood"]', '2'],
      ['comment:["note"]', ''],
      ['comment:["mood"]', '请再问'],
      ['words', '两行\r\n字'],
      ['revision', '3'],
    );
    expect(typedIn(form)).toEqual({
      'value:["mood"]': '4',
      'was:value:["mood"]': '2',
      'comment:["mood"]': '请再问',
      words: '两行\n字',
    });
  });

  it('is every tick of a list of codes, and none of them too', () => {
    const ticks = (...codes: string[]) =>
      formOf(
        ['many:["hazards"]', '1'],
        ['was:value:["hazards"]', 'fire'],
        ...codes.map((code): [string, string] => ['value:["hazards"]', code]),
      );
    expect(typedIn(ticks('fire', 'gas', 'fall'))['value:["hazards"]']).toBe('fire\ngas\nfall');
    expect(typedIn(ticks())['value:["hazards"]']).toBe('');
    expect(typedIn(ticks('fire'))).toEqual({});
  });

  it('is no masked number over which nothing was written', () => {
    const number = (text: string) => formOf(['value:["x","idNumber"]', text], ['was:value:["x","idNumber"]', '1 abc']);
    expect(typedIn(number(''))).toEqual({});
    expect(typedIn(number('110'))).toHaveProperty(['value:["x","idNumber"]'], '110');
  });

  it('is what becomes of the door, where somebody said that it stays', () => {
    const door = (said: string) => formOf(['door', said], ['was:door', 'retire']);
    expect(typedIn(door('retire'))).toEqual({});
    expect(typedIn(door('keep'))).toHaveProperty('door', 'keep');
  });

  it('is a choice with the sides that stood there, and what has no field any more', () => {
    const form = formOf(
      ['choice:["phone"]', 'proposal'],
      ['was:choice:["phone"]', '["1","2"]'],
      ['kept:words', '请补照片'],
      ['kept:comment:["a"]', '旧的'],
      ['comment:["a"]', '新的'],
    );
    expect(typedIn(form)).toEqual({
      'choice:["phone"]': 'proposal',
      'was:choice:["phone"]': '["1","2"]',
      words: '请补照片',
      'comment:["a"]': '新的',
    });
  });
});
