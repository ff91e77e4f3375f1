import 'fake-indexeddb/auto';
import { beforeEach, describe, expect, it } from 'vitest';
import type { FakeOffice } from '$lib/device/testing/fake-office';
import { GRID_FEED, id, knock, noOneHome } from '$lib/device/testing/fixtures';
import { newAccount, officeWithDoors, openTestPhone, type TestPhone } from '$lib/device/testing/open-test-phone';
import type { Draft } from '$lib/device/phone';
import { toTimestamp } from '$lib/domain/calendar';
import { householdVerification } from '$lib/forms/definitions/household-verification';
import { DraftBook } from './draft-keeper.svelte';
import { mendRecord } from './mend-record';

const door = { type: 'dwelling', id: id(11) } as const;
const kind = 'household-verification';
const [first, second] = [id(900), id(901)];
let office: FakeOffice;
let phone: TestPhone;
let app: ReturnType<typeof appOf>;

const appOf = (opened: TestPhone) => ({
  phone: opened,
  world: opened.world,
  drafts: new DraftBook(opened, opened.world),
  now: () => toTimestamp(opened.world.now()),
});
const noForm = (): Draft => {
  throw new Error('a form was begun');
};
const record = (at: string) => {
  const view = phone.register.record(at);
  if (!view) throw new Error(`no record ${at}`);
  return view;
};
/** What the screens of the door have in hand. */
const inHand = async (at = app) => (await at.drafts.open(door, kind, noForm))?.draft;
async function write(note: string): Promise<void> {
  const keeper = await app.drafts.open(door, kind, noForm);
  keeper?.edit((body) => (body['note'] = note));
  if (keeper) app.drafts.close(keeper);
}
async function returned(at: string, note: string, more: Partial<Draft> = {}): Promise<void> {
  await phone.save(knock(at, door.id, { ...noOneHome, outcome: 'refused', note }, more));
  await phone.syncNow();
  office.decide(at, 'returned', {
    comments: [{ path: [], text: '请写清', by: '吴主任', at: '2026-11-23T10:01:00+08:00' }],
  });
  await phone.syncNow();
}

beforeEach(async () => {
  const account = newAccount();
  office = officeWithDoors(account);
  phone = await openTestPhone(office, account);
  app = appOf(phone);
});

describe('[DEV-9] correcting a record', () => {
  it('opens that record, though another visit at the door was begun; nothing of that visit is lost', async () => {
    await returned(first, '原来的');
    const visit = knock(id(950), door.id, { ...noOneHome, note: '新的一次上门' });
    await phone.keepDraft(visit);
    expect(await mendRecord(app, record(first))).toBe(`/door/${door.id}`);
    expect(await inHand()).toMatchObject({ submissionId: first, body: { outcome: 'refused', note: '原来的' } });
    expect(await phone.draft(visit.id)).toEqual(visit);
    await write('因为正在办丧事');
    const keeper = await app.drafts.open(door, kind, noForm);
    if (keeper) await app.drafts.save(keeper, { ...keeper.draft.body });
    await phone.syncNow();
    expect(office.stored.get(`${first}/2`)?.revision.body).toMatchObject({ note: '因为正在办丧事' });
    // The visit is the form in hand again, as it was left.
    expect(await inHand()).toEqual(visit);
  });

  it('of two returned records of one door keeps a correction each, also when the app is closed between them', async () => {
    await returned(first, '第一条');
    await returned(second, '第二条');
    await mendRecord(app, record(first));
    await write('改第一条');
    await mendRecord(app, record(second));
    expect(await inHand()).toMatchObject({ submissionId: second, body: { note: '第二条' } });
    await write('改第二条');
    await mendRecord(app, record(first));
    expect(await inHand()).toMatchObject({ submissionId: first, body: { note: '改第一条' } });
    expect(await phone.drafts()).toHaveLength(2);
    expect(await inHand(appOf(phone))).toMatchObject({ submissionId: first });
  });

  it('keeps what was typed last in the other form, within the same moment', async () => {
    await returned(first, '原来的');
    await phone.keepDraft(knock(id(950), door.id, noOneHome));
    const open = await app.drafts.open(door, kind, noForm);
    open?.edit((body) => (body['note'] = '刚打的字'));
    await mendRecord(app, record(first));
    expect((await phone.draft(id(950)))?.body).toMatchObject({ note: '刚打的字' });
    expect(open?.replaced).toBe(true);
    expect(await inHand()).toMatchObject({ submissionId: first });
  });

  it('finds its form though the clock of the phone went back years', async () => {
    await returned(first, '原来的');
    await phone.keepDraft(knock(id(950), door.id, noOneHome, { changedAt: '2036-05-01T10:00:00+08:00' }));
    await mendRecord(app, record(first));
    expect(await inHand()).toMatchObject({ submissionId: first });
    expect(await inHand(appOf(phone))).toMatchObject({ submissionId: first });
  });

  it('where the disk takes no more says so, and what was typed stays in hand', async () => {
    await returned(first, '原来的');
    await phone.keepDraft(knock(id(950), door.id, noOneHome));
    const open = await app.drafts.open(door, kind, noForm);
    const full = () => Promise.reject(new DOMException('full', 'QuotaExceededError'));
    phone.keepDraft = full;
    open?.edit((body) => (body['note'] = '没存上的字'));
    await expect(mendRecord(app, record(first))).rejects.toThrow('full');
    expect(await inHand()).toMatchObject({ id: id(950), body: { note: '没存上的字' } });
  });
});

describe('[QUA-5] the version of the form that a correction is made in', () => {
  const form = (version: number) => ({ id: kind, version });
  const versionOf = async () => {
    await mendRecord(app, record(first));
    return (await inHand())?.form.version;
  };
  const meter = { name: 'meter', type: 'text', label: 'label_meter', purpose: 'purpose_meter', maxLength: 20 };
  const second = {
    ...householdVerification,
    version: 2,
    sections: [...householdVerification.sections, { name: 'meter', label: 'section_remarks', fields: [meter] }],
  };

  it('is the one of the record, whose screens ask less than it says, and all that it says goes along', async () => {
    office.publish(GRID_FEED, 'form', `${kind}@2`, second);
    await returned(first, '原来的', {
      form: form(2),
      body: { ...noOneHome, outcome: 'refused', note: '原来的', meter: 'B-20331' },
    });
    expect(await versionOf()).toBe(2);
    expect((await inHand())?.body).toMatchObject({ meter: 'B-20331' });
  });

  it('stays the older one though a newer one was published since', async () => {
    await returned(first, '原来的');
    office.publish(GRID_FEED, 'form', `${kind}@2`, { ...householdVerification, version: 2 });
    await phone.syncNow();
    expect(await versionOf()).toBe(1);
  });

  it('of a version that this phone cannot read stays that one, for the office to judge', async () => {
    await returned(first, '原来的', { form: form(7) });
    expect(await versionOf()).toBe(7);
  });

  it('that nobody knows, the office neither, becomes the newest', async () => {
    await returned(first, '原来的', { form: form(7) });
    office.decide(first, 'returned', { problems: [{ path: ['form'], code: 'form_unknown', message: '' }] });
    await phone.syncNow();
    expect(await versionOf()).toBe(1);
  });
});

describe('a record whose body is odd', () => {
  const mendOdd = async (body: unknown) => {
    office.publish(`account/${phone.accountId}`, 'submission', first, {
      ...{ kind, target: door, recordedAt: '2026-11-23T10:00:00+08:00', revision: 1, digest: 'x', review: 'returned' },
      ...{
        comments: [
          { path: ['households', 0, 'residents', 0], text: '请写清', by: '吴', at: '2026-11-23T10:01:00+08:00' },
        ],
      },
      record: {
        ...knock(first, door.id, {}),
        revision: 1,
        recordedAt: '2026-11-23T10:00:00+08:00',
        location: null,
        body,
      },
      ...{ decidedAt: null, by: null },
    });
    await phone.syncNow();
    return mendRecord(app, record(first));
  };

  it.each([
    { outcome: 'verified', households: 'x', informant: [1, 2] },
    { outcome: 'verified', households: [{ id: null, residents: [null, 5] }] },
    { outcome: 'verified', households: [{ id: id(50), residents: [{ id: id(77), change: 'gone' }] }] },
  ])('opens with what can be read: %j', async (body) => {
    expect(await mendOdd(body)).toBe(`/door/${door.id}/people`);
    expect((await inHand())?.body).toMatchObject({ outcome: 'verified', households: expect.any(Array) });
  });

  it.each([null, [1, 2], 'x'])('opens empty where it is %j', async (body) => {
    expect(await mendOdd(body)).toBe(`/door/${door.id}`);
    expect(await inHand()).toMatchObject({ submissionId: first, body: { outcome: null, households: [] } });
  });
});

describe('a form of one screen', () => {
  const task = {
    ...knock(id(960), door.id, { title: '楼道灯坏了' }),
    kind: 'concern',
    form: { id: 'concern', version: 1 },
  } as const;

  it('opens for the record that is asked for, beside another one about the same', async () => {
    await phone.keepDraft(task);
    const begun: Draft = { ...task, id: id(961), submissionId: first, body: { title: '退回的' } };
    const keeper = await app.drafts.open(door, 'concern', () => begun, { record: first });
    expect(keeper).toMatchObject({ kept: 'new', draft: { submissionId: first } });
    keeper?.edit((body) => (body['title'] = '改过的'));
    const other = await app.drafts.open(door, 'concern', noForm, { record: task.id });
    expect(other?.draft).toEqual(task);
    expect((await phone.draft(id(961)))?.body).toEqual({ title: '改过的' });
  });
});
