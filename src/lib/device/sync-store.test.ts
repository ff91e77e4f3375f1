import 'fake-indexeddb/auto';
import { expect, it } from 'vitest';
import { Connection } from './connection';
import { type OutboxRow, PhoneDatabase } from './database';
import { sealRevision } from './revision-body';
import { makeSyncStore } from './sync-store';
import { id } from './testing/fixtures';
import { newAccount } from './testing/open-test-phone';
import { makeTestWorld } from './testing/test-world';
import { openVault, type Vault } from './vault';

async function row(text: string): Promise<OutboxRow> {
  const body = await sealRevision(openVault, { text, problems: [] });
  return {
    ...{ id: id(900), revision: 2, order: 1, digest: `digest of ${text}`, bytes: text.length, body },
    ...{ state: 'waiting' as const, handedOver: 0 as const, setAsideBy: null },
  };
}

it('[DEV-15] what was thrown away while it was read does not go, also where another was saved under its number', async () => {
  const account = newAccount();
  const connection = new Connection(() => new PhoneDatabase(account), makeTestWorld());
  const [first, second] = [await row('first'), await row('second')];
  let meanwhile = async () => {
    await connection.run((database) => database.outbox.put(second));
  };
  const vault: Vault = {
    ...openVault,
    async open(body) {
      await meanwhile();
      return openVault.open(body);
    },
  };
  const store = makeSyncStore({
    accountId: account,
    connection,
    vault,
    app: 'test',
    pushAtMost: 100,
    changed: () => undefined,
  });
  await connection.run((database) => database.outbox.put(first));
  const queued = [{ id: first.id, revision: first.revision, bytes: first.bytes }];
  expect(await store.handOver(queued)).toEqual([]);
  expect(await connection.run((database) => database.outbox.toArray())).toEqual([second]);
  meanwhile = () => Promise.resolve();
  expect(await store.handOver(queued)).toMatchObject([{ digest: second.digest, text: 'second' }]);
  expect(await connection.run((database) => database.outbox.toArray())).toEqual([{ ...second, handedOver: 1 }]);
  await connection.close();
});
