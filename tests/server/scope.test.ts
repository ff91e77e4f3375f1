import { afterEach, beforeEach, expect, test } from 'vitest';
import { at, identityNumber, openTestOffice, type TestOffice } from './office-for-tests';
import { type PhoneForTests, verifiedBody, visitBody } from './phone-for-tests';

let here: TestOffice;
let phone: PhoneForTests;

beforeEach(async () => {
  here = await openTestOffice();
  phone = here.phone(here.accounts.worker);
});
afterEach(() => here.close());

const codes = (receipts: { problems?: { code: string }[] }[]) =>
  receipts.map(({ problems }) => problems?.map(({ code }) => code));
const concern = (target: object, body: object = {}) => ({
  kind: 'concern',
  form: { id: 'concern', version: 1 },
  target,
  body: {
    category: 'safety',
    title: '楼道灯坏了',
    description: '二楼',
    where: '二楼',
    raisedBy: 'worker',
    urgency: 'week',
    solvedOnSpot: null,
    ...body,
  },
});
const handBack = (target: object) => ({
  kind: 'hand-back',
  form: { id: 'hand-back', version: 1 },
  target,
  body: { reason: 'not-mine', proposed: null, note: '' },
});
const visit = (resident: string | undefined) => ({
  kind: 'care-visit',
  form: { id: 'care-visit', version: 1 },
  target: { type: 'resident', id: resident },
  body: visitBody(),
});
const headOf = (doors: TestOffice['doors'], index: number) => doors[index]?.households[0]?.residents[0]?.id;

test('[SCO-1] a grid worker records doors, people and the grid of her own, and no others', async () => {
  const own = at(here.doors, 0);
  const foreign = at(here.foreignDoors, 0);
  const receipts = await phone.push(
    await phone.verifies(own),
    await phone.revision(concern({ type: 'dwelling', id: own.id })),
    await phone.revision(concern({ type: 'resident', id: headOf(here.doors, 0) })),
    await phone.revision(concern({ type: 'grid', id: here.grids[0] })),
    await phone.revision(handBack({ type: 'dwelling', id: own.id })),
    await phone.verifies(foreign),
    await phone.revision(concern({ type: 'dwelling', id: foreign.id })),
    await phone.revision(concern({ type: 'resident', id: headOf(here.foreignDoors, 0) })),
    await phone.revision(concern({ type: 'grid', id: here.grids[1] })),
    await phone.revision(handBack({ type: 'dwelling', id: foreign.id })),
  );
  expect(codes(receipts)).toEqual([
    ...Array.from({ length: 5 }, () => undefined),
    ...Array.from({ length: 5 }, () => ['target']),
  ]);
});

test('[SCO-1] the scope is that of now, on every request', async () => {
  const first = await phone.verifies(at(here.doors, 0));
  const grid = `grid/${here.grids[0]}`;
  expect((await phone.ask({})).feeds.map(({ id }) => id)).toContain(grid);
  await here.office.database.write((tx) =>
    tx
      .updateTable('account_grid')
      .set({ until_at: '2026-11-23T00:00:00.000Z' })
      .where('account_id', '=', phone.account.id)
      .execute(),
  );
  const answer = await phone.ask({ have: { [grid]: 1 } });
  expect([answer.feeds.map(({ id }) => id).includes(grid), answer.left]).toEqual([false, [grid]]);
  expect(codes(await phone.push(first))).toEqual([['target']]);
});

test('[SCO-1] a volunteer records visits to the people in her care, and nothing of anybody else', async () => {
  const volunteer = here.phone(here.accounts.volunteer);
  const receipts = await volunteer.push(
    await volunteer.revision(visit(headOf(here.doors, 0))),
    await volunteer.revision(concern({ type: 'resident', id: headOf(here.doors, 0) })),
    await volunteer.revision(visit(headOf(here.doors, 1))),
    await volunteer.revision(concern({ type: 'grid', id: here.grids[0] })),
    await volunteer.verifies(at(here.doors, 0)),
    await volunteer.revision(handBack({ type: 'dwelling', id: at(here.doors, 0).id })),
  );
  expect(codes(receipts)).toEqual([undefined, undefined, ['target'], ['target'], ['target'], ['target']]);
});

test('[SCO-1] who works at the desk pushes nothing about anybody', async () => {
  const desk = here.phone(here.accounts.coordinator);
  expect(codes(await desk.push(await desk.verifies(at(here.doors, 0))))).toEqual([['target']]);
});

test('[SCO-3] a feed outside the scope is never told, whatever the device has, and is named in left', async () => {
  const foreign = [
    `grid/${here.grids[1]}`,
    `account/${here.accounts.volunteer.id}`,
    `community/${here.office.world.uuid()}`,
    'grid/none',
    '__proto__',
  ];
  const have = JSON.parse(`{${foreign.map((feed) => `${JSON.stringify(feed)}:0`).join(',')}}`);
  const answer = await phone.ask({ have });
  expect(answer.feeds.map(({ id }) => id)).toEqual([
    `community/${here.communityId}`,
    `grid/${here.grids[0]}`,
    `account/${phone.account.id}`,
  ]);
  expect(answer.left.filter((feed) => feed !== '__proto__')).toEqual(foreign.slice(0, 4));
});

test.each(['volunteer', 'coordinator', 'administrator'] as const)(
  '[SCO-3] a %s reads account and community by sync',
  async (role) => {
    // Even where somebody assigned a grid to it.
    await here.office.database.write((tx) =>
      tx
        .insertInto('account_grid')
        .values({
          community_id: here.communityId,
          account_id: here.accounts[role].id,
          grid_id: here.grids[0],
          from_at: 'now',
          until_at: null,
        })
        .execute(),
    );
    const answer = await here.phone(here.accounts[role]).ask();
    expect(answer.feeds.map(({ id }) => id)).toEqual([
      `community/${here.communityId}`,
      `account/${here.accounts[role].id}`,
    ]);
  },
);

test('[SCO-3] a grid that was taken away is left, one that was given comes', async () => {
  await phone.pull();
  await here.office.database.write(async (tx) => {
    await tx.updateTable('account_grid').set({ until_at: 'now' }).where('account_id', '=', phone.account.id).execute();
    await tx
      .insertInto('account_grid')
      .values({
        community_id: here.communityId,
        account_id: phone.account.id,
        grid_id: here.grids[1],
        from_at: 'now',
        until_at: null,
      })
      .execute();
  });
  const answer = await phone.ask();
  expect(answer.left).toEqual([`grid/${here.grids[0]}`]);
  phone.keep(answer);
  expect(phone.item(`grid/${here.grids[1]}`, 'dwelling', at(here.foreignDoors, 0).id)).toBeDefined();
  expect([...phone.items.keys()].some((key) => key.startsWith(`grid/${here.grids[0]}`))).toBe(false);
});

test('[SCO-6] unknown and foreign targets get the same problem, word for word', async () => {
  const foreign = at(here.foreignDoors, 0);
  const unknown = { ...foreign, id: here.office.world.uuid() };
  const body = { outcome: 'verified' };
  const [a, b] = await phone.push(await phone.verifies(foreign, { body }), await phone.verifies(unknown, { body }));
  expect(a?.problems).toEqual(b?.problems);
  expect(a?.problems).toEqual([{ path: ['target'], code: 'target', message: expect.any(String) }]);
});

const proposal = (gridId: string) => ({
  outcome: 'no-one-home',
  dwelling: { gridId, compound: '东街', building: '1', unit: '3', floor: 1, room: '101' },
});

test('[SCO-6] a new door counts to the grid that its body names', async () => {
  const id = here.office.world.uuid();
  const own = await phone.revision({ target: { type: 'dwelling', id }, body: proposal(here.grids[0]) });
  const foreign = await phone.revision({ body: proposal(here.grids[1]) });
  const nowhere = await phone.revision({ body: proposal(here.office.world.uuid()) });
  expect(codes(await phone.push(own, foreign, nowhere))).toEqual([undefined, ['target'], ['target']]);
  const row = await here.office.database.read((db) =>
    db.selectFrom('submission').selectAll().where('id', '=', own.id).executeTakeFirstOrThrow(),
  );
  expect(row).toMatchObject({ grid_id: here.grids[0], building_id: here.buildings[0], dwelling_id: id, by_rule: 0 });
});

test('[SCO-6] a target is known when a stored submission of this account proposed it', async () => {
  const id = here.office.world.uuid();
  const door = { type: 'dwelling', id };
  const before = await phone.revision(concern(door));
  await phone.push(before);
  await phone.push(await phone.revision({ target: door, body: proposal(here.grids[0]) }));
  const receipts = await phone.push(
    await phone.revision(concern(door)),
    await phone.revision({ target: door, body: { outcome: 'refused', dwelling: {} } }),
  );
  expect(codes(receipts)).toEqual([undefined, undefined]);
  const colleague = here.phone({ ...here.accounts.otherWorker });
  expect(codes(await colleague.push(await colleague.revision(concern(door))))).toEqual([['target']]);
});

test('[SCO-6] what a record of the same push proposed before is known', async () => {
  const id = here.office.world.uuid();
  const door = { type: 'dwelling', id };
  const newborn = here.office.world.uuid();
  const receipts = await phone.push(
    await phone.revision({ target: door, body: proposal(here.grids[0]) }),
    await phone.revision(concern(door)),
    await phone.verifies(at(here.doors, 0), { body: withNewborn(at(here.doors, 0), newborn) }),
    await phone.revision(concern({ type: 'resident', id: newborn })),
  );
  expect(codes(receipts)).toEqual([undefined, undefined, undefined, undefined]);
});

const withNewborn = (door: TestOffice['doors'][number], newborn: string) => {
  const body = verifiedBody(door);
  const households = (body['households'] as { residents: object[] }[]).map((household) => ({
    ...household,
    residents: [
      ...household.residents,
      {
        id: newborn,
        change: 'born',
        name: '未取名',
        sex: '2',
        birthDate: '2026-11-01',
        idType: 'none',
        relation: '40',
        residence: 'not-registered',
        presence: 'here',
        missing: { idNumber: 'none-yet' },
      },
    ],
  }));
  return { ...body, households };
};

test('[SCO-6] a person proposed at a door is known to who proposed them', async () => {
  const door = at(here.doors, 0);
  const newborn = here.office.world.uuid();
  const body = withNewborn(door, newborn);
  expect(codes(await phone.push(await phone.verifies(door, { body })))).toEqual([undefined]);
  expect(codes(await phone.push(await phone.revision(concern({ type: 'resident', id: newborn }))))).toEqual([
    undefined,
  ]);
});

test('a door that was retired since is still known to its grid', async () => {
  const door = at(here.doors, 0);
  await here.office.database.write((tx) =>
    tx.updateTable('dwelling').set({ retired_at: '2026-11-23T00:00:00.000Z' }).where('id', '=', door.id).execute(),
  );
  expect(codes(await phone.push(await phone.verifies(door)))).toEqual([undefined]);
});

test('[SCO-7] no feed carries a whole identity number, wherever somebody wrote it', async () => {
  const door = at(here.doors, 0);
  const head = at(at(door.households, 0).residents, 0);
  const number = identityNumber('1961-03-04', 77);
  const spouse = at(at(door.households, 0).residents, 1);
  const body = verifiedBody(door, {
    note: `他的号码是${number}。`,
    households: [
      {
        id: at(door.households, 0).id,
        residents: [
          { id: head.id, change: 'corrected', birthDate: '1961-03-04', idNumber: number },
          { id: spouse.id, change: 'unchanged', odd: { idNumber: Number(number.slice(0, 15)) } },
        ],
      },
    ],
  });
  const pushed = await phone.verifies(door, { body });
  await phone.push(pushed);
  await here.office.database.write(async (tx) => {
    const { republishSubmission } = await import('../../src/lib/server/feeds/republish');
    const { seal } = await import('../../src/lib/server/codec');
    const decision = here.office.world.uuid();
    const at = '2026-11-23T10:00:00.000Z';
    await tx
      .insertInto('decision')
      .values({
        community_id: here.communityId,
        id: decision,
        submission_id: pushed.id,
        revision: 1,
        digest: pushed.digest,
        kind: 'return',
        previous_id: null,
        review_before: 'pending',
        comments: seal(
          JSON.stringify([
            { path: ['households', 0, 'residents', 0, 'idNumber'], text: `不是 ${number} 吧？`, by: '张主任', at },
          ]),
        ),
        corrections: seal('[]'),
        reason: seal(''),
        by_account: here.accounts.coordinator.id,
        by_rule: 'person',
        at,
        undone_at: null,
      })
      .execute();
    await tx.updateTable('submission').set({ review: 'returned', decision_id: decision, decided_at: at }).execute();
    await republishSubmission(tx, here.communityId, pushed.id);
  });
  const item = await phone.record(pushed.id);
  expect(item).toMatchObject({
    review: 'returned',
    by: 'coordinator',
    comments: [{ text: expect.stringContaining('**************') }],
  });
  expect(item).toHaveProperty(
    'record.body.households.0.residents.0.idNumberMasked',
    `${'*'.repeat(14)}${number.slice(-4)}`,
  );
  const told = JSON.stringify([...phone.items.values()]);
  expect(told).not.toContain('"idNumber":');
  expect(told).not.toContain(number);
  expect(told).not.toContain(number.slice(0, 15));
  for (const resident of [...here.doors, ...here.foreignDoors].flatMap((one) => at(one.households, 0).residents)) {
    expect(told).not.toContain(resident.idNumber);
  }
});

test('[SCO-7] words about a first card do not spell the eighteen digits', async () => {
  const door = at(here.doors, 0);
  const household = at(door.households, 0);
  const body = verifiedBody(door, {
    households: [
      {
        id: household.id,
        residents: [
          { id: at(household.residents, 0).id, change: 'corrected', idNumber: '440103580413001' },
          { id: at(household.residents, 1).id, change: 'unchanged' },
        ],
      },
    ],
  });
  const pushed = await phone.verifies(door, { body });
  const [receipt] = await phone.push(pushed);
  expect(codes(receipt ? [receipt] : [])).toEqual([['id_first_card']]);
  await phone.pull();
  expect(JSON.stringify([...phone.items.values()])).not.toMatch(/\d{17}[\dX]/);
});

test('an account that never was is signed out', async () => {
  const stranger = here.phone({ ...here.accounts.worker, id: here.office.world.uuid() });
  expect(await stranger.refused()).toEqual({ status: 401, protocol: 1, error: 'unknown account' });
});
