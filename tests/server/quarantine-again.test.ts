/** What waits in quarantine is checked again when its cause is gone (QUA-6). */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { codeLists } from '../../src/lib/domain/codes/codes';
import { assignGrids } from '../../src/lib/server/accounts/accounts';
import { open } from '../../src/lib/server/codec';
import * as judging from '../../src/lib/server/intake/judge';
import type { Office } from '../../src/lib/server/office';
import { askRecheckOfAccount } from '../../src/lib/server/quarantine/ask-recheck';
import { partKey, revisionRows } from '../../src/lib/server/quarantine/part';
import { askDailyRecheck, recheckWork } from '../../src/lib/server/quarantine/recheck';
import { correctValue } from '../../src/lib/server/register/correct';
import { runAfterwork } from '../../src/lib/server/review/rules';
import { DeskForTests } from './desk-for-tests';
import { at, openTestOffice, type TestOffice } from './office-for-tests';
import { type PhoneForTests, type Pushed, verifiedBody } from './phone-for-tests';

let here: TestOffice;
let phone: PhoneForTests;
let desk: DeskForTests;

beforeEach(async () => {
  here = await openTestOffice();
  phone = here.phone(here.accounts.worker);
  desk = new DeskForTests(here);
});
afterEach(() => here.close());

const newDoor = (): Record<string, unknown> => ({
  outcome: 'vacant',
  dwelling: {
    gridId: here.grids[0],
    compound: '东街',
    building: '1',
    unit: '1',
    floor: 9,
    room: '901',
    use: 'vacant',
  },
});

/** A door that the register lacks, as another worker of the grid finds it: what the first says of it is about nothing that the office knows. */
async function knockAtUnknown(): Promise<{ knock: Pushed; proposal: Pushed }> {
  const dwellingId = here.office.world.uuid();
  const target = { type: 'dwelling', id: dwellingId };
  const knock = await phone.revision({ target, body: { outcome: 'no-one-home' } });
  const proposal = await phone.revision({ target, body: newDoor() });
  return { knock, proposal };
}

const receiptOf = async (pushed: Pushed) => (await phone.push(pushed))[0];

test('[QUA-6] what waited for a grid alone is pending by itself once its worker has it', async () => {
  const visit = await phone.verifies(at(here.foreignDoors, 0));
  const first = await receiptOf(visit);
  expect(first).toMatchObject({ status: 'quarantined', problems: [{ code: 'target' }] });

  await assignGrids(here.office, here.communityId, here.accounts.worker.id, here.grids);
  expect(await phone.record(visit.id)).toMatchObject({ review: 'quarantined' });
  await runAfterwork(here.office);

  const told = await phone.record(visit.id);
  expect(told).toMatchObject({ review: 'pending', outcome: 'verified', decidedAt: null });
  expect(told).not.toHaveProperty('problems');
  expect(told).not.toHaveProperty('before');
  expect((await desk.open(visit.id)).row).toMatchObject({ door: { id: at(here.foreignDoors, 0).id }, byRule: false });
  expect(await desk.approve(visit.id)).toHaveProperty('done');
  // A receipt once given stays (REC-2).
  expect(await receiptOf(visit)).toEqual(first);
});

test('[QUA-6] what was about a door that the register lacked is pending once the door was approved', async () => {
  const { knock, proposal } = await knockAtUnknown();
  expect(await receiptOf(knock)).toMatchObject({ status: 'quarantined', problems: [{ code: 'target' }] });
  const colleague = here.phone({ ...here.accounts.otherWorker });
  await assignGrids(here.office, here.communityId, colleague.account.id, here.grids);
  await colleague.push(proposal);
  await runAfterwork(here.office);
  expect(await phone.record(knock.id)).toMatchObject({ review: 'quarantined' });

  expect(await desk.approve(proposal.id)).toHaveProperty('done');
  await runAfterwork(here.office);
  expect(await phone.record(knock.id)).toMatchObject({ review: 'pending' });
});

test('[QUA-6] what came before the proposal of its own account is pending once that is stored', async () => {
  const { knock, proposal } = await knockAtUnknown();
  await phone.push(knock);
  expect(await receiptOf(proposal)).toMatchObject({ status: 'stored' });
  await runAfterwork(here.office);
  expect((await phone.record(knock.id))?.['review']).not.toBe('quarantined');
});

test('[QUA-6] [FEED-10] a crash before the check leaves it to be done by the next start', async () => {
  const visit = await phone.verifies(at(here.foreignDoors, 0));
  await phone.push(visit);
  await assignGrids(here.office, here.communityId, here.accounts.worker.id, here.grids);
  await here.reopen();
  expect(await phone.record(visit.id)).toMatchObject({ review: 'quarantined' });
  await runAfterwork(here.office);
  expect(await phone.record(visit.id)).toMatchObject({ review: 'pending' });
});

test('[QUA-6] the daily look finds what nothing announced, and mends what was our own fault', async () => {
  const visit = await phone.verifies(at(here.doors, 0));
  vi.spyOn(judging, 'judge').mockRejectedValueOnce(new TypeError('a mistake of ours'));
  expect(await receiptOf(visit)).toMatchObject({ problems: [{ code: 'internal' }] });
  vi.restoreAllMocks();
  await askDailyRecheck(here.office);
  await runAfterwork(here.office);
  expect(await phone.record(visit.id)).toMatchObject({ review: 'pending' });
});

test('[QUA-2] [QUA-6] a code that only a newer app knows is kept whole, and pending by itself once the office knows it', async () => {
  const door = at(here.doors, 0);
  const newer = await phone.verifies(door, { body: verifiedBody(door, { dwelling: { use: 'of-a-newer-app' } }) });
  const [receipt, other] = await phone.push(newer, await phone.verifies(at(here.doors, 1)));
  expect(receipt).toMatchObject({ digest: newer.digest, status: 'quarantined' });
  expect(receipt?.problems).toMatchObject([{ path: ['dwelling', 'use'], code: 'code' }]);
  expect(other).toMatchObject({ status: 'stored' });
  const kept = await here.office.database.read((db) =>
    db.selectFrom('revision').select('text').where('submission_id', '=', newer.id).executeTakeFirstOrThrow(),
  );
  expect(JSON.parse(open(kept.text))).toEqual(newer);
  const look = async () => {
    await askDailyRecheck(here.office);
    await runAfterwork(here.office);
    return phone.record(newer.id);
  };
  expect(await look()).toMatchObject({ review: 'quarantined', problems: receipt?.problems });

  const uses: string[] = codeLists['dwelling-use'].codes as never; // as an update of the office brings them
  uses.push('of-a-newer-app');
  try {
    expect(await look()).toMatchObject({ review: 'pending', digest: newer.digest });
  } finally {
    uses.pop();
  }
});

test('[QUA-6] a fault that goes while another stays says the other, and goes on waiting', async () => {
  const door = at(here.foreignDoors, 0);
  const visit = await phone.verifies(door, { body: verifiedBody(door, { noticeGiven: false }) });
  const first = await receiptOf(visit);
  expect(first?.problems).toMatchObject([{ code: 'target' }]);
  await assignGrids(here.office, here.communityId, here.accounts.worker.id, here.grids);
  await runAfterwork(here.office);
  expect(await phone.record(visit.id)).toMatchObject({
    review: 'quarantined',
    problems: [{ code: 'notice_not_given', message: expect.stringMatching(/\p{Script=Han}/u) }],
  });
  expect(await receiptOf(visit)).toEqual(first);
});

test('[QUA-6] what is wrong in itself, or waits for a choice, is never released by a check', async () => {
  const door = at(here.doors, 0);
  const wrong = await phone.verifies(door, { body: verifiedBody(door, { noticeGiven: false }) });
  const damaged = { ...(await phone.verifies(at(here.doors, 1))), digest: 'damaged' };
  await phone.push(wrong, damaged);
  await askDailyRecheck(here.office);
  await runAfterwork(here.office);
  expect(await phone.record(wrong.id)).toMatchObject({
    review: 'quarantined',
    problems: [{ code: 'notice_not_given' }],
  });
  expect(await phone.record(damaged.id)).toMatchObject({ review: 'quarantined', problems: [{ code: 'digest' }] });
});

test('[QUA-6] nor does what became of the door since mend an answer: who was not told of there is looked into by a person', async () => {
  const door = at(here.doors, 0);
  const [household] = door.households;
  const [head, spouse] = household?.residents ?? [];
  const households = [{ id: household?.id, residents: [{ id: head?.id, change: 'unchanged' }] }];
  const short = await phone.verifies(door, { basis: {}, body: verifiedBody(door, { households }) });
  const receipt = await receiptOf(short);
  const { office, accounts } = here;
  const gone = {
    entity: 'resident',
    id: spouse?.id ?? '',
    field: 'presence',
    value: 'moved-away',
    reason: '来电',
  } as const;
  expect(await correctValue(office, accounts.coordinator, gone)).toEqual({ done: true });
  await askDailyRecheck(office);
  await runAfterwork(office);
  expect(await phone.record(short.id)).toMatchObject({ review: 'quarantined', problems: receipt?.problems });
});

test('[QUA-6] a damaged one that was chosen waits for a person, though what it is about came into being', async () => {
  const { knock, proposal } = await knockAtUnknown();
  const other = await phone.verifies(at(here.doors, 1), { id: knock.id });
  await phone.push({ ...other, digest: 'damaged' }, { ...knock, digest: 'damaged, too' });
  const rows = await here.office.database.read((db) => revisionRows(db, here.communityId, knock.id));
  const row = rows.find(({ pushed_digest }) => pushed_digest === 'damaged, too');
  if (!row) throw new Error('not there');
  const chosen = await desk.take({ ...(await desk.seen(knock.id)), kind: 'accept', choose: partKey(row) });
  expect(chosen).toHaveProperty('done');
  expect(await phone.record(knock.id)).toMatchObject({ review: 'quarantined', problems: [{ code: 'target' }] });

  await phone.push(proposal);
  await askDailyRecheck(here.office);
  await runAfterwork(here.office);
  expect(await phone.record(knock.id)).toMatchObject({ review: 'quarantined' });
  expect(await desk.take({ ...(await desk.seen(knock.id)), kind: 'accept' })).toHaveProperty('done');
  expect((await phone.record(knock.id))?.['review']).not.toBe('quarantined');
});

test('[QUA-6] asked for while it is under way, a check is done once more', async () => {
  const { office, communityId, accounts, grids } = here;
  const visit = await phone.verifies(at(here.foreignDoors, 0));
  await phone.push(visit);
  const asked = new Date(office.world.now()).toISOString();
  await office.database.write((tx) => askRecheckOfAccount(tx, communityId, accounts.worker.id, asked));
  const [work] = await office.database.read((db) => db.selectFrom('afterwork').selectAll().execute());
  if (!work) throw new Error('nothing was asked');

  let looked = false;
  const meanwhile: Office = {
    ...office,
    database: {
      ...office.database,
      async write(run) {
        const done = await office.database.write(run);
        if (looked) return done;
        looked = true;
        // The record was looked at, and is still wrong; only now its worker gets the grid.
        here.forward(1000);
        await assignGrids(office, communityId, accounts.worker.id, grids);
        return done;
      },
    },
  };
  await recheckWork(meanwhile, work);
  expect(await phone.record(visit.id)).toMatchObject({ review: 'quarantined' });
  await runAfterwork(office);
  expect(await phone.record(visit.id)).toMatchObject({ review: 'pending' });
});
