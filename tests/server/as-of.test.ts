/** Whether anything happened since a page of the desk was read. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { deskAsOf } from '../../src/lib/server/desk/as-of';
import { runAfterwork } from '../../src/lib/server/review/rules';
import { basisOf, DeskForTests } from './desk-for-tests';
import { openTestOffice, type TestDoor, type TestOffice } from './office-for-tests';
import { type PhoneForTests, verifiedBody } from './phone-for-tests';

let here: TestOffice;
let phone: PhoneForTests;
let desk: DeskForTests;
const seen = new Set<string>();

beforeEach(async () => {
  here = await openTestOffice();
  phone = here.phone(here.accounts.worker);
  desk = new DeskForTests(here);
  seen.clear();
});
afterEach(() => here.close());

const asOf = (record?: string) => deskAsOf(here.office, here.communityId, record);
const doorAt = (index: number) => here.doors[index] as TestDoor;

async function verifies(index: number, change: Record<string, unknown> = {}) {
  const door = doorAt(index);
  return phone.verifies(door, { body: verifiedBody(door, change), basis: await basisOf(phone, door) });
}

/** The office's word, which has to be one that was never told before. */
async function isNew(): Promise<void> {
  const { office } = await asOf();
  expect(seen).not.toContain(office);
  seen.add(office);
}

test('the word is another one after whatever happened, and the same while nothing does', async () => {
  await isNew();
  const record = await verifies(0);
  await phone.push(record);
  await isNew();
  const bad = await verifies(1, { noticeGiven: false });
  await phone.push(bad);
  await isNew();
  while (await runAfterwork(here.office));
  const quiet = await asOf();
  expect(await asOf()).toEqual(quiet);
  await phone.push(record);
  expect(await asOf()).toEqual(quiet);
  seen.add(quiet.office);

  const decided = await desk.approve(record.id);
  expect(decided).toHaveProperty('done');
  await isNew();
  await desk.undo(record.id);
  await isNew();
});

test('what happened to one submission is told from what happened elsewhere', async () => {
  const [one, other] = [await verifies(0), await verifies(1)];
  await phone.push(one, other);
  while (await runAfterwork(here.office));
  const before = await asOf(one.id);
  expect(before.record).not.toBeNull();
  await desk.sendBack(other.id);
  const after = await asOf(one.id);
  expect(after.office).not.toBe(before.office);
  expect(after.record).toBe(before.record);
  await desk.sendBack(one.id);
  expect((await asOf(one.id)).record).not.toBe(before.record);
  expect((await asOf('nobody')).record).toBeNull();
});
