import 'fake-indexeddb/auto';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { digestRevision } from '../sync/digest';
import type { RescueContent } from '../sync/rescue';
import { PhoneDatabase } from './database';
import { useWorld } from './session';
import { rescueFileOf } from './sign-in';
import type { FakeOffice } from './testing/fake-office';
import { GRID_FEED, id, knock, noOneHome } from './testing/fixtures';
import { newAccount, officeWithDoors, openTestPhone } from './testing/open-test-phone';
import { COMMUNITY, COMMUNITY_FEED, giveRescueKey } from './testing/rescue-key';
import { makeTestWorld } from './testing/test-world';

let account: string;
let office: FakeOffice;
let open: (text: string) => Promise<RescueContent>;

beforeEach(async () => {
  account = newAccount();
  office = officeWithDoors(account);
  office.allow(account, [COMMUNITY_FEED, GRID_FEED]);
  open = await giveRescueKey(office);
});

/** A phone with one record that waits and one draft, out of reach of the office. */
async function phoneWithWork() {
  const phone = await openTestPhone(office, account);
  office.fault = () => ({ kind: 'no-connection' });
  const saved = await phone.save(knock(id(900), id(11), { ...noOneHome, note: '只在这里 1e21', odd: 1e21 }));
  await phone.syncNow();
  await phone.keepDraft(knock(id(901), id(12), { note: '写了一半' }));
  return { phone, saved };
}

describe('the rescue file', () => {
  it('[REC-8] holds every unsent revision byte for byte, and the drafts, for the office alone', async () => {
    const { phone, saved } = await phoneWithWork();
    const { name, text, records, drafts } = await phone.rescueFile();
    expect({ name, records, drafts }).toEqual({ name: 'qiaomen-rescue-20261123-1000.json', records: 1, drafts: 1 });
    expect(JSON.parse(text)).toMatchObject({
      format: 'qiaomen-rescue',
      version: 1,
      community: COMMUNITY,
      key: 'key-1',
    });
    expect(text).not.toContain('只在这里');
    expect(text).not.toContain(account);
    const content = await open(text);
    expect(content).toMatchObject({
      account,
      device: phone.deviceId,
      madeAt: '2026-11-23T10:00:00+08:00',
      revisions: [{ text: JSON.stringify(saved), setAside: false, handedOver: true }],
      drafts: [{ id: id(901), target: { type: 'dwelling', id: id(12) }, body: { note: '写了一半' } }],
    });
    expect(await digestRevision(JSON.parse(content.revisions[0]?.text ?? ''))).toBe(saved.digest);
    await phone.close();
  });

  it('holds what was set aside, and forms as the screen has them now', async () => {
    const phone = await openTestPhone(office, account);
    await phone.keepDraft(knock(id(901), id(12), { note: '旧' }));
    office.fault = ({ push }) => (push.length > 0 ? { kind: 'refused', status: 400, retryAfterMs: null } : null);
    await phone.save(knock(id(900), id(11), noOneHome));
    await phone.syncNow();
    const now = [knock(id(901), id(12), { note: '新' }), knock(id(902), id(13), { note: '还没存' })];
    const { text } = await phone.rescueFile(now);
    expect(await open(text)).toMatchObject({
      revisions: [{ setAside: true, handedOver: true }],
      drafts: [{ body: { note: '新' } }, { body: { note: '还没存' } }],
    });
    await phone.close();
  });

  it('[DEV-15] hands over what is in it, which is thrown away no more, after a new start neither; what is changed later still can be', async () => {
    const phone = await openTestPhone(office, account);
    office.fault = () => ({ kind: 'no-connection' });
    await phone.syncNow();
    await phone.save(knock(id(900), id(11), noOneHome));
    expect(phone.register.record(id(900))).toMatchObject({ discardable: 'record', inFile: false });
    const { text } = await phone.rescueFile();
    expect(await open(text)).toMatchObject({ revisions: [{ handedOver: false }] });
    expect(await phone.discard(id(900), 1)).toBeNull();
    expect(phone.register.record(id(900))).toMatchObject({ discardable: null, inFile: true, state: 'on-this-phone' });
    await phone.save(knock(id(901), id(11), { ...noOneHome, note: '改过' }, { submissionId: id(900) }));
    expect(phone.register.record(id(900))).toMatchObject({ revision: 2, discardable: 'changes', inFile: false });
    const thrown = await phone.discard(id(900), 2);
    expect(thrown?.revisions).toEqual([2]);
    await phone.close();
    const again = await openTestPhone(office, account);
    expect(again.register.record(id(900))).toMatchObject({ revision: 1, discardable: null, inFile: true });
    expect(await again.discard(id(900), 1)).toBeNull();
    office.fault = () => null;
    await again.syncNow();
    expect(again.register.record(id(900))).toMatchObject({ state: 'at-the-office', inFile: false });
    await again.close();
  });

  it('[DEV-15] marks nothing where there is no key for a file', async () => {
    office.allow(account, [GRID_FEED]);
    const { phone } = await phoneWithWork();
    await phone.save(knock(id(902), id(13), noOneHome));
    await expect(phone.rescueFile()).rejects.toMatchObject({ code: 'no-rescue-key' });
    expect(await phone.discard(id(902), 1)).not.toBeNull();
    await phone.close();
  });

  it('is made though the disk is full', async () => {
    const { phone } = await phoneWithWork();
    const write = PhoneDatabase.prototype.transaction;
    const full = vi.spyOn(PhoneDatabase.prototype, 'transaction').mockImplementation(function (
      this: PhoneDatabase,
      ...given: Parameters<typeof write>
    ) {
      if (given[0] !== 'r') throw new DOMException('', 'QuotaExceededError');
      return Reflect.apply(write, this, given);
    });
    expect(await phone.rescueFile()).toMatchObject({ records: 1, drafts: 1 });
    full.mockRestore();
    await phone.close();
  });

  it('is made after the office stopped the phone and the register is gone', async () => {
    const { phone, saved } = await phoneWithWork();
    office.fault = () => ({ kind: 'revoked', epoch: null });
    await phone.syncNow();
    expect(phone.register.door(id(11))).toBeNull();
    const { text } = await phone.rescueFile();
    expect((await open(text)).revisions).toMatchObject([{ text: JSON.stringify(saved) }]);
    await phone.close();
  });

  it('is made for somebody who is signed out here', async () => {
    const { phone, saved } = await phoneWithWork();
    await phone.close();
    await useWorld(makeTestWorld());
    const { text } = await rescueFileOf(account);
    expect((await open(text)).revisions).toMatchObject([{ text: JSON.stringify(saved) }]);
    const again = await openTestPhone(office, account);
    expect(again.register.record(id(900))).toMatchObject({ inFile: true, discardable: null });
    await again.close();
  });

  it('cannot be made before the phone has heard of a key, and says so', async () => {
    office.allow(account, [GRID_FEED]);
    const { phone } = await phoneWithWork();
    await expect(phone.rescueFile()).rejects.toMatchObject({ code: 'no-rescue-key' });
    await phone.close();
  });
});
