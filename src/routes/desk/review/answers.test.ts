import { describe, expect, it } from 'vitest';
import type { FormDefinition } from '$lib/forms/definition';
import { fieldAt } from '$lib/forms/paths';
import { answerGroups, valueAt } from './answers';

const definition: FormDefinition = {
  id: 'sample',
  version: 1,
  kind: 'concern',
  targets: ['grid'],
  label: 'form_sample',
  sections: [
    {
      name: 'what',
      label: 'section_what',
      fields: [
        { name: 'title', type: 'text', label: 'label_title', purpose: 'purpose_title' },
        {
          name: 'parties',
          type: 'list',
          label: 'label_parties',
          purpose: 'purpose_parties',
          fields: [{ name: 'phone', type: 'phone', label: 'label_phone', purpose: 'purpose_phone' }],
        },
      ],
    },
  ],
};
const body = { title: '路灯', parties: [{ name: '甲', phone: '13800008979' }], extra: { deep: true } };

describe('answers of a body', () => {
  it('makes each entry of a list a group of its own', () => {
    const groups = answerGroups(definition, body);
    expect(groups.map(({ of, name, answers }) => [of, name, answers.map((answer) => answer.name)])).toEqual([
      ['', '', ['title']],
      ['parties', '甲', ['phone', 'name']],
      ['extra', '', ['deep']],
    ]);
    expect(groups[1]?.answers[0]?.field?.type).toBe('phone');
  });

  it('follows the order of the form, not of the letters', () => {
    const [first] = answerGroups(definition, { about: 'unknown to the form', title: '路灯' });
    expect(first?.answers.map(({ name }) => name)).toEqual(['title', 'about']);
  });

  it('reads a body whose form nobody knows', () => {
    expect(answerGroups(null, body)).toHaveLength(3);
    expect(answerGroups(null, 'no body')).toEqual([]);
  });

  it('finds a field and a value by path', () => {
    expect(fieldAt(definition, ['parties', 0, 'phone'])?.type).toBe('phone');
    expect(fieldAt(definition, ['nothing', 'here'])).toBeNull();
    expect(valueAt(body, ['parties', 0, 'phone'])).toBe('13800008979');
    expect(valueAt(body, ['parties', 3, 'phone'])).toBeUndefined();
    expect(valueAt(body, ['constructor'])).toBeUndefined();
  });
});
