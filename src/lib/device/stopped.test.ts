import 'fake-indexeddb/auto';
import { beforeEach, describe, expect, it } from 'vitest';
import type { FakeOffice } from './testing/fake-office';
import { id, knock, noOneHome } from './testing/fixtures';
import { newAccount, officeWithDoors, openTestPhone, type TestPhone } from './testing/open-test-phone';
import { makeTestWorld, settled } from './testing/test-world';

let account: string;
let office: FakeOffice;
let phone: TestPhone;

beforeEach(async () => {
  account = newAccount();
  office = officeWithDoors(account);
  phone = await openTestPhone(office, account);
});

/** One record at the office, two that wait (one of them was handed over), one draft. */
async function work() {
  await phone.save(knock(id(900), id(11), noOneHome));
  await phone.syncNow();
  office.fault = () => ({ kind: 'no-connection' });
  await phone.save(knock(id(901), id(12), noOneHome));
  await phone.save(knock(id(902), id(13), noOneHome));
  await phone.keepDraft(knock(id(903), id(14), { note: '写了一半' }));
  office.fault = () => null;
}

describe('a phone that the office took out of use', () => {
  it('[SCO-5] hands over what it has, loses the register at once, and says so after the last receipt', async () => {
    await work();
    office.stopped.add(account);
    const registerAt: number[] = [];
    office.fault = ({ push }) => {
      registerAt.push(phone.register.buildings().length);
      return push.length === 0 ? { kind: 'revoked', epoch: null } : null;
    };
    await phone.syncNow();
    expect(office.stored.size).toBe(3);
    expect(registerAt.slice(0, 2)).toEqual([1, 0]); // gone by the second question
    expect(phone.syncState()).toMatchObject({ phase: 'revoked', stopped: true, waiting: 0, drafts: 1 });
    expect(phone.register.records()).toMatchObject([{ id: id(903), state: 'draft' }]);
    await phone.close();
  });

  it('[SCO-5] hands over a queue longer than one request before it is told', async () => {
    office.fault = () => ({ kind: 'no-connection' });
    for (let n = 0; n < 130; n += 1) await phone.save(knock(id(1000 + n), id(11), noOneHome));
    office.fault = () => null;
    office.stopped.add(account);
    await phone.syncNow();
    expect(office.stored.size).toBe(130);
    expect(phone.syncState()).toMatchObject({ phase: 'revoked', stopped: true, waiting: 0 });
    await phone.close();
  });

  it('[SCO-5] [DEV-10] sets aside what no request can carry, and hands over what waits behind it', async () => {
    await work();
    office.stopped.add(account);
    office.fault = ({ push }) => {
      if (push.some((entry) => entry.id === id(901))) return { kind: 'refused', status: 400, retryAfterMs: null };
      return push.length === 0 ? { kind: 'revoked', epoch: null } : null;
    };
    await phone.syncNow();
    expect([...office.stored.keys()]).toContain(`${id(902)}/1`);
    expect(phone.syncState()).toMatchObject({ phase: 'revoked', stopped: true, waiting: 0, setAside: 1 });
    expect(phone.register.record(id(901))?.state).toBe('set-aside');
    await phone.close();
  });

  it('[SCO-5] hands over what waits though the browser says that there is no connection', async () => {
    phone.world.setOnline(false);
    office.fault = () => ({ kind: 'no-connection' });
    await phone.save(knock(id(901), id(12), noOneHome));
    await settled();
    office.stopped.add(account);
    office.fault = () => null;
    await phone.syncNow();
    expect(office.stored.size).toBe(1);
    expect(phone.syncState()).toMatchObject({ phase: 'revoked', stopped: true, waiting: 0 });
    await phone.close();
  });

  it('says so at the next start too, without a connection', async () => {
    await work();
    office.fault = () => ({ kind: 'revoked', epoch: null });
    await phone.syncNow();
    expect(phone.syncState()).toMatchObject({ phase: 'revoked', stopped: true, waiting: 2, drafts: 1 });
    await phone.close();
    office.fault = () => ({ kind: 'no-connection' });
    const again = await openTestPhone(office, account);
    expect(again.syncState()).toMatchObject({ phase: 'offline', stopped: true, waiting: 2, drafts: 1 });
    await again.close();
  });

  it('keeps unsent work through a 403 and any number of starts, and sends it when it is allowed again', async () => {
    await work();
    office.fault = () => ({ kind: 'revoked', epoch: null });
    for (let starts = 0; starts < 3; starts += 1) {
      await phone.close();
      phone = await openTestPhone(office, account);
    }
    office.fault = () => null;
    await phone.syncNow();
    expect(phone.syncState()).toMatchObject({ phase: 'idle', stopped: false, waiting: 0, drafts: 1 });
    expect(office.stored.size).toBe(3);
    expect(phone.register.buildings()[0]?.doors).toBe(4);
    await phone.close();
  });

  it('a second tab shows it as well', async () => {
    const second = await openTestPhone(office, account, { world: makeTestWorld(2) });
    const heard = new Promise<void>((resolve) => {
      second.subscribe(() => {
        if (second.syncState().stopped && second.register.buildings().length === 0) resolve();
      });
    });
    office.fault = () => ({ kind: 'revoked', epoch: null });
    await phone.syncNow();
    await heard;
    await Promise.all([phone.close(), second.close()]);
  });
});
