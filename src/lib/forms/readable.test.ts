import { describe, expect, it } from 'vitest';
import { careVisit } from './definitions/care-visit';
import { householdVerification } from './definitions/household-verification';
import { readable } from './readable';

const id = (n: number) => `00000000-0000-7000-8000-00000000000${n}`;
const verification = (body: unknown) => readable(householdVerification, body);

describe('a body as the screens can hold it', () => {
  it('stays as it is where it has the shape of the form, mistakes in it too', () => {
    const body = {
      outcome: 'verified',
      informant: { residentId: id(1), name: '王秀兰', kind: 'member' },
      noticeGiven: true,
      nextVisit: null,
      dwelling: {},
      households: [
        {
          id: id(3),
          residents: [
            {
              id: id(1),
              change: 'corrected',
              name: '',
              phone: '12',
              careGroups: [],
              contacts: [],
              idNumberMasked: '***',
            },
          ],
        },
      ],
      note: '长'.repeat(5000),
      meter: { of: 'a newer form' },
    };
    expect(verification(body)).toEqual({ body, unread: [] });
  });

  it.each([null, undefined, 'x', 7, [1, 2]])('of %j has nothing, and says so', (body) => {
    expect(verification(body)).toEqual({ body: {}, unread: [[]] });
  });

  it('takes no answer for none: a list is there or empty', () => {
    const body = {
      note: '',
      nextVisit: [],
      households: [{ id: id(3), residents: null }],
      dwelling: null,
      informant: null,
    };
    expect(verification(body).body).toEqual({ note: '', households: [{ id: id(3), residents: [] }] });
  });

  it('leaves out what is no list, no group or no answer of its kind, and names it', () => {
    const odd = {
      outcome: 'zzz',
      informant: [1, { a: null }],
      dwelling: 'x',
      households: 'x',
      note: 5,
      noticeGiven: 1,
    };
    const { body, unread } = verification({ ...odd, how: 'in-person' });
    expect(body).toEqual({ how: 'in-person' });
    expect(unread).toEqual(Object.keys(odd).map((name) => [name]));
  });

  it('keeps each person once who can be told apart, and each answer of theirs that can be read', () => {
    const { body, unread } = verification({
      households: [
        null,
        {
          id: id(3),
          residents: [null, 5, { id: null, change: 'corrected' }, { id: id(1), change: 'corrected', phone: {} }],
        },
        {
          id: id(4),
          residents: [
            { id: id(1), change: 'unchanged' },
            { id: id(2), change: 'gone' },
            { id: id(5), change: 'died' },
          ],
        },
      ],
    });
    expect(body).toEqual({
      households: [
        { id: id(3), residents: [{ id: id(1), change: 'corrected' }] },
        { id: id(4), residents: [{ id: id(5), change: 'died' }] },
      ],
    });
    const people = (household: number, ...at: (string | number)[]) => ['households', household, 'residents', ...at];
    expect(unread).toEqual([
      ['households', 0],
      people(1, 0),
      people(1, 1),
      people(1, 2),
      people(1, 3, 'phone'),
      people(2, 0),
      people(2, 1),
    ]);
  });

  it('reads a care visit the same way: services by their code, what is needed by its words', () => {
    const needs = [{ text: '修灯', urgency: 'soon-ish' }];
    const services = [{ code: 'x', minutes: 1 }, null, { code: 'company', minutes: 'long' }, { code: 'company' }];
    const visit = { outcome: 'met', services, condition: { mood: 99, eating: '3' }, hazards: ['gas', 7], needs };
    const { body, unread } = readable(careVisit, visit);
    expect(body).toEqual({
      outcome: 'met',
      services: [{ code: 'company' }],
      condition: { mood: 99 },
      hazards: ['gas'],
      needs: [{ text: '修灯' }],
    });
    expect(unread).toHaveLength(7);
  });
});
