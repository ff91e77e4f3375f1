import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkOffice } from '../../src/lib/server/check/check-office';
import { open, seal } from '../../src/lib/server/codec';
import { decide } from '../../src/lib/server/review/decide';
import { storedHead } from '../../src/lib/server/review/revision';
import { runAfterwork } from '../../src/lib/server/review/rules';
import { startRound } from '../../src/lib/server/rounds/rounds';
import { afterworkDone } from '../../src/lib/server/sync/afterwork';
import { DeskForTests } from './desk-for-tests';
import { at, identityNumber, openTestOffice, type TestOffice } from './office-for-tests';
import { type PhoneForTests, type Pushed, verifiedBody } from './phone-for-tests';

let here: TestOffice;
let phone: PhoneForTests;

beforeEach(async () => {
  here = await openTestOffice();
  phone = here.phone(here.accounts.worker);
});
afterEach(() => here.close());

const submissionOf = (id: string) =>
  here.office.database.read((db) =>
    db.selectFrom('submission').selectAll().where('id', '=', id).executeTakeFirstOrThrow(),
  );
const sendBack = (pushed: Pushed, previous: string | null = null) =>
  decide(here.office, here.accounts.coordinator, {
    submissionId: pushed.id,
    revision: pushed.revision,
    digest: pushed.digest,
    previous,
    kind: 'return',
    comments: [{ path: ['note'], text: '请补充电话' }],
  });

test('[TWO-1] two submissions on one version of a door are both kept', async () => {
  const door = at(here.doors, 0);
  await phone.pull();
  const basis = { [door.id]: Number(phone.items.size) };
  const both = [await phone.verifies(door, { basis }), await phone.verifies(door, { basis })];
  expect((await phone.push(...both)).map(({ status }) => status)).toEqual(['stored', 'stored']);
  for (const { id } of both) expect(await phone.record(id)).toMatchObject({ review: 'pending' });
});

test('[TWO-4] a revision after a decision is pending again and says what was decided before', async () => {
  const first = await phone.verifies(at(here.doors, 0));
  await phone.push(first);
  const answer = await sendBack(first);
  expect(answer).toHaveProperty('done');
  expect(await phone.record(first.id)).toMatchObject({
    review: 'returned',
    record: { id: first.id },
    comments: [{ text: '请补充电话' }],
  });
  const second = await phone.verifies(at(here.doors, 0), { id: first.id, revision: 2 });
  await phone.push(second);
  const item = await phone.record(first.id);
  expect(item).toMatchObject({
    review: 'pending',
    revision: 2,
    digest: second.digest,
    by: 'coordinator',
    comments: [{ path: ['note'], text: '请补充电话' }],
    before: { revision: 1, digest: first.digest, review: 'returned' },
  });
  expect(item?.['decidedAt']).toEqual(expect.any(String));
  expect(item).not.toHaveProperty('record');
  expect((await submissionOf(first.id)).decision_id).toBe('done' in answer ? answer.done : '');
});

test.each([
  ['in order', {}],
  ['in quarantine', { target: { type: 'dwelling', id: '00000000-0000-7000-8000-000000000001' } }],
])('[FEED-10] [TWO-4] a door is told open again after a revision, %s, on what was approved', async (_, damage) => {
  const door = at(here.doors, 0);
  const round = { name: '核实', kind: 'full', closesOn: '2099-12-31', gridIds: [here.grids[0]] };
  await startRound(here.office, here.accounts.coordinator, round);
  const first = await phone.verifies(door);
  await phone.push(first);
  await new DeskForTests(here, here.accounts.coordinator).approve(first.id);
  const told = async () => {
    await afterworkDone(here.office);
    await phone.pull();
    return phone.item(`grid/${here.grids[0]}`, 'dwelling', door.id)?.['state'];
  };
  expect(await told()).toMatchObject({ outcome: 'verified' });
  await phone.push(await phone.verifies(door, { id: first.id, revision: 2, ...damage }));
  expect(await told()).toMatchObject({ outcome: 'not-visited' });
  expect((await checkOffice(here.office)).findings).toEqual([]);
});

test('[TWO-4] a quarantined revision after a decision is told so, with what was decided before', async () => {
  const first = await phone.verifies(at(here.doors, 0));
  await phone.push(first);
  await sendBack(first);
  const second = await phone.verifies(at(here.doors, 0), { id: first.id, revision: 2, body: { outcome: 'nonsense' } });
  await phone.push(second);
  expect(await phone.record(first.id)).toMatchObject({
    review: 'quarantined',
    revision: 2,
    before: { review: 'returned' },
  });
});

test("[TIME-1] no order depends on a device's clock", async () => {
  const ahead = await phone.verifies(at(here.doors, 0), { recordedAt: '2099-01-01T08:00:00+08:00' });
  const behind = await phone.verifies(at(here.doors, 0), {
    id: ahead.id,
    revision: 2,
    recordedAt: '1999-01-01T08:00:00+08:00',
  });
  await phone.push(behind, ahead);
  expect(await phone.record(ahead.id)).toMatchObject({ revision: 2 });
});

test('[TIME-2] the office stores when it was recorded, when it came, and how far the clocks were apart', async () => {
  const pushed = await phone.verifies(at(here.doors, 0), { recordedAt: '2026-11-23T09:00:00+08:00' });
  const device = { id: phone.deviceId, app: 'test', clock: here.office.world.now() + 3_600_000 };
  const before = new Date(here.office.world.now()).toISOString();
  await phone.ask({ push: [pushed], device });
  const row = await here.office.database.read((db) => db.selectFrom('revision').selectAll().executeTakeFirstOrThrow());
  expect(row).toMatchObject({ recorded_at: '2026-11-23T01:00:00.000Z', device_id: phone.deviceId });
  expect(row.received_at >= before).toBe(true);
  expect(Math.abs(row.clock_offset - 3_600_000)).toBeLessThan(5000);
});

test('[TIME-2] a device whose clock makes no sense is taken all the same', async () => {
  const pushed = await phone.verifies(at(here.doors, 0), { recordedAt: '9999-12-31T23:59:59Z' });
  const answer = await phone.ask({ push: [pushed], device: { id: phone.deviceId, app: 'test', clock: -1e300 } });
  expect(answer.receipts).toMatchObject([{ status: 'stored' }]);
});

test('[DEV-17] a masked number sent back unchanged means the number of the revision it corrects', async () => {
  const door = at(here.doors, 0);
  const household = at(door.households, 0);
  const number = identityNumber('1958-04-13', 91);
  const people = (head: object) => [
    {
      id: household.id,
      residents: [
        { id: at(household.residents, 0).id, change: 'corrected', ...head },
        { id: at(household.residents, 1).id, change: 'unchanged' },
      ],
    },
  ];
  const first = await phone.verifies(door, { body: verifiedBody(door, { households: people({ idNumber: number }) }) });
  expect(await phone.push(first)).toMatchObject([{ status: 'stored' }]);
  await sendBack(first);
  const record = await phone.record(first.id);
  expect(JSON.stringify(record)).not.toContain(number);
  const idNumberMasked = `${'*'.repeat(14)}${number.slice(-4)}`;
  const body = verifiedBody(door, { households: people({ idNumberMasked, phone: '13900001234' }) });
  const second = await phone.verifies(door, { id: first.id, revision: 2, body });
  expect(await phone.push(second)).toMatchObject([{ status: 'stored' }]);
  const whole = await here.office.database.read((db) =>
    storedHead(db, here.communityId, { id: first.id, revision: 2, digest: second.digest }),
  );
  expect(whole?.body).toHaveProperty('households.0.residents.0.idNumber', number);
  expect((await submissionOf(first.id)).changes).toBe(2);
  const row = await here.office.database.read((db) =>
    db.selectFrom('revision').select('text').where('revision', '=', 2).executeTakeFirstOrThrow(),
  );
  expect(JSON.parse(open(row.text))).toEqual(second);
  expect(row.text).not.toContain(number);
});

test('a submission says how many values differ from the register: none is all as registered', async () => {
  const door = at(here.doors, 0);
  const same = await phone.verifies(door);
  const household = at(door.households, 0);
  const households = [
    {
      id: household.id,
      residents: [
        { id: at(household.residents, 0).id, change: 'corrected', phone: '13900001234' },
        { id: at(household.residents, 1).id, change: 'moved-away' },
      ],
    },
  ];
  const other = await phone.verifies(door, { body: verifiedBody(door, { households, dwelling: { use: 'rented' } }) });
  await phone.push(same, other);
  expect((await submissionOf(same.id)).changes).toBe(0);
  expect((await submissionOf(other.id)).changes).toBe(3);
});

test('a body is checked against the door that the worker saw, not against one that changed since', async () => {
  const door = at(here.doors, 0);
  await phone.pull();
  const version = await here.office.database.read((db) =>
    db.selectFrom('feed_item').select('version').where('item_id', '=', door.id).executeTakeFirstOrThrow(),
  );
  const household = at(door.households, 0);
  const leaves = await phone.verifies(door, {
    body: verifiedBody(door, {
      households: [
        {
          id: household.id,
          residents: [
            { id: at(household.residents, 0).id, change: 'unchanged' },
            { id: at(household.residents, 1).id, change: 'moved-away' },
          ],
        },
      ],
    }),
  });
  await phone.push(leaves);
  const decision = {
    submissionId: leaves.id,
    revision: 1,
    digest: leaves.digest,
    previous: null,
    kind: 'approve',
  } as const;
  expect(await decide(here.office, here.accounts.coordinator, decision)).toHaveProperty('done');
  const [receipt] = await phone.push(await phone.verifies(door, { basis: { [door.id]: version.version } }));
  expect(receipt?.status).toBe('stored');
});

test('an attempt with something about the door beside it waits for a person', async () => {
  const plain = await phone.knocksInVain(at(here.doors, 0));
  const more = await phone.knocksInVain(at(here.doors, 1), {
    body: { outcome: 'no-one-home', dwelling: { use: 'vacant' } },
  });
  await phone.push(plain, more);
  expect(await submissionOf(plain.id)).toMatchObject({ by_rule: 1 });
  expect(await submissionOf(more.id)).toMatchObject({ by_rule: 0, review: 'pending', changes: 1 });
});

test('[FEED-10] a piece of afterwork that fails holds up no other, and is done when what it failed on is mended', async () => {
  const [broken, sound] = [await phone.knocksInVain(at(here.doors, 0)), await phone.knocksInVain(at(here.doors, 1))];
  const { office } = here;
  // No decision can be taken on a record whose text cannot be read.
  const write = (text: string) =>
    office.database.write((tx) =>
      tx
        .updateTable('revision')
        .set({ text: seal(text) })
        .where('submission_id', '=', broken.id)
        .execute(),
    );
  const reviews = async () => {
    const rows = await office.database.read((db) =>
      db.selectFrom('submission').select(['id', 'review']).where('id', 'in', [broken.id, sound.id]).execute(),
    );
    return [broken.id, sound.id].map((id) => rows.find((row) => row.id === id)?.review);
  };
  const giveBack = await office.database.claim(`afterwork ${here.communityId}`);
  await phone.push(broken);
  const { text } = await office.database.read((db) =>
    db.selectFrom('revision').select('text').where('submission_id', '=', broken.id).executeTakeFirstOrThrow(),
  );
  await write('{');
  await phone.push(sound);
  await giveBack?.();
  await runAfterwork(office);
  expect(await reviews()).toEqual(['pending', 'approved']);
  await write(open(text));
  await runAfterwork(office);
  expect(await reviews()).toEqual(['approved', 'approved']);
});
