import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FakeOffice } from './testing/fake-office';
import { id, knock } from './testing/fixtures';
import { newAccount, officeWithDoors, openTestPhone, type TestPhone } from './testing/open-test-phone';
import { makeTestWorld, settled } from './testing/test-world';

/** Two windows of one browser: they share Node's own locks and channels. */
let office: FakeOffice;
let first: TestPhone;
let second: TestPhone;
const form = 'household-verification dwelling 11';
const calmly = () => Promise.resolve();
const lockOf = (name: string) => `qiaomen-form-${first.accountId}-${name}`;

beforeEach(async () => {
  const account = newAccount();
  office = officeWithDoors(account);
  const world = (seed: number) => ({ ...makeTestWorld(seed), locks: navigator.locks });
  first = await openTestPhone(office, account, { world: world(1) });
  second = await openTestPhone(office, account, { world: world(2) });
});
afterEach(() => Promise.all([first.close(), second.close()]));

describe('a form in two windows', () => {
  it('is open in one of them, and in the other when it was put down', async () => {
    const hold = await first.holdForm(form, calmly);
    expect(hold).not.toBeNull();
    expect(await second.holdForm(form, calmly)).toBeNull();
    expect(await second.holdForm('household-verification dwelling 12', calmly)).not.toBeNull();
    await hold?.release();
    expect(await second.holdForm(form, calmly)).not.toBeNull();
    expect(await first.holdForm(form, calmly)).toBeNull();
  });

  it('taken over: what the other window had is in the store first, and that one knows', async () => {
    const draft = knock(id(900), id(11), { note: '第一个窗口打的字' });
    let stolen: boolean | null = null;
    await first.holdForm(form, async (was) => {
      stolen = was;
      await first.keepDraft(draft);
    });
    expect(await second.holdForm(form, calmly, true)).not.toBeNull();
    expect(stolen).toBe(false);
    expect(await second.draftOf(draft.target, draft.kind)).toEqual(draft);
    expect(await first.holdForm(form, calmly)).toBeNull();
  });

  it('a window that is asleep is not waited for', async () => {
    const asleep = Promise.withResolvers<null>();
    const held = navigator.locks.request(lockOf(form), () => asleep.promise).catch(() => 'taken');
    const taken = second.holdForm(form, calmly, true);
    await settled();
    await second.world.advance(2_100);
    expect(await taken).not.toBeNull();
    asleep.resolve(null);
    expect(await held).toBe('taken');
  });

  it('a window whose form was stolen while it slept is told not to write any more', async () => {
    const told = Promise.withResolvers<boolean>();
    await first.holdForm(form, (stolen) => {
      told.resolve(stolen);
      return Promise.resolve();
    });
    await navigator.locks.request(lockOf(form), { steal: true }, () => undefined);
    expect(await told.promise).toBe(true);
  });

  it('is put down when the phone is closed, and the same window can have it again', async () => {
    await first.holdForm(form, calmly);
    await first.close();
    expect(await second.holdForm(form, calmly)).not.toBeNull();
  });

  it('is everybody’s where the browser has no locks', async () => {
    const alone = await openTestPhone(office, newAccount());
    expect(await alone.holdForm(form, calmly)).not.toBeNull();
    expect(await alone.holdForm(form, calmly)).not.toBeNull();
    await alone.close();
  });
});
