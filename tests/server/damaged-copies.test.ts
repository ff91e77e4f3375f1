/** A record and the same damaged on the way, under one digest: which of the two is meant, and what becomes of the other (QUA-3, QUA-4, REC-3). */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkOffice } from '../../src/lib/server/check/check-office';
import { decideAside } from '../../src/lib/server/quarantine/aside';
import { quarantineCases } from '../../src/lib/server/quarantine/cases';
import { openCase, type QuarantineCase } from '../../src/lib/server/quarantine/open-case';
import { partKey, revisionRows } from '../../src/lib/server/quarantine/part';
import { DeskForTests, idsOf } from './desk-for-tests';
import { at, openTestOffice, type TestDoor, type TestOffice } from './office-for-tests';
import { type PhoneForTests, type Pushed, verifiedBody } from './phone-for-tests';

let here: TestOffice;
let phone: PhoneForTests;
let desk: DeskForTests;
let door: TestDoor;
let sound: Pushed;
let damaged: Pushed;
let another: Pushed;

beforeEach(async () => {
  here = await openTestOffice();
  phone = here.phone(here.accounts.worker);
  desk = new DeskForTests(here);
  door = at(here.doors, 0);
  sound = await phone.verifies(door, { body: telling('13911111111') });
  damaged = { ...sound, body: telling('13922222222') };
  another = await phone.verifies(door, { id: sound.id, body: telling('13933333333') });
});
afterEach(() => here.close());

/** The head of the household has this telephone number. */
function telling(number: string) {
  const { household, head, spouse } = idsOf(door);
  const residents = [
    { id: head, change: 'corrected', phone: number },
    { id: spouse, change: 'unchanged' },
  ];
  return verifiedBody(door, { households: [{ id: household, residents }] });
}

async function push(...revisions: Pushed[]) {
  for (const revision of revisions) {
    here.forward(1000);
    await phone.push(revision);
  }
}

/** What waits at the quarantine desk, oldest first. */
const waiting = () =>
  here.office.database.read(async (db) => {
    const cases: QuarantineCase[] = [];
    for (const line of await quarantineCases(db, here.communityId, { page: 1, limit: 50 })) {
      const opened = await openCase(db, here.communityId, line);
      if (opened) cases.push(opened);
    }
    return cases;
  });

async function caseOf({ digest }: Pushed): Promise<QuarantineCase & { part: string }> {
  const found = (await waiting()).find((one) => one.digest === digest && one.part !== null);
  if (!found?.part) throw new Error('it does not wait beside');
  return { ...found, part: found.part };
}

async function choose(revision: Pushed) {
  const { part, head } = await caseOf(revision);
  return desk.take({ submissionId: sound.id, ...head, kind: 'accept', choose: part });
}

const telephone = async () => (await desk.door(door.id)).households[0]?.residents[0]?.phone;
const isWhole = async () => expect((await checkOffice(here.office)).findings).toEqual([]);

describe('[QUA-4] where a damaged copy came under the same digest', () => {
  test.each(['before', 'after'])('%s the right one, what is approved is the right one', async (when) => {
    await push(...(when === 'before' ? [damaged, sound] : [sound, damaged]));
    expect((await desk.open(sound.id)).shown.body).toMatchObject(sound.body);
    expect(await desk.approve(sound.id)).toHaveProperty('done');
    expect(await telephone()).toBe('13911111111');
    await isWhole();
  });

  test('[QUA-3] what the office mended in the damaged one is none of the right one, which came afterwards', async () => {
    await push(damaged);
    const path = ['households', 0, 'residents', 0, 'phone'];
    const corrections = [{ path, value: '13822222222' }];
    expect(await desk.take({ ...(await desk.seen(sound.id)), kind: 'accept', corrections })).toHaveProperty('done');
    await push(sound);
    expect((await desk.open(sound.id)).shown.body).toMatchObject(sound.body);
    expect(await desk.approve(sound.id)).toHaveProperty('done');
    expect(await telephone()).toBe('13911111111');
    expect(await phone.record(sound.id)).not.toHaveProperty('corrections');
    await isWhole();
  });

  test('[QUA-3] it waits at the desk, where it can be kept and not chosen; its phone goes on seeing the right one', async () => {
    await push(sound, damaged);
    const { part, can, previous } = await caseOf(damaged);
    expect(can).toMatchObject({ keep: true, choose: false, accept: false });
    const { head } = await caseOf(damaged);
    const chosen = { submissionId: sound.id, ...head, kind: 'accept', choose: part } as const;
    expect(await desk.take(chosen)).toEqual({ refused: 'unknown' });
    const aside = { submissionId: sound.id, part, previous, kind: 'void', reason: '途中损坏' } as const;
    expect(await decideAside(here.office, here.accounts.coordinator, aside)).toHaveProperty('done');
    expect(await waiting()).toEqual([]);
    const told = await phone.record(sound.id);
    expect(told).toMatchObject({ review: 'pending', digest: sound.digest });
    expect(told).not.toHaveProperty('others');
    await isWhole();
  });

  test('a choice puts away the right one, not its copy, and an undo brings it back', async () => {
    await push(sound, damaged, another);
    expect(await choose(another)).toHaveProperty('done');
    expect(await phone.record(sound.id)).toMatchObject({
      review: 'pending',
      digest: another.digest,
      others: [{ digest: sound.digest, review: 'voided' }],
    });
    expect((await waiting()).map(({ digest, can }) => [digest, can.choose])).toEqual([[sound.digest, false]]);
    await isWhole();
    expect(await desk.undo(sound.id)).toHaveProperty('done');
    const again = (await waiting()).map(({ digest, can }) => [digest, can.choose]);
    expect(again).toEqual([
      [sound.digest, false],
      [another.digest, true],
    ]);
    await isWhole();
    expect(await desk.approve(sound.id)).toHaveProperty('done');
    expect(await telephone()).toBe('13911111111');
    await isWhole();
  });

  test('[REC-6] of two damaged ones the first to come is meant; the other waits beside it', async () => {
    const worse = { ...sound, body: telling('13944444444') };
    await push(damaged, worse);
    expect((await waiting()).map(({ part, this: side }) => [part === null, side.body])).toMatchObject([
      [true, damaged.body],
      [false, worse.body],
    ]);
    expect(await desk.take({ ...(await desk.seen(sound.id)), kind: 'accept' })).toHaveProperty('done');
    expect((await waiting()).map(({ this: side }) => side.body)).toMatchObject([worse.body]);
    await isWhole();
  });

  test('it holds no place after a choice of another damaged one was taken back: what comes whole counts as the first', async () => {
    await push(damaged, { ...damaged, digest: another.digest });
    expect(await desk.take({ ...(await desk.seen(sound.id)), kind: 'accept' })).toHaveProperty('done');
    const waits = (await waiting()).find(({ part }) => part !== null);
    const chosen = { submissionId: sound.id, ...waits?.head, kind: 'accept', choose: waits?.part ?? '' } as const;
    expect(await desk.take({ ...(await desk.seen(sound.id)), ...chosen })).toHaveProperty('done');
    expect(await phone.record(sound.id)).toMatchObject({ digest: another.digest });
    expect(await desk.undo(sound.id)).toHaveProperty('done');
    await isWhole();
    expect(await phone.push(sound)).toMatchObject([{ status: 'stored' }]);
    expect(await phone.record(sound.id)).toMatchObject({ review: 'pending', digest: sound.digest });
    expect(await desk.approve(sound.id)).toHaveProperty('done');
    expect(await telephone()).toBe('13911111111');
    await isWhole();
  });

  test('a choice of a damaged one is not taken back once the right one came', async () => {
    await push(another, { ...damaged, digest: sound.digest });
    expect(await choose(damaged)).toHaveProperty('done');
    await push(sound);
    expect(await phone.record(sound.id)).toMatchObject({ review: 'pending', digest: sound.digest });
    expect(await desk.undo(sound.id)).toEqual({ refused: 'not-open', review: 'pending' });
    expect(await desk.approve(sound.id)).toHaveProperty('done');
    expect(await telephone()).toBe('13911111111');
    await isWhole();
  });
});

test('[REC-6] what is older than the newest can be kept and not chosen', async () => {
  await push(sound, another, await phone.verifies(door, { id: sound.id, revision: 2, body: telling('13955555555') }));
  const { can } = await caseOf(another);
  expect(can).toMatchObject({ keep: true, choose: false });
  expect(await choose(another)).toEqual({ refused: 'unknown' });
  expect(await phone.record(sound.id)).toMatchObject({ review: 'pending', revision: 2 });
  expect(await desk.approve(sound.id)).toHaveProperty('done');
  expect(await telephone()).toBe('13955555555');
  await isWhole();
});

test('[REC-6] the older does not lead where both came damaged, in whichever order they came', async () => {
  const second = await phone.verifies(door, { id: sound.id, revision: 2, body: telling('13955555555') });
  const newer = { ...second, body: telling('13966666666') };
  await push(newer, damaged);
  expect(await phone.record(sound.id)).toMatchObject({ review: 'quarantined', revision: 2, digest: second.digest });
  const other = await phone.verifies(door, { body: telling('13977777777') });
  const early = { ...other, body: telling('13988888888') };
  await push(early, { ...early, revision: 2 });
  expect(await phone.record(other.id)).toMatchObject({ review: 'quarantined', revision: 2 });
  await isWhole();
});

test('[TWO-3] what a choice put away is not brought back as if it had been kept by itself', async () => {
  await push(sound, another);
  const chosen = await choose(another);
  if (!('done' in chosen)) throw new Error('not chosen');
  const rows = await here.office.database.read((db) => revisionRows(db, here.communityId, sound.id));
  const row = rows.find(({ digest }) => digest === sound.digest);
  if (!row) throw new Error('not there');
  const undo = { submissionId: sound.id, part: partKey(row), previous: chosen.done, kind: 'undo' } as const;
  expect(await decideAside(here.office, here.accounts.coordinator, undo)).toEqual({
    refused: 'not-open',
    review: 'voided',
  });
  await isWhole();
  // The choice itself is what can be taken back.
  expect(await desk.undo(sound.id)).toHaveProperty('done');
  expect(await phone.record(sound.id)).toMatchObject({ review: 'pending', digest: sound.digest });
  await isWhole();
});
