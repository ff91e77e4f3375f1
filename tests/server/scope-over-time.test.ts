import { afterEach, beforeEach, expect, test } from 'vitest';
import { assignGrids, endAccount } from '../../src/lib/server/accounts/accounts';
import { checkOffice } from '../../src/lib/server/check/check-office';
import { type CarePlan, setCarePlan } from '../../src/lib/server/care/plans';
import { republishDoors } from '../../src/lib/server/feeds/republish';
import { publish } from '../../src/lib/server/feeds/publish';
import { updateDwelling, updateResident } from '../../src/lib/server/register/rows';
import { at, openTestOffice, type TestDoor, type TestOffice } from './office-for-tests';
import { DeskForTests } from './desk-for-tests';
import type { PhoneForTests, Pushed } from './phone-for-tests';

let here: TestOffice;
let phone: PhoneForTests;

beforeEach(async () => {
  here = await openTestOffice();
  phone = here.phone(here.accounts.worker);
});
afterEach(() => here.close());

const minute = 60_000;
const later = () => here.forward(minute);
const timeNow = () => new Date(here.office.world.now()).toISOString();

/** Of each record pushed: the codes of its problems, or by which exception it was accepted. */
async function pushed(from: PhoneForTests, ...records: Pushed[]): Promise<unknown[]> {
  const receipts = await from.push(...records);
  const rows = await here.office.database.read((db) =>
    db.selectFrom('revision').select(['submission_id', 'mark']).execute(),
  );
  return receipts.map(({ id, problems }) =>
    problems ? problems.map(({ code }) => code) : rows.find((row) => row.submission_id === id)?.mark,
  );
}

const about = (target: object) => ({
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
  },
});
const headOf = (door: TestDoor) => at(at(door.households, 0).residents, 0).id;
const assign = (...grids: string[]) => assignGrids(here.office, here.communityId, phone.account.id, grids);

/** As an import moves a building's door, or a coordinator corrects where it stands. */
async function moveDoor(door: TestDoor, gridId: string, buildingId: string): Promise<void> {
  const by = here.accounts.administrator.id;
  const origin = { since: timeNow(), from: 'import', by, confirmedAt: null, confirmedBy: null, how: null } as const;
  await here.office.database.write(async (tx) => {
    await updateDwelling(tx, here.communityId, door.id, { place: { gridId, buildingId } }, origin);
    await republishDoors(tx, here.communityId, [door.id]);
  });
}

test('[SCO-2] what was recorded while the account had the grid is accepted after it lost it, and marked', async () => {
  later();
  const [door, other] = [at(here.doors, 0), at(here.doors, 1)];
  const before = [
    await phone.verifies(door),
    await phone.revision(about({ type: 'grid', id: here.grids[0] })),
    await phone.revision(about({ type: 'resident', id: headOf(door) })),
    await phone.revision({
      body: {
        outcome: 'no-one-home',
        dwelling: { gridId: here.grids[0], compound: '东街', building: '1', unit: '3', floor: 1, room: '101' },
      },
    }),
  ];
  later();
  await assign(here.grids[1]);
  later();
  const after = await phone.verifies(other);
  expect(await pushed(phone, ...before, after)).toEqual([...before.map(() => 'scope-ended'), ['target']]);
  // With the grid given back it is an ordinary record again.
  await assign(here.grids[0]);
  expect(await pushed(phone, await phone.verifies(at(here.doors, 2)))).toEqual(['']);
});

test('[SCO-2] the end of the scope is measured with the device’s clock taken out', async () => {
  const hour = 60 * minute;
  here.forward(3 * hour);
  const lost = here.office.world.now();
  await assign();
  here.forward(hour);
  const saysItIs = (time: number) => new Date(time).toISOString();
  const fast = { device: { id: phone.deviceId, app: 'test', clock: here.office.world.now() + 2 * hour } };
  const slow = { device: { id: phone.deviceId, app: 'test', clock: here.office.world.now() - 2 * hour } };
  const tries = [
    // Its clock is two hours ahead: what it dates an hour after the end was recorded an hour before it.
    [fast, lost + hour, 'scope-ended'],
    [fast, lost + 2 * hour + minute, 'target'],
    // Its clock is two hours behind: what it dates before the end was recorded after it.
    [slow, lost - hour, 'target'],
    [slow, lost - 2 * hour - minute, 'scope-ended'],
  ] as const;
  const told = [];
  for (const [device, time, _] of tries) {
    const record = await phone.verifies(at(here.doors, 0), { recordedAt: saysItIs(time) });
    const { receipts } = await phone.ask({ ...device, push: [record] });
    const [row] = await here.office.database.read((db) =>
      db.selectFrom('revision').select('mark').where('submission_id', '=', record.id).execute(),
    );
    told.push(receipts[0]?.problems?.[0]?.code ?? row?.mark);
  }
  expect(told).toEqual(tries.map(([, , expected]) => expected));
});

test('[SCO-2] nothing recorded before the account had the grid, and nothing of a time to come, is let through', async () => {
  const past = await phone.verifies(at(here.foreignDoors, 0));
  later();
  await assign(here.grids[0], here.grids[1]);
  later();
  await assign(here.grids[0]);
  later();
  const future = await phone.verifies(at(here.foreignDoors, 1), {
    recordedAt: new Date(here.office.world.now() + 24 * 60 * minute).toISOString(),
  });
  expect(await pushed(phone, past, future)).toEqual([['target'], ['target']]);
});

test('[SCO-2] the desk is told by which exception a record came in', async () => {
  later();
  const record = await phone.verifies(at(here.doors, 0));
  later();
  await assign();
  await pushed(phone, record);
  const desk = new DeskForTests(here);
  expect((await desk.open(record.id)).mark).toBe('scope-ended');
  expect(await desk.approve(record.id)).toHaveProperty('done');
});

test('[SCO-4] a door that moved to another grid is open to whoever had it then, and to whoever has it now', async () => {
  later();
  const door = at(here.doors, 0);
  const colleague = here.phone(here.accounts.otherWorker);
  const [mine, theirs] = [await phone.verifies(door), await colleague.verifies(door)];
  later();
  await moveDoor(door, here.grids[1], here.buildings[1]);
  later();
  const late = await phone.verifies(door);
  expect(await pushed(phone, mine, late)).toEqual(['scope-ended', ['target']]);
  expect(await pushed(colleague, theirs, await colleague.verifies(door))).toEqual(['', '']);
  // And back, as an undo takes it back: each time is judged by itself.
  later();
  const between = await colleague.verifies(door);
  later();
  await moveDoor(door, here.grids[0], here.buildings[0]);
  later();
  expect(await pushed(colleague, between, await colleague.verifies(door))).toEqual(['scope-ended', ['target']]);
  expect(await pushed(phone, await phone.verifies(door))).toEqual(['']);
});

test('[SCO-4] door and account may both have changed since', async () => {
  later();
  const door = at(here.doors, 0);
  const record = await phone.verifies(door);
  later();
  await moveDoor(door, here.grids[1], here.buildings[1]);
  later();
  await assign();
  later();
  expect(await pushed(phone, record, await phone.verifies(door))).toEqual(['scope-ended', ['target']]);
});

test('[SCO-4] a person who moved to a door of another grid is still known to the one where they lived', async () => {
  later();
  const [from, to] = [at(here.doors, 0), at(here.foreignDoors, 0)];
  const person = headOf(from);
  const before = await phone.revision(about({ type: 'resident', id: person }));
  later();
  const by = here.accounts.administrator.id;
  const origin = { since: timeNow(), from: 'correction', by, confirmedAt: null, confirmedBy: null, how: null } as const;
  const place = { householdId: at(to.households, 0).id, dwellingId: to.id };
  await here.office.database.write((tx) => updateResident(tx, here.communityId, person, { place }, origin));
  later();
  const after = await phone.revision(about({ type: 'resident', id: person }));
  expect(await pushed(phone, before, after)).toEqual(['scope-ended', ['target']]);
});

const plan: CarePlan = {
  services: ['company'],
  everyDays: 7,
  from: '2026-11-01',
  until: null,
  mustKnow: '',
  pausedUntil: null,
};

test('[SCO-4] whom a volunteer cared for is kept as intervals too', async () => {
  const volunteer = here.phone(here.accounts.volunteer);
  const person = headOf(at(here.doors, 1));
  const entrust = (account: string) => setCarePlan(here.office, here.accounts.coordinator, person, plan, [account]);
  const tooEarly = await volunteer.revision(about({ type: 'resident', id: person }));
  later();
  await entrust(volunteer.account.id);
  later();
  const before = await volunteer.revision(about({ type: 'resident', id: person }));
  later();
  await entrust(here.accounts.otherWorker.id);
  later();
  const after = await volunteer.revision(about({ type: 'resident', id: person }));
  expect(await pushed(volunteer, tooEarly, before, after)).toEqual([['target'], 'scope-ended', ['target']]);
  await entrust(volunteer.account.id);
  expect(await pushed(volunteer, await volunteer.revision(about({ type: 'resident', id: person })))).toEqual(['']);
});

test('[SCO-4] what ends by a clock that was put back days ends when it began, and not before', async () => {
  const volunteer = here.phone(here.accounts.volunteer);
  const person = headOf(at(here.doors, 1));
  const entrust = (account: string) => setCarePlan(here.office, here.accounts.coordinator, person, plan, [account]);
  const days = 3 * 24 * 60 * minute;
  here.forward(days);
  await entrust(volunteer.account.id);
  await assign(...here.grids);
  here.forward(-days);
  await entrust(here.accounts.otherWorker.id);
  await assign(here.grids[0]);
  expect(await pushed(volunteer, await volunteer.revision(about({ type: 'resident', id: person })))).toEqual([
    ['target'],
  ]);
  here.forward(days);
  const { findings } = await checkOffice(here.office);
  expect(findings.filter(({ what }) => what.includes('before it began'))).toEqual([]);
});

test('[SCO-4] a task that a lost grid told is known for what was recorded before', async () => {
  const id = here.office.world.uuid();
  const target = { type: 'dwelling', id: at(here.doors, 0).id } as const;
  const body = { id, kind: 'verify', target, text: '', dueOn: null, urgency: null };
  await here.office.database.write((tx) =>
    publish(tx, here.communityId, [{ feed: `grid/${here.grids[0]}`, type: 'task', id, body }]),
  );
  const giveBack = () =>
    phone.revision({
      kind: 'hand-back',
      form: { id: 'hand-back', version: 1 },
      target: { type: 'task', id },
      body: { reason: 'not-mine', proposed: null, note: '' },
    });
  later();
  const before = await giveBack();
  later();
  await assign();
  later();
  expect(await pushed(phone, before, await giveBack())).toEqual(['scope-ended', ['target']]);
});

test('[SCO-2] what was recorded before the account was ended is accepted, later not', async () => {
  later();
  const before = await phone.verifies(at(here.doors, 0));
  later();
  await endAccount(here.office, here.communityId, phone.account.id);
  later();
  expect(await pushed(phone, before, await phone.verifies(at(here.doors, 1)))).toEqual(['account-ended', ['target']]);
});

test('[SCO-2] the end of an account ends what it had by a care plan, though the plan names it still', async () => {
  const volunteer = here.phone(here.accounts.volunteer);
  const visit = () => volunteer.revision(about({ type: 'resident', id: headOf(at(here.doors, 0)) }));
  const before = await visit();
  later();
  await endAccount(here.office, here.communityId, volunteer.account.id);
  later();
  expect(await pushed(volunteer, before, await visit())).toEqual(['account-ended', ['target']]);
});

test('[SCO-6] unknown and foreign still look alike, word for word, after a scope ended', async () => {
  later();
  const recordedAt = timeNow();
  later();
  await assign();
  const body = { outcome: 'verified' };
  const unknown = { ...at(here.foreignDoors, 0), id: here.office.world.uuid() };
  const foreign = at(here.foreignDoors, 0);
  const lost = at(here.doors, 0);
  const receipts = await phone.push(
    await phone.verifies(unknown, { body, recordedAt }),
    await phone.verifies(foreign, { body, recordedAt }),
    await phone.verifies(lost, { body }),
  );
  expect(new Set(receipts.map(({ problems }) => JSON.stringify(problems))).size).toBe(1);
  expect(receipts[0]?.problems?.map(({ code }) => code)).toEqual(['target']);
});

test('[SCO-6] who lives at a lost door by now is not told to who lost it', async () => {
  later();
  const record = await phone.verifies(at(here.doors, 0), {
    body: {
      outcome: 'verified',
      informant: { residentId: null, name: '邻居' },
      noticeGiven: true,
      dwelling: {},
      households: [],
    },
  });
  later();
  await assign();
  const [receipt] = await phone.push(record);
  expect(receipt?.problems?.map(({ code }) => code)).toContain('resident_not_accounted_for');
  expect(JSON.stringify(receipt)).not.toMatch(/王建国|李秀英/);
});

test('[TWO-1] grids are not given from a page that shows others than the account has by now', async () => {
  const { office, communityId, grids, accounts } = here;
  const { id } = accounts.worker;
  const [first, second] = grids;
  const give = (wanted: string[], seen: string[]) =>
    assignGrids(office, communityId, id, wanted, accounts.administrator, seen);
  await expect(give([first, second], [first, second])).rejects.toMatchObject({ code: 'grids-changed' });
  await expect(give([second], [])).rejects.toMatchObject({ code: 'grids-changed' });
  await give([second], [first]);
  // Pressed again after its answer was lost: they are given already, and nobody changed anything.
  await give([second], [first]);
  await expect(give([first], [first])).rejects.toMatchObject({ code: 'grids-changed' });
});
