import 'fake-indexeddb/auto';
import { afterEach, expect, it, vi } from 'vitest';
import type { SyncResponse } from '../sync/protocol';
import { Connection } from './connection';
import { PhoneDatabase } from './database';
import { Drafts } from './drafts';
import { Outbox } from './outbox';
import { makeSyncStore } from './sync-store';
import { id, knock, noOneHome } from './testing/fixtures';
import { newAccount, officeWithDoors, openTestPhone } from './testing/open-test-phone';
import { makeTestWorld, settled } from './testing/test-world';
import { openVault } from './vault';

const draft = knock(id(901), id(11), noOneHome);
const lost = (name: string) => Object.assign(new Error('closed by the browser'), { name });

afterEach(() => vi.restoreAllMocks());

it('[DEV-2] a save that is durable is told as saved, also where the phone cannot read it back at this moment', async () => {
  const account = newAccount();
  const phone = await openTestPhone(officeWithDoors(account), account);
  phone.world.setOnline(false);
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const asIs = PhoneDatabase.prototype.transaction;
  let fails = 2; // the read, and its repeat over a new connection
  vi.spyOn(PhoneDatabase.prototype, 'transaction').mockImplementation(function (this: PhoneDatabase, ...asked) {
    if (String(asked[0]) === 'r' && fails > 0) {
      fails -= 1;
      throw lost('UnknownError');
    }
    return Reflect.apply(asIs, this, asked);
  });
  await expect(phone.save(draft)).resolves.toMatchObject({ id: id(901), revision: 1 });
  expect(fails).toBe(0);
  expect(phone.register.record(id(901))).toBeNull();
  await phone.world.advance(1000);
  await settled();
  expect(phone.register.record(id(901))).not.toBeNull();
  await phone.close();
});

it('[DEV-2] a save repeated after a lost connection is there once, though another tab sent it in between', async () => {
  const account = newAccount();
  const world = makeTestWorld();
  const connection = new Connection(() => new PhoneDatabase(account), world);
  const elsewhere = new Connection(() => new PhoneDatabase(account), world);
  const store = makeSyncStore({
    accountId: account,
    connection: elsewhere,
    vault: openVault,
    app: 'test',
    pushAtMost: 100,
    changed: () => undefined,
  });
  /** What the other tab does as soon as the save is in the store, before this one has its connection again. */
  const sendElsewhere = async () => {
    const { queue } = await store.plan();
    const push = await store.handOver(queue);
    const receipts = push.map(({ text: _, ...named }) => ({ ...named, status: 'stored' as const }));
    const answer: SyncResponse = {
      protocol: 1,
      account,
      epoch: 'e',
      clock: 0,
      receipts,
      wanted: [],
      feeds: [],
      left: [],
    };
    await store.settle({ epoch: null, have: {}, push, offer: [] }, answer);
  };
  const asIs = connection.run.bind(connection);
  let isLost = false;
  vi.spyOn(connection, 'run').mockImplementation((work) =>
    asIs(async (database) => {
      const result = await work(database);
      if (isLost) return result;
      isLost = true;
      await sendElsewhere();
      throw lost('AbortError');
    }),
  );
  const drafts = new Drafts(connection, openVault);
  const remembered = () => ({ kept: 0, item: null });
  const outbox = new Outbox({ accountId: account, connection, vault: openVault, world, drafts, remembered });
  expect(await outbox.save([draft])).toMatchObject([{ revision: 1 }]);
  const { waiting, sent } = await asIs(async (database) => ({
    waiting: await database.outbox.count(),
    sent: await database.sent.count(),
  }));
  expect([waiting, sent]).toEqual([0, 1]);
  await connection.close();
  await elsewhere.close();
});
