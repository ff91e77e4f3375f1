import { afterEach, beforeEach, expect, test } from 'vitest';
import { heldValues } from '../../src/lib/server/register/history';
import { basisOf, DeskForTests, idsOf } from './desk-for-tests';
import { openTestOffice, type TestDoor, type TestOffice } from './office-for-tests';
import type { PhoneForTests } from './phone-for-tests';
import { verifiedBody } from './phone-for-tests';

let at: TestOffice;
let phone: PhoneForTests;
let desk: DeskForTests;
let door: TestDoor;

beforeEach(async () => {
  at = await openTestOffice();
  phone = at.phone(at.accounts.worker);
  desk = new DeskForTests(at);
  door = at.doors[0] as TestDoor;
});
afterEach(() => at.close());

/** A verification in which the head's telephone number is another. */
async function pushed(phoneNumber: string, on: TestDoor = door, draft: Record<string, unknown> = {}) {
  const { household, head, spouse } = idsOf(on);
  const body = verifiedBody(on, {
    households: [
      {
        id: household,
        residents: [
          { id: head, change: 'corrected', phone: phoneNumber },
          { id: spouse, change: 'unchanged' },
        ],
      },
    ],
  });
  const revision = await phone.verifies(on, { body, basis: await basisOf(phone, on), ...draft });
  expect((await phone.push(revision))[0]).toMatchObject({ status: 'stored' });
  return revision;
}

const phoneOfHead = async () => (await desk.door(door.id)).households[0]?.residents[0]?.phone;

test('approval changes the register, its history and the feed at once', async () => {
  const { id } = await pushed('13911112222');
  expect((await desk.open(id)).differences.filter(({ kind }) => kind !== 'confirmed')).toMatchObject([
    { field: 'phone', before: '13800008979', after: '13911112222' },
  ]);

  expect(await desk.approve(id)).toHaveProperty('done');

  expect(await phoneOfHead()).toBe('13911112222');
  const [change] = (await desk.history(door.id)).filter(({ field }) => field === 'phone');
  expect(change).toMatchObject({
    before: '13800008979',
    after: '13911112222',
    source: 'submission',
    by: 'worker',
    decidedBy: 'coordinator',
    submissionId: id,
  });
  expect(await phone.record(id)).toMatchObject({ review: 'approved', by: 'coordinator' });
  const item = phone.item(`grid/${at.grids[0]}`, 'dwelling', door.id);
  expect(JSON.stringify(item)).toContain('13911112222');
});

test('a confirmation without a change moves confirmedAt of every value', async () => {
  const revision = await phone.verifies(door);
  await phone.push(revision);
  await desk.approve(revision.id);
  const values = await at.office.database.read((db) => heldValues(db, at.communityId, 'resident', idsOf(door).spouse));
  for (const { provenance } of values ?? []) {
    expect(provenance).toMatchObject({
      from: 'import',
      confirmedAt: revision.recordedAt,
      confirmedBy: at.accounts.worker.id,
      how: { mode: 'in-person', informant: 'member' },
    });
  }
  expect((await desk.history(door.id)).every(({ source }) => source === 'import')).toBe(true);
});

test('what an informant of another household confirms is presence alone', async () => {
  const revision = await phone.verifies(door, {
    body: verifiedBody(door, { informant: { residentId: null, name: '房东', kind: 'landlord' } }),
  });
  await phone.push(revision);
  expect(await desk.approve(revision.id)).toHaveProperty('done');
  const values = await at.office.database.read((db) => heldValues(db, at.communityId, 'resident', idsOf(door).head));
  const confirmed = values?.filter(({ provenance }) => provenance.confirmedAt !== null).map(({ field }) => field);
  expect(confirmed).toEqual(['presence']);
});

test('[TWO-1] two submissions on one version of a door are both kept', async () => {
  const basis = await basisOf(phone, door);
  const first = await pushed('13911110001', door, { basis });
  const second = await pushed('13911110002', door, { basis });
  expect((await desk.open(first.id)).row.review).toBe('pending');
  expect((await desk.open(second.id)).row.review).toBe('pending');
});

test('[TWO-3] the second of two coordinators is answered with the decision of the first, and changes nothing', async () => {
  const before = await phoneOfHead();
  const { id } = await pushed('13911112222');
  const other = new DeskForTests(at, at.accounts.administrator);
  const seen = await desk.seen(id);

  const [one, two] = await Promise.all([
    desk.take({ ...seen, kind: 'approve' }),
    other.take({ ...seen, kind: 'return', comments: [{ path: [], text: '号码不对' }] }),
  ]);

  // Where several write at once either may be the first.
  const isApproved = 'done' in one;
  expect(isApproved ? one : two).toHaveProperty('done');
  expect(isApproved ? two : one).toMatchObject({ refused: 'decided', kind: isApproved ? 'approve' : 'return' });
  expect(await phoneOfHead()).toBe(isApproved ? '13911112222' : before);
  expect((await desk.open(id)).decisions).toHaveLength(1);
  // Told of it, somebody may still take a decision on what stands now.
  expect(await (isApproved ? other : desk).undo(id)).toHaveProperty('done');
});

test('[TWO-4] a decision on a revision that is no longer the newest is refused with the newer one', async () => {
  const first = await pushed('13911112222');
  const seen = await desk.seen(first.id);
  const second = await pushed('13911113333', door, { id: first.id, revision: 2 });

  expect(await desk.take({ ...seen, kind: 'approve' })).toMatchObject({
    refused: 'newer-revision',
    revision: 2,
    digest: second.digest,
  });
  expect(await phoneOfHead()).toBe('13800008979');
});

test('[TWO-4] a revision that comes after a decision waits again and says what was decided before', async () => {
  const { id } = await pushed('13911112222');
  await desk.sendBack(id, '请再核对', ['households', 0, 'residents', 0, 'phone']);
  expect(await phone.record(id)).toMatchObject({
    review: 'returned',
    comments: [{ text: '请再核对', by: 'coordinator' }],
  });

  await pushed('13911113333', door, { id, revision: 2 });
  const open = await desk.open(id);
  expect(open.row.review).toBe('pending');
  expect(open.previous).toMatchObject({ kind: 'return', comments: [{ text: '请再核对' }] });
  expect(open.undoes).toBe(null);
  expect(await desk.approve(id)).toHaveProperty('done');
  expect(await phoneOfHead()).toBe('13911113333');
});

test('an approved record is not approved again, and nothing is decided without its words', async () => {
  const { id } = await pushed('13911112222');
  const seen = await desk.seen(id);
  expect(await desk.take({ ...seen, kind: 'return', comments: [{ path: [], text: '  ' }] })).toMatchObject({
    refused: 'invalid',
  });
  expect(await desk.take({ ...seen, kind: 'void' })).toMatchObject({ refused: 'invalid' });
  await desk.approve(id);
  expect(await desk.approve(id)).toEqual({ refused: 'not-open', review: 'approved' });
});

test('what the coordinator corrects is approved as the coordinator’s, and noted', async () => {
  const { id } = await pushed('13911112222');
  const corrections = [{ path: ['households', 0, 'residents', 0, 'phone'], value: '13911119999' }];
  expect(await desk.approve(id, { corrections })).toHaveProperty('done');

  expect(await phoneOfHead()).toBe('13911119999');
  const [change] = (await desk.history(door.id)).filter(({ field }) => field === 'phone');
  expect(change).toMatchObject({ source: 'correction', by: 'coordinator', after: '13911119999' });
  expect(await phone.record(id)).toMatchObject({ review: 'approved', corrections });
});

test('a correction that breaks a rule of the form is refused with the rule', async () => {
  const { id } = await pushed('13911112222');
  const corrections = [{ path: ['households', 0, 'residents', 0, 'phone'], value: '12' }];
  expect(await desk.approve(id, { corrections })).toMatchObject({
    refused: 'invalid',
    problems: [{ code: 'phone', path: ['households', 0, 'residents', 0, 'phone'] }],
  });
  expect(await phoneOfHead()).toBe('13800008979');
});

test('[TWO-3] undo puts the values back with history, and the submission waits again', async () => {
  const { id } = await pushed('13911112222');
  await desk.approve(id);
  expect(await desk.undo(id)).toHaveProperty('done');

  expect(await phoneOfHead()).toBe('13800008979');
  const open = await desk.open(id);
  expect(open.row.review).toBe('pending');
  expect(open.decisions.map(({ kind, undoneAt }) => [kind, undoneAt !== null])).toEqual([
    ['approve', true],
    ['undo', false],
  ]);
  const changes = (await desk.history(door.id)).filter(({ field }) => field === 'phone');
  expect(changes.map(({ source }) => source)).toEqual(['undo', 'submission']);
  expect(await phone.record(id)).toMatchObject({ review: 'pending' });
  expect(JSON.stringify(phone.item(`grid/${at.grids[0]}`, 'dwelling', door.id))).toContain('13800008979');

  expect(await desk.approve(id)).toHaveProperty('done');
  expect(await phoneOfHead()).toBe('13911112222');
});

test('[TWO-3] undo is refused once something was built upon what it takes back', async () => {
  const first = await pushed('13911110001');
  const second = await pushed('13911110002', door);
  await desk.approve(first.id);
  await desk.approve(second.id, { choices: await desk.choices(second.id, 'proposal') });

  expect(await desk.undo(first.id)).toMatchObject({
    refused: 'built-upon',
    upon: [{ name: expect.any(String) }, {}, {}, {}],
  });
  expect(await phoneOfHead()).toBe('13911110002');
  // Once the second is taken back, the first may be too.
  expect(await desk.undo(second.id)).toHaveProperty('done');
  expect(await desk.undo(first.id)).toHaveProperty('done');
  expect(await phoneOfHead()).toBe('13800008979');
});

test('undo of a return and of a void opens the submission again', async () => {
  const { id } = await pushed('13911112222');
  await desk.sendBack(id);
  await desk.undo(id);
  expect((await desk.open(id)).row.review).toBe('pending');
  await desk.void(id);
  expect(await phone.record(id)).toMatchObject({ review: 'voided' });
  await desk.undo(id);
  expect((await desk.open(id)).row.review).toBe('pending');
});

test('a basis older than the register is shown, and is approved only by somebody who saw it', async () => {
  const basis = await basisOf(phone, door);
  const first = await pushed('13911110001', door, { basis });
  const second = await pushed('13911110002', door, { basis });
  const seenBefore = await desk.seen(second.id);
  await desk.approve(first.id);

  const open = await desk.open(second.id);
  expect(open.stale).toBe(true);
  expect(open.since).toMatchObject([{ field: 'phone', before: '13800008979', now: '13911110001' }]);
  expect(await desk.take({ ...seenBefore, kind: 'approve' })).toMatchObject({
    refused: 'stale-basis',
    since: [{ field: 'phone', now: '13911110001' }],
  });
  expect(await desk.take({ ...seenBefore, registerVersion: null, kind: 'approve' })).toMatchObject({
    refused: 'stale-basis',
  });
  expect(await phoneOfHead()).toBe('13911110001');
  const choices = await desk.choices(second.id, 'proposal');
  expect(await desk.approve(second.id, { choices })).toHaveProperty('done');
  expect(await phoneOfHead()).toBe('13911110002');
});

test('a door whose values did not change since is no older basis, however often it was told', async () => {
  const basis = await basisOf(phone, door);
  const first = await phone.verifies(door, { basis });
  const second = await phone.verifies(door, { basis });
  await phone.push(first, second);
  await desk.approve(first.id);
  expect((await desk.open(second.id)).stale).toBe(false);
});

test('[DEV-4] a phone that has not kept a decided record is told how the visit ended, with the decision', async () => {
  const record = await pushed('13911110001');
  expect(await phone.record(record.id)).toMatchObject({ review: 'pending', outcome: 'verified' });
  await desk.approve(record.id);
  expect(await phone.record(record.id)).toMatchObject({ review: 'approved', outcome: 'verified', by: 'coordinator' });
  await desk.undo(record.id);
  await desk.sendBack(record.id, '电话不对');
  expect(await phone.record(record.id)).toMatchObject({ outcome: 'verified', comments: [{ text: '电话不对' }] });
  await desk.void(record.id, '重复');
  const voided = { review: 'voided', outcome: 'verified', comments: [{ text: '重复' }] };
  expect(await phone.record(record.id)).toMatchObject(voided);
});
