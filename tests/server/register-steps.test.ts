import { afterEach, beforeEach, expect, test } from 'vitest';
import { resolveAlias } from '../../src/lib/server/register/read';
import { historyOf } from '../../src/lib/server/register/history';
import { DeskForTests, idsOf } from './desk-for-tests';
import { openTestOffice, type TestDoor, type TestOffice } from './office-for-tests';
import type { PhoneForTests } from './phone-for-tests';
import { verifiedBody } from './phone-for-tests';

let at: TestOffice;
let phone: PhoneForTests;
let desk: DeskForTests;
let door: TestDoor;
let next: TestDoor;

beforeEach(async () => {
  at = await openTestOffice();
  phone = at.phone(at.accounts.worker);
  desk = new DeskForTests(at);
  [door, next] = at.doors as [TestDoor, TestDoor];
});
afterEach(() => at.close());

type Resident = Record<string, unknown>;

/** Pushes a verification of these residents in the door's household, or a whole body; answers its id. */
async function push(on: TestDoor, residents: Resident[], more: Record<string, unknown> = {}): Promise<string> {
  const households = [{ id: idsOf(on).household, residents }];
  const revision = await phone.verifies(on, { body: verifiedBody(on, { households, ...more }) });
  const [receipt] = await phone.push(revision);
  expect(receipt).toMatchObject({ status: 'stored' });
  return revision.id;
}

async function approved(on: TestDoor, residents: Resident[], more: Record<string, unknown> = {}): Promise<string> {
  const id = await push(on, residents, more);
  expect(await desk.approve(id)).toHaveProperty('done');
  return id;
}

const unchanged = (id: string): Resident => ({ id, change: 'unchanged' });
const everybody = (on: TestDoor) => [unchanged(idsOf(on).head), unchanged(idsOf(on).spouse)];
const newcomer = (id: string, more: Resident = {}): Resident => ({
  id,
  change: 'moved-in',
  name: '赵敏',
  sex: '2',
  birthDate: '1990-05-01',
  idType: 'resident-id',
  idNumber: '',
  phone: '',
  relation: '99',
  residence: 'migrant',
  registeredAddress: '四川省成都市',
  since: '2026-09',
  careGroups: [],
  presence: 'here',
  missing: { idNumber: 'not-shown', phone: 'refused' },
  ...more,
});

const people = async (id: string) => (await desk.door(id)).households.flatMap(({ residents }) => residents);

test('a newborn is a new person, and an undo takes the record back without deleting it', async () => {
  const baby = at.office.world.uuid();
  const born = newcomer(baby, {
    change: 'born',
    name: '未取名',
    birthDate: '2026-11',
    idType: 'none',
    relation: '40',
    residence: 'not-registered',
    registeredAddress: '',
    missing: { idNumber: 'none-yet' },
  });
  const id = await approved(door, [...everybody(door), born]);
  expect((await people(door.id)).find((person) => person.id === baby)).toMatchObject({
    name: '未取名',
    missing: { idNumber: 'none-yet' },
    presence: 'here',
  });

  await desk.undo(id);
  expect((await people(door.id)).map((person) => person.id)).not.toContain(baby);
  const history = await at.office.database.read((db) => historyOf(db, at.communityId, 'resident', baby));
  expect(history.map(({ source, field }) => [source, field])).toEqual([
    ['undo', 'retiredAt'],
    ['submission', '*'],
  ]);
  expect(await desk.approve(id)).toHaveProperty('done');
  expect((await people(door.id)).filter((person) => person.id === baby)).toHaveLength(1);
});

test('a household left with nobody ends by itself, and comes back by an undo', async () => {
  const { head, spouse } = idsOf(door);
  const id = await approved(door, [
    { id: head, change: 'moved-away', on: '2026-10', movedTo: '兰州市' },
    { id: spouse, change: 'died', on: '2026' },
  ]);
  expect((await desk.door(door.id)).households).toEqual([]);
  await desk.undo(id);
  expect((await people(door.id)).map(({ presence }) => presence)).toEqual(['here', 'here']);
});

test('whole household moved away: everybody is, and the door is vacant', async () => {
  const revision = await phone.verifies(door, {
    body: { outcome: 'moved-away', informant: null, noticeGiven: false, dwelling: { use: 'vacant' } },
  });
  await phone.push(revision);
  expect(await desk.approve(revision.id)).toHaveProperty('done');
  expect(await desk.door(door.id)).toMatchObject({ use: 'vacant', households: [] });
});

test('moved in with sameAs moves the record with its history and care, and makes no second person', async () => {
  const mover = idsOf(door).head;
  const proposed = at.office.world.uuid();
  const id = await approved(next, [
    ...everybody(next),
    newcomer(proposed, { sameAs: mover, name: '王建国', idNumber: '' }),
  ]);

  expect((await people(next.id)).map((person) => person.id)).toContain(mover);
  expect((await people(door.id)).map((person) => person.id)).not.toContain(mover);
  expect((await people(next.id)).find((person) => person.id === mover)?.idNumber).not.toBe('');
  expect(await at.office.database.read((db) => resolveAlias(db, at.communityId, 'resident', proposed))).toBe(mover);
  const volunteer = at.phone(at.accounts.volunteer);
  await volunteer.pull();
  expect(volunteer.item(`account/${volunteer.account.id}`, 'recipient', mover)).toMatchObject({
    address: { room: next.room },
  });

  await desk.undo(id);
  expect((await people(door.id)).map((person) => person.id)).toContain(mover);
  expect(await at.office.database.read((db) => resolveAlias(db, at.communityId, 'resident', proposed))).toBe(proposed);
});

test('registered at two doors: the records join at the one where the person sleeps, and moved-away at the other harms nothing', async () => {
  const here = idsOf(next).head;
  const there = idsOf(door).head;
  const left = idsOf(door).spouse;
  const residents = [
    { id: there, change: 'moved-away' },
    { id: left, change: 'corrected', relation: '02' },
  ];
  const gone = await push(door, residents, { households: [{ id: idsOf(door).household, headId: left, residents }] });
  await approved(next, [
    { id: here, change: 'corrected', sameAs: there, residence: 'person-here', registeredAddress: '甘肃省民乐县' },
    unchanged(idsOf(next).spouse),
  ]);

  expect((await people(door.id)).map((person) => person.id)).toEqual([idsOf(door).spouse]);
  const joined = await at.office.database.read((db) => historyOf(db, at.communityId, 'resident', here));
  expect(new Set(joined.map(({ entityId }) => entityId))).toEqual(new Set([here, there]));
  const volunteer = at.phone(at.accounts.volunteer);
  await volunteer.pull();
  expect(volunteer.item(`account/${volunteer.account.id}`, 'recipient', here)).toBeDefined();
  expect(volunteer.item(`account/${volunteer.account.id}`, 'recipient', there)).toBeUndefined();

  expect((await desk.open(gone)).stale).toBe(true);
  expect(await desk.approve(gone)).toHaveProperty('done');
  expect((await people(next.id)).find((person) => person.id === here)).toMatchObject({
    presence: 'here',
    residence: 'person-here',
  });
});

test('[TWO-5] two proposals of one door become one, and the second id stays good', async () => {
  const address = {
    gridId: at.grids[0],
    compound: '东街',
    building: '1',
    unit: '1',
    floor: 5,
    room: '501',
    use: 'rented',
  };
  const [first, second] = [at.office.world.uuid(), at.office.world.uuid()];
  const body = (household: string, person: string) => ({
    ...verifiedBody(door, { dwelling: address }),
    informant: { residentId: null, name: '赵敏', kind: 'member' },
    households: [
      {
        id: household,
        kind: 'family',
        tenure: 'tenant',
        headId: person,
        phone: '',
        residents: [newcomer(person, { relation: '02' })],
      },
    ],
  });
  const one = await phone.revision({
    target: { type: 'dwelling', id: first },
    body: body(at.office.world.uuid(), at.office.world.uuid()),
  });
  const two = await phone.revision({
    target: { type: 'dwelling', id: second },
    body: body(at.office.world.uuid(), at.office.world.uuid()),
  });
  expect(await phone.push(one, two)).toMatchObject([{ status: 'stored' }, { status: 'stored' }]);

  expect(await desk.approve(one.id)).toHaveProperty('done');
  expect(await desk.door(first)).toMatchObject({ room: '501', households: [{ tenure: 'tenant' }] });
  await phone.pull();
  expect(phone.item(`grid/${at.grids[0]}`, 'dwelling', first)).toBeDefined();

  // Of the same name and birthday, but another person, says the one who decides: nobody is joined by themselves.
  expect((await desk.open(two.id)).likenesses).toMatchObject([{ entity: 'resident', candidates: [{ name: '赵敏' }] }]);
  expect(await desk.approve(two.id, { choices: await desk.choices(two.id, 'proposal') })).toHaveProperty('done');
  expect((await desk.door(second)).id).toBe(first);
  expect((await desk.door(first)).households).toHaveLength(2);

  // What comes under the alias counts for the one.
  const three = await phone.revision({
    target: { type: 'dwelling', id: second },
    body: { outcome: 'refused', nextVisit: null },
  });
  expect((await phone.push(three))[0]).toMatchObject({ status: 'stored' });
  expect((await desk.open(three.id)).row.door?.id).toBe(first);
});

test('a new door makes its building in the grid where there is none', async () => {
  const id = at.office.world.uuid();
  const address = { gridId: at.grids[0], compound: '西巷', building: '7', unit: '', floor: 1, room: '', use: 'vacant' };
  const revision = await phone.revision({
    target: { type: 'dwelling', id },
    body: { outcome: 'vacant', dwelling: address },
  });
  expect((await phone.push(revision))[0]).toMatchObject({ status: 'stored' });
  await desk.approve(revision.id);
  await phone.pull();
  const item = phone.item(`grid/${at.grids[0]}`, 'dwelling', id);
  expect(phone.item(`grid/${at.grids[0]}`, 'building', String(item?.['buildingId']))).toMatchObject({
    compound: '西巷',
    building: '7',
  });

  await desk.undo(revision.id);
  await phone.pull();
  expect(phone.item(`grid/${at.grids[0]}`, 'dwelling', id)).toBeUndefined();
});

test('no such door retires the dwelling, unless the office keeps it', async () => {
  const shop = await phone.revision({
    target: { type: 'dwelling', id: door.id },
    basis: await phone.basisOf(door),
    body: { outcome: 'not-a-dwelling', dwelling: { use: 'shop' } },
  });
  const none = await phone.revision({
    target: { type: 'dwelling', id: next.id },
    basis: await phone.basisOf(next),
    body: { outcome: 'no-such-door', dwelling: { partOf: door.id } },
  });
  await phone.push(shop, none);
  await desk.approve(shop.id, { keepDoor: true });
  expect(await desk.door(door.id)).toMatchObject({ use: 'shop' });
  await desk.approve(none.id);
  await phone.pull();
  expect(phone.item(`grid/${at.grids[0]}`, 'dwelling', next.id)).toBeUndefined();
  await desk.undo(none.id);
  await phone.pull();
  expect(phone.item(`grid/${at.grids[0]}`, 'dwelling', next.id)).toBeDefined();
});

test('a reason for a missing answer goes when the answer comes, and others stay', async () => {
  const person = at.office.world.uuid();
  await approved(door, [...everybody(door), newcomer(person)]);
  await approved(door, [...everybody(door), { id: person, change: 'corrected', phone: '13700001234' }]);
  expect((await people(door.id)).find(({ id }) => id === person)).toMatchObject({
    phone: '13700001234',
    missing: { idNumber: 'not-shown' },
  });
});

test('an undo that would leave somebody without a place is refused', async () => {
  const id = at.office.world.uuid();
  const address = {
    gridId: at.grids[0],
    compound: '东街',
    building: '1',
    unit: '1',
    floor: 6,
    room: '601',
    use: 'vacant',
  };
  const made = await phone.revision({
    target: { type: 'dwelling', id },
    body: { outcome: 'vacant', dwelling: address },
  });
  await phone.push(made);
  await desk.approve(made.id);
  const person = at.office.world.uuid();
  const moved = await phone.revision({
    target: { type: 'dwelling', id },
    body: {
      ...verifiedBody(door, { informant: { residentId: null, name: '房东', kind: 'landlord' } }),
      dwelling: { use: 'rented' },
      households: [
        {
          id: at.office.world.uuid(),
          kind: 'family',
          tenure: 'tenant',
          headId: person,
          residents: [newcomer(person, { relation: '02', idNumber: undefined, phone: undefined, missing: undefined })],
        },
      ],
    },
  });
  const [receipt] = await phone.push(moved);
  expect(receipt).toMatchObject({ status: 'stored' });
  const choices = await desk.choices(moved.id, 'proposal');
  expect(await desk.approve(moved.id, { choices })).toHaveProperty('done');
  expect(await desk.undo(made.id)).toMatchObject({ refused: 'built-upon' });
});
