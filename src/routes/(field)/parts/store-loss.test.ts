import 'fake-indexeddb/auto';
import { expect, it } from 'vitest';
import { Keepsake } from '$lib/device/keepsake';
import type { PhoneRegister, RecordView, SyncState } from '$lib/device/phone';
import { makeTestWorld } from '$lib/device/testing/test-world';
import { StoreLoss } from './store-loss.svelte';

/** A phone whose store goes on telling, as one does that waits for an answer. */
function phoneOf(accountId: string) {
  const listeners = new Set<() => void>();
  let waiting = 0;
  const records: Pick<RecordView, 'id' | 'revision' | 'savedHere'>[] = [];
  return {
    accountId,
    wasEmpty: false,
    records,
    register: {
      records: () => records,
      record: (wanted) => records.find(({ id }) => id === wanted) ?? null,
    } as PhoneRegister,
    syncState: (): SyncState => ({
      ...{ phase: 'idle', waiting, sending: 0, sent: 0, setAside: 0, drafts: 0, lastSyncedAt: null, clockAhead: 0 },
      ...{ received: 0, stopped: false, full: false, nextTryAt: null },
    }),
    subscribe(listener: () => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    changes(now: number) {
      waiting = now;
      for (const listener of [...listeners]) listener();
    },
  };
}

it('[DEV-13] after a sign-out a sync that ends late says no more that the app is open for who left', () => {
  const world = makeTestWorld();
  const loss = new StoreLoss(world);
  const phone = phoneOf('worker-a');
  loss.follow(phone);
  phone.changes(2);
  expect(world.cookie('qiaomen-here').read()).toBe('c.worker-a.2.0');
  loss.leave('worker-a');
  phone.changes(1);
  expect(world.cookie('qiaomen-here').read()).toBe('a.worker-a.2.0');
});

it('[DEV-13] a window that has not heard of a sign-out in another takes nothing back, also when somebody else came since', () => {
  const world = makeTestWorld();
  const here = new StoreLoss(world);
  const phone = phoneOf('worker-a');
  here.follow(phone);
  new StoreLoss(world).leave('worker-a');
  phone.changes(1);
  expect(new Keepsake(world).current()).toBeNull();
  new StoreLoss(world).follow(phoneOf('worker-b'));
  phone.changes(0);
  here.leave('worker-a');
  expect(new Keepsake(world).all()).toEqual([{ account: 'worker-b', state: 'current', unsent: 0, drafts: 0 }]);
});

it('counts as lost what was on the phone only when its store was cleared, and not what was saved or kept in it since', () => {
  const world = makeTestWorld();
  const loss = new StoreLoss(world);
  const phone = phoneOf('worker-a');
  loss.follow(phone);
  phone.changes(3); // two went with the store, one was saved after it
  expect(loss.isOpenFor('worker-a')).toBe(true);
  loss.rest();
  phone.changes(0); // tells no more
  const again = { ...phoneOf('worker-a'), wasEmpty: true };
  again.changes(1);
  loss.follow(again);
  expect(loss.lost).toEqual([{ account: 'worker-a', state: 'lost', unsent: 2, drafts: 0 }]);
  expect(new Keepsake(world).current()).toEqual({ account: 'worker-a', state: 'current', unsent: 1, drafts: 0 });
  loss.leave('worker-a');
  expect(loss.isOpenFor('worker-a')).toBe(false);
});

it('counts nothing as lost that was saved since and has gone to the office before the store was opened again', () => {
  const world = makeTestWorld();
  const loss = new StoreLoss(world);
  const phone = phoneOf('worker-a');
  loss.follow(phone);
  phone.records.push({ id: 'gone', revision: 1, savedHere: 1 }, { id: 'changed', revision: 2, savedHere: 2 });
  phone.records.push({ id: 'later', revision: 1, savedHere: 3 });
  phone.changes(3);
  loss.rest();
  const again = { ...phoneOf('worker-a'), wasEmpty: true };
  again.records.push({ id: 'changed', revision: 1, savedHere: null }, { id: 'later', revision: 1, savedHere: null });
  loss.follow(again);
  expect(loss.lost).toEqual([{ account: 'worker-a', state: 'lost', unsent: 2, drafts: 0 }]);
});

it('goes by what the phone knows when it is let go of, though it has not told of it yet', () => {
  const world = makeTestWorld();
  const loss = new StoreLoss(world);
  const phone = phoneOf('worker-a');
  loss.follow(phone);
  phone.changes(2);
  phone.syncState = () => ({ ...phoneOf('').syncState(), waiting: 1 });
  loss.rest();
  loss.follow({ ...phoneOf('worker-a'), wasEmpty: true });
  expect(loss.lost).toEqual([{ account: 'worker-a', state: 'lost', unsent: 1, drafts: 0 }]);
});
