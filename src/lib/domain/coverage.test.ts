import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  coverageFigures,
  doorCoverage,
  gapCoverage,
  gapOf,
  missingItems,
  nothingCovered,
  share,
  sumCoverage,
} from './coverage';
import { applyVerification } from './apply-verification';
import type { DoorLike, ResidentLike } from './door-like';
import type { VisitOutcome } from './outcomes';
import type { Missing } from './register';

const today = '2026-11-23';
const outcomes: VisitOutcome[] = [
  'verified',
  'partly-verified',
  'no-one-home',
  'postponed',
  'refused',
  'no-access',
  'unable',
  'vacant',
  'moved-away',
  'not-a-dwelling',
  'no-such-door',
];
const settled: VisitOutcome[] = ['verified', 'vacant', 'moved-away', 'not-a-dwelling', 'no-such-door'];

const person = (id: string): fc.Arbitrary<ResidentLike> =>
  fc.record({
    id: fc.constant(id),
    name: fc.constantFrom('李建国', '未取名'),
    sex: fc.constantFrom('0', '1', '2', '9'),
    birthDate: fc.constantFrom('', '1968', '2015-04', '2020-01-31'),
    idType: fc.constantFrom(null, 'resident-id' as const),
    idNumberMasked: fc.constantFrom('', '**************123X'),
    phone: fc.constantFrom('', '13800008979'),
    relation: fc.constantFrom(null, '02' as const),
    residence: fc.constantFrom(null, 'both-here' as const, 'migrant' as const),
    registeredAddress: fc.constantFrom('', '甘肃省民乐县'),
    since: fc.constant(''),
    careGroups: fc.constant([]),
    presence: fc.constantFrom('here', 'away', 'moved-away', 'died'),
    missing: fc.constantFrom<Missing>({}, { phone: 'refused' as const, idNumber: 'not-shown' as const }),
  });

const household = (id: string) =>
  fc.integer({ min: 0, max: 3 }).chain((size) =>
    fc.record({
      id: fc.constant(id),
      kind: fc.constant('family' as const),
      tenure: fc.constantFrom(null, 'owner' as const),
      headId: fc.constant(null),
      phone: fc.constant(''),
      missing: fc.constantFrom<Missing>({}, { tenure: 'refused' as const }),
      residents: fc.tuple(...Array.from({ length: size }, (_, index) => person(`${id}-${index}`))),
    }),
  );

const door: fc.Arbitrary<DoorLike> = fc.integer({ min: 0, max: 3 }).chain((size) =>
  fc.record({
    id: fc.constant('door'),
    gridId: fc.constant('grid'),
    compound: fc.constant('金山花园'),
    building: fc.constant('3'),
    unit: fc.constant('1'),
    floor: fc.constant(3),
    room: fc.constant('302'),
    use: fc.constantFrom(null, 'rented' as const, 'shop' as const),
    note: fc.constant(''),
    contactName: fc.constant(''),
    contactPhone: fc.constant(''),
    missing: fc.constantFrom<Missing>({}, { use: 'unknown' as const }),
    households: fc.tuple(...Array.from({ length: size }, (_, index) => household(`h${index}`))),
  }),
);

const living = (at: DoorLike) =>
  at.households.flatMap((entry) =>
    entry.residents
      .filter(({ presence }) => presence === 'here' || presence === 'away')
      .map(({ id }) => ({ id, householdId: entry.id })),
  );

/** A body of this outcome that its form lets through: everybody listed where it is `verified`, some where it is partly. */
function bodyOf(at: DoorLike, outcome: VisitOutcome, listed: readonly string[], withNewcomer = false) {
  const answered = outcome === 'verified' || outcome === 'partly-verified';
  const people = living(at).filter(({ id }) => outcome === 'verified' || listed.includes(id));
  const households = at.households.map(({ id }) => ({
    id,
    residents: people
      .filter((entry) => entry.householdId === id)
      .map((entry) => ({ id: entry.id, change: 'unchanged' })),
  }));
  const newcomer = {
    ...{ id: 'new', kind: 'family', missing: { tenure: 'unknown' } },
    residents: [{ id: 'n', change: 'moved-in', name: '王芳' }],
  };
  const dwelling = withNewcomer ? { missing: { use: 'refused' } } : {};
  return {
    outcome,
    dwelling,
    ...(answered ? { households: withNewcomer ? [...households, newcomer] : households } : {}),
  };
}

const knock = fc
  .tuple(door, fc.constantFrom(null, ...outcomes), fc.boolean(), fc.boolean(), fc.array(fc.nat({ max: 8 })))
  .map(([at, outcome, isApproved, withNewcomer, picks]) => {
    const everybody = living(at).map(({ id }) => id);
    const listed = picks.flatMap((pick) => everybody[pick] ?? []);
    const body = outcome && bodyOf(at, outcome, listed, withNewcomer);
    const now = body && isApproved ? applyVerification(at, body) : at;
    return { at: now, counted: outcome && body ? { outcome, body, isApproved } : null };
  });

describe('coverage of any round', () => {
  it('never counts more done than there is, nor less than nothing', () => {
    fc.assert(
      fc.property(knock, ({ at, counted }) => {
        const coverage = doorCoverage(at, counted, today);
        for (const figure of coverageFigures) {
          expect(coverage[figure].done).toBeGreaterThanOrEqual(0);
          expect(coverage[figure].done).toBeLessThanOrEqual(coverage[figure].of);
        }
        expect(coverage.itemsWithReason).toBeLessThanOrEqual(coverage.items.done);
      }),
    );
  });

  it('names as many items as it counts as left out, each with whose it is', () => {
    fc.assert(
      fc.property(knock, ({ at, counted }) => {
        const { items } = doorCoverage(at, counted, today);
        const missing = missingItems(at, counted, today);
        expect(missing.flatMap(({ fields }) => fields)).toHaveLength(items.of - items.done);
        for (const { fields } of missing) expect(new Set(fields).size).toBe(fields.length);
      }),
    );
  });

  it('lists a gap once, at the highest figure in which it appears', () => {
    fc.assert(
      fc.property(fc.array(knock, { maxLength: 8 }), (knocks) => {
        const doors = knocks.map(({ at, counted }) => doorCoverage(at, counted, today));
        const lists = coverageFigures.map((figure) => doors.filter((coverage) => gapOf(coverage) === figure));
        const open = doors.filter((coverage) =>
          coverageFigures.some((name) => coverage[name].done < coverage[name].of),
        );
        expect(lists.flat()).toHaveLength(open.length);
        expect(new Set(lists.flat()).size).toBe(open.length);
        lists.forEach((list, level) => {
          for (const coverage of list)
            for (const higher of coverageFigures.slice(0, level))
              expect(coverage[higher].done).toBe(coverage[higher].of);
        });
      }),
    );
  });

  it('says 100 per cent only when nothing is left', () => {
    fc.assert(
      fc.property(fc.array(knock, { minLength: 1, maxLength: 300 }), (knocks) => {
        const doors = knocks.map(({ at, counted }) => doorCoverage(at, counted, today));
        const sum = sumCoverage(doors);
        for (const figure of coverageFigures) {
          const isLeft = doors.some((coverage) => coverage[figure].done < coverage[figure].of);
          expect(share(sum[figure]) === 100).toBe(sum[figure].of > 0 && !isLeft);
        }
      }),
      { numRuns: 30 },
    );
    expect(share({ of: 1000, done: 999 })).toBe(99);
    expect(share(nothingCovered.people)).toBeNull();
  });

  it('leaves the household of every door that is not settled open', () => {
    fc.assert(
      fc.property(knock, ({ at, counted }) => {
        const { households } = doorCoverage(at, counted, today);
        if (counted && settled.includes(counted.outcome)) expect(households.done).toBe(households.of);
        else if (counted?.outcome !== 'partly-verified') expect(households).toMatchObject({ done: 0 });
        const found = counted ? applyVerification(at, counted.body) : at;
        const asksForNone = at.use === 'shop' && living(at).length + living(found).length === 0;
        if (!counted || !settled.includes(counted.outcome)) expect(households.of > 0).toBe(!asksForNone);
      }),
    );
  });

  it('counts the same people before and after approval', () => {
    fc.assert(
      fc.property(door, fc.boolean(), (at, withNewcomer) => {
        const body = bodyOf(at, 'verified', [], withNewcomer);
        const before = doorCoverage(at, { outcome: 'verified', body, isApproved: false }, today);
        const after = doorCoverage(applyVerification(at, body), { outcome: 'verified', body, isApproved: true }, today);
        expect(after.people).toEqual(before.people);
        expect(after.items).toEqual(before.items);
      }),
    );
  });

  it('adds up in any order and in any pieces', () => {
    fc.assert(
      fc.property(fc.array(knock, { maxLength: 6 }), fc.nat({ max: 6 }), (knocks, at) => {
        const doors = knocks.map((one) => doorCoverage(one.at, one.counted, today));
        const pieces = [sumCoverage(doors.slice(at)), sumCoverage(doors.slice(0, at))];
        expect(sumCoverage(pieces)).toEqual(sumCoverage(doors));
      }),
    );
  });

  it('counts a place of the plan without a dwelling as a door left out, and as nothing else', () => {
    expect(gapOf(gapCoverage)).toBe('doors');
    expect(gapCoverage).toMatchObject({ households: { of: 0 }, people: { of: 0 }, items: { of: 0 } });
  });
});

describe('a shop that the office kept in the register', () => {
  const shop: DoorLike = {
    ...{ id: 'door', gridId: 'grid', compound: '', building: '3', unit: '1', floor: 1, room: '102', use: 'shop' },
    ...{ note: '', contactName: '', contactPhone: '', households: [] },
  };
  const body = { outcome: 'not-a-dwelling' };

  it('asks for no household, knocked at or not, and has its use as the one item', () => {
    const kept = doorCoverage(shop, { outcome: 'not-a-dwelling', body, isApproved: true }, today);
    expect(kept).toMatchObject({ doors: { done: 1 }, households: { of: 0 }, items: { of: 1, done: 1 } });
    expect(doorCoverage(shop, null, today)).toMatchObject({ doors: { of: 1, done: 0 }, households: { of: 0 } });
    const inVain = { outcome: 'no-one-home' as const, body: { outcome: 'no-one-home' }, isApproved: true };
    expect(doorCoverage(shop, inVain, today)).toMatchObject({ households: { of: 0 } });
    expect(doorCoverage({ ...shop, use: null }, null, today)).toMatchObject({ households: { of: 1 } });
  });
});

describe('use and tenure', () => {
  const at: DoorLike = {
    ...{ id: 'door', gridId: 'grid', compound: '', building: '3', unit: '1', floor: 3, room: '302', use: null },
    ...{ note: '', contactName: '', contactPhone: '', missing: { use: 'unknown' } },
    households: [
      {
        ...{ id: 'h', kind: 'family', tenure: null, headId: null, phone: '', missing: { tenure: 'refused' } },
        residents: [
          {
            ...{ id: 'a', name: '李建国', sex: '1', birthDate: '1968', idType: 'none', phone: '', relation: '02' },
            ...{ residence: 'both-here', registeredAddress: '', since: '', careGroups: [], presence: 'here' },
            missing: { idNumber: 'none-yet', phone: 'refused' },
          },
        ],
      },
    ],
  };

  it('count with a reason alone as a person’s answers do, and a value counts before a reason', () => {
    const { items, itemsWithReason } = doorCoverage(at, null, today);
    expect(items).toEqual({ of: 11, done: 11 });
    expect(itemsWithReason).toBe(4);
    const told = { ...at, use: 'rented' as const };
    expect(doorCoverage(told, null, today)).toMatchObject({ items: { done: 11 }, itemsWithReason: 3 });
  });

  it('are left out, each at what it belongs to, where there is neither', () => {
    const open: DoorLike = { ...at, missing: {}, households: at.households.map((one) => ({ ...one, missing: {} })) };
    expect(missingItems(open, null, today)).toEqual([
      { householdId: null, residentId: null, name: '', fields: ['use'] },
      { householdId: 'h', residentId: null, name: '', fields: ['tenure'] },
    ]);
  });
});

describe('one person with two records', () => {
  const at: DoorLike = {
    ...{ id: 'door', gridId: 'grid', compound: '', building: '3', unit: '1', floor: 3, room: '302', use: 'rented' },
    ...{ note: '', contactName: '', contactPhone: '' },
    households: [{ id: 'h', kind: 'family', tenure: 'owner', headId: 'a', phone: '', residents: [] }],
  };
  const someone = (id: string): ResidentLike => ({
    ...{ id, name: '李建国', sex: '1', birthDate: '1968', idType: null, phone: '', relation: '02', residence: null },
    ...{ registeredAddress: '', since: '', careGroups: [], presence: 'here' },
  });
  const withPeople = (...ids: string[]): DoorLike => ({
    ...at,
    households: at.households.map((entry) => ({ ...entry, residents: ids.map(someone) })),
  });
  const verified = (residents: object[]) => ({ outcome: 'verified', households: [{ id: 'h', residents }] });
  const people = (door: DoorLike, body: Record<string, unknown>, isApproved = false) =>
    doorCoverage(door, { outcome: 'verified', body, isApproved }, today).people;

  it('counts once when the office has joined who moved in to the record it had', () => {
    const body = verified([{ id: 'n', change: 'moved-in', sameAs: 'x' }]);
    expect(people(withPeople(), body)).toEqual({ of: 1, done: 1 });
    expect(people(withPeople('x'), body, true)).toEqual({ of: 1, done: 1 });
  });

  it('counts once when both stand at this door', () => {
    const body = verified([{ id: 'a', change: 'corrected', sameAs: 'b' }]);
    expect(people(withPeople('a', 'b'), body)).toEqual({ of: 1, done: 1 });
    expect(applyVerification(withPeople('a', 'b'), body).households[0]?.residents.map(({ id }) => id)).toEqual(['a']);
  });
});
