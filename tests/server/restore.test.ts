import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { endAccount } from '../../src/lib/server/accounts/accounts';
import { createCommunity } from '../../src/lib/server/accounts/communities';
import { revokeDevice } from '../../src/lib/server/accounts/devices';
import { newEpoch } from '../../src/lib/server/feeds/epoch';
import { republishDoors, republishGrid } from '../../src/lib/server/feeds/republish';
import { afterworkDone } from '../../src/lib/server/sync/afterwork';
import { backUp, putBack } from './backup-for-tests';
import { openFieldPhone, verifying } from './field-phone-for-tests';
import { at, openTestOffice, type TestOffice } from './office-for-tests';
import type { PhoneForTests } from './phone-for-tests';

let here: TestOffice;
let phone: PhoneForTests;

beforeEach(async () => {
  here = await openTestOffice();
  phone = here.phone(here.accounts.worker);
});
afterEach(() => here.close());

const epochOf = (id: string) =>
  here.office.database.read(async (db) => {
    const row = await db.selectFrom('community').select('epoch').where('community_id', '=', id).executeTakeFirst();
    return row?.epoch;
  });
const feeds = () =>
  here.office.database.read(async (db) => {
    const rows = await db.selectFrom('feed').select(['community_id', 'id', 'version']).orderBy('id').execute();
    return rows.map((row) => [`${row.community_id} ${row.id}`, row.version] as const);
  });
const revisions = () =>
  here.office.database.read((db) =>
    db.selectFrom('revision').select(['submission_id', 'revision', 'digest']).execute(),
  );

test('[RES-1] a restored office has another epoch, of chance, and other communities keep theirs', async () => {
  const other = await createCommunity(here.office, '西街社区');
  const before = await epochOf(here.communityId);
  const others = await epochOf(other.id);
  const epochs = new Set([before, others]);
  for (let restored = 0; restored < 3; restored += 1) {
    const made = await here.office.database.write((tx) => newEpoch(tx, here.communityId, here.office.world));
    expect(await epochOf(here.communityId)).toBe(made);
    epochs.add(made);
  }
  expect(epochs.size).toBe(5);
  expect(await epochOf(other.id)).toBe(others);
  expect((await phone.ask()).epoch).toBe(await epochOf(here.communityId));
});

test.each([
  [0, 1],
  [0.5, 513],
  [1 - 2 ** -53, 1024],
])(
  '[RES-4] a new epoch raises every feed of the community by a number of 2³² that chance says (%d: %d), and no other feed',
  async (chance, leaps) => {
    const other = await createCommunity(here.office, '西街社区');
    const before = await feeds();
    const world = { ...here.office.world, random: () => chance };
    await here.office.database.write((tx) => newEpoch(tx, here.communityId, world));
    expect(before.filter(([id]) => id.startsWith(here.communityId)).length).toBeGreaterThan(7);
    expect(await feeds()).toEqual(
      before.map(([id, version]) => [id, id.startsWith(other.id) ? version : version + leaps * 2 ** 32]),
    );
  },
);

test('[RES-4] what is told after a restore has no version that a phone has seen before', async () => {
  const feed = `grid/${here.grids[0]}`;
  const backup = await backUp(here.office);
  const tell = (use: string) =>
    here.office.database.write(async (tx) => {
      await tx.updateTable('grid').set({ name: use }).where('community_id', '=', here.communityId).execute();
      await republishGrid(tx, here.communityId, here.grids[0]);
    });
  for (const name of ['甲', '乙', '丙']) await tell(name);
  await phone.pull();
  const seen = phone.have[feed] ?? 0;
  await putBack(here.office, backup);
  await tell('丁');
  const { feeds: told } = await phone.ask({ epoch: (await phone.ask()).epoch, have: {} });
  const change = told.find(({ id }) => id === feed)?.changes.find(({ type }) => type === 'grid');
  expect(change).toMatchObject({ body: { name: '丁' } });
  expect(change?.version).toBeGreaterThan(seen);
});

test('[RES-2, RES-3] a phone gives back what the backup lacked, and its register is the backup’s', async () => {
  const kept = await phone.verifies(at(here.doors, 0));
  await phone.push(kept);
  const backup = await backUp(here.office);
  const later = await phone.verifies(at(here.doors, 1));
  const bad = await phone.verifies(at(here.doors, 2), { body: { outcome: 'nonsense' } });
  const [stored, quarantined] = await phone.push(later, bad);
  await here.office.database.write(async (tx) => {
    await tx.updateTable('dwelling').set({ retired_at: 'later' }).where('id', '=', at(here.doors, 3).id).execute();
    await republishDoors(tx, here.communityId, [at(here.doors, 3).id]);
  });
  await phone.pull();
  const grid = `grid/${here.grids[0]}`;
  expect(phone.item(grid, 'dwelling', at(here.doors, 3).id)).toBeUndefined();
  await putBack(here.office, backup);
  expect(await revisions()).toHaveLength(1);

  const before = phone.epoch;
  const answer = await phone.pull();
  expect(answer.epoch).not.toBe(before);
  expect(phone.item(grid, 'dwelling', at(here.doors, 3).id)).toBeDefined();
  expect(phone.item(`account/${phone.account.id}`, 'submission', later.id)).toBeUndefined();
  const offer = [kept, later, bad].map(({ id, revision, digest }) => ({ id, revision, digest }));
  const { wanted } = await phone.ask({ offer });
  expect(wanted).toEqual([later, bad].map(({ id, revision }) => ({ id, revision })));
  expect(await phone.push(later, bad)).toEqual([stored, quarantined]);
  expect(await revisions()).toHaveLength(3);
  expect((await phone.ask({ offer })).wanted).toEqual([]);
});

test('[RES-3] every feed of every account is told from 0 with reset, whatever the cursors say', async () => {
  const phones = Object.values(here.accounts).map((account) => here.phone(account));
  for (const one of phones) await one.pull();
  const backup = await backUp(here.office);
  await putBack(here.office, backup);
  for (const one of phones) {
    const { feeds: told } = await one.ask();
    expect(told.map(({ reset }) => reset)).toEqual(told.map(() => true));
    expect(told.flatMap(({ changes }) => changes).length).toBe(one.items.size);
  }
});

test('[RES-3] a cursor ahead of its feed in the same epoch resets that feed alone, and the log raises an alarm', async () => {
  await phone.pull();
  const lines: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((line) => {
    lines.push(String(line));
    return true;
  });
  const grid = `grid/${here.grids[0]}`;
  const quiet = await phone.ask();
  expect(lines).toEqual([]);
  const answer = await phone.ask({ have: { ...phone.have, [grid]: (phone.have[grid] ?? 0) + 1 } });
  vi.restoreAllMocks();
  expect(quiet.feeds.map(({ reset }) => reset)).toEqual([undefined, undefined, undefined]);
  expect(answer.feeds.map(({ reset }) => reset)).toEqual([undefined, true, undefined]);
  expect(answer.feeds[1]?.changes).toHaveLength(6);
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { event: 'alarm', reason: 'cursor ahead of feed', feed: 'grid' },
  ]);
});

test('[RES-2, RES-3] the phone’s own code gives back what it sent, once, and shows the register of the backup', async () => {
  const worker = here.accounts.worker;
  const field = await openFieldPhone(here, worker);
  await field.save(verifying(field, at(here.doors, 0)));
  await field.syncNow();
  const backup = await backUp(here.office);
  await field.save(verifying(field, at(here.doors, 1)));
  await field.syncNow();
  const sent = await revisions();
  expect(sent).toHaveLength(2);
  await putBack(here.office, backup);
  expect(await revisions()).toHaveLength(1);

  // Saved after the restore, before the phone knows of it.
  await field.save(verifying(field, at(here.doors, 2)));
  await field.syncNow();
  const now = await revisions();
  expect(now).toHaveLength(3);
  expect(now).toEqual(expect.arrayContaining(sent));
  expect(field.syncState()).toMatchObject({ phase: 'idle', waiting: 0, setAside: 0 });
  expect(field.register.records().map(({ state }) => state)).toEqual(Array.from({ length: 3 }, () => 'at-the-office'));
  const told = await phone.pull().then(() => phone.items);
  for (const [key, item] of told) {
    const [feed = '', type, id = ''] = key.split(' ');
    if (feed.startsWith('grid/') && type === 'dwelling') expect(field.register.door(id)?.registered).toEqual(item);
  }
  await field.close();
});

test('[RES-2] [SCO-5] a phone that is out of use gives back what a restored backup lacks before it erases what it sent', async () => {
  const field = await openFieldPhone(here, here.accounts.worker);
  await afterworkDone(here.office);
  const backup = await backUp(here.office);
  await field.save(verifying(field, at(here.doors, 0)));
  await field.syncNow();
  await putBack(here.office, backup);
  expect(await revisions()).toEqual([]);
  await revokeDevice(here.office, here.communityId, field.accountId, field.deviceId);
  await field.syncNow();
  expect(await revisions()).toHaveLength(1);
  expect(field.syncState()).toMatchObject({ phase: 'revoked', waiting: 0 });
  expect(field.register.records()).toEqual([]);
  await field.close();
});

test('[RES-2] [SCO-5] after its 90 days a phone that is out of use keeps what the restored backup may lack', async () => {
  const field = await openFieldPhone(here, here.accounts.worker);
  await field.save(verifying(field, at(here.doors, 0)));
  await field.syncNow();
  await afterworkDone(here.office);
  const backup = await backUp(here.office);
  await field.save(verifying(field, at(here.doors, 1)));
  await field.syncNow();
  await putBack(here.office, backup);
  await endAccount(here.office, here.communityId, field.accountId);
  here.forward(91 * 24 * 3600 * 1000);
  await field.syncNow();
  expect(field.syncState()).toMatchObject({ phase: 'revoked', stopped: true, waiting: 2, sent: 0 });
  expect(field.register.buildings()).toEqual([]);
  expect(await revisions()).toHaveLength(1);
  await field.close();
});

test('[SCO-5] after its 90 days a phone that is out of use is heard no more, in a new epoch either', async () => {
  await phone.pull();
  await here.office.database.write((tx) => newEpoch(tx, here.communityId, here.office.world));
  await endAccount(here.office, here.communityId, phone.account.id);
  expect(await phone.ask()).toMatchObject({ feeds: [], receipts: [] });
  here.forward(90 * 24 * 3600 * 1000);
  const { epoch } = await here.office.database.read((db) =>
    db.selectFrom('community').select('epoch').executeTakeFirstOrThrow(),
  );
  expect(epoch).not.toBe(phone.epoch);
  expect(await phone.refused()).toMatchObject({ status: 403, revoked: true, epoch });
});
