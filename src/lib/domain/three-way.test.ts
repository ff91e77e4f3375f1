import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyStep } from './apply-verification';
import { type DoorLike, findResident, type ResidentLike } from './door-like';
import { maskIdentityNumber } from './identity-number';
import { recordsOf, textOf } from './json';
import { headless, mergedSteps, unanswered, type Choice } from './merged-steps';
import { isSameAnswer } from './same-answer';
import { likenesses } from './same-person';
import { changesSince, type SeenDoor } from './since';
import type { Compared, Sides } from './sides';
import { threeWay } from './three-way';
import { planVerification } from './verification';

type Body = Record<string, unknown>;

/** `a0` as an id: who heads a household is named by one. */
const uuid = (short: string) => `00000000-0000-4000-8000-${short.padStart(12, '0')}`;
const short = (key: string) => key.replace(/0{8}-0000-4000-8000-0{10}/g, '');

const person = (id: string, more: Partial<ResidentLike> = {}): ResidentLike => ({
  id: uuid(id),
  name: `人${id}`,
  sex: '1',
  birthDate: '1980-01-02',
  idType: 'resident-id',
  idNumber: '44010319800102001X',
  phone: '13800000000',
  relation: id.endsWith('0') ? '02' : '20',
  residence: 'both-here',
  registeredAddress: '',
  since: '',
  careGroups: [],
  presence: 'here',
  ...more,
});

const basisDoor: DoorLike = {
  id: 'door',
  gridId: 'grid',
  compound: '东街',
  building: '1',
  unit: '1',
  floor: 3,
  room: '302',
  use: 'owner-occupied',
  note: '',
  contactName: '',
  contactPhone: '',
  households: ['a', 'b'].map((id) => ({
    id,
    kind: 'family' as const,
    tenure: 'owner' as const,
    headId: uuid(`${id}0`),
    phone: '',
    residents: [person(`${id}0`), person(`${id}1`), person(`${id}2`)],
  })),
};

const seen = (door: DoorLike): SeenDoor => ({
  ...door,
  households: door.households.map((household) => ({
    ...household,
    residents: household.residents.map(({ idNumber = '', ...resident }) => ({
      ...resident,
      idNumberMasked: maskIdentityNumber(idNumber),
    })),
  })),
});

/** The register after a body was approved as it stands; households that end stay there, ended. */
function approved(door: DoorLike, body: Body): DoorLike {
  return planVerification(door, body)
    .filter(({ type }) => type !== 'end-household')
    .reduce(applyStep, door);
}

function sidesOf(now: DoorLike, from: DoorLike | null = basisDoor, more: Partial<Sides> = {}): Sides {
  const since = from && changesSince(seen(from), now);
  return {
    door: now,
    ended: new Set(),
    retired: false,
    former: null,
    since,
    unsure: new Set(),
    elsewhere: new Map(),
    aliases: new Map(),
    ...more,
  };
}

/** The door after this record with every question answered alike. */
function settled(sides: Sides, body: Body, take: 'register' | 'proposal'): DoorLike {
  const compared = threeWay(sides, body);
  const choices = new Map<string, Choice>(
    compared.compared.map(({ key, takes }): [string, Choice] => [
      key,
      takes.includes(take) ? { take } : { take: takes[0] === 'own' ? 'proposal' : (takes[0] ?? 'register') },
    ]),
  );
  return mergedSteps(sides, compared, choices)
    .filter(({ type }) => type !== 'end-household')
    .reduce(applyStep, sides.door ?? basisDoor);
}

const asks = (compared: readonly Compared[]) =>
  compared.filter(({ verdict }) => verdict === 'ask').map(({ entityId, field }) => short(`${entityId}/${field}`));

/** Values by `<id>/<field>`; who stands under which household among them. */
function valuesOf(door: DoorLike): Map<string, unknown> {
  const { households, ...dwelling } = door;
  const values = new Map<string, unknown>();
  const put = (id: string, fields: object) => {
    for (const [field, value] of Object.entries(fields)) values.set(`${id}/${field}`, value);
  };
  put(door.id, dwelling);
  for (const { residents, ...household } of households) {
    put(household.id, household);
    for (const resident of residents) put(resident.id, { ...resident, householdId: household.id });
  }
  return values;
}

const fieldOf = (key: string) => key.split('/')[1] ?? '';

/** Equal as a register is equal: in whatever order things came. */
function sameDoor(a: DoorLike, b: DoorLike): void {
  const [one, two] = [valuesOf(a), valuesOf(b)];
  expect([...one.keys()].sort()).toEqual([...two.keys()].sort());
  for (const [key, value] of one) {
    expect([key, isSameAnswer(fieldOf(key), value, two.get(key))]).toEqual([key, true]);
  }
}

const unchangedIn = (body: Body): string[] =>
  recordsOf(body['households'])
    .flatMap(({ record }) => recordsOf(record['residents']))
    .filter(({ record }) => record['change'] === 'unchanged')
    .map(({ record }) => short(textOf(record['id'])));

const phones = ['13911110001', '13911110002', '13911110003'];
const change = (name: string): fc.Arbitrary<Body> => {
  const id = uuid(name);
  return fc.oneof(
    { weight: 2, arbitrary: fc.constant({ id, change: 'unchanged' }) },
    {
      weight: 3,
      arbitrary: fc
        .record(
          {
            phone: fc.constantFrom(...phones),
            residence: fc.constantFrom('migrant', 'registration-here'),
            careGroups: fc.constantFrom(['oldest-old'], ['oldest-old', 'dementia'], ['dementia', 'oldest-old']),
            presence: fc.constant('away'),
            idNumber: fc.constantFrom('440103198001020028', '440103198001020036'),
          },
          { requiredKeys: [] },
        )
        .filter((fields) => Object.keys(fields).length > 0)
        .map((fields) => ({ id, change: 'corrected', ...fields })),
    },
    { weight: 1, arbitrary: fc.constantFrom('moved-away', 'died').map((how) => ({ id, change: how, on: '2026-10' })) },
  );
};

/** A verification of everybody, with values that differ from the basis wherever it says one. `own`: begins the ids of its newcomers. */
const verification = (own: string): fc.Arbitrary<Body> =>
  fc
    .record({
      use: fc.option(fc.constantFrom('rented', 'mixed')),
      tenure: fc.option(fc.constantFrom('tenant', 'employer')),
      people: fc.tuple(...['a0', 'a1', 'a2', 'b0', 'b1', 'b2'].map(change)),
      baby: fc.option(fc.constantFrom('小宝', '小贝')),
      moves: fc.boolean(),
    })
    .map(({ use, tenure, people, baby, moves }) => {
      const [a0, a1, a2, b0, b1, b2] = people;
      const born = baby ? [{ id: uuid(own), change: 'born', name: baby, sex: '1', birthDate: '2026-10-01' }] : [];
      const mover = moves && a2?.['change'] === 'corrected' ? [a2] : [];
      const stays = mover.length > 0 ? [] : [a2];
      return {
        outcome: 'verified',
        informant: { name: '王', kind: 'member' },
        dwelling: use ? { use } : {},
        households: [
          { id: 'a', ...(tenure ? { tenure } : {}), residents: [a0, a1, ...stays, ...born] },
          { id: 'b', residents: [b0, b1, b2, ...mover] },
        ],
      };
    });

describe('[TWO-2] three ways', () => {
  it('asks nothing where nothing changed since the basis, and takes the record whole', () => {
    fc.assert(
      fc.property(verification('f1'), (body) => {
        const sides = sidesOf(basisDoor);
        expect(asks(threeWay(sides, body).compared)).toEqual([]);
        sameDoor(settled(sides, body, 'register'), approved(basisDoor, body));
      }),
    );
  });

  it('the same values on both sides are no question', () => {
    fc.assert(
      fc.property(verification('e1'), (body) => {
        const now = approved(basisDoor, body);
        const sides = sidesOf(now);
        expect(asks(threeWay(sides, body).compared)).toEqual([]);
        sameDoor(settled(sides, body, 'register'), now);
      }),
    );
  });

  it('never writes over what changed since the basis without a choice', () => {
    fc.assert(
      fc.property(verification('e1'), verification('f1'), (x, y) => {
        const now = approved(basisDoor, x);
        const after = valuesOf(settled(sidesOf(now), y, 'register'));
        const before = valuesOf(basisDoor);
        for (const [key, value] of valuesOf(now)) {
          if (isSameAnswer(fieldOf(key), before.get(key), value)) continue;
          expect([key, isSameAnswer(fieldOf(key), after.get(key), value)]).toEqual([key, true]);
        }
      }),
    );
  });

  it('never drops what was proposed: each value is in the register, taken, or asked for', () => {
    fc.assert(
      fc.property(verification('e1'), verification('f1'), (x, y) => {
        const sides = sidesOf(approved(basisDoor, x));
        const after = valuesOf(settled(sides, y, 'proposal'));
        const proposed = valuesOf(approved(basisDoor, y));
        const before = valuesOf(basisDoor);
        for (const [key, value] of proposed) {
          const field = fieldOf(key);
          if (isSameAnswer(field, before.get(key), value)) continue;
          expect([key, isSameAnswer(field, after.get(key), value)]).toEqual([key, true]);
        }
      }),
    );
  });

  it('asks for the same fields whichever of the two was first, and without a question comes to the same door', () => {
    fc.assert(
      fc.property(verification('e1'), verification('f1'), (x, y) => {
        const [first, second] = [sidesOf(approved(basisDoor, x)), sidesOf(approved(basisDoor, y))];
        const [one, two] = [threeWay(first, y).compared, threeWay(second, x).compared];
        // That somebody is here as registered changes no value: only where it comes second it is known to contradict.
        const confirmed = new Set([...unchangedIn(x), ...unchangedIn(y)]);
        const gone = (compared: Compared[]) =>
          asks(compared).filter((key) => key.endsWith('/presence') && !confirmed.has(key.split('/')[0] ?? ''));
        expect(gone(one).sort()).toEqual(gone(two).sort());
        const fields = (compared: Compared[]) => asks(compared).filter((key) => !/\/(presence|on)$/.test(key));
        expect(fields(one).sort()).toEqual(fields(two).sort());
        if (asks(one).length === 0 && asks(two).length === 0)
          sameDoor(settled(first, y, 'register'), settled(second, x, 'register'));
      }),
    );
  });

  it('without a basis every value that differs asks, and none that does not', () => {
    fc.assert(
      fc.property(verification('e1'), verification('f1'), (x, y) => {
        const now = approved(basisDoor, x);
        for (const value of threeWay(sidesOf(now, null), y).compared) {
          const differs = !isSameAnswer(value.field, value.now, value.proposed);
          expect(value.verdict).toBe(differs ? 'ask' : 'same');
          expect(value.basis).toEqual({ known: false });
        }
      }),
    );
  });

  it('a question is answered only by a choice that it takes', () => {
    fc.assert(
      fc.property(verification('e1'), verification('f1'), (x, y) => {
        const { compared } = threeWay(sidesOf(approved(basisDoor, x)), y);
        const open = compared.filter(({ verdict }) => verdict === 'ask');
        expect(unanswered(compared, new Map())).toEqual(open.map(({ key }) => key));
        const all = new Map<string, Choice>(open.map(({ key }) => [key, { take: 'register' }]));
        expect(unanswered(compared, all)).toEqual(
          open.filter(({ takes }) => !takes.includes('register')).map(({ key }) => key),
        );
      }),
    );
  });
});

const everybody = (residents: Body[], more: Body = {}): Body => ({
  outcome: 'verified',
  informant: { name: '王', kind: 'member' },
  dwelling: {},
  households: [{ id: 'a', residents, ...more }],
});
const unchanged = (id: string): Body => ({ id, change: 'unchanged' });

describe('[TWO-2] what two people say of one household', () => {
  it('a newborn whom both record is asked for and never joined by itself', () => {
    const born = (id: string, name = '小宝') => ({ id, change: 'born', name, sex: '1', birthDate: '2026-10-01' });
    const sides = sidesOf(approved(basisDoor, everybody([unchanged(uuid('a0')), born(uuid('e1'))])));
    expect(likenesses(sides, everybody([unchanged(uuid('a0')), born(uuid('f1'))]))).toMatchObject([
      {
        entityId: uuid('f1'),
        path: ['households', 0, 'residents', 1, 'sameAs'],
        candidates: [{ id: uuid('e1'), name: '小宝' }],
      },
    ]);
    expect(likenesses(sides, everybody([born(uuid('f1'), '未取名')]))).toHaveLength(1);
    expect(likenesses(sides, everybody([born(uuid('f1'), '小贝')]))).toEqual([]);
    expect(likenesses(sides, everybody([{ ...born(uuid('f1')), birthDate: '2026-09-01' }]))).toEqual([]);
    // Said to be one, or the very same record: nothing to ask.
    expect(likenesses(sides, everybody([{ ...born(uuid('f1')), sameAs: uuid('e1') }]))).toEqual([]);
    expect(likenesses(sides, everybody([born(uuid('e1'))]))).toEqual([]);
    // Twins: both were in the basis, or one record names both.
    const twins = everybody([born(uuid('e1')), born(uuid('f1'))]);
    expect(likenesses(sidesOf(basisDoor), twins)).toEqual([]);
    expect(likenesses(sidesOf(approved(basisDoor, twins)), everybody([born(uuid('e1')), born(uuid('f1'))]))).toEqual(
      [],
    );
  });

  it('one who moved away here and was corrected there is asked for', () => {
    const now = approved(basisDoor, everybody([{ id: uuid('a1'), change: 'moved-away', on: '2026-10' }]));
    const body = everybody([{ id: uuid('a1'), change: 'corrected', phone: '13911110001' }]);
    const { compared } = threeWay(sidesOf(now), body);
    expect(compared).toMatchObject([
      { field: 'phone', verdict: 'merge' },
      { field: 'presence', verdict: 'ask', now: 'moved-away', proposed: 'here', takes: ['register', 'proposal'] },
    ]);
    expect(findResident(settled(sidesOf(now), body, 'register'), uuid('a1'))?.resident).toMatchObject({
      presence: 'moved-away',
      on: '2026-10',
      phone: '13911110001',
    });
    expect(findResident(settled(sidesOf(now), body, 'proposal'), uuid('a1'))?.resident).toMatchObject({
      presence: 'here',
      on: '',
      phone: '13911110001',
    });
  });

  it('a whole household that moved away takes nobody along whom the worker never saw', () => {
    const newTenant = { id: uuid('d1'), change: 'moved-in', name: '赵敏', sex: '2', birthDate: '1990' };
    const now = approved(basisDoor, {
      ...everybody([]),
      households: [{ id: 'c', kind: 'family', headId: uuid('d1'), residents: [newTenant] }],
    });
    const gone = { outcome: 'moved-away', dwelling: {} };
    expect(asks(threeWay(sidesOf(now), gone).compared)).toEqual(['d1/presence']);
    const after = settled(sidesOf(now), gone, 'register');
    expect(findResident(after, uuid('d1'))?.resident.presence).toBe('here');
    expect(findResident(after, uuid('a0'))?.resident.presence ?? 'moved-away').toBe('moved-away');
    const sides = sidesOf(now);
    expect(mergedSteps(sides, threeWay(sides, gone), new Map()).filter(({ type }) => type === 'end-household')).toEqual(
      [
        { type: 'end-household', id: 'a' },
        { type: 'end-household', id: 'b' },
      ],
    );
  });

  it('a household that both split off is asked for once, and then for who lives where', () => {
    const split = (id: string) => ({
      ...everybody([unchanged(uuid('a0'))]),
      households: [
        { id: 'a', residents: [unchanged(uuid('a0'))] },
        {
          id,
          kind: 'family',
          headId: uuid('a1'),
          residents: [
            { id: uuid('a1'), change: 'corrected', relation: '02' },
            { id: uuid('a2'), change: 'corrected', relation: '10' },
          ],
        },
      ],
    });
    const now = approved(basisDoor, split(uuid('e1')));
    expect(likenesses(sidesOf(now), split(uuid('f1')))).toMatchObject([
      { entity: 'household', entityId: uuid('f1'), path: ['households', 1, 'id'], candidates: [{ id: uuid('e1') }] },
    ]);
    // The one: everything is as the register has it.
    expect(asks(threeWay(sidesOf(now), split(uuid('e1'))).compared)).toEqual([]);
    // Another: everybody is asked for, and a household with nobody in it never begins.
    expect(asks(threeWay(sidesOf(now), split(uuid('f1'))).compared)).toEqual(['a1/householdId', 'a2/householdId']);
    expect(settled(sidesOf(now), split(uuid('f1')), 'register').households.map(({ id }) => id)).toEqual([
      'a',
      'b',
      uuid('e1'),
    ]);
    const moved = settled(sidesOf(now), split(uuid('f1')), 'proposal');
    expect(findResident(moved, uuid('a1'))?.household.id).toBe(uuid('f1'));
  });

  it('two heads are asked for together with every relation that hangs on them', () => {
    const head = (id: string, other: string, relation: string) =>
      everybody(
        [
          { id: uuid('a0'), change: 'corrected', relation: '50' },
          { id, change: 'corrected', relation: '02' },
          { id: other, change: 'corrected', relation },
        ],
        { headId: id },
      );
    const now = approved(basisDoor, head(uuid('a1'), uuid('a2'), '70'));
    const body = head(uuid('a2'), uuid('a1'), '10');
    expect(asks(threeWay(sidesOf(now), body).compared).sort()).toEqual(['a/headId', 'a1/relation', 'a2/relation']);
    for (const take of ['register', 'proposal'] as const) {
      const sides = sidesOf(now);
      const { steps, compared } = threeWay(sides, body);
      const choices = new Map<string, Choice>(compared.map(({ key }) => [key, { take }]));
      expect(headless(sides, mergedSteps(sides, { steps, compared }, choices))).toEqual([]);
    }
    // Half of each: two heads, which is said.
    const sides = sidesOf(now);
    const ways = threeWay(sides, body);
    const half = new Map<string, Choice>(
      ways.compared.map(({ key, entityId }) => [key, { take: entityId === uuid('a1') ? 'register' : 'proposal' }]),
    );
    expect(headless(sides, mergedSteps(sides, ways, half))).toEqual([{ householdId: 'a', heads: 2 }]);
  });

  it('a new head asks how somebody is related whom the worker did not see', () => {
    const now = approved(
      basisDoor,
      everybody([{ id: uuid('d1'), change: 'born', name: '小宝', sex: '1', birthDate: '2026-10-01', relation: '20' }]),
    );
    const body = everybody(
      [
        { id: uuid('a0'), change: 'died' },
        { id: uuid('a1'), change: 'corrected', relation: '02' },
        { id: uuid('a2'), change: 'corrected', relation: '70' },
      ],
      { headId: uuid('a1') },
    );
    const sides = sidesOf(now);
    const ways = threeWay(sides, body);
    expect(ways.compared.filter(({ verdict }) => verdict === 'ask')).toMatchObject([
      { key: `@${uuid('d1')}/relation`, path: null, now: '20', takes: ['register', 'own'] },
    ]);
    const steps = mergedSteps(
      sides,
      ways,
      new Map([[`@${uuid('d1')}/relation`, { take: 'own', value: '40' } as const]]),
    );
    expect(findResident(steps.reduce(applyStep, now), uuid('d1'))?.resident.relation).toBe('40');
  });

  it('somebody whom the register found at another door meanwhile is asked for', () => {
    const mover = person('a1', { phone: '13700000000' });
    const now: DoorLike = {
      ...basisDoor,
      households: basisDoor.households.map((household) => ({
        ...household,
        residents: household.residents.filter(({ id }) => id !== uuid('a1')),
      })),
    };
    const sides = sidesOf(now, basisDoor, {
      elsewhere: new Map([[uuid('a1'), { householdId: 'far', resident: mover }]]),
    });
    expect(asks(threeWay(sides, everybody([unchanged(uuid('a1'))])).compared)).toEqual(['a1/householdId']);
    expect(asks(threeWay(sides, everybody([{ id: uuid('a1'), change: 'moved-away' }])).compared)).toEqual([]);
    const back = mergedSteps(
      sides,
      threeWay(sides, everybody([unchanged(uuid('a1'))])),
      new Map([['["households",0,"residents",0,"householdId"]', { take: 'proposal' } as const]]),
    );
    expect(back).toContainEqual(expect.objectContaining({ type: 'join-resident', id: uuid('a1'), sameAs: uuid('a1') }));
  });

  it('what is recorded on an alias is compared with the record that it is one with', () => {
    const now = approved(basisDoor, everybody([{ id: uuid('a1'), change: 'corrected', phone: '13911110001' }]));
    const sides = sidesOf(now, basisDoor, { aliases: new Map([['old', uuid('a1')]]) });
    expect(
      threeWay(sides, everybody([{ id: 'old', change: 'corrected', phone: '13911110002' }])).compared,
    ).toMatchObject([{ entityId: uuid('a1'), field: 'phone', verdict: 'ask', now: '13911110001' }]);
  });

  it('a reason for a missing answer stands beside others, and is asked for where the answer came meanwhile', () => {
    const empty: DoorLike = {
      ...basisDoor,
      households: basisDoor.households.map((household) => ({
        ...household,
        residents: household.residents.map((resident) => ({ ...resident, phone: '' })),
      })),
    };
    const refused = everybody([{ id: uuid('a0'), change: 'corrected', missing: { phone: 'refused' } }]);
    const other = approved(empty, everybody([{ id: uuid('a0'), change: 'corrected', missing: { since: 'unknown' } }]));
    expect(asks(threeWay(sidesOf(other, empty), refused).compared)).toEqual([]);
    expect(findResident(settled(sidesOf(other, empty), refused, 'register'), uuid('a0'))?.resident.missing).toEqual({
      since: 'unknown',
      phone: 'refused',
    });
    const answered = approved(empty, everybody([{ id: uuid('a0'), change: 'corrected', phone: '13911110001' }]));
    expect(asks(threeWay(sidesOf(answered, empty), refused).compared)).toEqual(['a0/missing']);
  });

  it('so does a reason for the tenure of a household and the use of the dwelling', () => {
    const empty: DoorLike = {
      ...basisDoor,
      use: null,
      households: basisDoor.households.map((household) => ({ ...household, tenure: null })),
    };
    const with_ = (dwelling: Body, household: Body) => ({
      ...everybody([], household),
      dwelling,
    });
    const refused = with_({ missing: { use: 'refused' } }, { missing: { tenure: 'refused' } });
    const other = approved(empty, with_({ missing: { floor: 'unknown' } }, { missing: { phone: 'unknown' } }));
    const sides = sidesOf(other, empty);
    expect(asks(threeWay(sides, refused).compared)).toEqual([]);
    expect(settled(sides, refused, 'register')).toMatchObject({
      missing: { floor: 'unknown', use: 'refused' },
      households: [{ missing: { phone: 'unknown', tenure: 'refused' } }, {}],
    });
    const answered = approved(empty, with_({ use: 'rented' }, { tenure: 'tenant' }));
    expect(asks(threeWay(sidesOf(answered, empty), refused).compared).sort()).toEqual(['a/missing', 'door/missing']);
    expect(settled(sidesOf(answered, empty), refused, 'register')).toMatchObject({ use: 'rented' });
  });

  it('no such door, says one, where another recorded somebody since', () => {
    const none = { outcome: 'no-such-door', dwelling: {} };
    expect(asks(threeWay(sidesOf(basisDoor), none).compared)).toEqual([]);
    const now = approved(basisDoor, everybody([{ id: uuid('a0'), change: 'corrected', phone: '13911110001' }]));
    const sides = sidesOf(now);
    expect(asks(threeWay(sides, none).compared)).toEqual(['door/outcome']);
    expect(mergedSteps(sides, threeWay(sides, none), new Map())).toEqual([]);
    // And the other way round: the register struck it off, and people were met there.
    const struck = sidesOf(basisDoor, basisDoor, { retired: true });
    const met = everybody([unchanged(uuid('a0')), unchanged(uuid('a1')), unchanged(uuid('a2'))]);
    expect(asks(threeWay(struck, met).compared)).toEqual(['door/outcome']);
    expect(mergedSteps(struck, threeWay(struck, met), new Map([['["outcome"]', { take: 'proposal' }]]))[0]).toEqual({
      type: 'restore-dwelling',
    });
  });
});
