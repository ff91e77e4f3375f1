import { afterEach, beforeEach, expect, test } from 'vitest';
import { createGrid, listGrids, renameGrid } from '../../src/lib/server/desk/grids';
import { deskHead } from '../../src/lib/server/desk/head';
import { doorPage } from '../../src/lib/server/desk/door-page';
import { overviewView } from '../../src/lib/server/desk/overview-view';
import { doorList, placesToBrowse } from '../../src/lib/server/desk/register-list';
import { reviewPage, type ReviewAsked } from '../../src/lib/server/desk/review-page';
import { startRound } from '../../src/lib/server/rounds/rounds';
import { startBulk } from '../../src/lib/server/review/bulk';
import { basisOf, DeskForTests, idsOf } from './desk-for-tests';
import { identityNumber, openTestOffice, type TestDoor, type TestOffice } from './office-for-tests';
import { type PhoneForTests, verifiedBody } from './phone-for-tests';

let at: TestOffice;
let phone: PhoneForTests;
let desk: DeskForTests;

beforeEach(async () => {
  at = await openTestOffice();
  phone = at.phone(at.accounts.worker);
  desk = new DeskForTests(at);
});
afterEach(() => at.close());

const doorAt = (index: number) => at.doors[index] as TestDoor;
const show = (asked: ReviewAsked = {}, locale: 'zh-CN' | 'en' = 'zh-CN') =>
  reviewPage(at.office, at.accounts.coordinator, asked, locale);

async function push(index: number, change: Record<string, unknown> = {}): Promise<string> {
  const door = doorAt(index);
  const revision = await phone.verifies(door, { body: verifiedBody(door, change), basis: await basisOf(phone, door) });
  await phone.push(revision);
  return revision.id;
}

function corrected(index: number, fields: Record<string, unknown>): Promise<string> {
  const { household, head, spouse } = idsOf(doorAt(index));
  const residents = [
    { id: head, change: 'corrected', ...fields },
    { id: spouse, change: 'unchanged' },
  ];
  return push(index, { households: [{ id: household, residents }] });
}

test('the review page opens the first that waits, with what changed beside what was', async () => {
  await corrected(0, { phone: '15900006152' });
  const { shown, lines, total } = await show();
  expect(total).toBe(1);
  expect(lines[0]).toMatchObject({ title: '东街 1号 1单元 101', by: 'worker', changes: 1 });
  expect(shown?.groups.map(({ name, change, rows }) => [name, change, rows.length])).toEqual([
    ['王建国', 'corrected', 1],
    ['李秀英', 'unchanged', 0],
  ]);
  expect(shown?.groups[0]?.rows[0]).toMatchObject({
    path: ['households', 0, 'residents', 0, 'phone'],
    before: '13800008979',
    after: '15900006152',
  });
  expect((await show({}, 'en')).lines[0]?.title).toBe('东街 No. 1 Unit 1, 101');
});

const nobodyAsked = { informant: null, noticeGiven: false, households: [] };

test('whole household moved away: the review says of everybody what approval makes of them', async () => {
  await push(0, { ...nobodyAsked, outcome: 'moved-away' });
  const people = async () => {
    const { shown } = await show();
    const groups = shown?.groups.filter(({ entity }) => entity === 'resident') ?? [];
    return groups.map(({ name, rows }) => [
      name,
      rows.map(({ field, before, after, ask }) => [field, before, after, !ask]),
    ]);
  };
  const leaves = [['presence', 'here', 'moved-away', true]];
  expect(await people()).toEqual([
    ['王建国', leaves],
    ['李秀英', leaves],
  ]);
  const { shown } = await show();
  await desk.approve(shown?.id ?? '');
  const decided = await show({ show: 'decided' });
  expect(decided.shown?.groups.filter(({ entity }) => entity === 'resident').map(({ rows }) => rows.length)).toEqual([
    1, 1,
  ]);
});

test.each(['no-such-door', 'not-a-dwelling'])('%s: the review shows who is registered there', async (outcome) => {
  await push(0, { ...nobodyAsked, outcome });
  const { shown } = await show();
  expect(shown?.warnings).toEqual([]);
  expect(shown?.groups).toMatchObject([
    { entity: 'dwelling' },
    { name: '王建国', withDoor: true, rows: [] },
    { name: '李秀英', withDoor: true, rows: [] },
  ]);
});

test('a door of a running round where nobody was yet has no outcome to show', async () => {
  const { grids, accounts } = at;
  const round = { name: '核实', kind: 'full', closesOn: '2027-01-31', gridIds: [grids[0]] };
  expect(await startRound(at.office, accounts.coordinator, round)).toHaveProperty('id');
  expect(await doorPage(at.office, accounts.coordinator, doorAt(0).id, 'zh-CN')).toMatchObject({ state: null });
});

test('no whole identity number is on the review page or the door page', async () => {
  const number = identityNumber('1958-04-13', 77);
  await corrected(0, { idNumber: number });
  const page = await show({ whole: true });
  const row = page.shown?.groups[0]?.rows[0];
  expect(row).toMatchObject({ field: 'idNumber', maskedBefore: true, maskedAfter: true });
  const door = await doorPage(at.office, at.accounts.coordinator, doorAt(0).id, 'zh-CN');
  const { idNumber } = doorAt(0).households[0]?.residents[0] ?? {};
  for (const text of [JSON.stringify(page), JSON.stringify(door)]) {
    expect(text).not.toContain(number);
    expect(text).not.toContain(idNumber);
    expect(text).toContain('**************');
  }
});

test('the banner tells of the decision that was taken and whether it still stands', async () => {
  const id = await push(0);
  const answer = await desk.approve(id);
  if (!('done' in answer)) throw new Error('refused');
  expect((await show({ done: answer.done })).done).toMatchObject({ kind: 'approve', submissionId: id, canUndo: true });
  await desk.undo(id);
  expect((await show({ done: answer.done })).done?.canUndo).toBe(false);
  expect((await show()).total).toBe(1);
});

test('opening one of a bulk’s sample makes the bulk ready', async () => {
  for (const index of [0, 1, 2]) await push(index);
  const bulk = await startBulk(at.office, at.accounts.coordinator, {});
  expect((await show({ bulk: bulk.id })).bulk).toMatchObject({ size: 3, ready: false });
  const id = bulk.sample[0];
  expect((await show({ bulk: bulk.id, id })).bulk).toMatchObject({ size: 3, ready: true });
});

test('a quarantined record shows its problems and what the form says', async () => {
  const id = await push(0, { noticeGiven: false });
  const { shown } = await show({ id });
  expect(shown).toMatchObject({ review: 'quarantined', noticeGiven: false });
  expect(shown?.problems.length).toBeGreaterThan(0);
});

test('without a round the overview says what waits, and the head counts it', async () => {
  await push(0);
  const view = await overviewView(at.office, at.accounts.coordinator, null, 'zh-CN');
  expect(view).toMatchObject({ round: null, total: null, dwellings: 8, waiting: { pending: 1 } });
  expect(await deskHead(at.office, at.communityId)).toMatchObject({ community: '东街社区', waiting: 1 });
});

test('the register is gone through by grid and building, and searched by name', async () => {
  const { coordinator } = at.accounts;
  const places = await placesToBrowse(at.office, coordinator, 'zh-CN');
  expect(places.map(({ name, dwellings }) => [name, dwellings])).toEqual([
    ['第一网格', 4],
    ['第二网格', 4],
  ]);
  const building = places[0]?.buildings[0]?.id;
  expect((await doorList(at.office, coordinator, { building }, 'zh-CN')).total).toBe(4);
  expect((await doorList(at.office, coordinator, { text: '没有这个人' }, 'zh-CN')).doors).toEqual([]);
});

test('a grid is made and named once', async () => {
  const { coordinator } = at.accounts;
  const made = await createGrid(at.office, coordinator, ' 第三网格 ');
  if (!('id' in made)) throw new Error(made.problem);
  expect(await createGrid(at.office, coordinator, '第三网格')).toEqual({ problem: 'grid-name-taken' });
  expect(await createGrid(at.office, coordinator, '第三网格', made.id)).toEqual({ problem: 'grid-before' });
  expect(await createGrid(at.office, coordinator, '第四网格', made.id)).toEqual({ problem: 'grid-before' });
  expect(await renameGrid(at.office, coordinator, made.id, '')).toEqual({ problem: 'grid-name' });
  await renameGrid(at.office, coordinator, made.id, '东片');
  expect((await listGrids(at.office, at.communityId)).at(-1)).toMatchObject({ name: '东片', dwellings: 0 });
});
