/** A push says and leaves the same as its records pushed one by one in their order: what is judged side by side rests on nothing beside it. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { open as openSealed } from '../../src/lib/server/codec';
import { checkOffice } from '../../src/lib/server/check/check-office';
import { afterworkDone } from '../../src/lib/server/sync/afterwork';
import { runAfterwork } from '../../src/lib/server/review/rules';
import { at, openTestOffice, type TestDoor, type TestOffice } from './office-for-tests';
import { type PhoneForTests, type Pushed, verifiedBody, visitBody } from './phone-for-tests';

/** One record of a push, without an id of any office: the same plan is carried out in two. */
type Step = {
  /** Which of a few submissions. */
  slot: number;
  revision: number;
  about: 'door' | 'new-door' | 'person' | 'new-person' | 'foreign' | 'unknown';
  says:
    | 'all-as-registered'
    | 'brings'
    | 'names'
    | 'in-vain'
    | 'concern'
    | 'visit'
    | 'nonsense'
    | 'unknown-form'
    | 'address';
  which: 0 | 1;
  note: 0 | 1;
  digest: 'right' | 'wrong';
};

const step: fc.Arbitrary<Step> = fc.record({
  slot: fc.nat(4),
  revision: fc.integer({ min: 1, max: 3 }),
  about: fc.constantFrom<Step['about']>(
    'door',
    'door',
    'new-door',
    'new-door',
    'person',
    'new-person',
    'new-person',
    'foreign',
    'unknown',
  ),
  says: fc.constantFrom<Step['says']>(
    'all-as-registered',
    'brings',
    'brings',
    'names',
    'in-vain',
    'concern',
    'concern',
    'visit',
    'nonsense',
    'unknown-form',
    'address',
    'address',
  ),
  which: fc.constantFrom(0, 1),
  note: fc.constantFrom(0, 1),
  digest: fc.constantFrom('right', 'right', 'right', 'right', 'wrong'),
});

/** What one office makes of plans: ids by their names, so that two offices can be compared. */
class Side {
  readonly here: TestOffice;
  readonly phone: PhoneForTests;
  readonly other: PhoneForTests;
  readonly #names = new Map<string, string>();
  readonly #ids = new Map<string, string>();
  readonly #made = new Map<string, Pushed>();
  readonly #recordedAt: string;

  constructor(here: TestOffice, recordedAt: string) {
    this.here = here;
    this.#recordedAt = recordedAt;
    this.phone = here.phone(here.accounts.worker);
    this.other = here.phone(here.accounts.otherWorker);
    const name = (id: string, said: string) => this.#names.set(id, said);
    name(here.communityId, 'community');
    here.grids.forEach((id, index) => name(id, `grid ${index}`));
    here.buildings.forEach((id, index) => name(id, `building ${index}`));
    for (const [role, { id }] of Object.entries(here.accounts)) name(id, role);
    name(this.phone.deviceId, 'phone');
    name(this.other.deviceId, 'other phone');
    [...here.doors, ...here.foreignDoors].forEach((door, index) => {
      name(door.id, `door ${index}`);
      door.households.forEach((household) => {
        name(household.id, `household ${index}`);
        household.residents.forEach((resident, place) => name(resident.id, `resident ${index}.${place}`));
      });
    });
  }

  id(said: string): string {
    const known = this.#ids.get(said);
    if (known) return known;
    const id = this.here.office.world.uuid();
    this.#ids.set(said, id);
    this.#names.set(id, said);
    return id;
  }

  async make(plan: Step): Promise<Pushed> {
    const key = JSON.stringify(plan);
    const known = this.#made.get(key);
    if (known) return known;
    const right = await this.phone.revision(this.#draft(plan));
    const made =
      plan.digest === 'right'
        ? right
        : { ...right, digest: `wrong ${key.length} ${plan.note}${plan.which}${plan.says}${plan.about}` };
    this.#names.set(right.digest, `digest ${JSON.stringify({ ...plan, digest: '' })}`);
    this.#made.set(key, made);
    return made;
  }

  #door(which: number): TestDoor {
    return at(this.here.doors, which);
  }

  #target({ about, which }: Step): { type: string; id: string } {
    switch (about) {
      case 'door':
        return { type: 'dwelling', id: this.#door(which).id };
      case 'new-door':
        return { type: 'dwelling', id: this.id(`new door ${which}`) };
      case 'person':
        return { type: 'resident', id: at(at(this.#door(which).households, 0).residents, 0).id };
      case 'new-person':
        return { type: 'resident', id: this.id(`new person ${which}`) };
      case 'foreign':
        return { type: 'dwelling', id: at(this.here.foreignDoors, which).id };
      case 'unknown':
        return { type: 'dwelling', id: this.id(`unknown ${which}`) };
    }
  }

  #draft(plan: Step): Record<string, unknown> {
    const target = this.#target(plan);
    const note = `第${plan.note}次`;
    const base = {
      id: this.id(`submission ${plan.slot}`),
      revision: plan.revision,
      target,
      recordedAt: this.#recordedAt,
    };
    const verification = (body: Record<string, unknown>) => ({
      ...base,
      target: { ...target, type: 'dwelling' },
      body,
    });
    const door = this.#door(plan.which);
    const newcomer = {
      id: this.id(`new person ${plan.note}`),
      ...{ change: 'moved-in', name: '王芳', sex: '2', birthDate: '1990', idType: 'resident-id' },
      ...{ missing: { idNumber: 'none-yet' }, relation: '97', residence: 'both-here' },
    };
    const household = at(door.households, 0);
    const asRegistered = household.residents.map(({ id }) => ({ id, change: 'unchanged' }));
    switch (plan.says) {
      case 'all-as-registered':
        return verification(verifiedBody(door, { note }));
      case 'brings':
        return verification(
          verifiedBody(door, { note, households: [{ id: household.id, residents: [...asRegistered, newcomer] }] }),
        );
      case 'names':
        return verification(
          verifiedBody(door, {
            note,
            households: [{ id: household.id, residents: [...asRegistered, { id: newcomer.id, change: 'unchanged' }] }],
          }),
        );
      case 'in-vain':
        return verification({ outcome: 'no-one-home', note });
      case 'address':
        return verification({
          outcome: 'vacant',
          note,
          dwelling: {
            ...{ gridId: this.here.grids[0], compound: '东街', building: '1', unit: '1' },
            ...{ floor: 9, room: `90${plan.which}`, use: 'vacant' },
          },
        });
      case 'concern':
        return {
          ...base,
          kind: 'concern',
          body: { category: 'noise', title: note, urgency: 'normal', raisedBy: 'worker' },
        };
      case 'visit':
        return { ...base, kind: 'care-visit', body: visitBody(note) };
      case 'nonsense':
        return { ...base, body: { outcome: 'nonsense', note } };
      case 'unknown-form':
        return { ...base, form: { id: 'household-verification', version: 7 }, body: { outcome: 'no-one-home', note } };
    }
  }

  /** Of any value, with names for ids and without times. */
  named(value: unknown): unknown {
    let text = JSON.stringify(value);
    for (const [id, said] of this.#names) text = text.replaceAll(id, said.replaceAll('"', "'"));
    return JSON.parse(
      text
        .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'time')
        .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'made here'),
      // Of equal numbers they come by digest, which is another in each office.
      (key, held: unknown) => {
        const foreign = JSON.stringify(held ?? null).includes('"author"') && key === 'body';
        if (foreign) return [...JSON.stringify(held).matchAll(/digest \{[^}]*\}/g)].map(String).sort();
        return key === 'others' && Array.isArray(held) ? held.map((one) => JSON.stringify(one)).sort() : held;
      },
    );
  }

  /** All that stands in the office of what was pushed. */
  async left(): Promise<unknown> {
    const { office } = this.here;
    const { worker, otherWorker } = this.here.accounts;
    const rows = await office.database.read(async (db) => ({
      submissions: await db.selectFrom('submission').selectAll().execute(),
      revisions: await db.selectFrom('revision').selectAll().execute(),
      proposals: await db.selectFrom('proposal').selectAll().execute(),
      afterwork: await db.selectFrom('afterwork').selectAll().execute(),
      told: await db
        .selectFrom('feed_item')
        .select(['feed_id', 'type', 'item_id', 'body', 'gone'])
        .where('feed_id', 'in', [`account/${worker.id}`, `account/${otherWorker.id}`])
        .execute(),
    }));
    const plain = rows.submissions.map((row) => ({ ...row, decision_id: row.decision_id === null ? null : 'decided' }));
    const revisions = rows.revisions.map(({ text: _, clock_offset: __, ...row }) => row);
    const told = rows.told.map((row) => ({
      ...row,
      body: JSON.parse(row.body ? openText(row.body) : 'null') as unknown,
    }));
    const all = { ...rows, submissions: plain, revisions, told };
    return Object.fromEntries(
      Object.entries(all).map(([table, held]) => [
        table,
        held
          .map((row) => JSON.stringify(this.named(row)))
          .sort()
          .map((text) => JSON.parse(text) as unknown),
      ]),
    );
  }
}
const openText = (text: unknown): string => openSealed(text as never);

type Part = { who: 'phone' | 'other'; steps: Step[] };

/** Both answers, and both offices' rows, before and after what is done afterwards. */
async function compare(parts: Part[]): Promise<void> {
  const offices = [await openTestOffice(), await openTestOffice()] as const;
  try {
    const recordedAt = new Date(offices[0].office.world.now()).toISOString();
    const [whole, single] = offices.map((here) => new Side(here, recordedAt)) as [Side, Side];
    const said: unknown[][] = [[], []];
    const claims = await Promise.all(
      offices.map(({ office, communityId }) => office.database.claim(`afterwork ${communityId}`)),
    );
    for (const { who, steps } of parts) {
      const together = await Promise.all(steps.map((plan) => whole.make(plan)));
      said[0]?.push(...(await whole[who].push(...together)).map((receipt) => whole.named(receipt)));
      for (const plan of steps) {
        const made = await single.make(plan);
        said[1]?.push(...(await single[who].push(made)).map((receipt) => single.named(receipt)));
      }
    }
    expect(said[0]).toEqual(said[1]);
    expect(await whole.left()).toEqual(await single.left());
    for (const claim of claims) await claim?.();
    for (const { office } of offices) {
      await afterworkDone(office);
      await runAfterwork(office);
    }
    expect(await whole.left()).toEqual(await single.left());
    for (const { office } of offices) expect((await checkOffice(office)).findings).toEqual([]);
  } finally {
    for (const here of offices) await here.close();
  }
}

const usual = { revision: 1, which: 0, note: 0, digest: 'right' } as const;

test('[QUA-6] a record that comes before the proposal it is about, in one push', async () => {
  await compare([
    {
      who: 'phone',
      steps: [
        { ...usual, slot: 0, about: 'new-door', says: 'concern' },
        { ...usual, slot: 1, about: 'new-door', says: 'address' },
      ],
    },
  ]);
});

test('a later revision takes back whom the next record names', async () => {
  await compare([
    { who: 'phone', steps: [{ ...usual, slot: 0, about: 'door', says: 'brings' }] },
    {
      who: 'phone',
      steps: [
        { ...usual, slot: 0, revision: 2, about: 'door', says: 'all-as-registered' },
        { ...usual, slot: 1, about: 'door', says: 'names' },
      ],
    },
  ]);
});

test('who was brought in the same push is missed by a record that names one who was brought before', async () => {
  await compare([
    { who: 'phone', steps: [{ ...usual, slot: 0, about: 'door', says: 'brings' }] },
    {
      who: 'phone',
      steps: [
        { ...usual, slot: 1, note: 1, about: 'door', says: 'brings' },
        { ...usual, slot: 2, about: 'door', says: 'names' },
      ],
    },
  ]);
});

test('what stands beside the first of one record is told as the office has it', async () => {
  await compare([
    {
      who: 'phone',
      steps: [
        { ...usual, slot: 2, about: 'door', says: 'in-vain' },
        { ...usual, slot: 2, about: 'door', says: 'all-as-registered' },
        { ...usual, slot: 2, about: 'door', says: 'visit' },
        { ...usual, slot: 0, about: 'door', says: 'all-as-registered' },
      ],
    },
  ]);
});

test('pushes of any mix', { timeout: 600_000 }, async () => {
  const seed = Number(process.env['SEED'] ?? 1);
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({
          who: fc.constantFrom<Part['who']>('phone', 'phone', 'phone', 'other'),
          steps: fc.array(step, { minLength: 1, maxLength: 9 }),
        }),
        { minLength: 1, maxLength: 3 },
      ),
      compare,
    ),
    { seed, numRuns: Number(process.env['RUNS'] ?? 30), endOnFailure: process.env['SHRINK'] === undefined },
  );
});
