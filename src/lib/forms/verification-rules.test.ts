import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyVerification } from '../domain/apply-verification';
import type { DoorLike, ResidentLike } from '../domain/door-like';
import { checkBody } from './check';
import { householdVerification } from './definitions/household-verification';
import { unsafeTexts } from './text-safety';
import { allAsRegistered, changedOnly } from './verification-draft';

const id = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const recordedAt = '2026-11-23T14:30:00+08:00';
const person = (n: number, more: Partial<ResidentLike> = {}): ResidentLike => ({
  ...{ id: id(n), name: `居民${'甲乙丙丁'.charAt(n % 4)}`, sex: '1', birthDate: '1954', idType: 'resident-id' },
  ...{ idNumberMasked: '**************123X', phone: '13800008979', relation: '20', residence: 'both-here' },
  ...{ registeredAddress: '', since: '', careGroups: [], presence: 'here' },
  ...more,
});
const door: DoorLike = {
  ...{ id: id(1), gridId: id(2), compound: '金山花园', building: '3', unit: '1', floor: 3, room: '302' },
  ...{ use: 'owner-occupied', note: '', contactName: '', contactPhone: '' },
  households: [
    {
      id: id(10),
      kind: 'family',
      tenure: 'owner',
      headId: id(11),
      phone: '',
      residents: [person(11, { relation: '02' }), person(12)],
    },
    {
      id: id(20),
      kind: 'family',
      tenure: 'tenant',
      headId: id(21),
      phone: '',
      residents: [person(21, { relation: '02' })],
    },
  ],
};
const newcomer = (n: number, more: object = {}) => ({
  ...{
    id: id(n),
    change: 'moved-in',
    name: '王芳',
    sex: '2',
    birthDate: '1990',
    idType: 'resident-id',
    relation: '97',
  },
  ...{ residence: 'migrant', presence: 'here' },
  ...more,
});
const at = (first: object[], more: object = {}, others: object[] = []) => ({
  outcome: 'verified',
  informant: { residentId: id(11), name: '居民丁' },
  dwelling: {},
  households: [
    { id: id(10), residents: [...first] },
    { id: id(20), residents: [{ id: id(21), change: 'unchanged' }] },
    ...others,
  ],
  noticeGiven: true,
  ...more,
});
const same = [
  { id: id(11), change: 'unchanged' },
  { id: id(12), change: 'unchanged' },
];
const check = (body: object) => {
  const { problems, warnings } = checkBody(householdVerification, body, { recordedAt, door });
  const words = (found: typeof problems) => found.map(({ path, code }) => `${path.slice(-2).join('.')} ${code}`);
  return { problems: words(problems), warnings: words(warnings) };
};
const corrected = (fields: object, more: object = {}) =>
  check(at([{ id: id(11), change: 'corrected', ...fields }, same[1] ?? {}], more));

describe('a door that is none', () => {
  const warned = (outcome: string, of: DoorLike) => {
    const body = {
      outcome,
      nextVisit: null,
      informant: null,
      dwelling: {},
      households: [],
      note: '',
      noticeGiven: false,
    };
    return checkBody(householdVerification, body, { recordedAt, door: of }).warnings;
  };

  it.each(['no-such-door', 'not-a-dwelling'])('%s: says who is registered there, and asks once', (outcome) => {
    expect(warned(outcome, door)).toMatchObject([
      { path: ['outcome'], code: 'people_without_door', params: { count: 3 } },
    ]);
    expect(warned(outcome, { ...door, households: [] })).toEqual([]);
  });
});

describe('a whole household that moved away', () => {
  const gone = (entry: object, more: object = {}) => {
    const body = {
      ...{ outcome: 'moved-away', nextVisit: null, informant: null, dwelling: {}, note: '', noticeGiven: false },
      households: [{ id: id(10), residents: [{ id: id(11), change: 'moved-away', ...entry }] }],
      ...more,
    };
    const { problems } = checkBody(householdVerification, body, { recordedAt, door });
    return problems.map(({ path, code }) => `${path.slice(-2).join('.')} ${code}`);
  };

  it('may list who left with day and place, and nobody is missed who is not listed', () => {
    expect(gone({ on: '2026-10', movedTo: '张掖市甘州区' })).toEqual([]);
    expect(gone({}, { households: [] })).toEqual([]);
  });

  it('went on a day that was, and nobody of it stays or comes', () => {
    expect(gone({ on: '2026-12' })).toEqual(['0.on date_in_future']);
    expect(gone({ change: 'unchanged' })).toEqual(['0.change not_relevant']);
    expect(gone({ change: 'moved-in', id: id(99) })).toEqual(['0.change not_relevant']);
    expect(gone({ id: id(99) })).toEqual(['0.change resident_not_registered']);
  });

  it('of no other outcome without an answer are there households', () => {
    expect(gone({}, { outcome: 'refused' })).toEqual(['households not_relevant']);
  });
});

describe('who may say what', () => {
  const neighbour = { informant: { residentId: null, name: '对门老李（301）', kind: 'neighbour' } };
  it('corrects no telephone, birth date or number by hearsay', () => {
    expect(corrected({ phone: '13900001111' }, neighbour).problems).toEqual(['0.phone not_theirs_to_tell']);
    expect(corrected({ birthDate: '1955' }, neighbour).problems).toEqual(['0.birthDate not_theirs_to_tell']);
    expect(corrected({ idNumber: '620799195403273977' }, neighbour).problems).toEqual(['0.idNumber id_not_theirs']);
    expect(corrected({ presence: 'away' }, neighbour).problems).toEqual([]);
  });

  it('asks once what a manager says of somebody new, and does without a birth date', () => {
    const manager = { informant: { name: '张师傅', kind: 'manager' } };
    expect(check(at([...same, newcomer(13)], manager))).toEqual({
      problems: [],
      warnings: ['2.birthDate not_theirs_to_tell'],
    });
    expect(check(at([...same, newcomer(13, { birthDate: '' })], manager).valueOf())).toEqual({
      problems: [],
      warnings: [],
    });
  });

  it('takes a flatmate at their word for the own household', () => {
    const flatmate = { informant: { residentId: id(11), name: '居民丁', kind: 'flatmate' } };
    expect(corrected({ phone: '13900001111' }, flatmate).problems).toEqual([]);
    const other = { informant: { residentId: id(21), name: '居民乙', kind: 'flatmate' } };
    expect(corrected({ phone: '13900001111' }, other).problems).toEqual(['0.phone not_theirs_to_tell']);
  });
});

describe('documents', () => {
  it.each([
    [{ idType: 'none', idNumber: 'AB1234' }, '0.idNumber id_none_with_number'],
    [{ idType: 'passport', idNumber: 'AB1' }, '0.idNumber document_number'],
    [{ idType: 'resident-id', idNumber: '620799540327397' }, '0.idNumber id_first_card'],
    [{ idType: 'foreign-residence', idNumber: '911124198108030025' }, '0.idNumber id_checksum'],
  ])('refuses %o', (fields, problem) => {
    expect(corrected(fields).problems).toEqual([problem]);
  });

  it('takes full-width digits and a small x, and other documents as they are', () => {
    expect(corrected({ idNumber: '６２０７９９ 1954 0327 3977' }).problems).toEqual([]);
    expect(corrected({ idType: 'passport', idNumber: 'G12345678' }).problems).toEqual([]);
    expect(corrected({ idNumber: '62079919980403000x', birthDate: '1998-04-03' }).problems).toEqual([]);
  });

  it('takes no number for two people', () => {
    const number = { idNumber: '620799195403273977' };
    const two = at([
      { id: id(11), change: 'corrected', ...number },
      { id: id(12), change: 'corrected', ...number },
    ]);
    expect(check(two).problems).toEqual(['1.idNumber id_twice']);
  });

  it('does not ask about another person when a newborn gets name and number', () => {
    const newborn = {
      ...door,
      households: [
        { ...door.households[0], id: id(10), residents: [person(11, { name: '未取名', idNumberMasked: '' })] },
      ],
    };
    const body = {
      ...at([]),
      households: [
        { id: id(10), residents: [{ id: id(11), change: 'corrected', name: '王宝', idNumber: '620799195403273977' }] },
      ],
    };
    const found = checkBody(householdVerification, body, { recordedAt, door: newborn as DoorLike });
    expect(found.warnings.map(({ code }) => code)).not.toContain('another_person');
  });
});

describe('people and households', () => {
  it('wants a new id for somebody new', () => {
    expect(check(at([...same, newcomer(21)])).problems).toContain('2.id id_not_new');
    expect(check(at([...same, newcomer(13, { presence: 'died' })])).problems).toEqual([
      '2.presence presence_of_newcomer',
    ]);
  });

  it('wants a household that the register lacks whole, and each household once', () => {
    const bare = { id: id(30), residents: [newcomer(31, { relation: '02' })] };
    expect(check(at(same, {}, [bare])).problems).toEqual(['2.kind required']);
    expect(check(at(same, {}, [{ ...bare, kind: 'family' }])).problems).toEqual([]);
    expect(check(at(same, {}, [{ id: id(20), residents: [] }])).problems).toEqual(['2.id household_listed_twice']);
  });

  it('gives a collective household no head', () => {
    const beds = (headId: string | null) => ({
      ...{ id: id(30), kind: 'collective', headId, phone: '13900001111' },
      residents: [newcomer(31, { relation: '99' }), newcomer(32, { relation: '99' })],
    });
    expect(check(at(same, {}, [beds(null)])).problems).toEqual([]);
    expect(check(at(same, {}, [beds(id(31))])).problems).toEqual(['2.headId collective_head']);
  });

  it('corrects a name, but takes none away', () => {
    expect(corrected({ name: '' }).problems).toEqual(['0.name required']);
    expect(corrected({ name: '阿依古丽•买买提' }).problems).toEqual([]);
    expect(corrected({ name: '王[亻尧]' }).problems).toEqual([]);
    expect(corrected({ phone: '' }).problems).toEqual([]);
  });

  it('takes no date in the future', () => {
    const died = (on: string) => at([same[0] ?? {}, { id: id(12), change: 'died', on }]);
    expect(check(died('2026-11-24')).problems).toEqual(['1.on date_in_future']);
    expect(check(died('2026-11')).problems).toEqual([]);
    expect(check(at(same, { nextVisit: '2026-11-01' })).warnings).toEqual(['nextVisit next_visit_past']);
    const byTheOffice = (today: string, nextVisit: string) =>
      checkBody(householdVerification, at(same, { nextVisit }), { recordedAt, today, door }).warnings;
    expect(byTheOffice('2026-10-20', '2026-10-21')).toEqual([]); // the phone's clock is ahead
    expect(byTheOffice('2026-12-20', '2026-12-19')).toMatchObject([{ code: 'next_visit_past' }]);
  });

  it('takes a reason beside an unchanged person, null reasons left out', () => {
    const missing = { phone: 'refused', idNumber: null };
    expect(check(at([{ ...same[0], missing }, same[1] ?? {}]))).toEqual({ problems: [], warnings: [] });
  });

  it('takes every optional field missing, null or empty', () => {
    const empty = { on: null, movedTo: '', sameAs: null, missing: null, awayTo: '', contacts: [], careGroups: [] };
    const body = at(
      same.map((entry) => ({ ...entry, ...empty })),
      { how: null, visitedAt: '', nextVisit: null, note: null, dwelling: { alias: null, partOf: '', ownerName: null } },
    );
    expect(check(body)).toEqual({ problems: [], warnings: [] });
    expect(applyVerification(door, body)).toEqual(door);
  });
});

describe('what is sent', () => {
  it('is whole for all as registered, and changes nothing', () => {
    const body = allAsRegistered(door, { residentId: id(11), name: '居民丁' });
    expect(check(body)).toEqual({ problems: [], warnings: [] });
    expect(applyVerification(door, body)).toEqual(door);
  });

  it('carries only what changed, and says the same', () => {
    const edited = at([
      { ...person(11, { relation: '02', phone: '13900001111' }), change: 'corrected' },
      { ...person(12), change: 'corrected' },
    ]);
    const sent = changedOnly(door, edited);
    expect(sent).toMatchObject({
      households: [
        {
          id: id(10),
          residents: [
            { id: id(11), change: 'corrected', phone: '13900001111' },
            { id: id(12), change: 'unchanged' },
          ],
        },
        {},
      ],
    });
    expect(check(sent).problems).toEqual([]);
    expect(applyVerification(door, sent).households[0]?.residents[0]?.phone).toBe('13900001111');
  });
});

describe('bodies that nobody wrote', () => {
  it('never throws on a verification of any JSON, nor answers without end', () => {
    const inside = fc.jsonValue({ maxDepth: 4 });
    fc.assert(
      fc.property(inside, inside, inside, fc.constantFrom('corrected', 'moved-in', 'died'), (a, b, c, change) => {
        for (const body of [
          at([{ id: id(11), change, missing: a, contacts: b, name: c, birthDate: a, idNumber: b }]),
          { ...at([]), informant: a, households: b, dwelling: c },
          { ...at([]), households: [{ id: a, residents: [b, c] }] },
        ])
          checkBody(householdVerification, body, { recordedAt: typeof a === 'string' ? a : recordedAt, door });
      }),
    );
    const many = { ...at([]), households: Array.from({ length: 60 }, () => ({ residents: Array(300).fill({}) })) };
    expect(check(many).problems.length).toBeLessThanOrEqual(100);
  });

  it('finds unsafe text at any depth, in keys too [REC-8]', () => {
    let deep: unknown = ['a\u0000'];
    for (let level = 0; level < 20_000; level += 1) deep = [deep];
    expect(unsafeTexts(deep)).toHaveLength(1);
    expect(unsafeTexts({ note: { ['\ud800']: 1 }, ok: '😀' })).toEqual([['note']]);
    expect(unsafeTexts(['\udc00', 'b', { x: '\u0000' }])).toEqual([[0], [2, 'x']]);
  });
});

describe('people at a door that stood empty', () => {
  const empty: DoorLike = { ...door, use: 'vacant', households: [] };
  const household = { id: id(30), kind: 'family', tenure: 'tenant', headId: id(31), phone: '' };
  const comes = (dwelling: object, of: DoorLike | null = empty) => {
    const people = [newcomer(31, { relation: '02', idType: 'none', phone: '13800008979', registeredAddress: '甘肃' })];
    const body = at([], { dwelling, households: [{ ...household, residents: people }] });
    const { problems } = checkBody(householdVerification, body, { recordedAt, door: of });
    return problems.map(({ path, code }) => `${path.join('.')} ${code}`);
  };
  const asked = 'dwelling.use use_of_lived_in';

  it('asks what it is used for now', () => {
    expect(comes({})).toContain(asked);
    expect(comes({ use: 'vacant' })).toContain(asked);
    expect(comes({ use: 'rented' })).not.toContain(asked);
    expect(comes({}, { ...empty, use: null })).not.toContain(asked);
  });

  it('asks so too of a door that is proposed, and of one that was lived in all the time', () => {
    const address = { gridId: id(2), compound: '金山花园', building: '3', unit: '1', floor: 3, room: '303' };
    expect(comes({ ...address, use: 'vacant' }, null)).toContain(asked);
    expect(comes({ ...address, use: 'rented' }, null)).not.toContain(asked);
    const { problems } = checkBody(householdVerification, at(same), { recordedAt, door: { ...door, use: 'vacant' } });
    expect(problems).toMatchObject([{ path: ['dwelling', 'use'], code: 'use_of_lived_in' }]);
  });

  it('asks nothing where all who were there have left', () => {
    const left = [11, 12, 21].map((n) => ({ id: id(n), change: 'moved-away' }));
    const body = at(left.slice(0, 2), { households: [{ id: id(10), residents: left }] });
    const { problems } = checkBody(householdVerification, body, { recordedAt, door: { ...door, use: 'vacant' } });
    expect(problems.map(({ code }) => code)).not.toContain('use_of_lived_in');
  });
});
