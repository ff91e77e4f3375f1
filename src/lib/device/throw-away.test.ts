import 'fake-indexeddb/auto';
import { beforeEach, describe, expect, it } from 'vitest';
import type { FakeOffice } from './testing/fake-office';
import { id, knock, noOneHome } from './testing/fixtures';
import { newAccount, officeWithDoors, openTestPhone, type TestPhone } from './testing/open-test-phone';
import { settled } from './testing/test-world';

const offline = { kind: 'no-connection' } as const;
let account: string;
let office: FakeOffice;
let phone: TestPhone;

/** A phone that backs off: what is saved now is handed to no request by itself. */
beforeEach(async () => {
  account = newAccount();
  office = officeWithDoors(account);
  phone = await openTestPhone(office, account);
  office.fault = () => offline;
  await phone.syncNow();
});

const order = (from = office.requests.length) =>
  office.requests.slice(from).flatMap(({ push }) => push.map((revision) => revision.id));

describe('undo', () => {
  it('[DEV-15] puts a record back whole: the same text, id, revision and place in the queue', async () => {
    const texts: string[] = [];
    for (const n of [900, 901, 902]) texts.push(JSON.stringify(await phone.save(knock(id(n), id(11), noOneHome))));
    const shown = phone.register.record(id(901));
    const thrown = await phone.discard(id(901), 1);
    expect(phone.register.record(id(901))).toBeNull();
    expect(phone.syncState().waiting).toBe(2);
    expect(await thrown?.putBack()).toBe(true);
    expect(phone.register.record(id(901))).toEqual(shown);
    const from = office.requests.length;
    office.fault = () => null;
    await phone.syncNow();
    expect(order(from)).toEqual([id(900), id(901), id(902)]);
    expect(office.texts.join()).toContain(texts[1]);
    await phone.close();
  });

  it('done twice is done once', async () => {
    await phone.save(knock(id(900), id(11), noOneHome));
    const thrown = await phone.discard(id(900), 1);
    expect(await thrown?.putBack()).toBe(true);
    expect(await thrown?.putBack()).toBe(true);
    expect(phone.syncState().waiting).toBe(1);
    await phone.close();
  });

  it('puts nothing over what was saved under the same number since', async () => {
    await phone.save(knock(id(900), id(11), noOneHome));
    const thrown = await phone.discard(id(900), 1);
    const newer = await phone.save(knock(id(901), id(11), { ...noOneHome, note: '新' }, { submissionId: id(900) }));
    expect(await thrown?.putBack()).toBe(false);
    expect(phone.register.record(id(900))).toMatchObject({ revision: 1, body: newer.body });
    await phone.close();
  });

  it('[DEV-15] of a record that was changed before it went brings back every version, and all of them had gone', async () => {
    await phone.save(knock(id(900), id(11), { ...noOneHome, note: '第一版' }));
    await phone.save(knock(id(901), id(11), { ...noOneHome, note: '第二版' }, { submissionId: id(900) }));
    await phone.save(knock(id(902), id(12), noOneHome));
    const shown = phone.register.record(id(900));
    expect(shown).toMatchObject({ revision: 2, discardable: 'record' });
    const thrown = await phone.discard(id(900), 2);
    expect(thrown?.revisions).toEqual([1, 2]);
    expect(phone.register.record(id(900))).toBeNull();
    expect(phone.syncState().waiting).toBe(1);
    expect(await thrown?.putBack()).toBe(true);
    expect(phone.register.record(id(900))).toEqual(shown);
    await phone.discard(id(900), 2);
    office.fault = () => null;
    await phone.syncNow();
    expect([...office.stored.keys()]).toEqual([`${id(902)}/1`]);
    expect(phone.register.record(id(900))).toBeNull();
    await phone.close();
  });

  it('[DEV-15] where an older version was handed over, only what was changed since goes, and comes back', async () => {
    await phone.save(knock(id(900), id(11), { ...noOneHome, note: '交出去的' }));
    await phone.syncNow(); // tried, and nothing came of it
    await phone.save(knock(id(901), id(11), { ...noOneHome, note: '第二版' }, { submissionId: id(900) }));
    await phone.save(knock(id(902), id(11), { ...noOneHome, note: '第三版' }, { submissionId: id(900) }));
    expect(phone.register.record(id(900))).toMatchObject({ revision: 3, discardable: 'changes' });
    const thrown = await phone.discard(id(900), 3);
    expect(thrown?.revisions).toEqual([2, 3]);
    const older = { revision: 1, body: { note: '交出去的' }, discardable: null, state: 'on-this-phone' };
    expect(phone.register.record(id(900))).toMatchObject(older);
    expect(await phone.discard(id(900), 1)).toBeNull();
    expect(await thrown?.putBack()).toBe(true);
    expect(phone.register.record(id(900))).toMatchObject({ revision: 3, body: { note: '第三版' } });
    await phone.discard(id(900), 3);
    office.fault = () => null;
    await phone.syncNow();
    expect([...office.stored.keys()]).toEqual([`${id(900)}/1`]);

    // The same where the office holds the older one.
    office.fault = () => offline;
    await phone.syncNow();
    await phone.save(knock(id(903), id(11), { ...noOneHome, note: '再改' }, { submissionId: id(900) }));
    expect(phone.register.record(id(900))).toMatchObject({ revision: 2, discardable: 'changes' });
    expect((await phone.discard(id(900), 2))?.revisions).toEqual([2]);
    expect(phone.register.record(id(900))).toMatchObject({ revision: 1, state: 'at-the-office' });
    await phone.close();
  });

  it('puts back nothing of several where the number of one was taken since', async () => {
    await phone.save(knock(id(900), id(11), noOneHome));
    await phone.save(knock(id(901), id(11), { ...noOneHome, note: '第二版' }, { submissionId: id(900) }));
    const thrown = await phone.discard(id(900), 2);
    const newer = await phone.save(knock(id(902), id(11), { ...noOneHome, note: '新' }, { submissionId: id(900) }));
    expect(await thrown?.putBack()).toBe(false);
    expect(phone.register.record(id(900))).toMatchObject({ revision: 1, body: newer.body });
    expect(phone.syncState().waiting).toBe(1);
    await phone.close();
  });

  it('is gone with the app, and nothing of what was thrown away is left on the disk', async () => {
    await phone.save(knock(id(900), id(11), { ...noOneHome, note: '丢掉的' }));
    await phone.discard(id(900), 1);
    await phone.close();
    const again = await openTestPhone(office, account);
    expect(again.register.records()).toEqual([]);
    expect(again.syncState().waiting).toBe(0);
    await again.close();
  });

  it('puts a draft back as it stood, and later changes of that form are kept again', async () => {
    const draft = knock(id(900), id(11), { note: '写了一半' });
    await phone.keepDraft(draft);
    const putBack = await phone.dropDraft(draft);
    await phone.keepDraft({ ...draft, body: { note: '迟到的一次自动保存' } });
    expect(await phone.drafts()).toEqual([]);
    expect(phone.register.door(id(11))?.hasDraft).toBe(false);
    expect(await putBack()).toBe(true);
    expect(await phone.draft(id(900))).toEqual(draft);
    expect(phone.register.door(id(11))?.hasDraft).toBe(true);
    await phone.keepDraft({ ...draft, body: { note: '接着写' } });
    expect((await phone.draft(id(900)))?.body).toEqual({ note: '接着写' });
    await phone.close();
  });

  it('puts a draft back as it was dropped, of which the disk had older words or none', async () => {
    for (const kept of [[], [knock(id(900), id(11), { note: '先前的' })]]) {
      for (const draft of kept) await phone.keepDraft(draft);
      const newest = knock(id(900), id(11), { note: '最后的' });
      const putBack = await phone.dropDraft(newest);
      await phone.keepDraft(newest);
      expect(await phone.drafts()).toEqual([]);
      expect(await putBack()).toBe(true);
      expect(await phone.draft(id(900))).toEqual(newest);
    }
    await phone.close();
  });

  it('puts a draft beside another one that was begun at the same door since', async () => {
    const old = knock(id(900), id(11), { note: '旧' });
    await phone.keepDraft(old);
    const putBack = await phone.dropDraft(old);
    await phone.keepDraft(knock(id(901), id(11), { note: '新' }));
    expect(await putBack()).toBe(true);
    const notes = (await phone.drafts()).map(({ body }) => body['note']);
    expect(notes.sort()).toEqual(['新', '旧']);
    await phone.close();
  });
});

describe('throwing away while a sync hands over', () => {
  it('[DEV-15] one of the two wins, never both, at whichever step it comes', async () => {
    const outcomes = new Set<string>();
    for (let turns = 0; turns < 40; turns += 1) {
      const record = id(2000 + turns);
      office.fault = () => offline;
      await phone.save(knock(record, id(11), noOneHome));
      office.fault = () => null;
      const running = phone.syncNow();
      await settled(turns % 14);
      const thrown = await phone.discard(record, 1);
      await running;
      await phone.syncNow();
      const isAtOffice = office.stored.has(`${record}/1`);
      expect({ turns, discarded: thrown !== null, isAtOffice }).toEqual({
        turns,
        discarded: !isAtOffice,
        isAtOffice,
      });
      expect(phone.register.record(record)?.state ?? 'gone').toBe(isAtOffice ? 'at-the-office' : 'gone');
      outcomes.add(isAtOffice ? 'sent' : 'thrown away');
    }
    expect(outcomes).toEqual(new Set(['sent', 'thrown away']));
    await phone.close();
  });

  it('[DEV-15] what is put back during a sync goes with that one or the next, once', async () => {
    for (let turns = 0; turns < 12; turns += 1) {
      const record = id(3000 + turns);
      office.fault = () => offline;
      await phone.save(knock(record, id(11), noOneHome));
      const thrown = await phone.discard(record, 1);
      office.fault = () => null;
      const running = phone.syncNow();
      await settled(turns);
      await thrown?.putBack();
      await running;
      await phone.syncNow();
      expect(office.pushes.get(`${record}/1`)).toBe(1);
      expect(phone.register.record(record)?.state).toBe('at-the-office');
    }
    await phone.close();
  });
});
