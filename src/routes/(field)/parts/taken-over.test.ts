import 'fake-indexeddb/auto';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { FakeOffice } from '$lib/device/testing/fake-office';
import { id, knock, noOneHome } from '$lib/device/testing/fixtures';
import { newAccount, officeWithDoors, openTestPhone, type TestPhone } from '$lib/device/testing/open-test-phone';
import { makeTestWorld, settled } from '$lib/device/testing/test-world';
import { DraftBook, type DraftKeeper } from './draft-keeper.svelte';

/** Two windows of one browser: they share Node's own locks and channels. */
type Window = { phone: TestPhone; drafts: DraftBook; room: boolean; disk: Promise<null> };
const door = { type: 'dwelling', id: id(11) } as const;
const kind = 'household-verification';
let office: FakeOffice;
let one: Window;
let two: Window;

async function openWindow(account: string, seed: number): Promise<Window> {
  const world = { ...makeTestWorld(seed), locks: navigator.locks };
  const phone = await openTestPhone(office, account, { world });
  const opened: Window = { phone, drafts: new DraftBook(phone, world), room: true, disk: Promise.resolve(null) };
  const keep = phone.keepDraft.bind(phone);
  vi.spyOn(phone, 'keepDraft').mockImplementation(async (draft) => {
    if (!opened.room) throw new DOMException('full', 'QuotaExceededError');
    await opened.disk;
    await keep(draft);
  });
  return opened;
}
const open = ({ drafts }: Window, over = false): Promise<DraftKeeper | null> =>
  drafts.open(door, kind, () => knock(id(900), door.id, { ...noOneHome }), { over });
const noteIn = (keeper: DraftKeeper | null) => keeper?.draft.body['note'];
async function type(keeper: DraftKeeper | null, note: string): Promise<void> {
  keeper?.edit((body) => (body['note'] = note));
  await keeper?.flush();
}
/** What `over` answers, with the time gone by that it waits for a window which says nothing. */
async function takeOver(window: Window): Promise<DraftKeeper | null> {
  const taken = open(window, true);
  await settled();
  await window.phone.world.advance(2_100);
  return taken;
}

beforeEach(async () => {
  const account = newAccount();
  office = officeWithDoors(account);
  one = await openWindow(account, 1);
  two = await openWindow(account, 2);
});
afterEach(() => Promise.all([one.phone.close(), two.phone.close()]));

it('[DEV-9] words that a full disk did not take are not taken over: they stay in their window until there is room, then go along', async () => {
  const typing = await open(one);
  await type(typing, '先前的字');
  one.room = false;
  await type(typing, '满了还在写的话');
  expect(typing?.kept).toBe('failed');

  expect(await takeOver(two)).toBeNull();
  expect(typing?.elsewhere).toBe(false);
  expect(noteIn(typing)).toBe('满了还在写的话');
  expect(one.drafts.begun().map(({ body }) => body['note'])).toEqual(['满了还在写的话']);

  one.room = true;
  await one.phone.world.advance(5_100);
  expect(typing?.kept).toBe('kept');
  const taken = await takeOver(two);
  expect(noteIn(taken)).toBe('满了还在写的话');
  expect(typing?.elsewhere).toBe(true);
  expect(await two.phone.drafts()).toHaveLength(1);
});

it('[DEV-9] words that are still on their way to a slow disk are not taken over', async () => {
  const typing = await open(one);
  await type(typing, '先前的字');
  const slow = Promise.withResolvers<null>();
  one.disk = slow.promise;
  typing?.edit((body) => (body['note'] = '还在路上的字'));
  expect(await takeOver(two)).toBeNull();
  slow.resolve(null);
  await settled();
  expect(noteIn(await takeOver(two))).toBe('还在路上的字');
});

it('[DEV-9] a window that is asleep with words that the disk did not take keeps the form', async () => {
  const typing = await open(one);
  one.room = false;
  await type(typing, '睡着的窗口里的字');
  await settled();
  const asked = vi.spyOn(BroadcastChannel.prototype, 'postMessage').mockImplementation(() => {}); // nobody hears
  expect(await takeOver(two)).toBeNull();
  asked.mockRestore();
  expect(typing?.elsewhere).toBe(false);
  one.room = true;
  await one.phone.world.advance(5_100);
  expect(noteIn(await takeOver(two))).toBe('睡着的窗口里的字');
});
