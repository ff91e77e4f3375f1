import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import { digestRevision } from '../sync/digest';
import { FakeOffice } from './testing/fake-office';
import { dwelling, GRID_FEED, household, id, knock, noOneHome, resident } from './testing/fixtures';
import { newAccount, officeWithDoors, openTestPhone } from './testing/open-test-phone';
import { makeTestWorld } from './testing/test-world';

const offline = { kind: 'no-connection' } as const;

async function offlinePhone() {
  const account = newAccount();
  const office = officeWithDoors(account);
  const phone = await openTestPhone(office, account);
  office.fault = () => offline;
  return { account, office, phone };
}

describe('drafts', () => {
  it('[DEV-9] a draft outlives the app at its last change, with the place in the form', async () => {
    const { account, office, phone } = await offlinePhone();
    const draft = knock(id(900), id(11), { outcome: 'verified' });
    await phone.keepDraft(draft);
    await phone.keepDraft({ ...draft, body: { outcome: 'refused' }, place: { step: 'people', field: 'phone' } });
    expect(phone.register.door(id(11))?.hasDraft).toBe(true);
    await phone.close();
    const again = await openTestPhone(office, account);
    expect(await again.draftOf({ type: 'dwelling', id: id(11) }, 'household-verification')).toMatchObject({
      body: { outcome: 'refused' },
      place: { step: 'people', field: 'phone' },
    });
    expect(again.register.door(id(11))?.hasDraft).toBe(true);
    expect(again.register.records()).toMatchObject([{ id: id(900), state: 'draft' }]);
    await again.close();
  });

  it('keeps a draft as it was when it was given, though the form goes on changing', async () => {
    const { phone } = await offlinePhone();
    const draft = knock(id(900), id(11), { note: 'one' });
    const kept = phone.keepDraft(draft);
    draft.body.note = 'two';
    await kept;
    expect((await phone.draft(id(900)))?.body).toEqual({ note: 'one' });
    await phone.close();
  });

  it('a change that comes after the save brings no draft back', async () => {
    const { phone } = await offlinePhone();
    const draft = knock(id(900), id(11), noOneHome);
    await phone.keepDraft(draft);
    const saved = phone.save(draft);
    await phone.keepDraft({ ...draft, changedAt: '2026-11-23T10:00:01+08:00' });
    await saved;
    expect(await phone.drafts()).toEqual([]);
    await phone.close();
  });

  it('[DEV-4] a draft is kept when its feed is gone, with its copy of what it was prefilled from', async () => {
    const account = newAccount();
    const office = officeWithDoors(account);
    const phone = await openTestPhone(office, account);
    await phone.keepDraft(knock(id(900), id(11), noOneHome, { prefilledFrom: { room: '301' } }));
    office.allow(account, []);
    await phone.syncNow();
    expect(phone.register.door(id(11))).toBeNull();
    expect(await phone.drafts()).toMatchObject([{ id: id(900), prefilledFrom: { room: '301' } }]);
    await phone.close();
  });
});

describe('saving', () => {
  it('[DEV-2] a saved form, its outbox entry and the end of its draft come together', async () => {
    const { account, office, phone } = await offlinePhone();
    const draft = knock(id(900), id(11), noOneHome);
    await phone.keepDraft(draft);
    await phone.save(draft);
    expect(await phone.drafts()).toEqual([]);
    expect(phone.register.record(id(900))).toMatchObject({ state: 'on-this-phone', revision: 1 });
    expect(phone.syncState().waiting).toBe(1);
    await phone.close();
    const again = await openTestPhone(office, account);
    expect(again.register.record(id(900))).toMatchObject({ state: 'on-this-phone', body: noOneHome });
    await again.close();
  });

  it('[DEV-2] a save that finds the disk full leaves the draft as it was', async () => {
    const { account, office, phone } = await offlinePhone();
    const draft = knock(id(900), id(11), noOneHome);
    await phone.keepDraft(draft);
    const put = IDBObjectStore.prototype.add;
    IDBObjectStore.prototype.add = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
    try {
      await expect(phone.save(draft)).rejects.toMatchObject({ code: 'storage-full' });
    } finally {
      IDBObjectStore.prototype.add = put;
    }
    await phone.close();
    const again = await openTestPhone(office, account);
    expect(await again.drafts()).toMatchObject([{ id: id(900), body: noOneHome }]);
    expect(again.syncState().waiting).toBe(0);
    await again.close();
  });

  it('[REC-8] the text is made once at the save, and sent as it is, sign by sign', async () => {
    const { account, office, phone } = await offlinePhone();
    const body = { ...noOneHome, note: '“四楼”\u2028 1e21', odd: 1e21, deep: { b: 1, a: [0.1, -0] } };
    const saved = await phone.save(knock(id(900), id(11), body));
    expect(await digestRevision(saved)).toBe(saved.digest);
    await phone.close();
    office.fault = () => null;
    const again = await openTestPhone(office, account);
    expect(office.texts.some((text) => text.includes(`"push":[${JSON.stringify(saved)}]`))).toBe(true);
    expect(office.stored.get(`${id(900)}/1`)?.digest).toBe(saved.digest);
    await again.close();
  });

  it('[REC-9] numbers a revision after the highest that the phone or the account feed knows', async () => {
    const { account, office, phone } = await offlinePhone();
    expect((await phone.save(knock(id(900), id(11), noOneHome))).revision).toBe(1);
    expect((await phone.save(knock(id(901), id(11), noOneHome, { submissionId: id(900) }))).revision).toBe(2);
    office.fault = () => null;
    await phone.world.advance(600_000);
    office.decide(id(900), 'returned', { revision: 7, digest: 'of another phone' });
    await phone.syncNow();
    expect((await phone.save(knock(id(902), id(11), noOneHome, { submissionId: id(900) }))).revision).toBe(8);
    expect(office.accounts.has(account)).toBe(true);
    await phone.close();
  });

  it('numbers two saves of one record that come at once one after the other', async () => {
    const { phone } = await offlinePhone();
    const saves = [1, 2, 3].map((n) => phone.save(knock(id(900 + n), id(11), noOneHome, { submissionId: id(900) })));
    expect((await Promise.all(saves)).map(({ revision }) => revision)).toEqual([1, 2, 3]);
    await phone.close();
  });

  it('[LIM-3] refuses a revision above 256 KiB and leaves the draft as it was', async () => {
    const { phone } = await offlinePhone();
    const draft = knock(id(900), id(11), { ...noOneHome, note: '门'.repeat(90_000) });
    await phone.keepDraft(draft);
    await expect(phone.save(draft)).rejects.toMatchObject({ code: 'too-large' });
    expect(phone.syncState().waiting).toBe(0);
    await phone.keepDraft({ ...draft, body: noOneHome }); // the form goes on
    expect((await phone.draft(id(900)))?.body).toEqual(noOneHome);
    await phone.close();
  });

  it('saves a locked stair in one step', async () => {
    const { phone } = await offlinePhone();
    const stair = phone.register.stairToDo(id(2), '1');
    expect(stair.map(({ door }) => door.room)).toEqual(['301', '302', '401']);
    const noAccess = { ...noOneHome, outcome: 'no-access', note: '钥匙在门卫' };
    await phone.saveAll(stair.map(({ door }, index) => knock(id(900 + index), door.id, noAccess)));
    expect(phone.syncState().waiting).toBe(3);
    expect(phone.register.door(id(13))?.door.state).toMatchObject({ outcome: 'no-access', note: '钥匙在门卫' });
    await phone.close();
  });

  it('takes a proxy of a form as its plain values', async () => {
    const { phone } = await offlinePhone();
    const body = new Proxy({ ...noOneHome, gone: undefined }, {});
    await phone.save(knock(id(900), id(11), body));
    expect(phone.register.record(id(900))?.body).toEqual(noOneHome);
    await phone.close();
  });
});

describe('throwing away', () => {
  it('[DEV-15] only what was never handed to a request can be thrown away', async () => {
    const { office, phone } = await offlinePhone();
    // The first save is tried at once, and nothing came of it; the phone backs off before the second.
    await phone.save(knock(id(900), id(11), noOneHome));
    await phone.syncNow();
    await phone.save(knock(id(901), id(12), noOneHome));
    expect(phone.register.record(id(900))?.discardable).toBeNull();
    expect(await phone.discard(id(900), 1)).toBeNull();
    expect(phone.register.record(id(901))?.discardable).toBe('record');
    expect(await phone.discard(id(901), 1)).not.toBeNull();
    expect(phone.register.record(id(901))).toBeNull();
    expect(phone.register.door(id(12))?.door.state.outcome).toBe('not-visited');
    office.fault = () => null;
    await phone.syncNow();
    expect([...office.stored.keys()]).toEqual([`${id(900)}/1`]);
    await phone.close();
  });

  it('[DEV-15] where the browser says that there is no connection nothing is handed over, until an answer says otherwise', async () => {
    const { office, phone } = await offlinePhone();
    phone.world.setOnline(false);
    await phone.save(knock(id(900), id(11), noOneHome));
    await phone.syncNow();
    expect(phone.register.record(id(900))?.discardable).toBe('record');
    office.fault = () => null;
    await phone.syncNow();
    expect([...office.stored.keys()]).toEqual([`${id(900)}/1`]);
    await phone.close();
  });

  it('[DEV-15] that a revision was handed over is written before it goes', async () => {
    const account = newAccount();
    const office = officeWithDoors(account);
    const phone = await openTestPhone(office, account);
    const tried: ReturnType<typeof phone.discard>[] = [];
    office.fault = ({ push }) => {
      if (push.length > 0) tried.push(phone.discard(id(900), 1));
      return null;
    };
    await phone.save(knock(id(900), id(11), noOneHome));
    await phone.syncNow();
    expect(await Promise.all(tried)).toEqual([null]);
    expect(await phone.discard(id(900), 1)).toBeNull();
    await phone.close();
  });
});

describe('two tabs of one account', () => {
  it('show the same records and drafts', async () => {
    const { account, office, phone } = await offlinePhone();
    const second = await openTestPhone(office, account, { world: makeTestWorld(2) });
    const heard = new Promise<void>((resolve) => {
      second.subscribe(() => {
        if (second.register.record(id(900))?.state === 'on-this-phone') resolve();
      });
    });
    await phone.save(knock(id(900), id(11), noOneHome));
    await heard;
    expect(second.register.door(id(11))?.door.state.outcome).toBe('no-one-home');
    await Promise.all([phone.close(), second.close()]);
  });
});

describe('a proposed door', () => {
  it('stands on the board of its building before the register has it', async () => {
    const { account, office, phone } = await offlinePhone();
    const place = { gridId: id(1), compound: '金山花园', building: '3', unit: '1', floor: 4, room: '402' };
    await phone.save(knock(id(900), id(77), { ...noOneHome, dwelling: place }));
    const rooms = () => phone.register.board(id(2))?.units[0]?.floors[0]?.doors.map(({ door }) => door.room);
    expect(rooms()).toEqual(['401', '402']);
    expect(phone.register.door(id(77))).toMatchObject({ registered: null, version: null, onlyHere: true });
    await phone.close();
    const again = await openTestPhone(office, account);
    expect(again.register.buildings()[0]).toMatchObject({ doors: 5, notSent: 1 });
    await again.close();
  });

  it('is found by its address, so that no second one is made: begun in a form, saved, or registered', async () => {
    const { account, office, phone } = await offlinePhone();
    const place = { gridId: id(1), compound: '金山花园', building: '3', unit: '1', floor: 4, room: '402' };
    const at = (room: string, unit = '1') => phone.register.doorAt(id(2), { unit, room });
    expect(at('402')).toBeNull();
    const draft = knock(id(900), id(77), { ...noOneHome, dwelling: place });
    await phone.keepDraft(draft);
    expect([at('402'), at('403'), at('402', '2'), at('401')]).toEqual([id(77), null, null, id(13)]);
    await phone.save(draft);
    expect(at('402')).toBe(id(77));
    await phone.close();
    const again = await openTestPhone(office, account);
    expect(again.register.doorAt(id(2), { unit: '1', room: '402' })).toBe(id(77));
    await again.close();
  });

  it('[DEV-8] stands there again when its grid was taken away and given back', async () => {
    const { account, office, phone } = await offlinePhone();
    const place = { gridId: id(1), compound: '金山花园', building: '3', unit: '1', floor: 4, room: '402' };
    await phone.save(knock(id(900), id(77), { ...noOneHome, dwelling: place }));
    office.fault = () => null;
    office.allow(account, []);
    await phone.syncNow();
    expect(phone.register.buildings()).toEqual([]);
    office.allow(account, [GRID_FEED]);
    await phone.syncNow();
    expect(phone.register.buildings()[0]).toMatchObject({ doors: 5 });
    await phone.close();
  });
});

it('[DEV-13] one database an account: another account sees nothing of the first', async () => {
  const { phone } = await offlinePhone();
  await phone.save(knock(id(900), id(11), noOneHome));
  await phone.close();
  const other = newAccount();
  const office = new FakeOffice();
  office.allow(other, []);
  const second = await openTestPhone(office, other);
  expect(second.register.records()).toEqual([]);
  expect(second.register.buildings()).toEqual([]);
  await second.close();
});

it('possible duplicates are those with the same birth date and last four', async () => {
  const { office, phone } = await offlinePhone();
  office.fault = () => null;
  const other = resident(200, { name: '王秀兰', phone: '' });
  office.publish(
    GRID_FEED,
    'dwelling',
    id(15),
    dwelling(15, { unit: '2', room: '502', floor: 5, households: [household(60, other)] }),
  );
  await phone.syncNow();
  const query = { birthDate: '1951-03-08', idNumber: '62079919510308123x', exceptId: id(100) };
  expect(phone.register.possibleDuplicates(query)).toEqual([
    { residentId: id(200), name: '王秀兰', dwellingId: id(15), label: '2单元 502' },
  ]);
  expect(phone.register.possibleDuplicates({ ...query, birthDate: '1951-03-09' })).toEqual([]);
  await phone.close();
});
