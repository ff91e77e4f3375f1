import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { id, knock, noOneHome } from '$lib/device/testing/fixtures';
import { newAccount, officeWithDoors, openTestPhone, type TestPhone } from '$lib/device/testing/open-test-phone';
import { settled } from '$lib/device/testing/test-world';
import { DraftBook, type DraftKeeper } from './draft-keeper.svelte';
import { dropDraft } from './drop-draft.svelte';
import { Undo } from './undo.svelte';

const door = { type: 'dwelling', id: id(11) } as const;
let phone: TestPhone;
let drafts: DraftBook;
/** What the disk does not do. */
let refused: ('put' | 'delete')[];

beforeEach(async () => {
  const account = newAccount();
  phone = await openTestPhone(officeWithDoors(account), account);
  drafts = new DraftBook(phone, phone.world);
  refused = [];
  for (const work of ['put', 'delete'] as const) {
    const does = IDBObjectStore.prototype[work];
    vi.spyOn(IDBObjectStore.prototype, work).mockImplementation(function (this: IDBObjectStore, ...given: unknown[]) {
      if (this.name === 'drafts' && refused.includes(work)) throw new DOMException('full', 'QuotaExceededError');
      return Reflect.apply(does, this, given);
    });
  }
});
afterEach(async () => {
  vi.restoreAllMocks();
  await phone.close();
});

async function open(draft = id(900)): Promise<DraftKeeper> {
  const keeper = await drafts.open(door, 'household-verification', () => knock(draft, door.id, { ...noOneHome }));
  if (!keeper) throw new Error('the form is elsewhere');
  return keeper;
}
async function typed(note: string, draft?: string): Promise<DraftKeeper> {
  const keeper = await open(draft);
  keeper.edit((body) => (body['note'] = note));
  await keeper.flush();
  return keeper;
}
const onDisk = async () => (await phone.drafts()).map(({ body }) => body['note']);
const inHand = async () => (await open(id(999))).draft.body['note'];
const drop = (keeper: DraftKeeper) => dropDraft({ phone, drafts }, keeper);

describe('a form that was thrown away', () => {
  it('comes back with its newest words, also those that the disk had not taken', async () => {
    await typed('先前的字');
    refused = ['put'];
    const putBack = await drop(await typed('满了还在写的话'));
    expect(await onDisk()).toEqual([]);
    expect(drafts.full).toBe(false);
    refused = [];
    expect(await putBack()).toBe(true);
    expect(await onDisk()).toEqual(['满了还在写的话']);
    expect(await inHand()).toBe('满了还在写的话');
  });

  it('never writes itself again, whatever of it reached the disk', async () => {
    for (const before of [[], ['先前的字']]) {
      for (const note of before) await typed(note);
      refused = ['put'];
      const keeper = await typed('满了才写的');
      await drop(keeper);
      refused = [];
      const writes = vi.spyOn(phone, 'keepDraft').mockClear();
      keeper.edit((body) => (body['note'] = '迟到的字'));
      await drafts.flushAll();
      await phone.world.advance(60_000);
      expect(writes).not.toHaveBeenCalled();
      expect(await onDisk()).toEqual([]);
      expect(phone.register.door(door.id)?.hasDraft).toBe(false);
    }
  });

  it('stands on the screen again where the disk takes nothing, and is on it as soon as there is room', async () => {
    refused = ['put'];
    const putBack = await drop(await typed('满了才写的'));
    const empty = await open(id(901));
    const ended = drafts.ended;
    expect(await putBack()).toBe(true);
    expect(empty.replaced).toBe(true);
    expect(drafts.ended).toBeGreaterThan(ended);
    await phone.world.advance(300);
    const back = await open(id(999));
    expect([back.kept, back.draft.body['note']]).toEqual(['failed', '满了才写的']);
    expect(drafts.full).toBe(true);
    expect(drafts.begun().map(({ body }) => body['note'])).toEqual(['满了才写的']);
    refused = [];
    await phone.world.advance(5_100);
    expect(back.kept).toBe('kept');
    expect(await onDisk()).toEqual(['满了才写的']);
  });

  it('stands on the screen again, though that begins the next form of the same place at this very moment', async () => {
    refused = ['put'];
    const putBack = await drop(await typed('满了才写的'));
    const empty = await open(id(901));
    const back = putBack();
    while (!empty.replaced) await Promise.resolve();
    expect(await inHand()).toBe('满了才写的');
    expect(await back).toBe(true);
    expect(await inHand()).toBe('满了才写的');
  });

  it('waits where another form keeps its place that the disk does not take either', async () => {
    refused = ['put'];
    const putBack = await drop(await typed('丢掉的'));
    await typed('后来填的', id(901));
    await expect(putBack()).rejects.toThrow();
    expect(await inHand()).toBe('后来填的');
    refused = [];
    await phone.world.advance(5_100);
    expect(await putBack()).toBe(true);
    expect(await inHand()).toBe('丢掉的');
    expect((await onDisk()).sort()).toEqual(['丢掉的', '后来填的']);
  });

  it('waits where another window has a form at its place, and the disk takes nothing', async () => {
    refused = ['put'];
    const putBack = await drop(await typed('丢掉的'));
    const elsewhere = vi.spyOn(phone, 'holdForm').mockResolvedValue(null);
    await expect(putBack()).rejects.toThrow();
    elsewhere.mockRestore();
    expect(await putBack()).toBe(true);
    expect(await inHand()).toBe('丢掉的');
  });

  it('is a form like any other once it is back: a second undo takes nothing back that was typed since', async () => {
    const putBack = await drop(await typed('丢掉的'));
    await putBack();
    await typed('放回以后接着写的');
    expect(await putBack()).toBe(true);
    expect(await onDisk()).toEqual(['放回以后接着写的']);
  });

  it('goes on where the store does not let it go, and what is typed then is kept', async () => {
    const keeper = await typed('先前的字');
    refused = ['delete', 'put'];
    await typed('满了还在写的话');
    await expect(drop(keeper)).rejects.toThrow();
    expect(await inHand()).toBe('满了还在写的话');
    refused = [];
    await phone.world.advance(300);
    expect(await onDisk()).toEqual(['满了还在写的话']);
    await typed('后来的字');
    expect(await onDisk()).toEqual(['后来的字']);
  });
});

describe('the notice of what was thrown away', () => {
  it('says what came of it once, however often it is pressed', async () => {
    refused = ['put'];
    const undo = new Undo();
    undo.offer({ kind: 'draft', title: '', putBack: await drop(await typed('满了才写的')) });
    await Promise.all([undo.putBack(), undo.putBack()]);
    await settled(5);
    expect([undo.last, undo.outcome]).toEqual([null, 'back']);
  });

  it('says nothing of what was let go of meanwhile', async () => {
    const undo = new Undo();
    undo.offer({ kind: 'draft', title: '', putBack: await drop(await typed('丢掉的')) });
    const back = undo.putBack();
    undo.close();
    await back;
    expect(undo.outcome).toBeNull();
  });
});
