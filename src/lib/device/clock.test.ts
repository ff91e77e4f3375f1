import 'fake-indexeddb/auto';
import { beforeEach, describe, expect, it } from 'vitest';
import { dayOf } from '../domain/calendar';
import { madeAt, officeNow, wrongClock } from './office-clock';
import type { FakeOffice } from './testing/fake-office';
import { id, knock, noOneHome } from './testing/fixtures';
import { newAccount, officeWithDoors, openTestPhone, type TestPhone } from './testing/open-test-phone';
import { makeTestWorld, settled, START } from './testing/test-world';

const DAY = 24 * 3600_000;
let account: string;
let office: FakeOffice;
let phone: TestPhone;

/** A phone whose clock is as wrong as said from its first start on. */
async function phoneAhead(milliseconds: number): Promise<TestPhone> {
  const world = makeTestWorld();
  office.clock = () => START + 5_000;
  world.jump(milliseconds);
  return openTestPhone(office, account, { world });
}

beforeEach(() => {
  account = newAccount();
  office = officeWithDoors(account);
});

const orders = () =>
  office.requests
    .flatMap(({ push }) => push.map((revision) => revision.id))
    .filter((one, at, all) => all.indexOf(one) === at);

describe('a clock that jumps', () => {
  it.each([DAY, -DAY, 400 * DAY])('[TIME-1] changes no order of what is sent: by %i ms', async (by) => {
    phone = await phoneAhead(0);
    office.fault = () => ({ kind: 'no-connection' });
    await phone.save(knock(id(900), id(11), { ...noOneHome, note: '先' }));
    phone.world.jump(by);
    await phone.save(knock(id(901), id(11), { ...noOneHome, note: '后' }));
    phone.world.jump(-2 * by);
    await phone.save(knock(id(902), id(12), noOneHome));
    expect(phone.register.door(id(11))?.door.state.note).toBe('后'); // laid over in the order saved
    expect(phone.register.records().map((record) => record.id)).toEqual([id(902), id(901), id(900)]);
    office.fault = () => null;
    await phone.syncNow();
    expect(orders()).toEqual([id(900), id(901), id(902)]);
    await phone.close();
  });

  it.each([DAY, -DAY])('does not put off the next try: by %i ms during a backoff', async (by) => {
    phone = await phoneAhead(0);
    office.fault = () => ({ kind: 'broke-off' });
    await phone.save(knock(id(900), id(11), noOneHome));
    await settled();
    phone.world.jump(by);
    office.fault = () => null;
    await phone.world.advance(2_001); // after the first failure within 2 s
    await settled();
    expect(office.stored.has(`${id(900)}/1`)).toBe(true);
    await phone.close();
  });

  it('keeps the time that the office named, by timer and not by clock', async () => {
    phone = await phoneAhead(0);
    office.fault = () => ({ kind: 'refused', status: 503, retryAfterMs: 60_000 });
    await phone.syncNow();
    const before = office.requests.length;
    phone.world.jump(DAY);
    await phone.syncNow();
    expect(office.requests).toHaveLength(before);
    await phone.world.advance(70_000);
    expect(office.requests.length).toBeGreaterThan(before);
    await phone.close();
  });
});

describe('a clock that is a day wrong', () => {
  it.each([DAY, -DAY])(
    'is known by the office’s answers, and "last synced" is the office’s time: %i ms',
    async (by) => {
      phone = await phoneAhead(by);
      const sync = phone.syncState();
      expect(sync.lastSyncedAt).toBe('2026-11-23T10:00:05+08:00');
      expect(Math.abs(sync.clockAhead - by)).toBeLessThan(60_000);
      expect(dayOf(officeNow(sync, phone.world.now()))).toBe('2026-11-23');
      expect(Math.abs((wrongClock(sync, phone.world.now()) ?? 0) - by)).toBeLessThan(60_000);
      await phone.close();
      office.fault = () => ({ kind: 'no-connection' });
      const again = await openTestPhone(office, account, { world: phone.world });
      expect(again.syncState()).toMatchObject({ lastSyncedAt: sync.lastSyncedAt, clockAhead: sync.clockAhead });
      await again.close();
    },
  );

  it('is not held against a phone once it was set right, and the last sync never lies in the future', async () => {
    phone = await phoneAhead(DAY);
    phone.world.jump(-DAY);
    const sync = phone.syncState();
    expect(wrongClock(sync, phone.world.now())).toBeNull();
    expect(officeNow(sync, phone.world.now())).toBeGreaterThanOrEqual(Date.parse(sync.lastSyncedAt ?? ''));
    await phone.syncNow();
    expect(Math.abs(phone.syncState().clockAhead)).toBeLessThan(60_000);
    await phone.close();
  });

  it('is noticed without a connection where it went back behind the last sync', async () => {
    phone = await phoneAhead(0);
    phone.world.jump(-DAY);
    expect(wrongClock(phone.syncState(), phone.world.now())).toBeLessThan(-23 * 3600_000);
    await phone.close();
  });

  it('a clock a few minutes off is nobody’s concern', async () => {
    phone = await phoneAhead(5 * 60_000);
    expect(wrongClock(phone.syncState(), phone.world.now())).toBeNull();
    await phone.close();
  });
});

describe('when own work was made', () => {
  const HOUR = 3600_000;
  /** Of the last sync: the office's clock, and by how much the phone's was ahead. */
  const last = (ahead: number) => ({ clock: START, ahead });

  it.each([
    ['written by the clock as it goes, ten years ahead', START + 3650 * DAY + HOUR, 3650 * DAY, START + HOUR],
    ['written before the clock went ahead', START - DAY, 3650 * DAY, START - DAY],
    ['written by a clock ten years behind', START - 3650 * DAY + HOUR, -3650 * DAY, START + HOUR],
    ['written before the clock went behind', START - DAY, -3650 * DAY, START - DAY],
    ['written since the clock was set right', START + HOUR, 3650 * DAY, START + HOUR],
    ['a day ahead', START + DAY - HOUR, DAY, START - HOUR],
    ['a right clock', START - DAY, 0, START - DAY],
  ])('%s', (_, said, ahead, made) => {
    expect(madeAt(said, last(ahead))).toBe(made);
  });

  it('stands as it was written before the office was ever heard of', () => {
    expect(madeAt(START, null)).toBe(START);
  });
});
