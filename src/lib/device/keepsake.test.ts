import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import { Dexie } from './dexie';
import { databaseName } from './database';
import { Keepsake } from './keepsake';
import { id, knock, noOneHome } from './testing/fixtures';
import { newAccount, officeWithDoors, openTestPhone } from './testing/open-test-phone';
import { makeTestWorld } from './testing/test-world';

const nothing = { unsent: 0, drafts: 0 };

describe('what outlives the store', () => {
  it('knows whom the app was open for, and how much was only here', () => {
    const world = makeTestWorld();
    const keepsake = new Keepsake(world);
    expect(keepsake.current()).toBeNull();
    keepsake.open('worker-a', { unsent: 3, drafts: 1 });
    expect(new Keepsake(world).current()).toEqual({ account: 'worker-a', state: 'current', unsent: 3, drafts: 1 });
    expect(world.cookie('qiaomen-here').read()).toBe('c.worker-a.3.1'); // ids and counts, nothing of anybody
  });

  it('remembers who is signed out with work that waits, and nobody else', () => {
    const keepsake = new Keepsake(makeTestWorld());
    keepsake.open('worker-a', { unsent: 2, drafts: 0 });
    keepsake.open('worker-b', nothing);
    keepsake.leave('worker-b');
    expect(keepsake.all()).toEqual([{ account: 'worker-a', state: 'away', unsent: 2, drafts: 0 }]);
    expect(keepsake.current()).toBeNull();
  });

  it('[DEV-13] counts what is only here without saying again that the app is open for who signed out', () => {
    const keepsake = new Keepsake(makeTestWorld());
    keepsake.open('worker-a', nothing);
    keepsake.leave('worker-a');
    keepsake.count('worker-a', nothing);
    expect(keepsake.all()).toEqual([]);
    keepsake.open('worker-b', nothing);
    keepsake.count('worker-a', { unsent: 1, drafts: 0 });
    keepsake.leave('worker-a'); // a window that had not heard: worker-b stays
    expect(keepsake.all()).toEqual([
      { account: 'worker-b', state: 'current', ...nothing },
      { account: 'worker-a', state: 'away', unsent: 1, drafts: 0 },
    ]);
  });

  it('says what was lost until somebody has read it, though the account is open again', () => {
    const keepsake = new Keepsake(makeTestWorld());
    keepsake.open('worker-a', { unsent: 2, drafts: 1 });
    keepsake.lose('worker-a');
    expect(keepsake.of('worker-a')).toBeNull();
    keepsake.open('worker-a', nothing);
    expect(keepsake.lost()).toEqual([{ account: 'worker-a', state: 'lost', unsent: 2, drafts: 1 }]);
    keepsake.forgetLost();
    expect(keepsake.all()).toEqual([{ account: 'worker-a', state: 'current', ...nothing }]);
  });

  it('takes what somebody else wrote there for nothing', () => {
    const world = makeTestWorld();
    for (const text of ['', 'x', 'c.worker-a.3', 'c.a/b.1.1', 'z.worker-a.1.1', 'c.worker-a.1.1.1']) {
      world.cookie('qiaomen-here').write(text);
      expect(new Keepsake(world).all()).toEqual([]);
    }
  });
});

describe('a store that was cleared between two starts', () => {
  it('is told from one that was never there, and what is at the office comes back', async () => {
    const account = newAccount();
    const office = officeWithDoors(account);
    const phone = await openTestPhone(office, account);
    expect(phone.wasEmpty).toBe(true);
    await phone.save(knock(id(900), id(11), noOneHome));
    await phone.syncNow();
    await phone.close();
    const second = await openTestPhone(office, account);
    expect(second.wasEmpty).toBe(false);
    await second.close();
    await Dexie.delete(databaseName(account));
    const after = await openTestPhone(office, account, { seed: 2 });
    expect(after.wasEmpty).toBe(true);
    expect(after.deviceId).not.toBe(phone.deviceId);
    expect(after.register.buildings()[0]?.doors).toBe(4);
    expect(after.register.record(id(900))).toMatchObject({ state: 'at-the-office' });
    await after.close();
  });
});
