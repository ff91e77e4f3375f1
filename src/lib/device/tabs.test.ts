import 'fake-indexeddb/auto';
import { expect, it, vi } from 'vitest';
import * as later from './later';
import { openPhone } from './open-phone';
import { dwelling, GRID_FEED, id } from './testing/fixtures';
import { newAccount, officeWithDoors, openTestPhone } from './testing/open-test-phone';
import { makeTestWorld } from './testing/test-world';
import { openVault, type Vault } from './vault';

it('a tab that is opening shows what another one stores meanwhile', async () => {
  const account = newAccount();
  const office = officeWithDoors(account);
  const first = await openTestPhone(office, account);
  const reading = Promise.withResolvers<undefined>();
  const goOn = Promise.withResolvers<undefined>();
  const slow: Vault = {
    ...openVault,
    async open(sealed) {
      reading.resolve(undefined);
      await goOn.promise;
      return openVault.open(sealed);
    },
  };
  const opening = openPhone({
    ...{ accountId: account, world: makeTestWorld(2), vault: slow, app: 'app-1' },
    send: () => Promise.resolve({ kind: 'no-connection' }),
    loadLater: () => Promise.resolve(later),
  });
  await reading.promise;
  office.publish(GRID_FEED, 'dwelling', id(15), dwelling(15, { room: '501', floor: 5 }));
  await first.syncNow();
  goOn.resolve(undefined);
  const second = await opening;
  const shown = new Promise<void>((resolve) => {
    const look = () => void (second.register.door(id(15)) && resolve());
    second.subscribe(look);
    look();
  });
  await shown;
  expect(second.register.door(id(15))).not.toBeNull();
  await Promise.all([first.close(), second.close()]);
});

it('a tab that stores something newer, while it reads what another one stored, shows the newer', async () => {
  const account = newAccount();
  const office = officeWithDoors(account);
  const first = await openTestPhone(office, account);
  const reading = Promise.withResolvers<undefined>();
  const goOn = Promise.withResolvers<undefined>();
  let isSlow = false;
  const slow: Vault = {
    ...openVault,
    async open(sealed) {
      if (isSlow) {
        reading.resolve(undefined);
        await goOn.promise;
      }
      return openVault.open(sealed);
    },
  };
  const second = await openPhone({
    ...{ accountId: account, world: makeTestWorld(2), vault: slow, app: 'app-1' },
    send: office.sendAs(account),
    loadLater: () => Promise.resolve(later),
  });
  await second.syncNow();
  isSlow = true;
  office.publish(GRID_FEED, 'dwelling', id(11), dwelling(11, { room: '301', use: 'rented' }));
  await first.syncNow();
  await reading.promise;
  office.publish(GRID_FEED, 'dwelling', id(11), dwelling(11, { room: '301', use: 'vacant' }));
  const synced = second.syncNow();
  await vi.waitFor(() => expect(first.register.door(id(11))?.door.use).toBe('vacant')); // told by the second, which has it in the store
  goOn.resolve(undefined);
  await synced;
  expect(second.register.door(id(11))?.door.use).toBe('vacant');
  await Promise.all([first.close(), second.close()]);
});
