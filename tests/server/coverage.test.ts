import { afterEach, beforeEach, expect, test } from 'vitest';
import { assignGrids } from '../../src/lib/server/accounts/accounts';
import { checkOffice } from '../../src/lib/server/check/check-office';
import { gapDoors } from '../../src/lib/server/coverage/gap-doors';
import { overview } from '../../src/lib/server/coverage/overview';
import { proposedDoors } from '../../src/lib/server/coverage/proposed-doors';
import { doorPage } from '../../src/lib/server/desk/door-page';
import { closeRound, listRounds, resumeRound, startRound } from '../../src/lib/server/rounds/rounds';
import { queue } from '../../src/lib/server/review/queue';
import { planImport } from '../../src/lib/server/roster/plan';
import { runImport } from '../../src/lib/server/roster/run';
import { runAfterwork } from '../../src/lib/server/review/rules';
import { afterworkDone } from '../../src/lib/server/sync/afterwork';
import { updateBuilding, updateResident } from '../../src/lib/server/register/rows';
import { readTabs } from '../support/make-roster';
import { DeskForTests, idsOf } from './desk-for-tests';
import { openTestOffice, type TestDoor, type TestOffice } from './office-for-tests';
import type { PhoneForTests } from './phone-for-tests';
import { verifiedBody } from './phone-for-tests';

let at: TestOffice;
let phone: PhoneForTests;
let desk: DeskForTests;
let round: string;
const hour = 3600 * 1000;

beforeEach(async () => {
  at = await openTestOffice();
  phone = at.phone(at.accounts.worker);
  desk = new DeskForTests(at);
  round = await start();
});
afterEach(() => at.close());

async function start(name = '四季度入户核实', gridIds: string[] = [at.grids[0]]): Promise<string> {
  const answer = await startRound(at.office, at.accounts.coordinator, {
    name,
    kind: 'full',
    closesOn: '2099-12-31',
    gridIds,
  });
  if ('refused' in answer) throw new Error(answer.refused);
  return answer.id;
}

const doorAt = (index: number) => at.doors[index] as TestDoor;
const figures = async (id: string | null = round) => {
  const { total } = await at.office.database.read((db) => overview(db, at.communityId, id));
  if (!total) throw new Error('no round');
  return total.figures;
};
const gaps = (figure: 'doors' | 'households' | 'people' | 'items', more = {}) =>
  at.office.database.read((db) => gapDoors(db, at.communityId, round, figure, more));

/** Stored, and what it means for its doors counted. */
async function push(...revisions: Record<string, unknown>[]): Promise<void> {
  for (const receipt of await phone.push(...revisions)) expect(receipt).toMatchObject({ status: 'stored' });
  await afterworkDone(at.office);
}

test('a round begins with every door of its grids to do, and phones are told of it', async () => {
  expect(await figures()).toMatchObject({
    doors: { of: 4, done: 0, share: 0, pending: 0 },
    households: { of: 4, done: 0 },
    people: { of: 8, done: 0 },
  });
  await phone.pull();
  expect(phone.item(`grid/${at.grids[0]}`, 'grid', at.grids[0])).toMatchObject({
    rounds: [{ id: round, name: '四季度入户核实' }],
  });
  expect(phone.item(`grid/${at.grids[0]}`, 'dwelling', doorAt(0).id)).toMatchObject({
    state: { outcome: 'not-visited', roundId: round },
  });
});

test('pending records count and are shown apart; returned and voided ones never count', async () => {
  const revision = await phone.verifies(doorAt(0));
  await push(revision);
  expect(await figures()).toMatchObject({ doors: { done: 1, pending: 1, share: 25 }, people: { done: 2, pending: 2 } });
  await desk.sendBack(revision.id);
  expect(await figures()).toMatchObject({ doors: { done: 0, pending: 0 }, people: { done: 0 } });
  await desk.undo(revision.id);
  await desk.approve(revision.id);
  expect(await figures()).toMatchObject({
    doors: { done: 1, pending: 0 },
    households: { done: 1 },
    people: { done: 2 },
  });
  const other = await phone.verifies(doorAt(1));
  await push(other);
  await desk.void(other.id);
  expect(await figures()).toMatchObject({ doors: { done: 1 } });
});

test('[DEV-8] a pending record changes no door that other phones hold', async () => {
  await push(await phone.verifies(doorAt(0)));
  await start('补查');
  await phone.pull();
  expect(phone.item(`grid/${at.grids[0]}`, 'dwelling', doorAt(0).id)).toMatchObject({
    state: { outcome: 'not-visited' },
  });
});

test('a gap is listed once, at the highest measure in which it appears', async () => {
  const { household, head } = idsOf(doorAt(1));
  const partly = await phone.verifies(doorAt(1), {
    body: {
      ...verifiedBody(doorAt(1)),
      outcome: 'partly-verified',
      nextVisit: '2099-01-01',
      households: [{ id: household, residents: [{ id: head, change: 'unchanged' }] }],
    },
  });
  const refused = await phone.verifies(doorAt(2), { body: { outcome: 'refused', nextVisit: null, note: '' } });
  const whole = await phone.verifies(doorAt(3));
  await push(partly, refused, whole);

  expect((await gaps('doors')).rows.map(({ id }) => id)).toEqual([doorAt(0).id]);
  expect((await gaps('households')).rows.map(({ id }) => id)).toEqual([doorAt(2).id]);
  expect((await gaps('people')).rows).toMatchObject([
    { id: doorAt(1).id, left: 1, pending: true, outcome: 'partly-verified' },
  ]);
  expect((await gaps('doors')).counts).toEqual({ doors: 1, households: 1, people: 1, items: 0 });
  expect((await gaps('doors', { gridId: at.grids[1] })).total).toBe(0);
  // Beyond its last page a list shows the last.
  expect(await gaps('doors', { page: 2, limit: 1 })).toMatchObject({
    page: 1,
    pages: 1,
    rows: [{ id: expect.any(String) }],
  });
});

test('100 % only when nothing is left, places of the plan without a dwelling among it', async () => {
  await push(...(await Promise.all(at.doors.map((door) => phone.verifies(door)))));
  expect((await figures()).doors).toMatchObject({ of: 4, done: 4, share: 100 });
  const origin = {
    since: '2026-11-23T00:00:00Z',
    from: 'correction',
    by: '',
    confirmedAt: null,
    confirmedBy: null,
    how: null,
  } as const;
  await at.office.database.write((tx) =>
    updateBuilding(
      tx,
      at.communityId,
      at.buildings[0],
      { fields: { plan: [{ unit: '1', floors: [1, 2], doors: 3 }] } },
      origin,
    ),
  );
  expect((await figures()).doors).toMatchObject({ of: 6, done: 4, share: 66 });
  expect((await gaps('doors')).rows).toMatchObject([
    { id: null, address: { room: '103' } },
    { id: null, address: { room: '203' } },
  ]);
  const address = {
    gridId: at.grids[0],
    compound: '东街',
    building: '1',
    unit: '1',
    floor: 1,
    room: '103',
    use: 'vacant',
  };
  const proposed = await phone.revision({
    target: { type: 'dwelling', id: at.office.world.uuid() },
    body: { outcome: 'vacant', dwelling: address },
  });
  await push(proposed);
  expect((await figures()).doors).toMatchObject({ of: 6, done: 5, pending: 5 });
  await desk.approve(proposed.id);
  expect((await figures()).doors).toMatchObject({ of: 6, done: 5, pending: 4 });
});

test('a door that the register lacks is listed with the record that proposes it, and with what that leaves out', async () => {
  const person = {
    ...{ id: at.office.world.uuid(), change: 'moved-in', name: '周新七', sex: '2', birthDate: '1990', phone: '' },
    ...{
      idType: 'resident-id',
      relation: '02',
      residence: 'migrant',
      presence: 'here',
      missing: { idNumber: 'refused' },
    },
  };
  const household = { id: at.office.world.uuid(), kind: 'family', tenure: null, headId: person.id, phone: '' };
  const address = { gridId: at.grids[0], compound: '东街', building: '9', unit: '1', floor: 9, room: '901' };
  const target = { type: 'dwelling', id: at.office.world.uuid() };
  const proposed = await phone.revision({
    target,
    body: {
      ...{ outcome: 'verified', informant: { residentId: null, name: '周新七', kind: 'member' }, noticeGiven: true },
      dwelling: { ...address, use: 'owner-occupied', note: '', alias: '' },
      households: [{ ...household, residents: [person] }],
      note: '',
    },
  });
  await push(proposed);
  const [line] = (await gaps('items')).rows;
  expect(line).toMatchObject({ id: target.id, proposedBy: proposed.id });
  const told = line?.missing.flatMap(({ name, fields }) => fields.map((field) => [name, field]));
  expect(told).toHaveLength(line?.left ?? 0);
  expect(told).toContainEqual(['', 'tenure']);
  expect(told).toContainEqual(['周新七', 'phone']);
  await desk.approve(proposed.id);
  expect((await gaps('items')).rows).toMatchObject([{ id: target.id, proposedBy: null }]);
});

test('a record counts in the round that was open when it was seen, however late it arrives', async () => {
  const seen = new Date(at.office.world.now()).toISOString();
  const late = await phone.verifies(doorAt(0), { recordedAt: seen });
  at.forward(hour);
  expect(await closeRound(at.office, at.accounts.coordinator, round)).toHaveProperty('closed');
  at.forward(hour);
  const second = await start();
  const after = await phone.verifies(doorAt(1));
  at.forward(hour);
  await push(late, after);
  expect((await figures(round)).doors).toMatchObject({ of: 4, done: 1 });
  // Both were seen on the day on which the second round began.
  expect((await figures(second)).doors).toMatchObject({ of: 4, done: 2 });
  await desk.sendBack(late.id);
  expect((await figures(round)).doors).toMatchObject({ of: 4, done: 0 });
});

test('[TIME-1] of a door’s records the newest counts by the office’s time, whatever a device’s clock says', async () => {
  const ahead = new Date(at.office.world.now() + 48 * hour).toISOString();
  const first = await phone.verifies(doorAt(0), { recordedAt: ahead });
  await push(first);
  at.forward(1000);
  await push(await phone.verifies(doorAt(0), { body: { outcome: 'refused', nextVisit: null } }));
  expect(await figures()).toMatchObject({ doors: { done: 1 }, households: { done: 0 } });
});

test('attempts stand at the door; three in two bands, one in the evening, are tried enough', async () => {
  const knocks = [
    '2026-11-16T09:00:00+08:00',
    '2026-11-16T09:30:00+08:00',
    '2026-11-17T15:00:00+08:00',
    '2026-11-18T19:00:00+08:00',
  ];
  await at.office.database.write((tx) =>
    tx.updateTable('round').set({ starts_on: '2026-11-01' }).where('id', '=', round).execute(),
  );
  for (const visitedAt of knocks)
    await push(await phone.knocksInVain(doorAt(0), { body: { outcome: 'no-one-home', nextVisit: null, visitedAt } }));
  await runAfterwork(at.office);
  await phone.pull();
  const item = phone.item(`grid/${at.grids[0]}`, 'dwelling', doorAt(0).id);
  expect(item).toMatchObject({
    state: { outcome: 'no-one-home', attempts: [{ band: 'morning' }, { band: 'afternoon' }, { band: 'evening' }] },
  });
  const { total } = await at.office.database.read((db) => overview(db, at.communityId, round));
  expect(total).toMatchObject({ triedEnough: 1, figures: { doors: { done: 1 }, households: { done: 0 } } });
});

test('the list of gaps and the register say of a door what its newest records say: outcome, tries, last visit, or that it is returned', async () => {
  await at.office.database.write((tx) =>
    tx.updateTable('round').set({ starts_on: '2026-11-01' }).where('id', '=', round).execute(),
  );
  const knock = async (outcome: string, visitedAt: string) => {
    const revision = await phone.knocksInVain(doorAt(0), {
      body: { outcome, visitedAt, nextVisit: null },
    });
    await push(revision);
    at.forward(1000);
    return revision;
  };
  const said = async () => {
    const { rows } = await gaps('households');
    const { outcome, attempts, at: last, pending, returned } = rows.find(({ id }) => id === doorAt(0).id) ?? {};
    const page = await doorPage(at.office, at.accounts.coordinator, doorAt(0).id, 'zh-CN');
    expect(page?.state).toEqual({ outcome, attempts, at: last, pending, returned });
    return page?.state;
  };
  await knock('no-one-home', '2026-11-16T09:00:00+08:00');
  const locked = await knock('no-access', '2026-11-17T15:00:00+08:00');
  const second = { outcome: 'no-access', attempts: 2, at: '2026-11-17T15:00:00+08:00', pending: true, returned: false };
  expect(await said()).toEqual(second);
  await desk.sendBack(locked.id);
  expect(await said()).toMatchObject({ pending: false, returned: true });
  await desk.undo(locked.id);
  await desk.approve(locked.id);
  expect(await said()).toEqual({ ...second, pending: false });
});

test('a round is listed with its grids, refuses what it cannot be, and closes once', async () => {
  const account = at.accounts.coordinator;
  const asked = { name: '专项', kind: 'special', closesOn: '2099-12-31', gridIds: [at.grids[0]] };
  expect(await startRound(at.office, account, { ...asked, name: ' ' })).toEqual({ refused: 'name' });
  expect(await startRound(at.office, account, { ...asked, closesOn: '2020-01-01' })).toEqual({ refused: 'closes-on' });
  expect(await startRound(at.office, account, { ...asked, gridIds: [at.communityId] })).toEqual({ refused: 'grids' });
  const { name } = (await at.office.database.read((db) => listRounds(db, at.communityId)))[0] ?? { name: '' };
  // Two of one name in one grid: nobody could tell which is which.
  expect(await startRound(at.office, account, { ...asked, name: ` ${name} ` })).toEqual({ refused: 'running' });
  // The answer was lost, and it is pressed again: whatever the form says by now, there is one round of this press.
  expect(await startRound(at.office, account, { ...asked, id: round, name })).toEqual({ refused: 'before' });
  expect(await startRound(at.office, account, { ...asked, id: round })).toEqual({ refused: 'before' });
  expect(await closeRound(at.office, account, round)).toHaveProperty('closed');
  expect(await closeRound(at.office, account, round)).toEqual({ refused: 'closed' });
  const rounds = await at.office.database.read((db) => listRounds(db, at.communityId));
  expect(rounds).toMatchObject([{ id: round, starting: false, closedAt: expect.any(String) }]);
  await phone.pull();
  expect(phone.item(`grid/${at.grids[0]}`, 'grid', at.grids[0])).toMatchObject({ rounds: [] });
  expect(phone.item(`grid/${at.grids[0]}`, 'dwelling', doorAt(0).id)).toMatchObject({ state: { roundId: null } });
});

test('a start that was broken off is completed by the next run', async () => {
  await at.office.database.write(async (tx) => {
    await tx.deleteFrom('door_state').execute();
    await tx
      .insertInto('afterwork')
      .values({ community_id: at.communityId, submission_id: round, kind: 'round', at: '2026-11-23T00:00:00.000Z' })
      .execute();
  });
  await runAfterwork(at.office);
  expect((await figures()).doors.of).toBe(4);
  await resumeRound(at.office, at.communityId, round);
  expect((await figures()).doors.of).toBe(4);
});

test('doors that lack items say which, of whom; a reason in their place is none of them', async () => {
  const { household, head, spouse } = idsOf(doorAt(0));
  const visit = (first: object, second: object) =>
    phone.verifies(doorAt(0), {
      body: verifiedBody(doorAt(0), {
        households: [
          {
            id: household,
            residents: [
              { id: head, ...first },
              { id: spouse, ...second },
            ],
          },
        ],
      }),
    });
  await at.office.database.write(async (tx) => {
    const origin = {
      since: '2026-01-01T00:00:00.000Z',
      from: 'correction',
      by: 'x',
      confirmedAt: null,
      confirmedBy: null,
      how: null,
    } as const;
    await updateResident(tx, at.communityId, head, { fields: { phone: '', idNumber: '' } }, origin);
    await updateResident(tx, at.communityId, spouse, { fields: { phone: '' } }, origin);
  });
  await push(await visit({ change: 'unchanged' }, { change: 'unchanged', missing: { phone: 'refused' } }));
  expect((await gaps('items')).rows).toMatchObject([
    { id: doorAt(0).id, left: 2, missing: [{ residentId: head, name: '王建国', fields: ['idNumber', 'phone'] }] },
  ]);
  expect((await gaps('people')).rows.every(({ missing }) => missing.length === 0)).toBe(true);
  await push(await visit({ change: 'corrected', phone: '13911112222' }, { change: 'unchanged' }));
  expect((await gaps('items')).rows[0]?.missing).toMatchObject([
    { residentId: head, fields: ['idNumber'] },
    { residentId: spouse, fields: ['phone'] },
  ]);
});

/** A door that the register lacks, and where nobody lives. */
const emptyDoorIn = (gridId: string) => ({
  ...{ outcome: 'vacant', informant: null, noticeGiven: true, households: [] },
  dwelling: { gridId, compound: '东街', building: '9', unit: '1', floor: 9, room: '901', use: 'vacant' },
});

test('a new door counts where its newest record says that it is, and in no other grid’s round', async () => {
  const { communityId, accounts, grids } = at;
  await assignGrids(at.office, communityId, accounts.worker.id, [...grids]);
  const target = { type: 'dwelling', id: at.office.world.uuid() };
  const first = await phone.revision({ target, body: emptyDoorIn(grids[0]) });
  await push(first);
  expect((await figures()).doors).toMatchObject({ of: 5, pending: 1 });
  await push(await phone.revision({ ...first, digest: undefined, revision: 2, body: emptyDoorIn(grids[1]) }));
  expect((await figures()).doors).toMatchObject({ of: 4, pending: 0 });
  expect(await desk.approve(first.id)).toHaveProperty('done');
  expect((await figures()).doors).toMatchObject({ of: 4, done: 0 });
});

test('a door that counted in a round which is over goes on doing so when another record puts it in another grid', async () => {
  const { communityId, accounts, grids } = at;
  await assignGrids(at.office, communityId, accounts.worker.id, [...grids]);
  await assignGrids(at.office, communityId, accounts.otherWorker.id, [...grids]);
  const target = { type: 'dwelling', id: at.office.world.uuid() };
  const first = await phone.revision({ target, body: emptyDoorIn(grids[0]) });
  await push(first);
  expect(await desk.approve(first.id)).toHaveProperty('done');
  at.forward(hour);
  await closeRound(at.office, accounts.coordinator, round);
  at.forward(hour);
  const other = at.phone(accounts.otherWorker);
  await other.push(await other.revision({ target, body: emptyDoorIn(grids[1]) }));
  await afterworkDone(at.office);
  expect(await desk.undo(first.id)).toHaveProperty('done');
  expect((await figures()).doors).toMatchObject({ of: 5, done: 1, pending: 1 });
  expect((await checkOffice(at.office)).findings).toEqual([]);
});

test('a round that begins takes in a door that a record has proposed already', async () => {
  const target = { type: 'dwelling', id: at.office.world.uuid() };
  await push(await phone.revision({ target, body: emptyDoorIn(at.grids[0]) }));
  const next = await start('下一轮');
  expect((await figures(next)).doors).toMatchObject({ of: 5, done: 1, pending: 1 });
  expect((await checkOffice(at.office)).findings).toEqual([]);
});

test('a proposed door that came to the register is not among those that it lacks', async () => {
  const target = { type: 'dwelling', id: at.office.world.uuid() };
  const proposal = await phone.revision({ target, body: emptyDoorIn(at.grids[0]) });
  await push(proposal);
  const lacked = () => at.office.database.read((db) => proposedDoors(db, at.communityId, '', 10));
  expect(await lacked()).toEqual([target.id]);
  expect(await desk.approve(proposal.id)).toHaveProperty('done');
  expect(await lacked()).toEqual([]);
});

/** How the building of the doors that `emptyDoorIn` names counts, how many records the queue has of it, and what the check finds. */
async function newBuilding() {
  const { grids } = await at.office.database.read((db) => overview(db, at.communityId, round));
  const [building] = grids.flatMap(({ buildings }) => buildings).filter(({ name }) => name.includes('9'));
  if (!building) throw new Error('no such building');
  const waiting = await at.office.database.read((db) => queue(db, at.communityId, { buildingId: building.id }));
  const { findings } = await checkOffice(at.office);
  return { of: building.figures.doors.of, queued: waiting.total, findings };
}

const emptyDoor = (room: string, gridId: string = at.grids[0]) => {
  const body = emptyDoorIn(gridId);
  return {
    target: { type: 'dwelling', id: at.office.world.uuid() },
    body: { ...body, dwelling: { ...body.dwelling, room } },
  };
};

/** Brings a roster of one door, in that grid, of the building that `emptyDoorIn` names. */
async function bringDoor(grid: string, room: string): Promise<void> {
  const tabs = {
    名册: [
      ['网格', '小区', '楼栋', '单元', '室号', '姓名'],
      [grid, '东街', '9号楼', '1单元', room, '丁一'],
    ],
  };
  const plan = await at.office.database.read(async (db) => planImport(db, at.communityId, await readTabs(tabs)));
  await runImport(at.office, at.communityId, plan, { by: at.accounts.coordinator.id });
  await afterworkDone(at.office);
}

test('an approval that makes a building takes the other doors that are proposed there into it', async () => {
  const first = await phone.revision(emptyDoor('901'));
  await push(first, await phone.revision(emptyDoor('902')));
  expect(await desk.approve(first.id)).toHaveProperty('done');
  expect(await newBuilding()).toEqual({ of: 2, queued: 1, findings: [] });
});

test('and those whose records write its compound with 小区 at the end', async () => {
  const first = await phone.revision(emptyDoor('901'));
  const { target, body } = emptyDoor('902');
  const dwelling = { ...body.dwelling, compound: `${body.dwelling.compound}小区` };
  await push(first, await phone.revision({ target, body: { ...body, dwelling } }));
  expect(await desk.approve(first.id)).toHaveProperty('done');
  expect(await newBuilding()).toEqual({ of: 2, queued: 1, findings: [] });
});

test('so does a roster that brings the building, and one that has it in another grid takes them out of it', async () => {
  await push(await phone.revision(emptyDoor('901')));
  await bringDoor('第一网格', '301');
  expect(await newBuilding()).toEqual({ of: 2, queued: 1, findings: [] });
  await bringDoor('第二网格', '301');
  expect((await checkOffice(at.office)).findings).toEqual([]);
});
