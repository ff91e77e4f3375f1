/** An address is one door (TWO-5): none stands twice in the register, whatever was struck off, found again, taken back or corrected. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { assignGrids } from '../../src/lib/server/accounts/accounts';
import { checkOffice } from '../../src/lib/server/check/check-office';
import { proposedDoors } from '../../src/lib/server/coverage/proposed-doors';
import { askRenewal } from '../../src/lib/server/feeds/renew';
import { correctValue } from '../../src/lib/server/register/correct';
import { loadDoor } from '../../src/lib/server/register/read';
import type { Origin } from '../../src/lib/server/register/provenance';
import { insertBuildings, updateDwelling } from '../../src/lib/server/register/rows';
import { runAfterwork } from '../../src/lib/server/review/rules';
import { startRound } from '../../src/lib/server/rounds/rounds';
import { afterworkDone } from '../../src/lib/server/sync/afterwork';
import { planImport } from '../../src/lib/server/roster/plan';
import { runImport, type Progress } from '../../src/lib/server/roster/run';
import { readTabs, type TableRow } from '../support/make-roster';
import { DeskForTests } from './desk-for-tests';
import { at, openTestOffice, type TestDoor, type TestOffice } from './office-for-tests';
import { type PhoneForTests, type Pushed, verifiedBody } from './phone-for-tests';

let here: TestOffice;
let desk: DeskForTests;
let phone: PhoneForTests;
let door: TestDoor;

beforeEach(async () => {
  here = await openTestOffice();
  desk = new DeskForTests(here);
  phone = here.phone(here.accounts.worker);
  door = at(here.doors, 0);
});
afterEach(() => here.close());

async function comesIn(record: Pushed): Promise<string> {
  here.forward(3_600_000);
  expect(await phone.push(record)).toMatchObject([{ status: 'stored' }]);
  await runAfterwork(here.office);
  return record.id;
}
const decided = async (id: string) => desk.approve(id, { choices: await desk.choices(id, 'proposal') });

async function strikeOff(): Promise<string> {
  const id = await comesIn(await phone.verifies(door, { body: { outcome: 'no-such-door', note: '没有这一户' } }));
  expect(await decided(id)).toHaveProperty('done');
  return id;
}

/** Somebody finds a door of that address and proposes it. */
async function findsAgain({ gridId, compound, building, unit, floor, room }: TestDoor = door) {
  const dwelling = { gridId, compound, building, unit, floor, room, use: 'vacant' };
  const target = { type: 'dwelling', id: here.office.world.uuid() };
  const body = { outcome: 'vacant', dwelling };
  return { ...(await phone.revision({ target, body })), target, body };
}

/** Ids under which the address stands, while check finds nothing. */
async function standing({ buildingId, unit, floor, room }: TestDoor = door): Promise<string[]> {
  expect((await checkOffice(here.office)).findings).toEqual([]);
  const rows = await here.office.database.read((db) =>
    db
      .selectFrom('dwelling')
      .select('id')
      .where('building_id', '=', buildingId)
      .where('unit', '=', unit)
      .where('floor', '=', floor)
      .where('room', '=', room)
      .where('retired_at', 'is', null)
      .execute(),
  );
  return rows.map(({ id }) => id);
}

test('the striking off of a door is not undone once it was found again under another id', async () => {
  const struck = await strikeOff();
  const found = await findsAgain();
  await comesIn(found);
  expect(await decided(found.id)).toHaveProperty('done');
  const upon = [{ entityType: 'dwelling', entityId: found.target.id, name: '' }];
  expect(await desk.undo(struck)).toMatchObject({ refused: 'built-upon', upon });
  expect(await standing()).toEqual([found.target.id]);
  expect(await desk.undo(found.id)).toHaveProperty('done');
  expect(await desk.undo(struck)).toHaveProperty('done');
  expect(await standing()).toEqual([door.id]);
});

test('a late record of the struck-off door does not bring it back beside the one that was found', async () => {
  const late = await phone.verifies(door);
  await strikeOff();
  const found = await findsAgain();
  await comesIn(found);
  expect(await decided(found.id)).toHaveProperty('done');
  await comesIn(late);
  expect((await desk.open(late.id)).unanswered).toEqual([JSON.stringify(['dwelling', 'use'])]);
  const use = { key: JSON.stringify(['dwelling', 'use']), take: 'own', value: 'rented' } as const;
  expect(await desk.approve(late.id, { choices: [use] })).toHaveProperty('done');
  expect(await standing()).toEqual([found.target.id]);
});

test('nor does a second record on a proposal that was taken back, where another of that address was approved', async () => {
  await strikeOff();
  const [first, second] = [await findsAgain(), await findsAgain()];
  await comesIn(first);
  expect(await decided(first.id)).toHaveProperty('done');
  expect(await desk.undo(first.id)).toHaveProperty('done');
  await comesIn(second);
  expect(await decided(second.id)).toHaveProperty('done');
  const again = await phone.revision({ target: first.target, body: first.body });
  await comesIn(again);
  await decided(again.id);
  await decided(first.id);
  expect(await standing()).toEqual([second.target.id]);
});

test('neither a record nor the desk gives a door the address of another', async () => {
  const other = at(here.doors, 1);
  const { room } = door;
  const id = await comesIn(await phone.verifies(other, { body: verifiedBody(other, { dwelling: { room } }) }));
  expect(await decided(id)).toMatchObject({ refused: 'invalid', problems: [{ code: 'door_there' }] });
  const correction = { entity: 'dwelling', id: other.id, field: 'room', value: room, reason: '核对' } as const;
  expect(await correctValue(here.office, here.accounts.coordinator, correction)).toEqual({
    refused: 'value',
    code: 'door_there',
  });
  expect(await standing()).toEqual([door.id]);
});

test('a room with a number is one door, whatever floor it was registered on', async () => {
  const upstairs = at(here.doors, 2);
  expect([door.room, door.floor, upstairs.room, upstairs.floor]).toEqual(['101', 1, '201', 2]);
  const correction = { entity: 'dwelling', id: upstairs.id, field: 'room', value: '101', reason: '核对' } as const;
  expect(await correctValue(here.office, here.accounts.coordinator, correction)).toEqual({
    refused: 'value',
    code: 'door_there',
  });
  const { gridId, compound, building, unit, room } = door;
  const dwelling = { gridId, compound: `${compound}小区`, building, unit, floor: 3, room, use: 'vacant' };
  const target = { type: 'dwelling', id: here.office.world.uuid() };
  const found = await phone.revision({ target, body: { outcome: 'vacant', dwelling } });
  await comesIn(found);
  expect(await desk.open(found.id)).toMatchObject({ twinOf: door.id });
});

test.each([
  ['unit', { unit: '9' }],
  ['building', { building: '99幢' }],
  ['compound', { compound: '远处花园' }],
])('a door of another %s is another door, and one that is there by now is not given its address', async (_, else_) => {
  const elsewhere = { ...door, ...else_ };
  const found = await findsAgain(elsewhere);
  await comesIn(found);
  expect(await desk.open(found.id)).toMatchObject({ twinOf: null });
  expect(await decided(found.id)).toHaveProperty('done');
  expect((await desk.door(found.target.id)).id).toBe(found.target.id);
  expect(await standing()).toEqual([door.id]);

  const dwelling = { compound: door.compound, building: door.building, unit: door.unit };
  const body = { outcome: 'vacant', dwelling: { ...dwelling, use: 'vacant' } };
  const moved = await comesIn(await phone.revision({ target: found.target, body }));
  expect(await decided(moved)).toMatchObject({ refused: 'invalid', problems: [{ code: 'door_there' }] });
});

test('a compound with and without 小区 is one: its doors stand in one building, whichever way the address is written', async () => {
  const buildingOf = async (id: string) =>
    (await here.office.database.read((db) => loadDoor(db, here.communityId, id)))?.dwelling.buildingId;
  expect(door.compound).not.toMatch(/小区$/);
  const compound = `${door.compound}小区`;
  const next = await findsAgain({ ...door, compound, room: '909' });
  await comesIn(next);
  expect(await decided(next.id)).toHaveProperty('done');
  expect(await buildingOf(next.target.id)).toBe(door.buildingId);

  const plain = { compound: door.compound, building: door.building, use: 'vacant' };
  const corrected = await phone.revision({ target: next.target, body: { outcome: 'vacant', dwelling: plain } });
  expect(await decided(await comesIn(corrected))).toHaveProperty('done');
  expect((await desk.door(next.target.id)).compound).toBe(door.compound);
  expect(await buildingOf(next.target.id)).toBe(door.buildingId);
  expect((await checkOffice(here.office)).findings).toEqual([]);
});

test('of two buildings that are one but for 小区 a door stands in the one that its address names by the very name', async () => {
  const { gridId, building, buildingId } = door;
  const [plain, written] = [door.compound, `${door.compound}小区`];
  const other = here.office.world.uuid();
  const { office, communityId } = here;
  await office.database.write((tx) =>
    insertBuildings(tx, communityId, [{ id: other, gridId, compound: written, building }], byHand),
  );
  for (const [room, compound, stands] of [
    ['909', plain, buildingId],
    ['910', written, other],
  ] as const) {
    const found = await findsAgain({ ...door, compound, floor: 9, room });
    await comesIn(found);
    expect(await decided(found.id)).toHaveProperty('done');
    const made = await office.database.read((db) => loadDoor(db, communityId, found.target.id));
    expect(made?.dwelling.buildingId).toBe(stands);
  }
});

test('a proposed door is not given the address of another by a correction, which would say unasked what is so there', async () => {
  const found = await findsAgain({ ...door, floor: 9, room: '901' });
  await comesIn(found);
  const before = await desk.door(door.id);
  const corrections = [{ path: ['dwelling', 'room'], value: door.room }];
  expect(await desk.approve(found.id, { corrections })).toMatchObject({
    refused: 'invalid',
    problems: [{ code: 'door_there' }],
  });
  expect(await desk.door(door.id)).toEqual(before);
  expect(await standing()).toEqual([door.id]);
});

test('a proposal of an address that stands, corrected to another address, is a door of its own and leaves that one as it is', async () => {
  const found = await findsAgain();
  await comesIn(found);
  expect(await desk.open(found.id)).toMatchObject({ twinOf: door.id });
  const before = await desk.door(door.id);
  const corrections = [{ path: ['dwelling', 'room'], value: '901' }];
  expect(await desk.approve(found.id, { corrections })).toHaveProperty('done');
  expect(await desk.door(found.target.id)).toMatchObject({ room: '901', households: [] });
  expect(await desk.door(door.id)).toEqual(before);
  expect(await standing()).toEqual([door.id]);
});

test('a proposal that was joined to the door of another counts there, and its id is no door of its own', async () => {
  const { office, communityId, accounts } = here;
  const round = { kind: 'full' as const, closesOn: '2099-12-31', gridIds: [at(here.grids, 0)] };
  await startRound(office, accounts.coordinator, { name: '秋季', ...round });
  const place = { ...door, floor: 8, room: '801' };
  const first = await findsAgain(place);
  await comesIn(first);
  expect(await decided(first.id)).toHaveProperty('done');
  const joined = await findsAgain(place);
  await comesIn(joined);
  const second = await phone.revision({ target: joined.target, body: { ...joined.body, note: '又来一次' } });
  await comesIn(second);
  const choices = await desk.choices(joined.id, 'register');
  expect(await desk.approve(joined.id, { choices })).toHaveProperty('done');

  const counted = () =>
    office.database.read(async (db) => {
      const ids = [first.target.id, joined.target.id];
      const rows = await db.selectFrom('door_state').selectAll().where('dwelling_id', 'in', ids).execute();
      return rows.sort((a, b) => (a.round_id < b.round_id ? -1 : 1));
    });
  const once = await counted();
  expect(once).toMatchObject([{ dwelling_id: first.target.id, submission_id: second.id, review: 'pending' }]);
  expect(await office.database.read((db) => proposedDoors(db, communityId, '', 10))).not.toContain(joined.target.id);
  expect((await checkOffice(office)).findings).toEqual([]);

  await office.database.write((tx) => tx.updateTable('community').set({ told_shape: 0 }).execute());
  await askRenewal(office);
  await afterworkDone(office);
  expect(await counted()).toEqual(once);
  await startRound(office, accounts.coordinator, { name: '冬季', ...round });
  await runAfterwork(office);
  expect((await counted()).map(({ dwelling_id }) => dwelling_id)).toEqual([first.target.id, first.target.id]);
  expect((await checkOffice(office)).findings).toEqual([]);

  // Taken apart again, each counts by its own records.
  expect(await desk.undo(joined.id)).toHaveProperty('done');
  expect((await counted()).filter(({ dwelling_id }) => dwelling_id === first.target.id)).toMatchObject([
    { submission_id: first.id },
    { submission_id: first.id },
  ]);
  expect((await checkOffice(office)).findings).toEqual([]);
});

test('a room without a number is one on each floor', async () => {
  const [first, second] = [1, 2].map((floor) => ({ ...door, floor, room: '东户' }));
  for (const place of [first, second]) {
    const found = await findsAgain(place);
    await comesIn(found);
    expect(await decided(found.id)).toHaveProperty('done');
    expect(await standing(place)).toEqual([found.target.id]);
  }
});

test('where the register has an address twice, what is found there is the one of that floor', async () => {
  const upstairs = at(here.doors, 2);
  await here.office.database.write((tx) =>
    updateDwelling(tx, here.communityId, upstairs.id, { fields: { room: door.room } }, byHand),
  );
  for (const there of [door, upstairs]) {
    const found = await findsAgain({ ...there, room: door.room });
    await comesIn(found);
    expect(await desk.open(found.id)).toMatchObject({ twinOf: there.id });
  }
});

test('the same address in another grid is another door', async () => {
  const [own, far] = here.grids;
  const { office, communityId, accounts } = here;
  await assignGrids(office, communityId, accounts.worker.id, [own, far]);
  const found = await findsAgain({ ...door, gridId: far });
  await comesIn(found);
  expect(await desk.open(found.id)).toMatchObject({ twinOf: null });
  expect(await decided(found.id)).toHaveProperty('done');
  expect((await desk.door(found.target.id)).id).toBe(found.target.id);
});

describe('a roster', () => {
  const header = ['网格', '小区', '楼栋', '单元', '室号', '姓名', '身份证号'];
  const listed = (rows: TableRow[] = []) => {
    const people = here.doors.flatMap(({ compound, building, unit, room, households }) =>
      households.flatMap(({ residents }) =>
        residents.map(({ name, idNumber }) => ['第一网格', compound, building, unit, room, name, idNumber]),
      ),
    );
    return readTabs({ 名册: [header, ...rows, ...people] });
  };
  const plan = async (rows?: TableRow[]) => {
    const understanding = await listed(rows);
    return here.office.database.read((db) => planImport(db, here.communityId, understanding));
  };
  const run = async (planned: Awaited<ReturnType<typeof plan>>, onProgress?: Progress) => {
    const confirmed = new Set(planned.changes.map(({ key }) => key));
    const by = here.accounts.coordinator.id;
    await runImport(here.office, here.communityId, planned, { by, confirmed }, onProgress);
  };
  const everybody = () =>
    here.office.database.read((db) =>
      db.selectFrom('resident').select(['id', 'dwelling_id', 'household_id', 'version']).orderBy('id').execute(),
    );
  const doors = () => here.office.database.read((db) => db.selectFrom('dwelling').selectAll().orderBy('id').execute());

  test('asks which door it means where the register has its address twice, and moves nobody', async () => {
    const upstairs = at(here.doors, 2);
    await here.office.database.write((tx) =>
      updateDwelling(tx, here.communityId, upstairs.id, { fields: { room: '101' } }, byHand),
    );
    const before = { doors: await doors(), people: await everybody() };
    const planned = await plan();
    expect(planned.understanding.roster.questions).toMatchObject([
      { sheet: '名册', row: 2, code: 'address_twice', detail: expect.stringContaining('"room":"101"') },
    ]);
    await run(planned);
    const after = { doors: await doors(), people: await everybody() };
    // 201 of the file is a door that the register lacks now; at the two that are called 101 nothing happens.
    const old = new Set(before.doors.map(({ id }) => id));
    expect(after.doors.filter(({ id }) => old.has(id))).toEqual(before.doors);
    const there = ({ dwelling_id }: { dwelling_id: string }) => dwelling_id === door.id;
    expect(after.people.filter(there)).toEqual(before.people.filter(there));
  });

  test('writes to neither of two doors of one address that came to stand there while it came in', async () => {
    const { compound, building, unit, room } = door;
    const others = Array.from({ length: 40 }, (_, n) => ['第一网格', compound, building, unit, `${n + 501}`, '', '']);
    const planned = await plan([...others, ['第一网格', compound, building, unit, room, '周新来', '']]);
    const upstairs = at(here.doors, 2);
    let isThere = false;
    await run(planned, async () => {
      if (isThere) return;
      isThere = true;
      await here.office.database.write((tx) =>
        updateDwelling(tx, here.communityId, upstairs.id, { fields: { room } }, byHand),
      );
    });
    expect(isThere).toBe(true);
    for (const { id, households } of [door, upstairs]) {
      const living = (await desk.door(id)).households.flatMap(({ residents }) => residents.map(({ name }) => name));
      expect(living).toEqual(households.flatMap(({ residents }) => residents.map(({ name }) => name)));
    }
  });

  test('knows a room of another unit for another door', async () => {
    const before = await doors();
    const { compound, building, room } = door;
    await run(await plan([['第一网格', compound, building, '2', room, '周新来', '']]));
    const [made, ...more] = (await doors()).filter(({ id }) => !before.some((one) => one.id === id));
    expect(more).toEqual([]);
    expect(made).toMatchObject({ unit: '2', room });
    const names = async (id = '') =>
      (await desk.door(id)).households.flatMap(({ residents }) => residents.map(({ name }) => name));
    expect(await names(made?.id)).toEqual(['周新来']);
    expect(await names(door.id)).not.toContain('周新来');
  });

  test('takes no door back beside the one that was found in its place while it came in', async () => {
    const attic = { ...door, floor: 9, room: '901' };
    const first = await findsAgain(attic);
    await comesIn(first);
    expect(await decided(first.id)).toHaveProperty('done');
    const gone = await phone.revision({ target: first.target, body: { outcome: 'no-such-door', note: '没有' } });
    await comesIn(gone);
    expect(await decided(gone.id)).toHaveProperty('done');
    const { compound, building, unit } = attic;
    const rooms = [...Array.from({ length: 40 }, (_, n) => `${n + 501}`), attic.room];
    const others = rooms.map((room) => ['第一网格', compound, building, unit, room, '', '']);
    const planned = await plan(others);
    expect(planned.changes.map(({ kind, id }) => [kind, id])).toContainEqual(['returned', first.target.id]);
    const again = await findsAgain(attic);
    await comesIn(again);
    let found: unknown = null;
    await run(planned, async () => void (found ??= await decided(again.id)));
    expect(found).toHaveProperty('done');
    expect(await standing(attic)).toEqual([again.target.id]);
  });
});

const byHand: Origin = {
  from: 'correction',
  since: '2026-11-01T00:00:00.000Z',
  by: 'somebody',
  confirmedAt: null,
  confirmedBy: null,
  how: null,
};
