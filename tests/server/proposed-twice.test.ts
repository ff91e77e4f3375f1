/** One missing door, proposed by two phones under two ids: once one is approved, the other is found from the door, and its page says what is so. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { doorPage } from '../../src/lib/server/desk/door-page';
import { reviewPage } from '../../src/lib/server/desk/review-page';
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
const shown = async (record: { id: string }) => {
  const page = await reviewPage(at.office, desk.account, { id: record.id }, 'zh-CN');
  return page.shown ?? expect.fail('it is not shown');
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

test('[TWO-5] its page names the door that the register has, and says of nobody there that they left', async () => {
  const first = await proposes(li, '赵敏');
  const own = { dwelling: { ...address('501'), use: 'owner-occupied' } };
  const second = await proposes(chen, '钱多', own);
  expect(await shown(second)).toMatchObject({ twin: false, doorId: null });
  await desk.approve(first.id);
  const page = await shown(second);
  expect(page).toMatchObject({ twin: true, stale: true, doorId: first.door });
  expect(page.groups.filter(({ wentSince }) => wentSince)).toEqual([]);
  expect(page.groups.filter(({ cameSince }) => cameSince).map(({ name }) => name)).toContain('赵敏');
  expect(page.groups.flatMap(({ rows }) => rows.filter(({ ask }) => ask)).map(({ field }) => field)).toEqual(['use']);
  // They saw no door: there is nothing that they saw otherwise.
  expect(page.groups.flatMap(({ rows }) => rows.filter(({ basis }) => basis))).toEqual([]);

  await desk.undo(first.id);
  expect(await shown(second)).toMatchObject({ twin: false, stale: false, unanswered: [] });
  await desk.approve(first.id);
  const again = await shown(second);
  expect(again.groups.filter(({ wentSince }) => wentSince)).toEqual([]);
  expect(again.groups.flatMap(({ rows }) => rows.map(({ field }) => field))).not.toContain('retiredAt');
});

test('[TWO-5] so does that of a record which was made later, by a phone that had not heard of the door', async () => {
  const first = await proposes(li, '赵敏');
  await desk.approve(first.id);
  const page = await shown(await proposes(chen, '钱多'));
  expect(page).toMatchObject({ twin: true, stale: true, doorId: first.door });
  expect(page.groups.filter(({ cameSince }) => cameSince).map(({ name }) => name)).toContain('赵敏');
});

test('where what the worker saw is not held, who came is said to have come, who left to have left, and what was taken back is no news', async () => {
  const door = at.doors[0] as TestDoor;
  const [family] = door.households;
  const [head, spouse] = family?.residents ?? [];
  const people = (last: Record<string, unknown>[], first: Record<string, unknown> = {}) => [
    {
      id: family?.id,
      residents: [{ id: head?.id, change: 'unchanged', ...first }, { id: spouse?.id, change: 'unchanged' }, ...last],
    },
  ];
  const unheld = await chen.revision({
    target: { type: 'dwelling', id: door.id },
    basis: {},
    body: verifiedBody(door),
  });
  expect(await chen.push(unheld)).toMatchObject([{ status: 'stored' }]);
  const newcomer = { id: uuid(), change: 'born', name: '王小宝', sex: '1', birthDate: '2026-10-01', idType: 'none' };
  const more = { relation: '40', residence: 'not-registered', presence: 'here', missing: { idNumber: 'none-yet' } };
  const came = await li.verifies(door, {
    body: verifiedBody(door, {
      households: people([{ ...newcomer, ...more }], { change: 'corrected', phone: '13911110001' }),
    }),
  });
  await li.push(came);
  await desk.approve(came.id);
  const since = async () =>
    (await desk.open(unheld.id)).since.map(({ name, field, before, now }) => ({ name, field, before, now }));
  expect(await since()).toEqual([
    { name: '王小宝', field: '*', before: undefined, now: 'here' },
    { name: '王建国', field: 'phone', before: '13800008979', now: '13911110001' },
  ]);
  const page = await shown(unheld);
  const group = (name: string) => page.groups.find((one) => one.name === name);
  expect(group('王小宝')).toMatchObject({ cameSince: true });
  // What was in the register then is not what the worker's phone need have shown.
  expect(group('王建国')?.rows.find(({ field }) => field === 'phone')?.basis).toEqual({ known: false });

  await desk.undo(came.id);
  expect(await since()).toEqual([]);
  await desk.approve(came.id);
  expect(await since()).toHaveLength(2);
});
