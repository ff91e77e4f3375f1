/** An address is one door (TWO-5): none stands twice in the register, whatever was struck off, found again, taken back or corrected. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkOffice } from '../../src/lib/server/check/check-office';
import { correctValue } from '../../src/lib/server/register/correct';
import { runAfterwork } from '../../src/lib/server/review/rules';
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
async function findsAgain() {
  const { gridId, compound, building, unit, floor, room } = door;
  const dwelling = { gridId, compound, building, unit, floor, room, use: 'vacant' };
  const target = { type: 'dwelling', id: here.office.world.uuid() };
  const body = { outcome: 'vacant', dwelling };
  return { ...(await phone.revision({ target, body })), target, body };
}

/** Ids under which the address stands, while check finds nothing. */
async function standing(): Promise<string[]> {
  expect((await checkOffice(here.office)).findings).toEqual([]);
  const rows = await here.office.database.read((db) =>
    db
      .selectFrom('dwelling')
      .select('id')
      .where('building_id', '=', door.buildingId)
      .where('unit', '=', door.unit)
      .where('floor', '=', door.floor)
      .where('room', '=', door.room)
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
  expect(await decided(late.id)).toMatchObject({ refused: 'invalid', problems: [{ code: 'door_there' }] });
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
