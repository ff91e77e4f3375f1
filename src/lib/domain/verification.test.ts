import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyVerification } from './apply-verification';
import { doorCoverage, gapOf, share } from './coverage';
import { countChanges, differences } from './differences';
import type { DoorLike, ResidentLike } from './door-like';
import { planVerification } from './verification';

const person = (id: string, fields: Partial<ResidentLike> = {}): ResidentLike => ({
  id,
  name: `居民${id}`,
  sex: '1',
  birthDate: '1970-01-01',
  idType: 'resident-id',
  idNumberMasked: '**************123X',
  phone: '13800008979',
  relation: '10',
  residence: 'both-here',
  registeredAddress: '',
  since: '',
  careGroups: [],
  presence: 'here',
  ...fields,
});
const door = (): DoorLike => ({
  id: 'door',
  gridId: 'grid',
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
      id: 'h1',
      kind: 'family',
      tenure: 'owner',
      headId: 'a',
      phone: '',
      residents: [person('a', { relation: '02' }), person('b')],
    },
  ],
});
const informant = { residentId: 'a', name: '居民a' };
const verified = (residents: object[], more: object = {}) => ({
  outcome: 'verified',
  informant,
  dwelling: {},
  noticeGiven: true,
  households: [{ id: 'h1', residents }],
  ...more,
});
const today = '2026-11-23';

describe('a verification taken into the register', () => {
  it('confirms everything where nothing changed', () => {
    const body = verified([
      { id: 'a', change: 'unchanged' },
      { id: 'b', change: 'unchanged' },
    ]);
    expect(applyVerification(door(), body)).toEqual(door());
    expect(countChanges(differences(door(), body))).toBe(0);
    expect(planVerification(door(), body)).toContainEqual({
      type: 'set-resident',
      id: 'b',
      householdId: 'h1',
      fields: {},
      confirm: 'all',
    });
  });

  it('lets a neighbour confirm only who is here', () => {
    const body = verified([{ id: 'a', change: 'unchanged' }], { informant: { name: '邻居', kind: 'neighbour' } });
    expect(planVerification(door(), body)).toEqual([
      { type: 'set-resident', id: 'a', householdId: 'h1', fields: {}, confirm: 'presence' },
    ]);
  });

  it('confirms no number by telephone, and nothing that was asked for and not had', () => {
    const body = verified(
      [
        { id: 'a', change: 'unchanged' },
        { id: 'b', change: 'corrected', missing: { phone: 'refused' } },
      ],
      { how: 'telephone' },
    );
    const people = planVerification(door(), body).filter(({ type }) => type === 'set-resident');
    expect(people).toMatchObject([
      { id: 'a', confirm: 'all', except: ['idNumber'] },
      { id: 'b', confirm: 'all', except: ['idNumber', 'phone'] },
    ]);
  });

  it('takes a reason for tenure and use as it takes a person’s: not confirmed, and gone with the answer', () => {
    const people = [
      { id: 'a', change: 'unchanged' },
      { id: 'b', change: 'unchanged' },
    ];
    const body = verified(people, {
      dwelling: { missing: { use: 'unknown', nonsense: 'no reason' } },
      households: [{ id: 'h1', missing: { tenure: 'refused' }, residents: people }],
    });
    expect(planVerification(door(), body).slice(0, 2)).toEqual([
      { type: 'set-dwelling', fields: { missing: { use: 'unknown' } }, except: ['use'] },
      { type: 'set-household', id: 'h1', fields: { missing: { tenure: 'refused' } }, except: ['tenure'] },
    ]);
    expect(differences(door(), body).filter(({ kind }) => kind === 'changed')).toMatchObject([
      { path: ['dwelling', 'missing'], entity: 'dwelling', before: null, after: { use: 'unknown' } },
      { path: ['households', 0, 'missing'], entity: 'household', entityId: 'h1', after: { tenure: 'refused' } },
    ]);
    const after = applyVerification(door(), body);
    expect(countChanges(differences(after, body))).toBe(0);
    const told = verified(people, {
      dwelling: { use: 'rented' },
      households: [{ id: 'h1', tenure: 'tenant', residents: people }],
    });
    expect(applyVerification(after, told)).toMatchObject({ missing: {}, households: [{ missing: {} }] });
  });

  it('changes what was corrected, masked on the phone', () => {
    const body = verified([
      { id: 'a', change: 'corrected', phone: '159 0000 6152', idNumber: '62079919980403397x' },
      { id: 'b', change: 'unchanged' },
    ]);
    const after = applyVerification(door(), body).households[0]?.residents[0];
    expect(after).toMatchObject({ phone: '15900006152', idNumberMasked: '**************397X' });
    expect(after).not.toHaveProperty('idNumber');
    expect(differences(door(), body).filter(({ kind }) => kind === 'changed')).toMatchObject([
      { field: 'idNumber', before: '**************123X' },
      { field: 'phone', before: '13800008979', after: '15900006152', path: ['households', 0, 'residents', 0, 'phone'] },
    ]);
  });

  it('moves a person to a second household of the door, once', () => {
    const body = {
      ...verified([{ id: 'a', change: 'unchanged' }]),
      households: [
        { id: 'h1', residents: [{ id: 'a', change: 'unchanged' }] },
        { id: 'h2', kind: 'family', residents: [{ id: 'b', change: 'corrected', relation: '02' }] },
      ],
    };
    const after = applyVerification(door(), body);
    expect(after.households.map(({ id, residents }) => [id, residents.map((resident) => resident.id)])).toEqual([
      ['h1', ['a']],
      ['h2', ['b']],
    ]);
    expect(after.households[1]?.headId).toBe('b');
  });

  it('ends a household left with nobody', () => {
    const body = verified([
      { id: 'a', change: 'died', on: '2026-05' },
      { id: 'b', change: 'moved-away' },
    ]);
    expect(planVerification(door(), body)).toContainEqual({ type: 'end-household', id: 'h1' });
  });

  it('strikes nobody off who is not known here', () => {
    const body = verified([
      { id: 'a', change: 'unchanged' },
      { id: 'b', change: 'unknown-here' },
    ]);
    expect(applyVerification(door(), body)).toEqual(door());
  });

  it('joins the record that the register has elsewhere', () => {
    const body = verified([{ id: 'n', change: 'moved-in', sameAs: 'x', relation: '97' }]);
    expect(planVerification(door(), body)).toContainEqual({
      type: 'join-resident',
      id: 'n',
      sameAs: 'x',
      householdId: 'h1',
      fields: { relation: '97' },
    });
  });

  it('proposes a door that the register lacks', () => {
    const body = {
      outcome: 'no-one-home',
      dwelling: { gridId: 'g', compound: '金山花园', building: '3号楼', unit: '1', floor: 7, room: '701' },
    };
    expect(planVerification(null, body, 'new')).toMatchObject([
      { type: 'create-dwelling', dwelling: { id: 'new', gridId: 'g', floor: 7 } },
    ]);
  });
});

describe('coverage of a door', () => {
  const counted = (body: Record<string, unknown>, isApproved = false) => ({
    outcome: body['outcome'] as 'verified',
    body,
    isApproved,
  });

  it('leaves a door not visited out of the first figure', () => {
    const coverage = doorCoverage(door(), null, today);
    expect(coverage).toMatchObject({
      doors: { of: 1, done: 0 },
      households: { of: 1, done: 0 },
      people: { of: 2, done: 0 },
    });
    expect(gapOf(coverage)).toBe('doors');
  });

  it('counts a settled door, its household, people and items', () => {
    const coverage = doorCoverage(
      door(),
      counted(
        verified([
          { id: 'a', change: 'unchanged' },
          { id: 'b', change: 'unchanged' },
        ]),
      ),
      today,
    );
    expect(coverage).toMatchObject({ doors: { done: 1 }, households: { of: 1, done: 1 }, people: { of: 2, done: 2 } });
    expect(gapOf(coverage)).toBeNull();
    expect(share(coverage.items)).toBe(100);
  });

  it('counts who is listed at a partly verified door', () => {
    const body = { ...verified([{ id: 'a', change: 'unchanged' }]), outcome: 'partly-verified' };
    expect(doorCoverage(door(), counted(body), today)).toMatchObject({
      households: { of: 1, done: 1 },
      people: { of: 2, done: 1 },
    });
  });

  it('counts everybody of a door recorded moved away', () => {
    expect(doorCoverage(door(), counted({ outcome: 'moved-away' }), today).people).toEqual({ of: 2, done: 2 });
  });

  it('takes a reason for a value, and says so', () => {
    const without = door();
    const [first] = without.households[0]?.residents ?? [];
    if (first) Object.assign(first, { phone: '', missing: { phone: 'refused' } });
    const body = verified([
      { id: 'a', change: 'unchanged' },
      { id: 'b', change: 'unchanged' },
    ]);
    expect(doorCoverage(without, counted(body, true), today)).toMatchObject({ itemsWithReason: 1 });
    expect(share({ of: 3, done: 2 })).toBe(66);
  });
});

describe('what stands beside an answer', () => {
  const planOf = (resident: object) =>
    planVerification(door(), verified([resident])).flatMap((step) =>
      step.type === 'set-resident' ? [step.fields] : [],
    );

  it('keeps when and where to somebody went', () => {
    expect(planOf({ id: 'a', change: 'died', on: '2026-05' })).toEqual([{ presence: 'died', on: '2026-05' }]);
    expect(planOf({ id: 'b', change: 'moved-away', on: null, movedTo: '张掖市' })).toEqual([
      { presence: 'moved-away', movedTo: '张掖市' },
    ]);
  });

  it('takes nothing from empty answers beside unchanged', () => {
    expect(planOf({ id: 'a', change: 'unchanged', phone: '', awayTo: null, contacts: [], missing: {} })).toEqual([{}]);
  });

  it('adds a reason to those held, and drops the one whose answer came', () => {
    const held = door();
    const [first] = held.households[0]?.residents ?? [];
    if (first) first.missing = { phone: 'refused', idNumber: 'not-shown' };
    const planned = (resident: object) =>
      planVerification(held, verified([resident])).flatMap((step) =>
        step.type === 'set-resident' ? [step.fields] : [],
      );
    expect(planned({ id: 'a', change: 'corrected', phone: '13900001111' })).toEqual([
      { phone: '13900001111', missing: { idNumber: 'not-shown' } },
    ]);
    expect(planned({ id: 'a', change: 'unchanged', missing: { birthDate: 'unknown' } })).toEqual([
      { missing: { phone: 'refused', idNumber: 'not-shown', birthDate: 'unknown' } },
    ]);
  });

  it('loses no answer to an optional one that is null, or to one that cannot be read', () => {
    const body = {
      ...verified([{ id: 'a', change: 'unchanged' }]),
      dwelling: {
        use: 'vacant',
        ownerName: '王芳',
        partOf: null,
        alias: null,
        ownerPhone: '139 0000 1111',
        floor: 'x',
      },
    };
    expect(planVerification(door(), body)[0]).toEqual({
      type: 'set-dwelling',
      fields: { use: 'vacant', ownerName: '王芳', ownerPhone: '13900001111' },
    });
  });

  it('lets a flatmate speak for the own household, and only say who lives in the others', () => {
    const informant = { residentId: 'a', name: '李建国', kind: 'flatmate' };
    const confirms = (body: Record<string, unknown>) =>
      planVerification(door(), body).flatMap((step) => (step.type === 'set-resident' ? [step.confirm] : []));
    expect(confirms(verified([{ id: 'a', change: 'unchanged' }], { informant }))).toEqual(['all']);
    const elsewhere = { ...informant, residentId: 'z' };
    expect(confirms(verified([{ id: 'a', change: 'unchanged' }], { informant: elsewhere }))).toEqual(['presence']);
  });

  it('shows nobody without a name for what was said of somebody who is not at the door any more', () => {
    for (const change of ['unchanged', 'corrected', 'moved-away'])
      expect(applyVerification(door(), verified([{ id: 'left', change, phone: '' }]))).toEqual(door());
  });

  it('makes any JSON into steps without throwing', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom('verified', 'moved-away', 'refused'), (value, outcome) => {
        for (const body of [
          { outcome, dwelling: value, households: value },
          { outcome, informant: value, households: [{ id: 'h1', residents: value }] },
          {
            outcome,
            households: [{ id: 'h1', residents: [{ id: 'a', change: 'corrected', missing: value, contacts: value }] }],
          },
        ]) {
          applyVerification(door(), body);
          differences(door(), body);
        }
      }),
    );
  });
});
