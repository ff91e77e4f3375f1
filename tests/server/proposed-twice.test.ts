/** One missing door, proposed by two phones under two ids: once one is approved, the other is found from the door. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { doorPage } from '../../src/lib/server/desk/door-page';
import { DeskForTests } from './desk-for-tests';
import { openTestOffice, shareFirstGrid, type TestDoor, type TestOffice } from './office-for-tests';
import { type PhoneForTests, verifiedBody } from './phone-for-tests';

let at: TestOffice;
let li: PhoneForTests;
let chen: PhoneForTests;
let desk: DeskForTests;

beforeEach(async () => {
  at = await openTestOffice();
  await shareFirstGrid(at);
  li = at.phone(at.accounts.worker);
  chen = at.phone(at.accounts.otherWorker);
  desk = new DeskForTests(at);
});
afterEach(() => at.close());

const uuid = () => at.office.world.uuid();
const address = (room: string) => ({
  ...{ gridId: at.grids[0], compound: '东街', building: '1', unit: '1', floor: 5, room },
});
const vacant = { outcome: 'vacant', households: [], informant: null };

/** The record, and the id that it gives to the door. */
type Proposed = { id: string; door: string };

async function proposes(
  who: PhoneForTests,
  name: string,
  more: Record<string, unknown> = {},
  room = '501',
): Promise<Proposed> {
  const [door, person] = [uuid(), uuid()];
  const resident = {
    ...{ id: person, change: 'moved-in', name, sex: '2', birthDate: '1990-05-01', idType: 'none', idNumber: '' },
    ...{ phone: '13900000001', relation: '02', residence: 'not-registered', registeredAddress: '', careGroups: [] },
    ...{ presence: 'here', missing: { idNumber: 'none-yet' } },
  };
  const use = more['outcome'] === 'vacant' ? 'vacant' : 'rented';
  const revision = await who.revision({
    target: { type: 'dwelling', id: door },
    body: {
      ...verifiedBody(at.doors[0] as TestDoor, { dwelling: { ...address(room), use } }),
      informant: { residentId: null, name, kind: 'member' },
      households: [{ id: uuid(), kind: 'family', tenure: 'tenant', headId: person, phone: '', residents: [resident] }],
      ...more,
    },
  });
  expect(await who.push(revision)).toMatchObject([{ status: 'stored' }]);
  return { id: revision.id, door };
}

const listed = async ({ door }: Proposed) => {
  const page = await doorPage(at.office, desk.account, door, 'zh-CN');
  return page?.submissions.map(({ id, apart, by, review }) => ({ id, apart, by, review }));
};

test('[TWO-5] the other record of a door is listed with it, apart until it is decided, and with it afterwards', async () => {
  const first = await proposes(li, '赵敏');
  const second = await proposes(chen, '钱多', vacant);
  const elsewhere = await proposes(chen, '孙静', {}, '502');
  await desk.approve(first.id);

  const own = { id: first.id, apart: false, by: 'worker', review: 'approved' };
  const other = { id: second.id, apart: true, by: 'other-worker', review: 'pending' };
  expect(await listed(first)).toEqual(expect.arrayContaining([own, other]));
  expect(await listed(first)).toHaveLength(2);
  await desk.sendBack(second.id);
  expect(await listed(first)).toContainEqual({ ...other, review: 'returned' });
  await desk.void(second.id);
  expect(await listed(first)).toEqual([own]);
  await desk.approve(elsewhere.id);
  expect(await listed(elsewhere)).toHaveLength(1);
});

test('[TWO-5] joined to the door, the record is one of the door’s own', async () => {
  const first = await proposes(li, '赵敏');
  const second = await proposes(chen, '钱多');
  await desk.approve(first.id);
  expect(await desk.approve(second.id, { choices: await desk.choices(second.id, 'proposal') })).toHaveProperty('done');
  expect(await listed(first)).toContainEqual({ id: second.id, apart: false, by: 'other-worker', review: 'approved' });
});
