import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createAccount, endAccount, resetPassword } from '../../src/lib/server/accounts/accounts';
import { allowDevice, devicesByAccount, revokeDevice } from '../../src/lib/server/accounts/devices';
import { readSession } from '../../src/lib/server/accounts/session';
import { signIn } from '../../src/lib/server/accounts/sign-in';
import type { Asker } from '../../src/lib/server/office';
import { askDailyRecheck } from '../../src/lib/server/quarantine/recheck';
import { runAfterwork } from '../../src/lib/server/review/rules';
import { afterworkDone } from '../../src/lib/server/sync/afterwork';
import { noNetwork, openFieldPhone, verifying } from './field-phone-for-tests';
import { at, openTestOffice, type TestOffice } from './office-for-tests';
import type { PhoneForTests, Pushed } from './phone-for-tests';

let here: TestOffice;
let phone: PhoneForTests;

beforeEach(async () => {
  here = await openTestOffice();
  phone = here.phone(here.accounts.worker);
});
afterEach(() => here.close());

const minute = 60_000;
const day = 24 * 60 * minute;
const devicesOf = async (accountId: string) => {
  await afterworkDone(here.office);
  return here.office.database.read(async (db) => (await devicesByAccount(db, here.communityId)).get(accountId) ?? []);
};
const revoke = async (which: PhoneForTests = phone) => {
  await afterworkDone(here.office);
  return revokeDevice(here.office, here.communityId, which.account.id, which.deviceId, here.accounts.coordinator);
};
const end = () => endAccount(here.office, here.communityId, phone.account.id, here.accounts.administrator);
const storedIds = () =>
  here.office.database.read(async (db) =>
    (await db.selectFrom('revision').select('submission_id').execute()).map((row) => row.submission_id),
  );
const gone = (error: string) => ({ status: 403, protocol: 1, error, revoked: true, epoch: expect.any(String) });

describe.each([
  ['an account that was ended', end, 'account ended', 'account-ended'],
  ['a phone that was revoked', revoke, 'device revoked', 'device-revoked'],
] as const)('%s', (_, close, error, mark) => {
  let before: Pushed;
  let after: Pushed;

  beforeEach(async () => {
    await phone.pull();
    before = await phone.verifies(at(here.doors, 0));
    here.forward(minute);
    await close();
    here.forward(minute);
    after = await phone.verifies(at(here.doors, 1));
  });

  test('[SCO-5] hands over what it holds: receipts, no feeds, and every feed in left', async () => {
    const feeds = Object.keys(phone.have);
    expect(feeds).toHaveLength(3);
    const answer = await phone.ask({ push: [before, after], limit: 5000 });
    expect(answer.receipts.map(({ status, problems }) => [status, problems?.map(({ code }) => code)])).toEqual([
      ['stored', undefined],
      ['quarantined', ['target']],
    ]);
    expect(answer.feeds).toEqual([]);
    expect(answer.left).toEqual(feeds);
    const rows = await here.office.database.read((db) =>
      db.selectFrom('revision').select('mark').where('submission_id', '=', before.id).execute(),
    );
    expect(rows).toEqual([{ mark }]);
  });

  test('[SCO-5] is told so at the very next request without a push, a first one too', async () => {
    expect(await phone.refused()).toEqual(gone(error));
    expect(await phone.refused({ have: {}, epoch: null })).toEqual(gone(error));
    const offer = [{ id: before.id, revision: 1, digest: 'of nothing that is here' }];
    expect(await phone.ask({ offer })).toMatchObject({ wanted: [{ id: before.id, revision: 1 }], feeds: [] });
  });

  test('[SCO-5] hands over for 90 days; then nothing is stored any more', async () => {
    here.forward(90 * day - 2 * minute);
    expect(await phone.push(before)).toMatchObject([{ status: 'stored' }]);
    here.forward(minute);
    expect(await phone.refused({ push: [after] })).toEqual(gone(error));
    expect(await phone.refused({ push: [before] })).toEqual(gone(error));
    expect(await storedIds()).toEqual([before.id]);
  });

  test('[SCO-5] gets the first receipt again for what is pushed again', async () => {
    const receipts = await phone.push(before, after);
    expect(await phone.push(before, after)).toEqual(receipts);
  });
});

describe('a revoked phone', () => {
  test('[SCO-5] is shut out alone: another phone of the account goes on', async () => {
    const other = here.phone(here.accounts.worker);
    await phone.pull();
    await other.pull();
    await revoke();
    expect(await phone.refused()).toEqual(gone('device revoked'));
    expect((await other.ask()).feeds).toHaveLength(3);
    expect(await other.push(await other.verifies(at(here.doors, 0)))).toMatchObject([{ status: 'stored' }]);
  });

  test('[SCO-5] is known by its session too, whatever it calls itself', async () => {
    const thief = here.phone({ ...here.accounts.worker, session: 'session-1' });
    await thief.pull();
    await revoke(thief);
    const disguised = here.phone({ ...here.accounts.worker, session: 'session-1' });
    expect(await disguised.refused()).toEqual(gone('device revoked'));
    const elsewhere = here.phone({ ...here.accounts.worker, session: 'session-2' });
    expect((await elsewhere.ask()).feeds).toHaveLength(3);
    const signedInAgain = here.phone({ ...here.accounts.worker, session: 'session-3' });
    expect(await signedInAgain.refused({ device: { ...device(signedInAgain), id: thief.deviceId } })).toEqual(
      gone('device revoked'),
    );
  });

  test('[SCO-5] that calls itself another phone shuts that one not out, and what it records waits for its scope', async () => {
    const thief = here.phone({ ...here.accounts.worker, session: 'session-1' });
    const other = here.phone({ ...here.accounts.worker, session: 'session-2' });
    await thief.pull();
    await other.pull();
    await revoke(thief);
    here.forward(minute);
    const record = await thief.verifies(at(here.doors, 0));
    const [receipt] = (await thief.ask({ device: { ...device(other), clock: 0 }, push: [record] })).receipts;
    expect(receipt).toMatchObject({ status: 'quarantined', problems: [{ code: 'target' }] });
    const fresh = here.phone({ ...here.accounts.worker, session: 'session-1' });
    const next = await fresh.verifies(at(here.doors, 1));
    expect(await fresh.push(next)).toMatchObject([{ status: 'quarantined' }]);
    await afterworkDone(here.office);
    expect((await other.ask()).feeds).toHaveLength(3);
    await askDailyRecheck(here.office);
    await runAfterwork(here.office);
    expect(await other.record(record.id)).toMatchObject({ review: 'quarantined' });
    expect(await other.record(next.id)).toMatchObject({ review: 'quarantined' });
    await allowDevice(here.office, here.communityId, thief.account.id, thief.deviceId);
    expect((await thief.ask()).feeds).toHaveLength(3);
    await runAfterwork(here.office);
    expect(await other.record(record.id)).toMatchObject({ review: 'pending' });
  });

  test('[SCO-5] that is allowed again reads on', async () => {
    await phone.pull();
    await revoke();
    await revoke();
    await allowDevice(here.office, here.communityId, phone.account.id, phone.deviceId, here.accounts.coordinator);
    expect((await phone.ask()).feeds).toHaveLength(3);
    const lines = await here.office.database.read((db) =>
      db.selectFrom('audit').select(['action', 'subject_id', 'account_id']).orderBy('id').execute(),
    );
    const by = { subject_id: phone.deviceId, account_id: here.accounts.coordinator.id };
    expect(lines).toEqual([
      { action: 'device-revoke', ...by },
      { action: 'device-allow', ...by },
    ]);
  });

  test('is revoked by who may manage its account, or by its own person', async () => {
    const theirs = here.phone(here.accounts.administrator);
    const mine = here.phone(here.accounts.coordinator);
    for (const one of [phone, theirs, mine]) await one.ask();
    await expect(revoke(theirs)).rejects.toMatchObject({ code: 'not-allowed' });
    await revoke(mine);
    expect(await mine.refused()).toEqual(gone('device revoked'));
    const unknown = revokeDevice(here.office, here.communityId, phone.account.id, theirs.deviceId);
    await expect(unknown).rejects.toMatchObject({ code: 'device-unknown' });
    const worker = revokeDevice(here.office, here.communityId, phone.account.id, phone.deviceId, {
      ...here.accounts.otherWorker,
    });
    await expect(worker).rejects.toMatchObject({ code: 'not-allowed' });
  });

  test('[SCO-5] opens nothing with its session but the sync', async () => {
    const { account, headers } = await signedIn();
    const { communityId, id, session } = (await askerOf(headers)) ?? account;
    const one = await openFieldPhone(here, account, () => askerOf(headers));
    await afterworkDone(here.office);
    await revokeDevice(here.office, here.communityId, account.id, one.deviceId);
    expect(await readSession(here.office, headers)).toMatchObject({
      state: 'closed',
      account: { communityId, id, session },
    });
    await allowDevice(here.office, here.communityId, account.id, one.deviceId);
    expect(await readSession(here.office, headers)).toMatchObject({ state: 'active' });
    await one.close();
  });
});

describe('the phone’s own code', () => {
  test('[SCO-5] hands over, loses the register at once and keeps what is unsent; allowed again it has both', async () => {
    const field = await openFieldPhone(here, here.accounts.worker);
    field.link.network = noNetwork;
    await field.save(verifying(field, at(here.doors, 0)));
    await field.keepDraft(verifying(field, at(here.doors, 1)));
    await afterworkDone(here.office);
    await revokeDevice(here.office, here.communityId, field.accountId, field.deviceId);
    await field.syncNow();
    expect(field.syncState()).toMatchObject({ phase: 'offline', waiting: 1 });
    field.link.network = null;
    await field.syncNow();
    expect(await storedIds()).toHaveLength(1);
    expect(field.register.buildings()).toEqual([]);
    await field.syncNow();
    expect(field.syncState()).toMatchObject({ phase: 'revoked', waiting: 0 });
    expect(await field.drafts()).toHaveLength(1);
    await allowDevice(here.office, here.communityId, field.accountId, field.deviceId);
    await field.syncNow();
    expect(field.syncState().phase).toBe('idle');
    expect(field.register.buildings()).toHaveLength(1);
    expect(await field.drafts()).toHaveLength(1);
    await field.close();
  });

  test('[SCO-5] a new password ends every session: 401, and the phone keeps everything until the person signs in again', async () => {
    const { account, headers } = await signedIn();
    let cookie = headers;
    const field = await openFieldPhone(here, account, () => askerOf(cookie));
    const { password } = await resetPassword(here.office, here.communityId, account.id);
    await field.save(verifying(field, at(here.doors, 0)));
    await field.syncNow();
    expect(field.link.exchanges.at(-1)?.status).toBe(401);
    expect(field.syncState()).toMatchObject({ phase: 'signed-out', waiting: 1 });
    expect(field.register.buildings()).toHaveLength(1);
    expect(await storedIds()).toEqual([]);
    cookie = await enter(password ?? '');
    await field.syncNow();
    expect(field.syncState()).toMatchObject({ phase: 'idle', waiting: 0 });
    expect(await storedIds()).toHaveLength(1);
    await field.close();
  });
});

describe('the phones that the office knows', () => {
  test('are noted with app, clock and when they were heard', async () => {
    const first = here.office.world.now();
    const ask = (app: string, ahead: number) =>
      phone.ask({ device: { id: phone.deviceId, app, clock: here.office.world.now() + ahead } });
    await ask('1.0', 5 * minute);
    here.forward(day);
    await ask('1.1', -minute);
    const [device, ...others] = await devicesOf(phone.account.id);
    expect(others).toEqual([]);
    expect(device).toMatchObject({ id: phone.deviceId, app: '1.1', revokedAt: null });
    expect(Math.abs((device?.clockOffset ?? 0) + minute)).toBeLessThan(5000);
    expect(Date.parse(device?.firstHeardAt ?? '') - first).toBeLessThan(5000);
    expect(Date.parse(device?.lastHeardAt ?? '') - first).toBeGreaterThanOrEqual(day);
  });

  test('[FEED-6] an idle sync writes nothing', async () => {
    await phone.pull();
    const [heard] = await devicesOf(phone.account.id);
    here.forward(9 * minute);
    await phone.pull();
    expect(await devicesOf(phone.account.id)).toEqual([heard]);
    here.forward(2 * minute);
    await phone.pull();
    const [again] = await devicesOf(phone.account.id);
    expect(again?.lastHeardAt).not.toBe(heard?.lastHeardAt);
  });

  test('are twenty an account at most: those heard longest ago go, revoked ones stay', async () => {
    const phones = Array.from({ length: 25 }, () => here.phone(here.accounts.worker));
    const first = at(phones, 0);
    await first.ask();
    await revoke(first);
    for (const one of phones.slice(1)) {
      here.forward(1000);
      await one.ask();
      await afterworkDone(here.office);
    }
    const ids = (await devicesOf(phone.account.id)).map(({ id }) => id);
    expect(ids.sort()).toEqual([first, ...phones.slice(5)].map(({ deviceId }) => deviceId).sort());
    expect(await first.refused()).toEqual(gone('device revoked'));
  });
});

const device = (of: PhoneForTests) => ({ id: of.deviceId, app: 'test', clock: here.office.world.now() });

/** A grid worker who signed in as people do. */
async function signedIn(): Promise<{ account: Asker; headers: Headers }> {
  const password = 'knock-knock-2026';
  const { id } = await createAccount(here.office, here.communityId, {
    username: 'new-worker',
    password,
    name: '李敏',
    role: 'grid-worker',
    grids: [here.grids[0]],
  });
  return { account: { communityId: here.communityId, id }, headers: await enter(password) };
}

async function enter(password: string): Promise<Headers> {
  const answer = await signIn(here.office, { username: 'new-worker', password });
  if (!answer.signedIn) throw new Error('wrong password');
  return new Headers({ cookie: answer.cookies.map((cookie) => cookie.split(';')[0]).join('; ') });
}

/** As the office's hooks take it from the request. */
async function askerOf(headers: Headers): Promise<Asker | null> {
  const session = await readSession(here.office, headers);
  return session.state === 'none' ? null : session.account;
}
