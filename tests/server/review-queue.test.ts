import { afterEach, beforeEach, expect, test } from 'vitest';
import { approveBulk, markOpened, startBulk, bulkOf } from '../../src/lib/server/review/bulk';
import { lookAtNumber } from '../../src/lib/server/review/open';
import { nextInQueue, queue, type QueueFilter } from '../../src/lib/server/review/queue';
import { runAfterwork } from '../../src/lib/server/review/rules';
import { basisOf, DeskForTests, idsOf } from './desk-for-tests';
import { openTestOffice, type TestDoor, type TestOffice } from './office-for-tests';
import type { PhoneForTests } from './phone-for-tests';
import { verifiedBody } from './phone-for-tests';

let at: TestOffice;
let phone: PhoneForTests;
let desk: DeskForTests;

beforeEach(async () => {
  at = await openTestOffice({ doorsEach: 24 });
  phone = at.phone(at.accounts.worker);
  desk = new DeskForTests(at);
});
afterEach(() => at.close());

const doorAt = (index: number) => at.doors[index] as TestDoor;
const view = (filter: QueueFilter = {}) => at.office.database.read((db) => queue(db, at.communityId, filter));

async function verified(index: number): Promise<string> {
  const door = doorAt(index);
  const revision = await phone.verifies(door, { basis: await basisOf(phone, door) });
  expect((await phone.push(revision))[0]).toMatchObject({ status: 'stored' });
  return revision.id;
}

async function changed(index: number, number = '13911112222'): Promise<string> {
  const door = doorAt(index);
  const { household, head, spouse } = idsOf(door);
  const residents = [
    { id: head, change: 'corrected', phone: number },
    { id: spouse, change: 'unchanged' },
  ];
  const body = verifiedBody(door, { households: [{ id: household, residents }] });
  const revision = await phone.verifies(door, { body, basis: await basisOf(phone, door) });
  await phone.push(revision);
  return revision.id;
}

test('the queue holds what waits, oldest first, and each view its part of it', async () => {
  const same = await verified(0);
  const other = await changed(1);
  const bad = await phone.verifies(doorAt(2), { body: verifiedBody(doorAt(2), { noticeGiven: false }) });
  await phone.push(bad);
  const back = await verified(3);
  await desk.sendBack(back);
  const done = await verified(4);
  await desk.approve(done);

  const waiting = await view();
  expect(waiting.rows.map(({ id }) => id)).toEqual([same, other]);
  expect(waiting.rows[0]).toMatchObject({
    worker: { name: 'worker' },
    door: { id: doorAt(0).id, room: doorAt(0).room },
    outcome: 'verified',
    changes: 0,
  });
  expect(waiting).toMatchObject({
    total: 2,
    counts: { waiting: 2, same: 1, changed: 1, stale: 0, returned: 1, decided: 1, attempts: 0 },
  });
  expect((await view({ show: 'same' })).rows.map(({ id }) => id)).toEqual([same]);
  expect((await view({ show: 'changed' })).rows.map(({ id }) => id)).toEqual([other]);
  expect((await view({ show: 'returned' })).rows.map(({ id }) => id)).toEqual([back]);
  expect((await view({ show: 'decided' })).rows.map(({ id }) => id)).toEqual([done]);
  expect((await view({ gridId: at.grids[1] })).total).toBe(0);
  expect((await view({ accountId: at.accounts.worker.id })).total).toBe(2);
  expect((await view({ kind: 'concern' })).total).toBe(0);
  expect((await view({ receivedBefore: '2020-01-01T00:00:00.000Z' })).total).toBe(0);
});

test('pages of the queue neither skip nor repeat what came in at one moment', async () => {
  const revisions = await Promise.all(Array.from({ length: 7 }, (_, index) => phone.verifies(doorAt(index))));
  await phone.push(...revisions);
  const seen: string[] = [];
  let after: string | undefined;
  for (let page = 0; page < 4; page += 1) {
    const { rows } = await view({ limit: 2, after });
    seen.push(...rows.map(({ id }) => id));
    after = rows.at(-1)?.cursor;
  }
  expect(seen).toEqual(revisions.map(({ id }) => id).sort());
  expect((await view({ limit: 2, page: 2 })).rows.map(({ id }) => id)).toEqual(seen.slice(2, 4));
  // Beyond the last page it shows the last: a list that grew short under somebody is not empty.
  for (const page of [99, Number.MAX_SAFE_INTEGER]) {
    const last = await view({ limit: 2, page });
    expect(last.rows.map(({ id }) => id)).toEqual(
      (await view({ limit: 2, page: last.pages })).rows.map(({ id }) => id),
    );
    expect(last).toMatchObject({ page: last.pages, pages: Math.ceil(last.total / 2) });
    expect(last.rows).not.toEqual([]);
  }
  const { rows } = await view({ limit: 1 });
  expect(await at.office.database.read((db) => nextInQueue(db, at.communityId, {}, rows[0]?.cursor ?? ''))).toBe(
    seen[1],
  );
});

test('a record whose basis grew old leaves *all as registered* and stands under its own view', async () => {
  const same = await verified(0);
  const other = await changed(0);
  await desk.approve(other);
  expect((await view({ show: 'same' })).total).toBe(0);
  expect((await view({ show: 'stale' })).rows.map(({ id }) => id)).toEqual([same]);
  await desk.undo(other);
  expect((await view({ show: 'same' })).total).toBe(1);
});

test('one in twenty, rounded up, is opened before a bulk is approved', async () => {
  for (let index = 0; index < 21; index += 1) await verified(index);
  await changed(21);
  const bulk = await startBulk(at.office, at.accounts.coordinator, {});
  expect(bulk.members).toHaveLength(21);
  expect(bulk.sample).toHaveLength(2);

  expect(await approveBulk(at.office, at.accounts.coordinator, bulk.id)).toEqual({
    refused: 'unopened',
    ids: bulk.sample,
  });
  const other = bulk.members.find(({ id }) => !bulk.sample.includes(id));
  await markOpened(at.office, at.accounts.coordinator, bulk.id, other?.id ?? '');
  for (const id of bulk.sample) await markOpened(at.office, at.accounts.coordinator, bulk.id, id);
  expect(await at.office.database.read((db) => bulkOf(db, at.accounts.administrator, bulk.id))).toBeNull();

  const answer = await approveBulk(at.office, at.accounts.coordinator, bulk.id);
  expect(answer).toMatchObject({ leftOut: [] });
  expect((await view({ show: 'same' })).total).toBe(0);
  expect((await view({ show: 'decided' })).total).toBe(21);
  // The answer was lost on its way, and it is pressed again.
  expect(await approveBulk(at.office, at.accounts.coordinator, bulk.id)).toEqual(answer);
  expect((await desk.open(bulk.members[0]?.id ?? '')).decisions).toHaveLength(1);
});

test('a bulk leaves out what is not as it was drawn, and says why', async () => {
  const ids = [await verified(0), await verified(1), await verified(2), await verified(3)];
  const bulk = await startBulk(at.office, at.accounts.coordinator, {});
  for (const id of bulk.sample) await markOpened(at.office, at.accounts.coordinator, bulk.id, id);
  const [decided, newer, stale, left] = ids as [string, string, string, string];
  await new DeskForTests(at, at.accounts.administrator).approve(decided);
  await phone.push(await phone.verifies(doorAt(1), { id: newer, revision: 2 }));
  await desk.approve(await changed(2));

  expect(await approveBulk(at.office, at.accounts.coordinator, bulk.id)).toEqual({
    approved: [left],
    leftOut: [
      { id: decided, why: 'decided' },
      { id: newer, why: 'newer-revision' },
      { id: stale, why: 'stale-basis' },
    ],
    waiting: 2,
  });
});

test('what she decided otherwise herself since it was drawn is not approved, and in the list only while it waits', async () => {
  const [returned, voided, undone, left] = [await verified(0), await verified(1), await verified(2), await verified(3)];
  const bulk = await startBulk(at.office, at.accounts.coordinator, {});
  for (const id of bulk.sample) await markOpened(at.office, at.accounts.coordinator, bulk.id, id);
  await desk.sendBack(returned);
  await desk.void(voided);
  await desk.approve(undone);
  await desk.undo(undone);
  expect(await approveBulk(at.office, at.accounts.coordinator, bulk.id)).toEqual({
    approved: [left],
    leftOut: [returned, voided, undone].map((id) => ({ id, why: 'decided' })),
    waiting: 1,
  });
});

test('[FEED-10] attempts are accepted by rule after the push, and the door is told with them', async () => {
  const door = doorAt(0);
  const knock = await phone.knocksInVain(door, { body: { outcome: 'no-one-home', nextVisit: null, note: '' } });
  await phone.push(knock);
  await runAfterwork(at.office);
  expect(await phone.record(knock.id)).toMatchObject({ review: 'approved' });
  expect((await view({ show: 'attempts' })).rows.map(({ id }) => id)).toEqual([knock.id]);
  expect((await view()).total).toBe(0);
  const left = await at.office.database.read((db) => db.selectFrom('afterwork').selectAll().execute());
  expect(left).toEqual([]);
});

test('[FEED-10] what a crash left undone is found again and done once', async () => {
  const knock = await phone.knocksInVain(doorAt(0), { body: { outcome: 'postponed', nextVisit: '2026-12-30' } });
  await phone.push(knock);
  await runAfterwork(at.office);
  await at.office.database.write(async (tx) => {
    await tx.deleteFrom('decision').where('submission_id', '=', knock.id).execute();
    await tx
      .updateTable('submission')
      .set({ review: 'pending', decision_id: null, decided_at: null })
      .where('id', '=', knock.id)
      .execute();
    await tx
      .insertInto('afterwork')
      .values({
        community_id: at.communityId,
        submission_id: knock.id,
        kind: 'attempt',
        at: '2026-11-23T00:00:00.000Z',
      })
      .execute();
  });
  await at.reopen();
  await Promise.all([runAfterwork(at.office), runAfterwork(at.office)]);
  expect((await desk.open(knock.id)).decisions.map(({ kind, rule }) => [kind, rule])).toEqual([['approve', 'attempt']]);
});

test('[SCO-7] the desk shows masked numbers, and every look at a whole one is logged', async () => {
  const id = await verified(0);
  const { head } = idsOf(doorAt(0));
  const number = doorAt(0).households[0]?.residents[0]?.idNumber ?? '';
  const open = await desk.open(id);
  expect(JSON.stringify(open)).not.toContain(number);
  expect(JSON.stringify(open.door)).toContain(`**************${number.slice(-4)}`);
  expect(await lookAtNumber(at.office, at.accounts.coordinator, id, head, 'register')).toBe(number);
  const audit = await at.office.database.read((db) => db.selectFrom('audit').selectAll().execute());
  expect(audit).toMatchObject([
    { action: 'review.look-at-number', subject_id: head, account_id: at.accounts.coordinator.id },
  ]);
});
