/** An empty door is one where nobody is registered now: a record that found it so before somebody came is not approved over them. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { queue, type QueueRow } from '../../src/lib/server/review/queue';
import { startBulk } from '../../src/lib/server/review/bulk';
import { DeskForTests } from './desk-for-tests';
import { openTestOffice, shareFirstGrid, type TestDoor, type TestOffice } from './office-for-tests';
import { verifiedBody, type PhoneForTests, type Pushed } from './phone-for-tests';

let at: TestOffice;
let li: PhoneForTests;
let chen: PhoneForTests;
let desk: DeskForTests;
let door: TestDoor;
const outcome = JSON.stringify(['outcome']);

beforeEach(async () => {
  at = await openTestOffice();
  await shareFirstGrid(at);
  li = at.phone(at.accounts.worker);
  chen = at.phone(at.accounts.otherWorker);
  desk = new DeskForTests(at);
  door = at.doors[0] as TestDoor;
});
afterEach(() => at.close());

const vacant = { outcome: 'vacant', dwelling: { use: 'vacant' } };

/** Somebody new in a household of their own. */
function newcomer(name = '赵敏') {
  const [household, person] = [at.office.world.uuid(), at.office.world.uuid()];
  const resident = {
    ...{ id: person, change: 'moved-in', name, sex: '2', birthDate: '1990-05-01', idType: 'none', idNumber: '' },
    ...{ phone: '', relation: '02', residence: 'not-registered', registeredAddress: '', careGroups: [] },
    ...{ presence: 'here', missing: { idNumber: 'none-yet' } },
  };
  return { id: household, kind: 'family', tenure: 'tenant', headId: person, phone: '', residents: [resident] };
}

function comes(dwelling: Record<string, unknown>, name?: string): Record<string, unknown> {
  return {
    ...verifiedBody(door, { dwelling }),
    informant: { residentId: null, name: name ?? '赵敏', kind: 'member' },
    households: [newcomer(name)],
  };
}

async function pushed(who: PhoneForTests, body: Record<string, unknown>, about = {}): Promise<Pushed> {
  const revision = await who.verifies(door, { body, ...about });
  expect(await who.push(revision)).toMatchObject([{ status: 'stored' }]);
  return revision;
}

/** Everybody left, found so and approved; answers the version under which the phones then hold the door. */
async function emptied(): Promise<Record<string, number>> {
  const left = await pushed(
    li,
    { outcome: 'moved-away', dwelling: { use: 'vacant' } },
    { basis: await li.basisOf(door) },
  );
  expect(await desk.approve(left.id)).toHaveProperty('done');
  return li.basisOf(door);
}

async function row(id: string): Promise<QueueRow> {
  const { rows } = await at.office.database.read((db) => queue(db, at.communityId, {}));
  return rows.find((found) => found.id === id) ?? expect.fail('it does not wait');
}

async function standing() {
  const { use: what, households } = await desk.door(door.id);
  return {
    use: what,
    people: households.flatMap(({ residents }) => residents.map(({ name, presence }) => [name, presence])),
  };
}

test('[TWO-2] vacant, says one, where somebody is registered by now: no choice approves it, and the door stays lived in', async () => {
  const basis = await emptied();
  const came = await pushed(li, comes({ use: 'rented' }), { basis });
  const empty = await pushed(chen, vacant, { basis });
  expect(await row(empty.id)).toMatchObject({ stale: false, asks: false });
  expect(await desk.approve(came.id)).toHaveProperty('done');
  const before = await standing();

  expect(await row(empty.id)).toMatchObject({ stale: true, asks: true });
  expect(await desk.open(empty.id)).toMatchObject({
    unanswered: [outcome],
    compared: expect.arrayContaining([expect.objectContaining({ key: outcome, proposed: 'vacant', takes: [] })]),
  });
  const refused = {
    refused: 'invalid',
    problems: [{ code: 'vacant_lived_in', path: ['outcome'], params: { count: 1 } }],
  };
  expect(await desk.approve(empty.id)).toMatchObject(refused);
  for (const take of ['register', 'proposal'] as const) {
    expect(await desk.approve(empty.id, { choices: [{ key: outcome, take }] })).toMatchObject(refused);
  }
  expect((await startBulk(at.office, desk.account, {})).members).toEqual([]);
  expect(await standing()).toEqual(before);
  expect(before).toMatchObject({ use: 'rented', people: expect.arrayContaining([['赵敏', 'here']]) });

  expect(await desk.sendBack(empty.id)).toHaveProperty('done');
});

test('[TWO-2] vacant counts again once those who came have gone', async () => {
  const basis = await emptied();
  const came = await pushed(li, comes({ use: 'rented' }), { basis });
  const empty = await pushed(chen, vacant, { basis });
  await desk.approve(came.id);
  await desk.undo(came.id);
  expect(await row(empty.id)).toMatchObject({ asks: false });
  expect(await desk.approve(empty.id)).toHaveProperty('done');
});

test('[TWO-5] of two proposals of one door the one that found it vacant is not approved over the people of the other', async () => {
  const address = { gridId: at.grids[0], compound: '东街', building: '1', unit: '1', floor: 5, room: '501' };
  const propose = async (body: Record<string, unknown>) => {
    const revision = await li.revision({ target: { type: 'dwelling', id: at.office.world.uuid() }, body });
    expect(await li.push(revision)).toMatchObject([{ status: 'stored' }]);
    return revision;
  };
  const lived = await propose(comes({ ...address, use: 'rented' }));
  const empty = await propose({ outcome: 'vacant', dwelling: { ...address, use: 'vacant' } });
  expect(await desk.approve(lived.id)).toHaveProperty('done');
  expect(await row(empty.id)).toMatchObject({ asks: true });
  expect(await desk.approve(empty.id)).toMatchObject({ refused: 'invalid', problems: [{ code: 'vacant_lived_in' }] });
  // Both stand at the one door.
  expect((await desk.open(lived.id)).atThisDoor.map(({ id }) => id)).toContain(empty.id);
});

test('people who came to a door that is vacant by now: its use is asked at the desk, and it is not vacant afterwards', async () => {
  const came = await pushed(chen, { ...comes({}), outcome: 'partly-verified' }, { basis: await chen.basisOf(door) });
  await emptied();
  expect(await standing()).toMatchObject({ use: 'vacant' });
  const use = JSON.stringify(['dwelling', 'use']);
  expect(await row(came.id)).toMatchObject({ asks: true });
  expect(await desk.open(came.id)).toMatchObject({
    unanswered: [use],
    compared: expect.arrayContaining([expect.objectContaining({ key: use, now: 'vacant', takes: ['own'] })]),
  });
  expect(await desk.approve(came.id)).toEqual({ refused: 'asks', keys: [use] });
  const owned = (value: string) => ({ choices: [{ key: use, take: 'own' as const, value }] });
  expect(await desk.approve(came.id, owned('vacant'))).toMatchObject({ refused: 'invalid' });
  expect(await desk.approve(came.id, owned('rented'))).toHaveProperty('done');
  expect(await standing()).toMatchObject({ use: 'rented', people: expect.arrayContaining([['赵敏', 'here']]) });
});

test('people recorded at a vacant door without another use wait in quarantine, and are approved with one alone', async () => {
  const basis = await emptied();
  const came = await li.verifies(door, { body: comes({}), basis });
  const problems = [{ code: 'use_of_lived_in', path: ['dwelling', 'use'] }];
  expect(await li.push(came)).toMatchObject([{ status: 'quarantined', problems }]);
  const seen = await desk.seen(came.id);
  expect(await desk.take({ ...seen, kind: 'accept' })).toMatchObject({ refused: 'invalid', problems });
  const corrections = [{ path: ['dwelling', 'use'], value: 'rented' }];
  expect(await desk.take({ ...seen, kind: 'accept', corrections })).toHaveProperty('done');
  expect(await desk.approve(came.id)).toHaveProperty('done');
  expect(await standing()).toMatchObject({ use: 'rented' });
});
