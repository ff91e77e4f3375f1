import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { setCarePlan, type CarePlan } from '../../src/lib/server/care/plans';
import { doorPage } from '../../src/lib/server/desk/door-page';
import { overviewView } from '../../src/lib/server/desk/overview-view';
import { browse, lookAtRegisteredNumber, noteLook, type BrowseAsked } from '../../src/lib/server/register/browse';
import { correctValue } from '../../src/lib/server/register/correct';
import { correctHead } from '../../src/lib/server/register/correct-head';
import { heldValues } from '../../src/lib/server/register/history';
import { insertResidents } from '../../src/lib/server/register/rows';
import { actions } from '../../src/routes/desk/register/[id]/+page.server';
import { DeskForTests, idsOf } from './desk-for-tests';
import { openTestOffice, type TestDoor, type TestOffice } from './office-for-tests';
import { verifiedBody, type PhoneForTests } from './phone-for-tests';

let at: TestOffice;
let phone: PhoneForTests;
let desk: DeskForTests;
let door: TestDoor;

beforeEach(async () => {
  at = await openTestOffice({ doorsEach: 12 });
  phone = at.phone(at.accounts.worker);
  desk = new DeskForTests(at);
  door = at.doors[0] as TestDoor;
});
afterEach(() => at.close());

const found = (asked: BrowseAsked) => at.office.database.read((db) => browse(db, at.communityId, asked));
const correct = (field: string, value: unknown, reason = '本人来电', since?: string) =>
  correctValue(at.office, at.accounts.coordinator, {
    ...{ entity: 'resident', id: idsOf(door).head, field, value, reason },
    ...(since !== undefined && { since }),
  });
const correctsAs = (who: 'coordinator' | 'administrator', phone: string, since: string) =>
  correctValue(at.office, at.accounts[who], {
    ...{ entity: 'resident', id: idsOf(door).head, field: 'phone', value: phone, reason: '本人来电', since },
  });
/** Since when the value holds, as the page of the door says it. */
async function sinceOf(field: string): Promise<string> {
  const values = await at.office.database.read((db) => heldValues(db, at.communityId, 'resident', idsOf(door).head));
  return values?.find((one) => one.field === field)?.provenance.since ?? '';
}

test('the register is looked through by grid, building, door, name and the end of a telephone number', async () => {
  await correct('phone', '13700004321');
  await correct('name', '欧阳海');
  expect(await found({})).toMatchObject({ total: 24, page: 1, pages: 1 });
  expect((await found({ limit: 5, page: 3 })).rows).toHaveLength(5);
  expect((await found({ gridId: at.grids[1] })).total).toBe(12);
  expect((await found({ buildingId: at.buildings[0] })).rows.map(({ address }) => address.room).slice(0, 3)).toEqual([
    '101',
    '102',
    '201',
  ]);
  expect((await found({ text: '欧阳' })).rows).toMatchObject([
    { id: door.id, people: [{ name: '欧阳海', isHead: true }, { name: '李秀英' }] },
  ]);
  expect((await found({ text: '4321' })).rows.map(({ id }) => id)).toEqual([door.id]);
  expect((await found({ text: '201' })).total).toBe(2);
  expect((await found({ text: '1-1-201', gridId: at.grids[0] })).total).toBe(1);
  expect((await found({ text: '1栋1单元201室' })).total).toBe(1);
  expect((await found({ text: "'%_" })).total).toBe(0);
});

test('a door that was struck off is found by its people and in a list of its own, with its history', async () => {
  const { head } = idsOf(door);
  await correct('name', '欧阳海');
  const body = { outcome: 'no-such-door', nextVisit: null, informant: null, dwelling: {}, households: [], note: '' };
  const revision = await phone.verifies(door, { body: { ...body, noticeGiven: false } });
  await phone.push(revision);
  expect(await desk.approve(revision.id)).toHaveProperty('done');

  // Whose page still shows the household as registered: over the refusal it is read anew.
  const posted = new FormData();
  const of = `household/${door.households[0]?.id ?? ''}/phone`;
  const { id: account } = at.accounts.coordinator;
  const typed = { account, about: of, reason: '本人来电', 'value:["phone"]': '13700004321' };
  for (const [field, value] of Object.entries(typed)) posted.append(field, value);
  const request = new Request('https://office.example/desk?/correct', { method: 'POST', body: posted });
  const locals = { office: at.office, account: at.accounts.coordinator };
  const answer = await actions.correct({ request, locals, params: { id: door.id } } as never);
  expect(answer).toMatchObject({
    status: 409,
    data: { about: of, refusal: { refused: 'unknown' }, reason: '本人来电' },
  });

  const line = { id: door.id, retired: true, people: [{ id: head, name: '欧阳海' }, { name: '李秀英' }] };
  expect((await found({ text: '欧阳' })).rows).toMatchObject([line]);
  expect((await found({ retired: true })).rows).toMatchObject([line]);
  expect((await found({ buildingId: at.buildings[0] })).rows.map(({ id }) => id)).not.toContain(door.id);
  const page = await doorPage(at.office, at.accounts.coordinator, door.id, 'zh-CN');
  expect(page).toMatchObject({ retired: true, households: [{ people: [{ name: '欧阳海' }, { name: '李秀英' }] }] });
  expect(page?.history.map(({ field }) => field)).toContain('retiredAt');

  // What is held of them did not change, and what became of them can be said; door and household are only read.
  expect(page?.households[0]?.people.map(({ presence }) => presence)).toEqual(['here', 'here']);
  expect(await correct('presence', 'moved-away', '邻居来电')).toEqual({ done: true });
  const value = { value: '合用', reason: '补记' };
  const ofHousehold = { entity: 'household', id: door.households[0]?.id ?? '', field: 'tenure' } as const;
  for (const about of [{ entity: 'dwelling', id: door.id, field: 'note' } as const, ofHousehold])
    expect(await correctValue(at.office, at.accounts.coordinator, { ...about, ...value })).toEqual({
      refused: 'unknown',
    });
});

test('a correction that is pressed again, since no answer came, was made before; only the same person’s, and only since the page was made', async () => {
  const since = await sinceOf('phone');
  await correct('phone', '13700004321', '本人来电', since);
  const at = await sinceOf('phone');
  expect(await correct('phone', '13700004321', '本人来电', since)).toEqual({ refused: 'before', at });
  expect(await correct('phone', '13700004321', '本人来电', at)).toEqual({ refused: 'unchanged' });
  expect(await correctsAs('administrator', '13700004321', since)).toEqual({ refused: 'unchanged' });
  expect(await correctsAs('administrator', '13700005555', at)).toEqual({ done: true });
  expect(await correct('phone', '13700004321', '本人来电', since)).toEqual({ refused: 'changed' });
});

describe('who is head of a household', () => {
  const name = (headId: string, relations: Record<string, string>, seen?: Record<string, string>) =>
    correctHead(at.office, at.accounts.coordinator, {
      ...{ householdId: door.households[0]?.id ?? '', headId, reason: '本人来电' },
      relations: new Map(Object.entries(relations)),
      ...(seen && { seen: new Map(Object.entries(seen)) }),
    });

  test('is named once by one press, whose answer was lost', async () => {
    const { head, spouse } = idsOf(door);
    const seen = { [head]: '02', [spouse]: '10' };
    expect(await name(spouse, { [head]: '10' }, seen)).toEqual({ done: true });
    expect(await name(spouse, { [head]: '10' }, seen)).toMatchObject({ refused: 'before' });
    expect(await name(spouse, { [head]: '97' }, seen)).toEqual({ refused: 'changed' });
    expect(await name(spouse, {}, { [spouse]: '02', [head]: '10' })).toEqual({ refused: 'unchanged' });
  });

  test('of which a colleague gave a part since is not said to have been named before', async () => {
    const { head, spouse } = idsOf(door);
    const seen = { [head]: '02', [spouse]: '10' };
    const named = { householdId: door.households[0]?.id ?? '', headId: spouse, relations: new Map([[head, '97']]) };
    const colleague = at.accounts.administrator;
    expect(await correctHead(at.office, colleague, { ...named, reason: '本人来电' })).toEqual({ done: true });
    const relation = { entity: 'resident', id: head, field: 'relation', value: '10', reason: '本人来电' } as const;
    expect(await correctValue(at.office, at.accounts.coordinator, relation)).toEqual({ done: true });
    expect(await name(spouse, { [head]: '10' }, seen)).toEqual({ refused: 'changed' });
  });

  test('is corrected together with everybody’s relation, each with its history, and reaches the phones', async () => {
    const { head, spouse } = idsOf(door);
    expect(await name(spouse, { [head]: '10' })).toEqual({ done: true });
    const [household] = (await desk.door(door.id))?.households ?? [];
    expect(household).toMatchObject({ headId: spouse });
    const relations = household?.residents.map(({ id, relation }) => [id, relation]);
    expect(new Map(relations as [string, string][])).toEqual(
      new Map([
        [spouse, '02'],
        [head, '10'],
      ]),
    );
    const changed = (await desk.history(door.id)).filter(({ reason }) => reason === '本人来电');
    expect(changed.map(({ field }) => field).sort()).toEqual(['headId', 'relation', 'relation']);
    const held = (await phone.ask({ have: {}, limit: 5000 })).feeds.flatMap(({ changes }) => changes);
    const body = held.find(({ id }) => id === door.id);
    expect(body && 'body' in body && body.body).toMatchObject({ households: [{ headId: spouse }] });
  });

  test('a relation that nobody told anew is not known, and nobody stays a second head', async () => {
    const { head, spouse } = idsOf(door);
    expect(await name(spouse, { [head]: '02' })).toEqual({ refused: 'value', code: 'two_heads' });
    expect(await name(spouse, {})).toEqual({ done: true });
    const [household] = (await desk.door(door.id))?.households ?? [];
    expect(household?.residents.find(({ id }) => id === head)?.relation).toBeNull();
  });

  test('[TWO-1] is not named over relations that are others than were shown, nor over other people', async () => {
    const { head, spouse } = idsOf(door);
    const reason = '本人来电';
    const shown = { [head]: '02', [spouse]: '10' };
    await correctValue(at.office, at.accounts.coordinator, {
      ...{ entity: 'resident', id: spouse, field: 'relation', value: '97', reason },
    });
    expect(await name(spouse, { [head]: '10' }, shown)).toEqual({ refused: 'changed' });
    expect(await name(spouse, { [head]: '10' }, { [head]: '02' })).toEqual({ refused: 'changed' });
    const withGone = { ...shown, [spouse]: '97', [at.office.world.uuid()]: '30' };
    expect(await name(spouse, { [head]: '10' }, withGone)).toEqual({ refused: 'changed' });
    const [household] = (await desk.door(door.id))?.households ?? [];
    expect(household).toMatchObject({ headId: head });
    expect(await name(spouse, { [head]: '10' }, { ...shown, [spouse]: '97' })).toEqual({ done: true });
  });

  test('is somebody of the household, and nobody becomes one by a correction of the relation alone', async () => {
    const { head, spouse } = idsOf(door);
    expect(await name('nobody', {})).toEqual({ refused: 'value', code: 'no_head' });
    expect(await name(head, {})).toEqual({ refused: 'unchanged' });
    const reason = '本人来电';
    const relation = (id: string, value: string) =>
      correctValue(at.office, at.accounts.coordinator, { entity: 'resident', id, field: 'relation', value, reason });
    expect(await relation(spouse, '02')).toEqual({ refused: 'value', code: 'two_heads' });
    expect(await relation(head, '10')).toEqual({ refused: 'value', code: 'head_mismatch' });
    expect(await relation(spouse, '97')).toEqual({ done: true });
  });
});

test('the history of a move within one door names both households, after an undo too', async () => {
  const { household, head, spouse } = idsOf(door);
  const split = at.office.world.uuid();
  const own = { kind: 'family', tenure: 'tenant', headId: spouse, phone: '' };
  const moved = await phone.verifies(door, {
    basis: await phone.basisOf(door),
    body: verifiedBody(door, {
      households: [
        { id: household, residents: [{ id: head, change: 'unchanged' }] },
        { id: split, ...own, residents: [{ id: spouse, change: 'corrected', relation: '02' }] },
      ],
    }),
  });
  await phone.push(moved);
  expect(await desk.approve(moved.id)).toHaveProperty('done');
  const told = async () => {
    const page = await doorPage(at.office, at.accounts.coordinator, door.id, 'zh-CN');
    const moves = page?.history.filter(({ field }) => field === 'householdId') ?? [];
    return moves.map(({ before, after }) => [before, after].map((id) => page?.names[String(id)]));
  };
  expect(await told()).toEqual([['王建国', '李秀英']]);
  await desk.undo(moved.id);
  expect(await told()).toEqual([
    ['李秀英', '王建国'],
    ['王建国', '李秀英'],
  ]);
});

test('a coordinator’s correction of one value keeps its reason and reaches the phones', async () => {
  expect(await correct('phone', '139 1111 2222')).toEqual({ done: true });
  const [change] = await desk.history(door.id);
  expect(change).toMatchObject({
    field: 'phone',
    source: 'correction',
    by: 'coordinator',
    reason: '本人来电',
    before: '13800008979',
    after: '13911112222',
  });
  const values = await at.office.database.read((db) => heldValues(db, at.communityId, 'resident', idsOf(door).head));
  expect(values?.find(({ field }) => field === 'phone')?.provenance).toMatchObject({
    from: 'correction',
    confirmedAt: null,
  });
  await phone.pull();
  expect(JSON.stringify(phone.item(`grid/${at.grids[0]}`, 'dwelling', door.id))).toContain('13911112222');
});

test('[TWO-1] a value that came meanwhile is not written over unseen', async () => {
  const shown = await sinceOf('phone');
  at.forward(1000);
  expect(await correct('name', '欧阳海')).toEqual({ done: true });
  expect(await correct('phone', '13911112222', '本人来电', shown)).toEqual({ done: true });
  at.forward(1000);
  expect(await correct('phone', '13933334444', '本人来电', shown)).toEqual({ refused: 'changed' });
  expect(await correct('phone', '13911112222', '本人来电', shown)).toMatchObject({ refused: 'before' });
  expect((await desk.history(door.id))[0]).toMatchObject({ field: 'phone', after: '13911112222' });
  expect(await correct('phone', '13933334444', '本人来电', await sinceOf('phone'))).toEqual({ done: true });
});

test('a correction without a reason, of nothing, or against a rule is refused', async () => {
  expect(await correct('phone', '13911112222', ' ')).toEqual({ refused: 'reason' });
  expect(await correct('phone', '13800008979')).toEqual({ refused: 'unchanged' });
  expect(await correct('phone', '12')).toEqual({ refused: 'value', code: 'phone' });
  expect(await correct('idNumber', '110101199003078888')).toMatchObject({ refused: 'value', code: 'id_checksum' });
  expect(await correct('sex', '7')).toMatchObject({ refused: 'value' });
  expect(await correct('householdId', 'x')).toEqual({ refused: 'field' });
  expect(await correct('__proto__', 'x')).toEqual({ refused: 'field' });
  expect(
    await correctValue(at.office, at.accounts.coordinator, {
      entity: 'resident',
      id: door.id,
      field: 'phone',
      value: '',
      reason: 'x',
    }),
  ).toEqual({ refused: 'unknown' });
});

test('every look at a full record is an audit line that names no person', async () => {
  const { head } = idsOf(door);
  await noteLook(at.office, at.accounts.coordinator, 'dwelling', door.id);
  expect(await lookAtRegisteredNumber(at.office, at.accounts.coordinator, head)).toMatch(/^\d{17}[\dX]$/);
  const lines = await at.office.database.read((db) => db.selectFrom('audit').selectAll().orderBy('id').execute());
  expect(lines.map(({ action, subject_id }) => [action, subject_id])).toEqual([
    ['register.look', door.id],
    ['register.look-at-number', head],
  ]);
});

test('a thousand rows go in by a handful of statements, each with its history', async () => {
  const { household } = idsOf(door);
  const person = door.households[0]?.residents[0];
  if (!person) throw new Error('a test door has people');
  const residents = Array.from({ length: 1000 }, () => ({
    ...person,
    id: at.office.world.uuid(),
    householdId: household,
  }));
  const origin = {
    since: '2026-11-23T00:00:00Z',
    from: 'import',
    by: at.accounts.administrator.id,
    confirmedAt: null,
    confirmedBy: null,
    how: null,
  } as const;
  await at.office.database.write((tx) => insertResidents(tx, at.communityId, residents, origin));
  expect((await desk.door(door.id)).households[0]?.residents).toHaveLength(1002);
  expect(
    await at.office.database.read((db) =>
      db.selectFrom('register_change').selectAll().where('dwelling_id', '=', door.id).execute(),
    ),
  ).toHaveLength(1004);
});

const plan: CarePlan = {
  services: ['company'],
  everyDays: 7,
  from: '2026-11-01',
  until: null,
  mustKnow: '',
  pausedUntil: null,
};
const recipientOf = async (who: PhoneForTests, id: string) => {
  await who.pull();
  return who.item(`account/${who.account.id}`, 'recipient', id);
};

test('a care visit that is noted updates the recipient and its next date, and never the register', async () => {
  const volunteer = at.phone(at.accounts.volunteer);
  const { head } = idsOf(door);
  await setCarePlan(at.office, at.accounts.coordinator, head, plan, [at.accounts.volunteer.id]);
  expect(await recipientOf(volunteer, head)).toMatchObject({
    plan: { nextOn: '2026-11-01', everyDays: 7 },
    visits: [],
  });
  const body = {
    outcome: 'met',
    present: 'in-person',
    services: [{ code: 'company', minutes: 40 }],
    condition: { mood: 4, mobility: 3, eating: 4, home: 3 },
    hazards: [],
    needs: [],
    nextVisit: null,
    note: '精神不错',
    visitedAt: '2026-11-20T10:00:00+08:00',
    withVolunteers: [],
  };
  const visit = await volunteer.revision({ kind: 'care-visit', target: { type: 'resident', id: head }, body });
  expect((await volunteer.push(visit))[0]).toMatchObject({ status: 'stored' });
  const before = await desk.door(door.id);

  expect(await desk.approve(visit.id)).toHaveProperty('done');
  expect(await recipientOf(volunteer, head)).toMatchObject({
    plan: { nextOn: '2026-11-27' },
    visits: [{ outcome: 'met', note: '精神不错' }],
  });
  expect(await desk.door(door.id)).toEqual(before);

  await desk.undo(visit.id);
  expect(await recipientOf(volunteer, head)).toMatchObject({ plan: { nextOn: '2026-11-01' }, visits: [] });
});

test('who is no longer named by a plan loses the recipient', async () => {
  const volunteer = at.phone(at.accounts.volunteer);
  const { head } = idsOf(door);
  expect(await recipientOf(volunteer, head)).toBeDefined();
  await setCarePlan(at.office, at.accounts.coordinator, head, plan, [at.accounts.otherWorker.id]);
  expect(await recipientOf(volunteer, head)).toBeUndefined();
  await expect(setCarePlan(at.office, at.accounts.coordinator, door.id, plan, [])).rejects.toThrow('unknown-resident');
});

test('a concern and a hand-back are noted, returned or voided, and change no door', async () => {
  const concern = await phone.revision({
    kind: 'concern',
    target: { type: 'grid', id: at.grids[0] },
    body: {
      category: 'environment',
      title: '楼道堆物',
      description: '',
      where: '1栋1单元',
      raisedBy: 'worker',
      urgency: 'week',
      solvedOnSpot: null,
    },
  });
  const back = await phone.revision({
    kind: 'hand-back',
    target: { type: 'dwelling', id: door.id },
    body: { reason: 'other', proposed: null, note: '' },
  });
  const receipts = await phone.push(concern, back);
  const before = await desk.door(door.id);
  for (const [index, { id }] of [concern, back].entries()) {
    if (receipts[index]?.status !== 'stored') throw new Error(JSON.stringify(receipts[index]?.problems));
    expect(await desk.sendBack(id)).toHaveProperty('done');
    await desk.undo(id);
    expect(await desk.approve(id)).toHaveProperty('done');
    expect(await phone.record(id)).toMatchObject({ review: 'approved' });
  }
  expect(await desk.door(door.id)).toEqual(before);
});

test('a door that was handed back is counted until it is answered, and the words reach who gave it back', async () => {
  const handed = async () => {
    const body = { reason: 'conflict', proposed: null, note: '' };
    const back = await phone.revision({ kind: 'hand-back', target: { type: 'dwelling', id: door.id }, body });
    await phone.push(back);
    return back.id;
  };
  const open = async () => (await overviewView(at.office, at.accounts.coordinator, null, 'zh-CN')).handedBack;
  const agreed = await handed();
  const kept = await handed();
  expect(await open()).toBe(2);
  expect(await desk.approve(agreed, { comments: [{ path: [], text: '下周由别人去' }] })).toHaveProperty('done');
  expect(await desk.void(kept, '请再试一次，社区陪你去')).toHaveProperty('done');
  expect(await open()).toBe(0);
  expect(await phone.record(agreed)).toMatchObject({ review: 'approved', comments: [{ text: '下周由别人去' }] });
  expect(await phone.record(kept)).toMatchObject({ review: 'voided', comments: [{ text: '请再试一次，社区陪你去' }] });
});
