import 'fake-indexeddb/auto';
import { expect, it } from 'vitest';
import { Connection } from './connection';
import { type OutboxRow, PhoneDatabase } from './database';
import { loadOwn } from './load';
import { sealRevision } from './revision-body';
import { id } from './testing/fixtures';
import { newAccount } from './testing/open-test-phone';
import { makeTestWorld } from './testing/test-world';
import { openVault } from './vault';

it.each([
  ['side by side', [900, 901, 902, 903]],
  ['far apart, much between them', [900, 999]],
  ['alone', [950]],
  ['side by side, one of them not here', [897, 898, 901]],
])('reads all revisions of the named submissions and no others: %s', async (_, numbers) => {
  const connection = new Connection(() => new PhoneDatabase(newAccount()), makeTestWorld());
  const body = await sealRevision(openVault, { text: '{}', problems: [] });
  const rowsOf = (number: number): OutboxRow[] =>
    [1, 2].map((revision) => ({
      ...{ id: id(number), revision, order: number * 10 + revision, digest: `${number}/${revision}`, bytes: 2, body },
      ...{ state: 'waiting' as const, handedOver: 0 as const, setAsideBy: null },
    }));
  const all = Array.from({ length: 100 }, (_, index) => 900 + index);
  await connection.run((database) => database.outbox.bulkPut(all.flatMap(rowsOf)));
  const loaded = await loadOwn({ connection, vault: openVault }, numbers.map(id));
  const expected = all.filter((number) => numbers.includes(number)).flatMap((number) => [`${number}/1`, `${number}/2`]);
  expect(loaded.map(({ digest }) => digest).sort()).toEqual(expected);
  await connection.close();
});
