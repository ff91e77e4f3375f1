import { describe, expect, expectTypeOf, it } from 'vitest';
import type { Code } from '../domain/codes/codes';
import { askedOnly, begin, isAsked } from './answers';
import { cellOf, columnsOf } from './columns';
import type { AnswersOf, Field } from './definition';
import { careVisit } from './definitions/care-visit';
import { concern } from './definitions/concern';
import type { handBack } from './definitions/hand-back';
import { householdVerification } from './definitions/household-verification';
import { dwellingFields, residentFields, useOfNoDwelling } from './definitions/register-fields';
import { definitions } from './definitions';
import { fieldAt, fieldsOf } from './paths';
import { askOf, choicesOf, controlOf, fieldNamed, isHidden, mended, newEntry, startValue } from './screen';

const ofPerson = (name: string): Field => fieldNamed<Field>(residentFields, name);
const ofVisit = (name: string): Field => fieldNamed<Field>(fieldsOf(careVisit), name);

describe('a field on a screen', () => {
  it('has a control for every type that a form uses', () => {
    const leaves = definitions.flatMap((form) => columnsOf(form).map(({ field }) => field));
    expect(new Set(leaves.map(controlOf))).not.toContain(undefined);
    expect(controlOf(ofPerson('relation'))).toBe('choice');
    expect(controlOf(ofPerson('contacts'))).toBe('list');
  });

  it('is asked in the words of the case', () => {
    const nextVisit = fieldNamed(fieldsOf(householdVerification), 'nextVisit');
    expect(askOf(nextVisit, [{ outcome: 'postponed' }])).toBe('ask_nextAgreed');
    expect(askOf(nextVisit, [{ outcome: 'partly-verified' }])).toBe('ask_nextForOthers');
    expect(askOf(nextVisit, [{ outcome: 'refused' }])).toBe('ask_nextVisit');
    const use = fieldNamed<Field>(dwellingFields, 'use');
    expect(askOf(use, [{ outcome: 'not-a-dwelling' }, {}])).toBe('ask_usedAs');
    expect(askOf(use, [{ outcome: 'verified' }, {}])).toBe('label_use');
    expect(askOf(ofPerson('name'))).toBe('label_name');
  });

  it('offers the codes that make sense, those met most first', () => {
    expect(choicesOf(ofPerson('presence'))).toEqual({ first: ['here', 'away'], more: [] });
    const relation = choicesOf(ofPerson('relation'));
    expect(relation.first.slice(0, 2)).toEqual(['02', '10']);
    expect(relation.more).not.toContain('02');
    expect(choicesOf(useOfNoDwelling).first).toEqual(['shop', 'public', 'storage', 'other']);
  });

  it('is begun from the old word, from the other of two codes, else from nothing', () => {
    expect(startValue(ofPerson('name'), '李建国')).toBe('李建国');
    expect(startValue(ofPerson('presence'), 'here')).toBe('away');
    expect(startValue(ofPerson('sex'), '2')).toBe('1');
    expect(startValue(ofPerson('idType'), 'passport')).toBe('passport');
    expect(startValue(ofPerson('phone'), '13800008979')).toBe('');
    const contacts = [{ kind: 'guardian', name: '王强', phone: '' }];
    expect(startValue(ofPerson('contacts'), contacts)).toEqual(contacts);
    expect(startValue(ofPerson('contacts'), contacts)).not.toBe(contacts);
  });

  it('puts what was typed into the form of the register when it is left', () => {
    expect(mended(ofPerson('birthDate'), '19580403')).toBe('1958-04-03');
    expect(mended(ofPerson('phone'), '138 0000 8979')).toBe('13800008979');
    expect(mended(ofPerson('phone'), '1380000')).toBe('1380000');
    expect(mended(ofPerson('registeredAddress'), ' 民乐县')).toBe(' 民乐县');
  });
});

describe('what is asked of somebody new', () => {
  const asks = (name: string, entry: object) => isAsked(ofPerson(name), [entry], '2026-11-23');
  it('follows what was answered before', () => {
    expect(asks('idNumber', {})).toBe(false);
    expect(asks('idNumber', { idType: 'none' })).toBe(false);
    expect(asks('idNumber', { idType: 'passport' })).toBe(true);
    expect(asks('registeredAddress', { residence: 'both-here' })).toBe(false);
    expect(asks('registeredAddress', { residence: 'migrant' })).toBe(true);
    expect(asks('awayTo', { presence: 'away' })).toBe(true);
  });

  it('leaves children and newborns without a telephone', () => {
    expect(asks('phone', { change: 'moved-in' })).toBe(true);
    expect(asks('phone', { change: 'moved-in', birthDate: '2014-11-23' })).toBe(true);
    expect(asks('phone', { change: 'moved-in', birthDate: '2014-11-24' })).toBe(false);
    expect(asks('phone', { change: 'born' })).toBe(false);
  });

  it('keeps what is rarely needed behind more until it is answered', () => {
    expect(isHidden(ofPerson('careGroups'), { careGroups: [] })).toBe(true);
    expect(isHidden(ofPerson('careGroups'), { careGroups: ['disabled'] })).toBe(false);
    expect(isHidden(ofPerson('name'), {})).toBe(false);
  });
});

describe('a form of one screen', () => {
  it('begins with lists that are empty and what a form begins with', () => {
    expect(begin(careVisit)).toMatchObject({
      outcome: null,
      present: 'in-person',
      services: [],
      hazards: [],
      note: null,
    });
    expectTypeOf<AnswersOf<typeof careVisit>['hazards']>().toEqualTypeOf<Code<'hazard'>[]>();
    expectTypeOf<AnswersOf<typeof handBack>['proposed']>().toEqualTypeOf<string | null>();
    expect(newEntry(ofVisit('needs'))).toEqual({ urgency: 'week' });
    expect(newEntry(ofVisit('services'))).toEqual({ minutes: 30 });
  });

  it('sends what is asked for, and no entry in which nothing was typed', () => {
    const body = {
      ...begin(careVisit),
      outcome: 'not-met',
      services: [{ code: 'company', minutes: 30 }],
      condition: { mood: 2, home: 3 },
      needs: [
        { text: '', urgency: 'now' },
        { text: '卫生间装扶手', urgency: 'week' },
      ],
      fromTomorrow: { kept: true },
    };
    expect(askedOnly(careVisit, body)).toMatchObject({
      condition: {},
      needs: [{ text: '卫生间装扶手' }],
      fromTomorrow: { kept: true },
    });
    expect(askedOnly(careVisit, body)).not.toHaveProperty('services');
    expect(askedOnly(careVisit, { ...body, outcome: 'met', present: 'telephone' })).toMatchObject({
      condition: { mood: 2 },
      services: [{ code: 'company' }],
    });
  });

  it('keeps the parties of a dispute to disputes, and one without a name to be mended', () => {
    const parties = [{ name: '', phone: '13800008979' }, {}];
    expect(askedOnly(concern, { category: 'noise', parties })).not.toHaveProperty('parties');
    expect(askedOnly(concern, { category: 'dispute-family', parties })).toMatchObject({ parties: [parties[0]] });
  });
});

describe('the columns of an export', () => {
  it("are the answers in the form's order, each under the labels that lead to it", () => {
    const columns = columnsOf(householdVerification);
    expect(columns.map(({ path }) => path)).toContain('households[].residents[].contacts[].name');
    expect(columns.find(({ path }) => path === 'households[].phone')?.header).toEqual([
      'label_households',
      'label_householdPhone',
    ]);
    expect(columnsOf(concern).map(({ path }) => path)).toEqual(
      expect.arrayContaining(['raisedBy', 'raisedBy.name', 'parties[].phone']),
    );
    expect(new Set(columns.map(({ path }) => path)).size).toBe(columns.length);
  });

  it('say codes in words, in the language asked for', () => {
    const [relation, groups, missing] = ['relation', 'careGroups', 'missing'].map((name) => {
      const found = columnsOf(householdVerification).find(({ path }) => path.endsWith(`residents[].${name}`));
      if (!found) throw new Error(`no column ${name}`);
      return found;
    });
    if (!relation || !groups || !missing) throw new Error('three columns');
    expect(cellOf(relation, '10', 'zh-CN')).toBe('配偶');
    expect(cellOf(relation, '10', 'en')).toBe('spouse');
    expect(cellOf(groups, ['oldest-old', 'disabled'], 'en', '; ')).toContain('; ');
    expect(cellOf(missing, { phone: 'refused' }, 'en')).toBe('phone: refused');
    expect(cellOf(relation, null, 'en')).toBe('');
  });

  it('are found by their path', () => {
    expect(fieldAt(householdVerification, ['households', 0, 'residents', 2, 'phone'])?.label).toBe('label_phone');
    expect(fieldAt(householdVerification, ['households', 0, 'phone'])?.label).toBe('label_householdPhone');
    expect(fieldAt(householdVerification, ['nothing'])).toBeNull();
    // Why an answer is missing is a code, under that answer's own label.
    expect(fieldAt(householdVerification, ['households', 0, 'missing', 'tenure'])).toMatchObject({
      ...{ type: 'code', codeList: 'missing-reason', label: 'label_tenure' },
    });
  });
});
