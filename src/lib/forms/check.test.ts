import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DoorLike } from '../domain/door-like';
import { checkBody } from './check';
import type { FormContext } from './finding';
import type { FormDefinition } from './definition';
import { careVisit } from './definitions/care-visit';
import { concern } from './definitions/concern';
import { handBack } from './definitions/hand-back';
import { householdVerification } from './definitions/household-verification';
import { definitions, findForm } from './definitions';

const id = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const person = (n: number, name: string, relation: '02' | '10' | '20') => ({
  id: id(n),
  name,
  sex: '1' as const,
  birthDate: '1968-01-01',
  idType: 'resident-id' as const,
  idNumberMasked: '**************123X',
  phone: '',
  relation,
  residence: 'both-here' as const,
  registeredAddress: '',
  since: '',
  careGroups: [],
  presence: 'here' as const,
});
const door: DoorLike = {
  id: id(1),
  gridId: id(2),
  compound: '金山花园',
  building: '3号楼',
  unit: '3',
  floor: 3,
  room: '302',
  use: 'owner-occupied',
  note: '',
  contactName: '',
  contactPhone: '',
  households: [
    {
      id: id(10),
      kind: 'family',
      tenure: 'owner',
      headId: id(11),
      phone: '',
      residents: [person(11, '李建国', '02'), person(12, '张桂兰', '10'), person(13, '李子豪', '20')],
    },
  ],
};
const context = { recordedAt: '2026-11-23T14:30:00+08:00', door };
const listed = (n: number, change = 'unchanged', fields: object = {}) => ({ id: id(n), change, ...fields });
const verified = (residents: object[], more: object = {}) => ({
  outcome: 'verified',
  nextVisit: null,
  informant: { residentId: id(11), name: '李建国' },
  dwelling: {},
  households: [{ id: id(10), residents }],
  note: '',
  noticeGiven: true,
  ...more,
});
const codes = (body: unknown, form: FormDefinition = householdVerification, where: FormContext = context) =>
  checkBody(form, body, where).problems.map(({ code, path }) => `${path.join('.')} ${code}`);

describe('household verification', () => {
  it('takes all as registered with an empty dwelling and ids alone', () => {
    expect(codes(verified([listed(11), listed(12), listed(13)]))).toEqual([]);
  });

  it('names who is not accounted for', () => {
    const { problems } = checkBody(householdVerification, verified([listed(11), listed(12)]), context);
    expect(problems).toMatchObject([
      { path: ['households'], code: 'resident_not_accounted_for', params: { name: '李子豪' } },
    ]);
  });

  it('lets a partly verified door leave people out, but not everybody', () => {
    const partly = { ...verified([listed(11)]), outcome: 'partly-verified', nextVisit: '2026-11-30' };
    expect(codes(partly)).toEqual([]);
    expect(codes({ ...partly, households: [] })).toContain('households nobody_listed');
  });

  it('takes a reason for the tenure of a household and the use of the dwelling, of the list of reasons, instead of the answer', () => {
    const people = [listed(11), listed(12), listed(13)];
    const said = (dwelling: object, household: object) =>
      verified(people, { dwelling, households: [{ id: id(10), residents: people, ...household }] });
    expect(codes(said({ missing: { use: 'unknown' } }, { missing: { tenure: 'refused' } }))).toEqual([]);
    expect(codes(said({ missing: { use: 'who knows' } }, { missing: 'refused' }))).toEqual([
      'dwelling.missing code',
      'households.0.missing group_expected',
    ]);
    const both = said(
      { use: 'rented', missing: { use: 'unknown' } },
      { tenure: 'owner', missing: { tenure: 'refused' } },
    );
    expect(checkBody(householdVerification, both, context).warnings).toMatchObject([
      { path: ['dwelling', 'missing', 'use'], code: 'missing_with_value' },
      { path: ['households', 0, 'missing', 'tenure'], code: 'missing_with_value' },
    ]);
  });

  it('wants informant and notice where somebody answered', () => {
    expect(codes(verified([listed(11), listed(12), listed(13)], { informant: null, noticeGiven: false }))).toEqual([
      'informant required',
      'noticeGiven notice_not_given',
    ]);
  });

  it('takes an attempt without anything else', () => {
    expect(
      codes({
        outcome: 'no-one-home',
        nextVisit: null,
        informant: null,
        dwelling: {},
        households: [],
        note: '',
        noticeGiven: false,
      }),
    ).toEqual([]);
    expect(codes({ outcome: 'no-one-home' })).toEqual([]);
  });

  it('lets other outcomes carry no households', () => {
    expect(codes({ ...verified([listed(11)]), outcome: 'refused' })).toContain('households not_relevant');
  });

  it('lets unchanged carry a reason for a missing answer, and no field', () => {
    const rest = [listed(12), listed(13)];
    expect(codes(verified([listed(11, 'unchanged', { missing: { phone: 'refused' } }), ...rest]))).toEqual([]);
    expect(codes(verified([listed(11, 'unchanged', { phone: '13800008979' }), ...rest]))).toEqual([
      'households.0.residents.0.phone unchanged_with_fields',
    ]);
  });

  it('checks an identity number as typed: checksum, date, birth date', () => {
    const withNumber = (idNumber: string, more: object = {}) =>
      codes(verified([listed(11, 'corrected', { idNumber, ...more }), listed(12), listed(13)]));
    expect(withNumber('620799195403273978')).toEqual(['households.0.residents.0.idNumber id_checksum']);
    expect(withNumber('620799195403273977')).toEqual(['households.0.residents.0.idNumber id_birth_date']);
    expect(withNumber('620799195403273977', { birthDate: '1954-03-27' })).toEqual([]);
  });

  it('takes no identity number by telephone', () => {
    const body = verified(
      [listed(11, 'corrected', { idNumber: '620799195403273977', birthDate: '1954-03-27' }), listed(12), listed(13)],
      { how: 'telephone' },
    );
    expect(codes(body)).toEqual(['households.0.residents.0.idNumber id_by_telephone']);
  });

  it("asks everyone's relation again when the head changes", () => {
    const gone = [listed(11, 'died', { on: '2026-05' }), listed(12, 'corrected', { relation: '02' }), listed(13)];
    expect(codes(verified(gone))).toEqual(['households.0.residents.2.relation relation_asked_again']);
    const asked = [gone[0] ?? {}, gone[1] ?? {}, listed(13, 'corrected', { relation: '20' })];
    expect(codes(verified(asked))).toEqual([]);
  });

  it('takes a newborn without a number', () => {
    const born = listed(14, 'born', {
      name: '未取名',
      sex: '2',
      birthDate: '2026-11-01',
      idType: 'none',
      relation: '40',
      residence: 'not-registered',
      presence: 'here',
      missing: { idNumber: 'none-yet' },
    });
    expect(codes(verified([listed(11), listed(12), listed(13), born]))).toEqual([]);
  });

  it('asks whether it is another person when name and number both change', () => {
    const body = verified([
      listed(11, 'corrected', { name: '李建军', idNumber: '620799195403273977', birthDate: '1954-03-27' }),
      listed(12),
      listed(13),
    ]);
    expect(checkBody(householdVerification, body, context).warnings.map(({ code }) => code)).toContain(
      'another_person',
    );
  });

  it('wants the whole address of a door that the register lacks', () => {
    const body = {
      outcome: 'no-one-home',
      dwelling: { gridId: id(2), compound: '金山花园', building: '3号楼', unit: '3' },
    };
    expect(codes(body, householdVerification, { ...context, door: null })).toEqual([
      'dwelling.floor address_incomplete',
      'dwelling.room address_incomplete',
    ]);
  });

  it('refuses vacant where somebody is registered', () => {
    expect(codes({ outcome: 'vacant', dwelling: { use: 'vacant' } })).toEqual(['outcome vacant_but_registered']);
  });

  it('refuses U+0000 and half a character anywhere [REC-8]', () => {
    expect(codes({ outcome: 'refused', note: 'a\u0000' })).toEqual(['note text']);
    expect(codes({ outcome: 'refused', note: '\ud800' })).toEqual(['note text']);
  });
});

describe('care visit', () => {
  const visit = {
    outcome: 'met',
    present: 'in-person',
    services: [{ code: 'company', minutes: 40 }],
    condition: { mood: 2, mobility: 3, eating: null, home: 4 },
    hazards: ['fall'],
    needs: [{ text: '卫生间装扶手', urgency: 'week' }],
    nextVisit: '2026-12-01',
    note: '',
    withVolunteers: [],
  };
  it('takes a whole visit', () => expect(codes(visit, careVisit)).toEqual([]));
  it('wants a service when met, none otherwise', () => {
    expect(codes({ ...visit, services: [] }, careVisit)).toEqual(['services required']);
    expect(codes({ outcome: 'not-met', present: 'in-person', services: [] }, careVisit)).toEqual([]);
  });
  it('sees neither home nor mobility by telephone', () => {
    expect(codes({ ...visit, present: 'telephone' }, careVisit)).toEqual([
      'condition.mobility not_relevant',
      'condition.home not_relevant',
    ]);
  });
});

describe('concern and hand-back', () => {
  it('takes an anonymous concern and one with a name', () => {
    const body = { category: 'noise', title: '夜里装修', urgency: 'week', raisedBy: 'anonymous', solvedOnSpot: null };
    expect(codes(body, concern)).toEqual([]);
    expect(codes({ ...body, raisedBy: { name: '王芳', phone: '' } }, concern)).toEqual([]);
    expect(codes({ ...body, raisedBy: 'nobody' }, concern)).toEqual(['raisedBy group_expected']);
    expect(codes({ ...body, parties: [{ name: '甲' }] }, concern)).toEqual(['parties not_relevant']);
  });
  it('wants a reason to hand a door back', () => {
    expect(codes({ reason: 'unsafe', proposed: null, note: '' }, handBack)).toEqual([]);
    expect(codes({}, handBack)).toEqual(['reason required']);
  });
});

it('never throws, whatever JSON comes', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(...definitions), (body, form) => {
      checkBody(form, body, context);
      checkBody(form, { ...verified([]), households: body }, { ...context, door: null });
    }),
    { numRuns: 300 },
  );
});

it('knows its forms by id and version [QUA-5]', () => {
  expect(findForm('care-visit', 1)?.kind).toBe('care-visit');
  expect(findForm('care-visit', 2)).toBeNull();
});
