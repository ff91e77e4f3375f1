/** Erasing a person: nothing of them is left, everything of the others is, and no phone is asked for anything again. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type CarePlan, setCarePlan } from '../../src/lib/server/care/plans';
import { checkOffice } from '../../src/lib/server/check/check-office';
import { deskAsOf } from '../../src/lib/server/desk/as-of';
import { caseView } from '../../src/lib/server/desk/case-view';
import { doorPage } from '../../src/lib/server/desk/door-page';
import { open, seal } from '../../src/lib/server/codec';
import { publish } from '../../src/lib/server/feeds/publish';
import { openCase } from '../../src/lib/server/quarantine/open-case';
import { recheck } from '../../src/lib/server/quarantine/recheck';
import { correctValue } from '../../src/lib/server/register/correct';
import { eraseResident } from '../../src/lib/server/register/erase';
import type { Origin } from '../../src/lib/server/register/provenance';
import { insertHouseholds, updateResident } from '../../src/lib/server/register/rows';
import { runAfterwork } from '../../src/lib/server/review/rules';
import { startRound } from '../../src/lib/server/rounds/rounds';
import { backUp } from './backup-for-tests';
import { basisOf, DeskForTests, idsOf } from './desk-for-tests';
import { openFieldPhone, verifying } from './field-phone-for-tests';
import { at, identityNumber, openTestOffice, type TestDoor, type TestOffice } from './office-for-tests';
import { type PhoneForTests, type Pushed, verifiedBody, visitBody } from './phone-for-tests';

let here: TestOffice;
let phone: PhoneForTests;
let volunteer: PhoneForTests;
let desk: DeskForTests;
let door: TestDoor;
let head: string;
let spouse: string;
const name = '欧阳建国';
const number = identityNumber('1958-04-13', 500);

beforeEach(async () => {
  here = await openTestOffice();
  phone = here.phone(here.accounts.worker);
  volunteer = here.phone(here.accounts.volunteer);
  desk = new DeskForTests(here);
  door = at(here.doors, 0);
  ({ head, spouse } = idsOf(door));
  // A name that nobody else has, so that what is left of it is found.
  await approved(
    await phone.verifies(door, {
      basis: await basisOf(phone, door),
      body: people({ name, idNumber: number }, {}),
    }),
  );
});
afterEach(() => here.close());

/** The two of the door, the first with these corrections, the second with those. */
function people(first: object, second: object, more: Record<string, unknown> = {}): Record<string, unknown> {
  const entry = (id: string, fields: object) => ({
    id,
    change: Object.keys(fields).length > 0 ? 'corrected' : 'unchanged',
    ...fields,
  });
  return verifiedBody(door, {
    informant: { residentId: head, name, kind: 'member' },
    households: [{ id: at(door.households, 0).id, residents: [entry(head, first), entry(spouse, second)] }],
    ...more,
  });
}

async function approved(record: Pushed): Promise<Pushed> {
  expect(await phone.push(record)).toMatchObject([{ status: 'stored' }]);
  expect(await desk.approve(record.id)).toHaveProperty('done');
  return record;
}

const visit = (note = '') => ({
  kind: 'care-visit',
  form: { id: 'care-visit', version: 1 },
  target: { type: 'resident', id: head },
  location: { lat: 38.43, lon: 100.81, accuracyMetres: 12 },
  body: visitBody(note),
});
const plan: CarePlan = {
  services: ['company'],
  everyDays: 7,
  from: '2026-11-01',
  until: null,
  mustKnow: '心脏不好',
  pausedUntil: null,
};
const erase = () => eraseResident(here.office, here.communityId, head, here.accounts.administrator);

/** Every table as one text, but for those of the sign-in. */
async function everything(): Promise<string> {
  const tables = await backUp(here.office);
  return JSON.stringify(tables.filter(({ table }) => !table.startsWith('sign_in')));
}
const revisionOf = (id: string) =>
  here.office.database.read((db) =>
    db.selectFrom('revision').selectAll().where('submission_id', '=', id).executeTakeFirstOrThrow(),
  );

test('[REC-11] nothing of the person is left in any table, and everything of the others is', async () => {
  await setCarePlan(here.office, here.accounts.coordinator, head, plan, [volunteer.account.id]);
  // A second approval, so that its undo, the door's past and its state hold the name.
  const contact = { contactName: name, contactPhone: '13911112222', note: `找${name}开门` };
  await approved(
    await phone.verifies(door, {
      basis: await basisOf(phone, door),
      body: people({ registeredAddress: '甘肃省张掖市' }, {}, { dwelling: contact }),
    }),
  );
  await approved(
    await phone.verifies(door, {
      basis: await basisOf(phone, door),
      body: { outcome: 'refused', note: `${name}不在，改天`, nextVisit: null, dwelling: {} },
    }),
  );
  await here.office.database.write((tx) =>
    tx
      .insertInto('roster_import')
      .values({
        community_id: here.communityId,
        id: here.office.world.uuid(),
        file_name: '底册.xlsx',
        file: seal(''),
        state: 'done',
        mapping: seal('{}'),
        summary: seal(JSON.stringify({ summary: { questions: [{ value: name, row: 7 }] }, refusal: null })),
        done: 1,
        total: 1,
        by_account: here.accounts.administrator.id,
        at: new Date(here.office.world.now()).toISOString(),
      })
      .execute(),
  );
  const task = {
    id: here.office.world.uuid(),
    kind: 'visit',
    target: { type: 'resident', id: head },
    text: `看看${name}`,
    dueOn: null,
    urgency: null,
  };
  await here.office.database.write((tx) =>
    publish(tx, here.communityId, [{ feed: `grid/${here.grids[0]}`, type: 'task', id: task.id, body: task }]),
  );
  const basis = await basisOf(phone, door);
  const short = await phone.verifies(door, {
    body: people(
      {},
      {},
      { households: [{ id: at(door.households, 0).id, residents: [{ id: spouse, change: 'unchanged' }] }] },
    ),
  });
  expect(JSON.stringify(await phone.push(short))).toContain(name);
  const waiting = await phone.verifies(door, {
    basis,
    body: people({ phone: '13911112222' }, { phone: '13933334444' }, { note: `${name}说下周再来` }),
  });
  const broken = await phone.verifies(door, { body: people({ idNumber: '123' }, {}, { outcome: 'nonsense' }) });
  const concern = await phone.revision({
    kind: 'concern',
    form: { id: 'concern', version: 1 },
    target: { type: 'dwelling', id: door.id },
    body: {
      category: 'safety',
      title: '楼道灯坏了',
      description: `${name}反映的`,
      where: '二楼',
      raisedBy: { name, phone: '13911112222', own: true },
      urgency: 'week',
      solvedOnSpot: null,
    },
  });
  await phone.push(waiting, broken, concern);
  const cared = await volunteer.revision(visit('血压 190，心情不好'));
  await volunteer.push(cared);
  expect(
    await desk.sendBack(waiting.id, `${name}的电话不对`, ['households', 0, 'residents', 0, 'phone']),
  ).toHaveProperty('done');
  expect(await everything()).toContain(name);
  expect(await erase()).toMatchObject({ filesLeft: 0 });

  const left = await everything();
  for (const trace of [name, number, '13911112222', '血压', '心脏不好', '38.43', '甘肃省张掖市', '开门', '改天'])
    expect(left).not.toContain(trace);
  // 李秀英 is as she was, with what was said of her.
  expect(left).toContain('13933334444');
  const { households } = await desk.door(door.id);
  expect(households[0]?.residents.map(({ id, name: whose }) => [id, whose])).toEqual([[spouse, '李秀英']]);
  expect(households[0]?.headId).toBeNull();
  expect(JSON.parse((await revisionOf(waiting.id)).text)).toMatchObject({
    body: { note: '', households: [{ residents: [null, { id: spouse, phone: '13933334444' }] }] },
  });
  expect(JSON.parse((await revisionOf(cared.id)).text)).toMatchObject({ location: null, body: {} });
  const lines = await here.office.database.read((db) =>
    db
      .selectFrom('audit')
      .select(['action', 'subject_id', 'account_id'])
      .where('action', '=', 'register.erase')
      .execute(),
  );
  expect(lines).toEqual([{ action: 'register.erase', subject_id: head, account_id: here.accounts.administrator.id }]);
});

test('[REC-11] that they were spoken with, when the door was told in part, is not left in what the door was told before', async () => {
  const round = { name: '冬季核实', kind: 'full', closesOn: '2099-12-31', gridIds: [here.grids[0]] };
  expect(await startRound(here.office, here.accounts.coordinator, round)).toHaveProperty('id');
  await approved(
    await phone.verifies(door, {
      basis: await basisOf(phone, door),
      body: people({}, {}, { outcome: 'partly-verified', nextVisit: '2099-12-03' }),
    }),
  );
  const past = async () =>
    here.office.database.read((db) =>
      db
        .selectFrom('feed_past')
        .select('body')
        .where('item_id', '=', door.id)
        .execute()
        .then((rows) => rows.map(({ body }) => body).join()),
    );
  await approved(await phone.verifies(door, { body: { outcome: 'refused', nextVisit: null, dwelling: {} } }));
  expect(await past()).toContain(`"listed":["${head}","${spouse}"]`);
  await erase();
  expect(await past()).toContain(`"listed":["${spouse}"]`);
  expect(await past()).not.toContain(head);
});

test('[REC-11] what is in quarantine and names no place that the office knows is emptied too', async () => {
  const told = people({ phone: '13911112222' }, { phone: '13933334444' });
  const unreadable = await phone.verifies(door, { body: { ...told, note: '甲\u0000乙' } });
  const nowhere = await phone.revision({ target: { type: 'dwelling', id: here.office.world.uuid() }, body: told });
  const cared = await volunteer.revision(visit('血压 190\u0000'));
  expect(await phone.push(unreadable, nowhere)).toMatchObject([{ status: 'quarantined' }, { status: 'quarantined' }]);
  expect(await volunteer.push(cared)).toMatchObject([{ status: 'quarantined' }]);
  await erase();
  const left = await everything();
  for (const trace of [name, number, '13911112222', '血压']) expect(left).not.toContain(trace);
  expect(JSON.parse((await revisionOf(unreadable.id)).text)).toMatchObject({
    body: { note: '甲\u0000乙', households: [{ residents: [null, { id: spouse, phone: '13933334444' }] }] },
  });
  const { findings } = await checkOffice(here.office);
  expect(findings).toEqual([]);
});

test('[REC-11] what was pushed is known as before: the first receipt again, and nothing is asked for again', async () => {
  const cared = await volunteer.revision(visit('说夜里睡不好'));
  const [visited] = await volunteer.push(cared);
  const waiting = await phone.verifies(door, { basis: await basisOf(phone, door), body: people({ phone: '' }, {}) });
  const [receipt] = await phone.push(waiting);
  const before = [await revisionOf(cared.id), await revisionOf(waiting.id)];
  await erase();
  const after = [await revisionOf(cared.id), await revisionOf(waiting.id)];
  const known = ({ submission_id, revision, digest, pushed_digest, status }: (typeof before)[number]) =>
    [submission_id, revision, digest, pushed_digest, status] as const;
  expect(after.map(known)).toEqual(before.map(known));
  expect(after.every(({ erased_at }) => erased_at !== null)).toBe(true);

  expect(await volunteer.push(cared)).toEqual([visited]);
  expect(await phone.push(waiting)).toEqual([receipt]);
  const offer = ({ id, revision, digest }: Pushed) => ({ id, revision, digest });
  expect((await volunteer.ask({ offer: [offer(cared)] })).wanted).toEqual([]);
  expect((await phone.ask({ offer: [offer(waiting)] })).wanted).toEqual([]);
  expect([await revisionOf(cared.id), await revisionOf(waiting.id)]).toEqual(after);
});

test('[REC-11] phones are told the door without the person, and the recipient leaves', async () => {
  await setCarePlan(here.office, here.accounts.coordinator, head, plan, [volunteer.account.id]);
  await phone.pull();
  await volunteer.pull();
  const own = `account/${volunteer.account.id}`;
  expect(volunteer.item(own, 'recipient', head)).toBeDefined();
  const record = await phone.verifies(door, { body: people({}, { phone: '13933334444' }) });
  await phone.push(record);
  await desk.sendBack(record.id, '请再核对', ['households', 0, 'residents', 1, 'phone']);
  await erase();
  await phone.pull();
  await volunteer.pull();
  expect(volunteer.item(own, 'recipient', head)).toBeUndefined();
  const item = phone.item(`grid/${here.grids[0]}`, 'dwelling', door.id);
  expect(item).toMatchObject({ households: [{ headId: null, residents: [{ id: spouse }] }] });
  expect(await phone.record(record.id)).toMatchObject({
    comments: [{ path: ['households', 0, 'residents', 1, 'phone'] }],
    record: { body: { households: [{ residents: [{ id: spouse, phone: '13933334444' }] }] } },
  });
  expect(JSON.stringify([...phone.items.values(), ...volunteer.items.values()])).not.toMatch(/欧阳|心脏/);
});

test('[REC-11] the phone’s own code goes on with a returned record of the door', async () => {
  const field = await openFieldPhone(here, here.accounts.worker);
  const record = await field.save(verifying(field, door, people({}, { phone: '13933334444' })));
  await field.syncNow();
  expect(await desk.sendBack(record.id, '电话核对一下', ['households', 0, 'residents', 1, 'phone'])).toHaveProperty(
    'done',
  );
  await erase();
  await field.syncNow();
  expect(field.register.record(record.id)).toMatchObject({ state: 'returned' });
  expect(field.register.door(door.id)?.registered?.households[0]?.residents.map(({ id }) => id)).toEqual([spouse]);
  await field.close();
  const other = await openFieldPhone(here, here.accounts.worker);
  expect(other.register.record(record.id)).toMatchObject({ state: 'returned' });
  await other.close();
});

test('[REC-11] what waits at the desk is opened, says that it was erased, and is decided as before', async () => {
  const basis = await basisOf(phone, door);
  const waiting = await phone.verifies(door, { basis, body: people({ phone: '' }, { phone: '13933334444' }) });
  const returned = await phone.verifies(door, { basis, body: people({}, { phone: '13955556666' }) });
  await phone.push(waiting, returned);
  const cared = await volunteer.revision(visit());
  await volunteer.push(cared);
  await erase();
  for (const { id } of [waiting, returned, cared]) {
    const opened = await desk.open(id);
    expect(opened.erasedAt).not.toBeNull();
    const view = await here.office.database.read((db) =>
      caseView(db, here.communityId, opened, { locale: 'zh-CN', whole: true }),
    );
    expect(view.erasedAt).toBe(opened.erasedAt);
  }
  expect(await desk.approve(waiting.id)).toHaveProperty('done');
  expect((await desk.door(door.id)).households[0]?.residents).toMatchObject([{ id: spouse, phone: '13933334444' }]);
  expect(await desk.sendBack(returned.id, '已有新的')).toHaveProperty('done');
  expect(await desk.approve(cared.id)).toHaveProperty('done');
  await runAfterwork(here.office);
  expect(await everything()).not.toMatch(/欧阳/);
});

test('[REC-11] a decision on the record as it was before is refused, and so is one on how it was between two erasures', async () => {
  const basis = await basisOf(phone, door);
  const record = await phone.verifies(door, { basis, body: people({ phone: '' }, { phone: '13933334444' }) });
  await phone.push(record);
  const words = { comments: [{ path: [], text: '请核对' }], reason: '重复' };
  const word = async () => (await deskAsOf(here.office, here.communityId, record.id)).record;
  for (const person of [head, spouse]) {
    const { erasedAt } = await desk.open(record.id);
    const before = await word();
    here.forward(1000);
    expect(await eraseResident(here.office, here.communityId, person)).not.toBeNull();
    expect(await word()).not.toBe(before);
    const { erasedAt: now } = await desk.open(record.id);
    for (const kind of ['approve', 'return', 'void'] as const) {
      const decision = { ...(await desk.seen(record.id)), kind, ...words, erasedAt };
      expect(await desk.take(decision)).toEqual({ refused: 'erased', at: now });
    }
  }
  const { erasedAt } = await desk.open(record.id);
  expect(await desk.take({ ...(await desk.seen(record.id)), kind: 'approve', erasedAt })).toHaveProperty('done');
});

test('[REC-11] what the erased one told can be corrected, and mended in quarantine; a fault stands at whose it is', async () => {
  const basis = await basisOf(phone, door);
  const waiting = await phone.verifies(door, { basis, body: people({}, { phone: '13900001234' }) });
  const wrong = await phone.verifies(door, { basis, body: people({}, { phone: '12' }) });
  expect(await phone.push(waiting, wrong)).toMatchObject([{ status: 'stored' }, { status: 'quarantined' }]);
  await erase();
  const path = ['households', 0, 'residents', 1, 'phone'];
  expect(await desk.approve(waiting.id, { corrections: [{ path, value: '12' }] })).toEqual({
    refused: 'invalid',
    problems: [expect.objectContaining({ path })],
  });
  const mended = { corrections: [{ path, value: '13900005678' }] };
  expect(await desk.take({ ...(await desk.seen(wrong.id)), kind: 'accept', ...mended })).toHaveProperty('done');
  expect(await desk.approve(waiting.id, { corrections: [{ path: ['note'], value: '改' }] })).toHaveProperty('done');
  expect((await checkOffice(here.office)).findings).toEqual([]);
});

test('[REC-11] in quarantine nothing is wrong any more with who is not in the record, and the receipt of before stays', async () => {
  const basis = await basisOf(phone, door);
  const both = await phone.verifies(door, { basis, body: people({ phone: '12' }, { phone: '34' }) });
  const informant = { residentId: spouse, name: '李秀英', kind: 'member' };
  const theirs = await phone.verifies(door, { basis, body: people({ phone: '12' }, {}, { informant }) });
  const receipts = await phone.push(both, theirs);
  expect(receipts).toMatchObject([{ status: 'quarantined' }, { status: 'quarantined' }]);
  const cared = await volunteer.revision(visit());
  const undated = await volunteer.revision({ ...visit(), body: { ...cared.body, nextVisit: '2026-13-45' } });
  const [ofVisit] = await volunteer.push(undated);
  expect(ofVisit).toMatchObject({ status: 'quarantined' });
  await erase();
  const open = ({ id }: Pushed) =>
    here.office.database.read((db) => openCase(db, here.communityId, { submissionId: id, part: null }));
  const left = await open(both);
  expect(left).toMatchObject({ problems: [{ path: ['households', 0, 'residents', 1, 'phone'] }] });
  expect(left?.erasedAt).not.toBeNull();
  expect(await open(theirs)).toMatchObject({ problems: [], review: 'quarantined' });
  expect(await open(undated)).toMatchObject({ problems: [] });
  await phone.pull();
  expect(await phone.record(theirs.id)).toMatchObject({ review: 'quarantined', problems: [] });
  expect(await phone.push(both, theirs)).toEqual(receipts);
  expect(await volunteer.push(undated)).toEqual([ofVisit]);
  expect(await desk.take({ ...(await desk.seen(theirs.id)), kind: 'accept' })).toHaveProperty('done');
  expect(await desk.approve(theirs.id)).toHaveProperty('done');
  // Of the visit nothing is left that could be taken in: it waits for a person, and nothing is found wrong with it anew.
  expect(await recheck(here.office, here.communityId, undated.id)).toBe('quarantined');
  expect(await open(undated)).toMatchObject({ problems: [] });
  expect((await checkOffice(here.office)).findings).toEqual([]);
});

test('[REC-11] [QUA-6] that the erased one told it is no fault where it is judged again, and it comes to review', async () => {
  const told = await phone.verifies(door, { basis: await basisOf(phone, door), body: people({ phone: '12' }, {}) });
  expect(await phone.push(told)).toMatchObject([{ status: 'quarantined' }]);
  await erase();
  expect(await recheck(here.office, here.communityId, told.id)).toBe('pending');
  expect(await desk.approve(told.id)).toHaveProperty('done');
});

test('[REC-11] what the coordinator corrects in such a record stands at its place', async () => {
  const other = at(here.doors, 2);
  const ids = idsOf(other);
  const body = verifiedBody(other, {
    households: [
      {
        id: ids.household,
        residents: [
          { id: ids.spouse, change: 'corrected', phone: '13911112222' },
          { id: ids.head, change: 'corrected', phone: '13933334444' },
        ],
      },
    ],
  });
  const waiting = await phone.verifies(other, { basis: await basisOf(phone, other), body });
  await phone.push(waiting);
  await eraseResident(here.office, here.communityId, ids.spouse);
  const place = ['households', 0, 'residents', 1, 'phone'];
  const refused = await desk.approve(waiting.id, { corrections: [{ path: place, value: '1' }] });
  expect(refused).toMatchObject({ refused: 'invalid' });
  const answer = await desk.approve(waiting.id, { corrections: [{ path: place, value: '13977778888' }] });
  expect(answer).toHaveProperty('done');
  expect((await desk.door(other.id)).households[0]?.residents).toMatchObject([{ id: ids.head, phone: '13977778888' }]);
});

test('[REC-11] what a decision on the person did is not undone any more, and says why; the door’s history shows the gap', async () => {
  const { id } = await approved(
    await phone.verifies(door, { basis: await basisOf(phone, door), body: people({ phone: '' }, {}) }),
  );
  await erase();
  expect(await desk.undo(id)).toMatchObject({ refused: 'built-upon' });
  const page = await doorPage(here.office, here.accounts.coordinator, door.id, 'zh-CN');
  const entries = page?.history.filter(({ entityId }) => entityId === head) ?? [];
  expect(entries.length).toBeGreaterThan(2);
  expect(entries.every(({ before, after }) => before === null && after === null)).toBe(true);
});

test('[REC-11] a household of one ends with them; another’s contact is forgotten', async () => {
  const alone = at(here.doors, 1);
  const ids = idsOf(alone);
  await eraseResident(here.office, here.communityId, ids.head);
  await eraseResident(here.office, here.communityId, ids.spouse);
  expect((await desk.door(alone.id)).households).toEqual([]);
  const basis = await basisOf(phone, door);
  const contact = { kind: 'relative', name, phone: '13911112222', residentId: head };
  await approved(
    await phone.verifies(door, { basis, body: people({}, { contacts: [contact], careGroups: ['frail-elderly'] }) }),
  );
  await erase();
  const [left] = (await desk.door(door.id)).households[0]?.residents ?? [];
  expect(left).toMatchObject({ contacts: [], careGroups: ['frail-elderly'], consent: { by: '' } });
  expect(await everything()).not.toContain(name);
});

test('[REC-11] a household of the door that nobody is registered in, and was not theirs, does not end with them', async () => {
  const empty = { id: here.office.world.uuid(), kind: 'family', tenure: null, headId: null, phone: '' } as const;
  const origin: Origin = {
    from: 'correction',
    ...{ since: '2026-11-01T00:00:00.000Z', by: '', confirmedAt: null, confirmedBy: null, how: null },
  };
  await here.office.database.write((tx) =>
    insertHouseholds(tx, here.communityId, [{ ...empty, dwellingId: door.id }], origin),
  );
  await erase();
  expect((await desk.door(door.id)).households.map(({ id }) => id)).toContain(empty.id);
});

test('[REC-11] an erasure is asked once or twice alike; of somebody who never was it says so', async () => {
  const first = await erase();
  expect(first?.revisions).toBeGreaterThan(0);
  const before = await everything();
  expect(await erase()).toMatchObject({ revisions: 0, decisions: 0, history: 0 });
  expect((await everything()).length).toBeGreaterThanOrEqual(before.length);
  expect(await eraseResident(here.office, here.communityId, here.office.world.uuid())).toBeNull();
  expect(await eraseResident(here.office, here.office.world.uuid(), head)).toBeNull();
  // What a phone held back and sends now is taken in, and can be erased like the rest.
  const late = await phone.verifies(door, { body: people({ phone: '13911112222' }, {}) });
  await phone.push(late);
  expect(await everything()).toContain('13911112222');
  expect(await erase()).toMatchObject({ revisions: 1 });
  expect(await everything()).not.toContain('13911112222');
});

test('[REC-11] of whom no table knows any more, a record that came in late has nothing under their id and their number', async () => {
  // As after a backup of before they came was put back: phones that heard of them send what they hold.
  const id = here.office.world.uuid();
  const gone = { name: '欧阳归去', idNumber: identityNumber('1961-02-03', 510) };
  const [one, other] = [at(here.doors, 1), at(here.doors, 2)];
  const lists = (place: TestDoor, entry: object) => {
    const household = at(place.households, 0);
    const residents = [...household.residents.map((resident) => ({ id: resident.id, change: 'unchanged' })), entry];
    return phone.verifies(place, { body: verifiedBody(place, { households: [{ id: household.id, residents }] }) });
  };
  const known = await lists(one, { id, change: 'corrected', ...gone });
  const byNumber = await lists(other, { id: here.office.world.uuid(), change: 'corrected', ...gone });
  expect(await phone.push(known, byNumber)).toMatchObject([{ status: 'quarantined' }, { status: 'quarantined' }]);
  await runAfterwork(here.office);
  expect(await eraseResident(here.office, here.communityId, id)).toMatchObject({ revisions: 2 });
  for (const trace of Object.values(gone)) expect(await everything()).not.toContain(trace);
  expect((await revisionOf(known.id)).text).not.toContain(id);
  expect((await checkOffice(here.office)).findings).toEqual([]);
});

test.each(['dwelling', 'household', 'building', 'submission', 'proposed door', 'grid', 'account'])(
  '[REC-11] %s: an id that is nobody’s: nothing changes, and nothing says that somebody was erased',
  async (what) => {
    const { id: submission } = await approved(
      await phone.verifies(door, { body: people({}, {}, { dwelling: { note: '门牌掉了' } }) }),
    );
    const attic = { type: 'dwelling', id: here.office.world.uuid() };
    const { gridId, compound, building, unit } = door;
    const dwelling = { ...{ gridId, compound, building, unit }, floor: 9, room: '901', use: 'vacant' };
    const proposal = await phone.revision({ target: attic, body: { outcome: 'vacant', dwelling } });
    // And one that takes the ids of everything for people's.
    const odd = [door.id, at(door.households, 0).id, door.buildingId, submission].map((id) => ({ id, sameAs: id }));
    const confused = await Promise.all(
      odd.map(({ id }) => phone.revision({ target: { type: 'resident', id }, body: { residents: odd } })),
    );
    await phone.push(proposal, ...confused);
    await runAfterwork(here.office);
    const ids: Record<string, string> = {
      ...{ dwelling: door.id, household: at(door.households, 0).id, building: door.buildingId, submission },
      ...{ 'proposed door': attic.id, grid: door.gridId, account: phone.account.id },
    };
    const before = await everything();
    expect(await eraseResident(here.office, here.communityId, ids[what] ?? '')).toBeNull();
    expect(await everything()).toBe(before);
    expect((await checkOffice(here.office)).findings).toEqual([]);
  },
);

test('[REC-11] the history of a door and a household stays, though a record lists the person under their ids', async () => {
  await approved(await phone.verifies(door, { body: people({}, {}, { dwelling: { note: '门牌掉了' } }) }));
  const residents = [door.id, at(door.households, 0).id].map((other) => ({ id: other, sameAs: head }));
  await phone.push(await phone.verifies(at(here.doors, 1), { body: { households: [{ residents }] } }));
  await erase();
  expect((await checkOffice(here.office)).findings).toEqual([]);
});

test('[REC-11] the office is whole afterwards: every feed, receipt, history and reference', async () => {
  await setCarePlan(here.office, here.accounts.coordinator, head, plan, [volunteer.account.id]);
  await volunteer.push(await volunteer.revision(visit('一切都好')));
  await erase();
  const { findings } = await checkOffice(here.office);
  expect(findings).toEqual([]);
});

test('[REC-11] the history is a chain still where the person was head, or was to be called at the door by another telephone', async () => {
  const correction = { entity: 'dwelling', id: door.id, reason: '住户来电' } as const;
  for (const [field, value] of [
    ['contactName', name],
    ['contactPhone', '13955556666'],
    ['contactPhone', '13955557777'],
  ] as const)
    expect(await correctValue(here.office, here.accounts.coordinator, { ...correction, field, value })).toEqual({
      done: true,
    });
  await erase();
  expect((await checkOffice(here.office)).findings).toEqual([]);
  expect(await desk.door(door.id)).toMatchObject({ contactName: '', contactPhone: '' });
});

test('[REC-11] the office is whole where their household had moved away, and another had been joined to somebody else', async () => {
  const contact = { kind: 'relative', name, phone: '13911112222', residentId: head };
  const basis = await basisOf(phone, door);
  await approved(
    await phone.verifies(door, { basis, body: people({}, { contacts: [contact], careGroups: ['frail-elderly'] }) }),
  );
  const origin = { from: 'correction', by: '', confirmedAt: null, confirmedBy: null, how: null } as const;
  const now = new Date(here.office.world.now()).toISOString();
  await here.office.database.write((tx) =>
    updateResident(tx, here.communityId, spouse, { place: { retiredAt: now } }, { ...origin, since: now, at: now }),
  );
  const away = { outcome: 'moved-away', dwelling: { use: 'vacant' } };
  await approved(await phone.verifies(door, { basis: await basisOf(phone, door), body: away }));
  expect((await desk.door(door.id)).households).toEqual([]);
  await erase();
  const left = await here.office.database.read(async (db) => [
    await db.selectFrom('household').select('body').where('dwelling_id', '=', door.id).execute(),
    await db.selectFrom('resident').select('body').where('dwelling_id', '=', door.id).execute(),
  ]);
  expect(JSON.stringify(left)).not.toContain(head);
  expect(JSON.stringify(left)).not.toContain(name);
  expect((await checkOffice(here.office)).findings).toEqual([]);
});

test.each([
  ['as the same person', (id: string) => ({ sameAs: id })],
  ['under the same number', () => ({ idNumber: number })],
])(
  '[REC-11] a record of another door that lists them %s has nothing of them, and brings nobody back',
  async (_, known) => {
    const other = at(here.doors, 1);
    const entry = {
      ...{ id: here.office.world.uuid(), change: 'moved-in', name, sex: '1', birthDate: '1958-04-13' },
      ...{ idType: 'resident-id', idNumber: number, relation: '97', residence: 'migrant', presence: 'here' },
      ...known(head),
    };
    const household = at(other.households, 0);
    const residents = [...household.residents.map(({ id }) => ({ id, change: 'unchanged' })), entry];
    const body = { ...verifiedBody(other), households: [{ id: household.id, residents }] };
    const pending = await phone.verifies(other, { body });
    expect(await phone.push(pending)).toMatchObject([{ status: 'stored' }]);
    await runAfterwork(here.office);
    await erase();
    for (const trace of [name, number]) expect(await everything()).not.toContain(trace);
    expect(await desk.approve(pending.id)).toHaveProperty('done');
    expect(await everything()).not.toContain(name);
    expect((await desk.door(other.id)).households[0]?.residents).toHaveLength(at(other.households, 0).residents.length);
    expect((await checkOffice(here.office)).findings).toEqual([]);
  },
);

test.each([
  ['has it still', [number], true],
  ['had it by mistake', [number, identityNumber('1960-09-02', 501)], false],
])(
  '[REC-11] of the same number: somebody else who %s keeps their own, with its history, and no other',
  async (_, given, isHeld) => {
    for (const value of given) {
      const correction = { entity: 'resident', id: spouse, field: 'idNumber', value, reason: '核对证件' } as const;
      expect(await correctValue(here.office, here.accounts.coordinator, correction)).toEqual({ done: true });
    }
    await erase();
    const [other] = (await desk.door(door.id)).households[0]?.residents ?? [];
    expect(other).toMatchObject({ id: spouse, idNumber: at(given, given.length - 1) });
    expect((await everything()).includes(number)).toBe(isHeld);
    expect((await checkOffice(here.office)).findings).toEqual([]);
  },
);

test('[REC-11] a record that does not list the person stays as it was pushed, though what is wrong with it named them', async () => {
  const household = at(door.households, 0);
  const body = verifiedBody(door, {
    informant: { residentId: spouse, name: '李秀英', kind: 'member' },
    households: [{ id: household.id, residents: [{ id: spouse, change: 'unchanged' }] }],
  });
  const lacking = await phone.verifies(door, { body });
  expect(await phone.push(lacking)).toMatchObject([{ status: 'quarantined' }]);
  const before = await revisionOf(lacking.id);
  expect(before.problems).toContain(name);
  await erase();
  const { text, problems, erased_at } = await revisionOf(lacking.id);
  expect({ text, erased_at }).toEqual({ text: before.text, erased_at: null });
  expect(problems).not.toContain(name);
  expect((await checkOffice(here.office)).findings).toEqual([]);
});

describe('records of a door that was never theirs', () => {
  let other: TestDoor;
  let theirs: { household: string; head: string; spouse: string };
  beforeEach(() => {
    other = at(here.doors, 1);
    theirs = idsOf(other);
  });
  const correct = async (id: string, value: string) => {
    const correction = { entity: 'resident', id, field: 'idNumber', value, reason: '核对证件' } as const;
    expect(await correctValue(here.office, here.accounts.coordinator, correction)).toEqual({ done: true });
  };
  /** The people of the other door, the head with these corrections, and whoever moved in. */
  async function waits(fields: object, ...more: object[]): Promise<Pushed> {
    const first = { id: theirs.head, change: Object.keys(fields).length > 0 ? 'corrected' : 'unchanged', ...fields };
    const residents = [first, { id: theirs.spouse, change: 'unchanged' }, ...more];
    const body = verifiedBody(other, { households: [{ id: theirs.household, residents }] });
    const record = await phone.verifies(other, { body });
    expect(await phone.push(record)).toMatchObject([{ status: 'stored' }]);
    await runAfterwork(here.office);
    return record;
  }
  async function inVain(note: string): Promise<void> {
    await phone.push(await phone.knocksInVain(other, { body: { outcome: 'no-one-home', note } }));
    await runAfterwork(here.office);
  }
  const isWhole = async () => expect((await checkOffice(here.office)).findings).toEqual([]);

  test('[REC-11] its state, its notes and its past are told without what a record said of them', async () => {
    const gridIds = [here.grids[0]];
    const round = { name: '冬季核实', kind: 'full', closesOn: '2099-12-31', gridIds } as const;
    await startRound(here.office, here.accounts.coordinator, round);
    const note = `房东的证件 ${number}`;
    await approved(await phone.verifies(other, { body: verifiedBody(other, { dwelling: { note } }) }));
    const words = `邻居 ${number} 说他们出门了`;
    await inVain(words);
    await erase();
    expect(await everything()).not.toContain(number);
    await phone.pull();
    expect(phone.item(`grid/${here.grids[0]}`, 'dwelling', other.id)).toMatchObject({ note: '', state: { note: '' } });
    await isWhole();
  });

  test('[REC-11] nor does what an older office told of it whole keep their number', async () => {
    const note = `房东的证件 ${number}`;
    await approved(await phone.verifies(other, { body: verifiedBody(other, { dwelling: { note } }) }));
    await here.office.database.write(async (tx) => {
      const items = tx.selectFrom('feed_item').select(['feed_id', 'body']).where('item_id', '=', other.id);
      for (const { feed_id, body } of await items.execute())
        await tx
          .updateTable('feed_item')
          .set({ body: seal(open(body).replace(/\*{14}\d{3}[\dX]/, number)) })
          .where('feed_id', '=', feed_id)
          .where('item_id', '=', other.id)
          .execute();
    });
    const correction = { entity: 'dwelling', id: other.id, field: 'note', value: '', reason: '核对' } as const;
    expect(await correctValue(here.office, here.accounts.coordinator, correction)).toEqual({ done: true });
    const past = async () =>
      JSON.stringify(await here.office.database.read((db) => db.selectFrom('feed_past').select('body').execute()));
    expect(await past()).toContain(note);
    await erase();
    expect(await past()).not.toContain(number);
    await isWhole();
  });

  test('[REC-11] somebody of their name there is still called as before', async () => {
    const dwelling = { contactName: name, contactPhone: '13922223333' };
    await approved(await phone.verifies(other, { body: verifiedBody(other, { dwelling }) }));
    await inVain(number);
    await erase();
    expect(await desk.door(other.id)).toMatchObject(dwelling);
    await isWhole();
  });

  test('[REC-11] somebody who is registered under the same number keeps it, whatever waits for them', async () => {
    await correct(theirs.head, number);
    const record = await waits({
      idType: 'resident-id',
      idNumber: number,
      birthDate: '1958-04-13',
      phone: '13800001111',
    });
    await erase();
    await isWhole();
    expect(await desk.approve(record.id)).toHaveProperty('done');
    const [one] = (await desk.door(other.id)).households[0]?.residents ?? [];
    expect(one).toMatchObject({ id: theirs.head, idNumber: number, phone: '13800001111' });
    await isWhole();
  });

  test('[REC-11] and it is put back with the rest when a decision on them is undone', async () => {
    await correct(theirs.head, number);
    const fields = { idType: 'resident-id', idNumber: number, birthDate: '1958-04-13', phone: '13800001111' };
    const record = await waits(fields);
    expect(await desk.approve(record.id)).toHaveProperty('done');
    await erase();
    expect(await desk.undo(record.id)).toHaveProperty('done');
    const [one] = (await desk.door(other.id)).households[0]?.residents ?? [];
    expect(one).toMatchObject({ id: theirs.head, idNumber: number });
    expect(one?.phone).not.toBe('13800001111');
    await isWhole();
  });

  test('[REC-11] and what was typed over for them stands in the decision', async () => {
    await correct(theirs.head, number);
    const typo = { idType: 'resident-id', idNumber: identityNumber('1958-04-13', 512), phone: '13800001111' };
    const first = { id: theirs.head, change: 'corrected', ...typo };
    const residents = [first, { id: theirs.spouse, change: 'unchanged' }];
    const body = verifiedBody(other, { note: number, households: [{ id: theirs.household, residents }] });
    const record = await phone.verifies(other, { body });
    expect(await phone.push(record)).toMatchObject([{ status: 'stored' }]);
    await runAfterwork(here.office);
    const corrections = [{ path: ['households', 0, 'residents', 0, 'idNumber'], value: number }];
    expect(await desk.approve(record.id, { corrections })).toHaveProperty('done');
    await erase();
    const decision = await here.office.database.read((db) =>
      db.selectFrom('decision').select('corrections').where('submission_id', '=', record.id).executeTakeFirstOrThrow(),
    );
    expect(JSON.parse(open(decision.corrections))).toEqual(corrections);
  });

  test('[REC-11] their number given to somebody else by mistake is not said, and takes none away', async () => {
    const before = at(at(other.households, 0).residents, 0).idNumber;
    const record = await waits({ idType: 'resident-id', idNumber: number, phone: '13800001111' });
    await erase();
    expect(await everything()).not.toContain(number);
    expect(await desk.approve(record.id)).toHaveProperty('done');
    const [one] = (await desk.door(other.id)).households[0]?.residents ?? [];
    expect(one).toMatchObject({ id: theirs.head, idNumber: before, phone: '13800001111' });
    await isWhole();
  });

  test('[QUA-6] what waited in quarantine for them alone comes to review', async () => {
    const residents = [theirs.head, theirs.spouse, head].map((id) => ({ id, change: 'unchanged' }));
    const body = verifiedBody(other, { households: [{ id: theirs.household, residents }] });
    const record = await phone.verifies(other, { body });
    const problems = [{ code: 'resident_not_registered' }];
    expect(await phone.push(record)).toMatchObject([{ status: 'quarantined', problems }]);
    await erase();
    await runAfterwork(here.office);
    expect((await desk.open(record.id)).row.review).toBe('pending');
    await isWhole();
  });

  test('[REC-11] a newcomer whose number they once had by mistake moves in all the same', async () => {
    const newcomers = identityNumber('1970-01-01', 777);
    await correct(head, newcomers);
    await correct(head, number);
    const entry = {
      ...{ id: here.office.world.uuid(), change: 'moved-in', name: '丁同一', sex: '1', birthDate: '1970-01-01' },
      ...{ idType: 'resident-id', idNumber: newcomers, relation: '97', residence: 'migrant', presence: 'here' },
    };
    const record = await waits({}, entry);
    await erase();
    expect((await revisionOf(record.id)).erased_at).toBeNull();
    expect(await desk.approve(record.id)).toHaveProperty('done');
    const people = (await desk.door(other.id)).households[0]?.residents;
    expect(people?.at(-1)).toMatchObject({ name: '丁同一', idNumber: newcomers });
    await isWhole();
  });
});
