/** A door that was struck off and found again under another id is one door (TWO-5): what is recorded on the old id counts for the one that stands. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { assignGrids } from '../../src/lib/server/accounts/accounts';
import { checkOffice } from '../../src/lib/server/check/check-office';
import { doorPage } from '../../src/lib/server/desk/door-page';
import { reviewPage } from '../../src/lib/server/desk/review-page';
import { dwellingOf, residentOf } from '../../src/lib/server/register/columns';
import { correctValue } from '../../src/lib/server/register/correct';
import { resolveAlias } from '../../src/lib/server/register/read';
import { queue } from '../../src/lib/server/review/queue';
import { runAfterwork } from '../../src/lib/server/review/rules';
import { planImport } from '../../src/lib/server/roster/plan';
import { startRound } from '../../src/lib/server/rounds/rounds';
import { readTabs } from '../support/make-roster';
import { DeskForTests, idsOf } from './desk-for-tests';
import { at, openTestOffice, type TestDoor, type TestOffice } from './office-for-tests';
import { type PhoneForTests, type Pushed, verifiedBody } from './phone-for-tests';

let here: TestOffice;
let desk: DeskForTests;
let phone: PhoneForTests;
let door: TestDoor;

beforeEach(async () => {
  here = await openTestOffice();
  desk = new DeskForTests(here);
  phone = here.phone(here.accounts.worker);
  door = at(here.doors, 0);
  const kind = 'full' as const;
  const round = { name: '秋季', kind, closesOn: '2099-12-31', gridIds: [at(here.grids, 0)] };
  await startRound(here.office, here.accounts.coordinator, round);
});
afterEach(() => here.close());

async function comesIn(record: Pushed): Promise<string> {
  here.forward(3_600_000);
  expect(await phone.push(record)).toMatchObject([{ status: 'stored' }]);
  await runAfterwork(here.office);
  return record.id;
}

async function approved<Record extends Pushed>(record: Record): Promise<Record> {
  await comesIn(record);
  expect(await decided(record.id)).toHaveProperty('done');
  return record;
}
/** Who comes to a door that was found vacant lives there: its use is said anew. */
async function decided(id: string) {
  const choices = await desk.choices(id, 'proposal');
  const use = { key: JSON.stringify(['dwelling', 'use']), take: 'own', value: 'owner-occupied' } as const;
  return desk.approve(id, { choices: choices.map((choice) => (choice.key === use.key ? use : choice)) });
}
const clean = async () => expect((await checkOffice(here.office)).findings).toEqual([]);

const notThere = { outcome: 'no-such-door', note: '没有这一户' };
const saysNotThere = (id = door.id) => phone.revision({ target: { type: 'dwelling', id }, body: notThere });

/** Somebody finds a door of that address and proposes it. */
async function findsAgain({ gridId, compound, building, unit, floor, room }: TestDoor = door) {
  const dwelling = { gridId, compound, building, unit, floor, room, use: 'vacant' };
  const target = { type: 'dwelling' as const, id: here.office.world.uuid() };
  return { ...(await phone.revision({ target, body: { outcome: 'vacant', dwelling } })), target };
}

/** The head has another telephone, the spouse is as before; saved while the door still stood under its own id. */
async function changesPhone(): Promise<Pushed> {
  const { household, head, spouse } = idsOf(door);
  const residents = [
    { id: head, change: 'corrected', phone: '13911110002' },
    { id: spouse, change: 'unchanged' },
  ];
  return phone.verifies(door, { body: verifiedBody(door, { households: [{ id: household, residents }] }) });
}

const people = async (id: string) =>
  (await desk.door(id)).households.flatMap(({ residents }) => residents.map(({ id: person, phone: n }) => [person, n]));
const one = (id: string) => here.office.database.read((db) => resolveAlias(db, here.communityId, 'dwelling', id));
const retired = async (id: string) => {
  const row = await here.office.database.read((db) =>
    db.selectFrom('dwelling').select('retired_at').where('id', '=', id).executeTakeFirstOrThrow(),
  );
  return row.retired_at !== null;
};
const states = () =>
  here.office.database.read((db) =>
    db
      .selectFrom('door_state')
      .select(['dwelling_id', 'submission_id', 'review', 'outcome'])
      .orderBy('dwelling_id')
      .execute(),
  );
const stateOf = async (id: string) => (await states()).find(({ dwelling_id }) => dwelling_id === id);
const counts = async () => (await here.office.database.read((db) => queue(db, here.communityId, {}))).counts;
const shown = async (id: string) => {
  const page = await reviewPage(here.office, desk.account, { id }, 'zh-CN');
  return page.shown ?? expect.fail('it is not shown');
};

test('[TWO-5] a late record of the door is shown and approved at the one that was found, and its household goes there', async () => {
  const late = await changesPhone();
  await approved(await saysNotThere());
  const { target: now } = await approved(await findsAgain());
  await comesIn(late);
  const { head, spouse } = idsOf(door);

  const page = await shown(late.id);
  expect(page).toMatchObject({ foundAgain: true, doorId: now.id, twin: false });
  expect(page.groups.flatMap(({ rows }) => rows).find(({ field }) => field === 'phone')).toMatchObject({
    before: '13800008979',
    after: '13911110002',
  });
  expect((await desk.open(late.id)).unanswered).not.toContain(JSON.stringify(['outcome']));
  expect((await desk.open(late.id)).row.door).toMatchObject({ id: now.id });
  await clean();

  expect(await decided(late.id)).toHaveProperty('done');
  expect(await people(now.id)).toEqual([
    [head, '13911110002'],
    [spouse, expect.anything()],
  ]);
  expect(await retired(door.id)).toBe(true);
  const history = await desk.history(now.id);
  expect(history.filter(({ entityId }) => entityId === head).map(({ field }) => field)).toContain('phone');
  const held = await doorPage(here.office, desk.account, now.id, 'zh-CN');
  expect(held?.submissions.map(({ id }) => id)).toContain(late.id);
  const told = await phone.ask({ have: {}, limit: 5000 });
  const items = told.feeds.flatMap(({ changes }) => changes).filter(({ type }) => type === 'dwelling');
  expect(items.map(({ id }) => id)).not.toContain(door.id);
  expect(items.find(({ id }) => id === now.id)).toMatchObject({
    body: { households: [{ id: idsOf(door).household }] },
  });
  expect((await shown(late.id)).groups.filter(({ change }) => change === 'moved-in')).toEqual([]);
  await clean();
});

test('[TWO-5] undo of that takes exactly that back, and then the finding can be undone, and the striking off', async () => {
  const late = await changesPhone();
  const struck = await approved(await saysNotThere());
  const found = await approved(await findsAgain());
  await comesIn(late);
  const everything = () =>
    here.office.database.read(async (db) => ({
      households: await db.selectFrom('household').select(['id', 'dwelling_id', 'ended_at']).orderBy('id').execute(),
      people: (await db.selectFrom('resident').selectAll().orderBy('id').execute())
        .map(residentOf)
        .map(({ version: _version, provenance: _provenance, ...person }) => person),
      doors: (await db.selectFrom('dwelling').selectAll().orderBy('id').execute())
        .map(dwellingOf)
        .map(({ version: _version, provenance: _provenance, ...dwelling }) => dwelling),
      aliases: await db.selectFrom('alias').selectAll().orderBy('id').execute(),
    }));
  const before = { everything: await everything(), states: await states(), counts: await counts() };
  expect(await decided(late.id)).toHaveProperty('done');
  expect(await desk.undo(found.id)).toMatchObject({ refused: 'built-upon' });
  expect(await desk.undo(late.id)).toHaveProperty('done');
  expect({ everything: await everything(), states: await states(), counts: await counts() }).toEqual(before);
  await clean();

  expect(await desk.undo(struck.id)).toMatchObject({ refused: 'built-upon' });
  expect(await desk.undo(found.id)).toHaveProperty('done');
  expect(await one(door.id)).toBe(door.id);
  expect(await desk.undo(struck.id)).toHaveProperty('done');
  await clean();
  expect(await shown(late.id)).toMatchObject({ foundAgain: false, doorId: door.id });
  expect(await decided(late.id)).toHaveProperty('done');
  expect((await people(door.id)).map(([, number]) => number)).toContain('13911110002');
  await clean();
});

test('[TWO-5] a record that waited at the door while it was struck off and found waits at the one that was found', async () => {
  const waits = await changesPhone();
  await comesIn(waits);
  expect(await stateOf(door.id)).toMatchObject({ submission_id: waits.id });
  await approved(await saysNotThere());
  expect(await stateOf(door.id)).toBeUndefined();
  const found = await approved(await findsAgain());
  expect(await stateOf(found.target.id)).toMatchObject({ submission_id: found.id });
  expect((await desk.open(waits.id)).row).toMatchObject({ door: { id: found.target.id }, stale: true });
  expect(await counts()).toMatchObject({ waiting: 1, same: 0 });
  await clean();
  expect(await desk.undo(found.id)).toHaveProperty('done');
  await clean();
  expect(await decided(found.id)).toHaveProperty('done');
  expect(await decided(waits.id)).toHaveProperty('done');
  expect((await people(found.target.id)).map(([, number]) => number)).toContain('13911110002');
  await clean();
});

test.each(['no-such-door', 'not-a-dwelling'])(
  '[TWO-5] late word that the door of then is not there (%s) does not strike off the one that was found',
  async (outcome) => {
    const late = await phone.revision({
      target: { type: 'dwelling', id: door.id },
      body: { ...notThere, outcome, ...(outcome === 'not-a-dwelling' && { dwelling: { use: 'shop' } }) },
    });
    await approved(await saysNotThere());
    const found = await approved(await findsAgain());
    await comesIn(late);
    const open = await desk.open(late.id);
    expect(open).toMatchObject({ foundAgain: true, unanswered: [] });
    expect(await shown(late.id)).toMatchObject({ foundAgain: true, outcome });
    expect(await stateOf(found.target.id)).toMatchObject({ submission_id: found.id, outcome: 'vacant' });
    const before = await desk.door(found.target.id);
    expect(await desk.approve(late.id)).toHaveProperty('done');
    expect(await retired(found.target.id)).toBe(false);
    expect(await desk.door(found.target.id)).toEqual(before);
    expect(await stateOf(found.target.id)).toMatchObject({ submission_id: found.id, outcome: 'vacant' });
    await clean();
    expect(await desk.undo(late.id)).toHaveProperty('done');
    await clean();
  },
);

test('[TWO-5] struck off and found once more, all three ids are one door, and the first does not come back', async () => {
  const late = await changesPhone();
  const struck = await approved(await saysNotThere());
  const second = await approved(await findsAgain());
  const gone = await approved(await saysNotThere(second.target.id));
  // Nothing stands there, but the first one counts for the second: it comes back as that one, or not at all.
  expect(await desk.undo(struck.id)).toMatchObject({
    refused: 'built-upon',
    upon: [{ entityType: 'dwelling', entityId: second.target.id }],
  });
  const header = ['网格', '小区', '楼栋', '单元', '室号', '姓名', '身份证号'];
  const row = ['第一网格', door.compound, door.building, door.unit, door.room, '', ''];
  const understanding = await readTabs({ 名册: [header, row] });
  const planned = await here.office.database.read((db) => planImport(db, here.communityId, understanding));
  expect(planned.changes.filter(({ kind }) => kind === 'returned')).toMatchObject([{ id: second.target.id }]);
  await clean();

  const third = await approved(await findsAgain());
  expect([await one(door.id), await one(second.target.id)]).toEqual([third.target.id, third.target.id]);
  await comesIn(late);
  expect(await decided(late.id)).toHaveProperty('done');
  expect((await people(third.target.id)).map(([, number]) => number)).toContain('13911110002');
  await clean();
  expect(await desk.undo(late.id)).toHaveProperty('done');
  expect(await desk.undo(third.id)).toHaveProperty('done');
  expect(await one(door.id)).toBe(second.target.id);
  expect(await desk.undo(gone.id)).toHaveProperty('done');
  await clean();
});

test('[TWO-5] once the found door has another address, which of the two is meant has to be said at the door', async () => {
  const late = await changesPhone();
  await approved(await saysNotThere());
  const { target: now } = await approved(await findsAgain());
  const correction = { entity: 'dwelling', id: now.id, field: 'room', value: '1001', reason: '看错了' } as const;
  expect(await correctValue(here.office, here.accounts.coordinator, correction)).not.toHaveProperty('refused');
  await comesIn(late);
  expect(await decided(late.id)).toMatchObject({ refused: 'invalid', problems: [{ code: 'door_there' }] });
  expect(await people(now.id)).toEqual([]);
  await clean();
});

test('[TWO-5] nobody answered, says a phone that has not heard of it: that counts for the one that was found, and moves nobody', async () => {
  await approved(await saysNotThere());
  const { target: now } = await approved(await findsAgain());
  here.forward(3_600_000);
  const late = await phone.knocksInVain(door);
  await comesIn(late);
  expect((await desk.open(late.id)).row).toMatchObject({ review: 'approved', door: { id: now.id } });
  expect(await stateOf(now.id)).toMatchObject({ submission_id: late.id, outcome: 'no-one-home' });
  expect(await people(now.id)).toEqual([]);
  await clean();
});

/** The door is struck off and found again, and who finds it writes its head down anew; `late`, of the old door, comes in after that. */
async function writtenDownAnew(late: Pushed) {
  await approved(await saysNotThere());
  const known = at(at(door.households, 0).residents, 0);
  const again = { household: here.office.world.uuid(), head: here.office.world.uuid() };
  const { gridId, compound, building, unit, floor, room } = door;
  const resident = {
    ...{ id: again.head, change: 'moved-in', name: known.name, idType: 'resident-id', idNumber: known.idNumber },
    ...{ sex: known.sex, birthDate: known.birthDate, relation: '02', residence: 'both-here', phone: '13800008979' },
  };
  const body = {
    ...{ outcome: 'verified', informant: { residentId: again.head, kind: 'member' }, noticeGiven: true },
    dwelling: { gridId, compound, building, unit, floor, room, use: 'owner-occupied' },
    households: [{ id: again.household, kind: 'family', headId: again.head, change: 'new', residents: [resident] }],
  };
  const target = { type: 'dwelling' as const, id: here.office.world.uuid() };
  await approved({ ...(await phone.revision({ target, body })), target });
  await comesIn(late);
  return { again, now: target.id };
}
const householdsAt = async (id: string) =>
  (await desk.door(id)).households.map(({ id: household, headId, residents }) => ({
    ...{ household, headId },
    people: residents.map((resident) => [resident.id, resident.relation, resident.phone]),
  }));
const headAt = ['households', 0, 'residents', 0];
const sameAsHead = JSON.stringify([...headAt, 'sameAs']);
const oneHousehold = JSON.stringify(['households', 0, 'id']);

test('[TWO-5] somebody who was written down anew at the door that was found, and comes along with a late record, is asked about and becomes one', async () => {
  const late = await changesPhone();
  const { again, now } = await writtenDownAnew(late);
  const { head, spouse } = idsOf(door);
  const found = [{ household: again.household, headId: again.head, people: [[again.head, '02', '13800008979']] }];
  const who = { key: sameAsHead, take: 'own' as const, value: again.head };
  expect(await desk.open(late.id)).toMatchObject({
    likenesses: [{ key: sameAsHead, entityId: head, name: '王建国', candidates: [{ id: again.head }] }],
    unanswered: [sameAsHead],
  });
  expect(await counts()).toMatchObject({ conflict: 1 });
  await clean();

  const home = { key: oneHousehold, take: 'own' as const, value: again.household };
  const number = JSON.stringify([...headAt, 'phone']);
  expect((await desk.open(late.id, { choices: [who] })).unanswered).toEqual(
    expect.arrayContaining([oneHousehold, number]),
  );
  expect((await desk.open(late.id, { choices: [who, home] })).unanswered).toEqual([number]);
  expect(await desk.approve(late.id, { choices: [who, home] })).toEqual({ refused: 'asks', keys: [number] });
  const choices = [who, home, { key: number, take: 'proposal' as const }];
  expect(await desk.approve(late.id, { choices })).toHaveProperty('done');

  const [household, ...more] = await householdsAt(now);
  expect(more).toEqual([]);
  expect(household).toMatchObject({ household: again.household, headId: again.head });
  expect(household?.people).toEqual([
    [again.head, '02', '13911110002'],
    [spouse, '10', expect.anything()],
  ]);
  expect(await here.office.database.read((db) => resolveAlias(db, here.communityId, 'resident', head))).toBe(
    again.head,
  );
  await clean();

  expect(await desk.undo(late.id)).toHaveProperty('done');
  expect(await householdsAt(now)).toEqual(found);
  await clean();
});

test('[TWO-5] whoever comes along and is said to be one with nobody stands there beside them', async () => {
  const late = await phone.verifies(door);
  const { again, now } = await writtenDownAnew(late);
  const { household, head, spouse } = idsOf(door);
  expect((await desk.open(late.id)).unanswered).toEqual([sameAsHead]);
  expect(await decided(late.id)).toHaveProperty('done');
  const at = await householdsAt(now);
  expect(at.map(({ people }) => people.map(([id]) => id))).toEqual(
    expect.arrayContaining([[again.head], [head, spouse]]),
  );
  expect(at.map((one) => one.household)).toEqual(expect.arrayContaining([household, again.household]));
  await clean();
});

test('[TWO-5] whoever comes along unchanged and is one with somebody in a household of their own takes them into that of the record', async () => {
  const late = await phone.verifies(door);
  const { again, now } = await writtenDownAnew(late);
  const { household, spouse } = idsOf(door);
  const who = { key: sameAsHead, take: 'own' as const, value: again.head };
  const open = await desk.open(late.id, { choices: [who] });
  const choices = [who, ...open.unanswered.map((key) => ({ key, take: 'proposal' as const }))];
  expect(await desk.approve(late.id, { choices })).toHaveProperty('done');
  const [own, ...more] = await householdsAt(now);
  expect(more).toEqual([]);
  expect(own).toMatchObject({ household, headId: again.head });
  expect(own?.people.map(([id, relation]) => [id, relation])).toEqual([
    [again.head, '02'],
    [spouse, '10'],
  ]);
  await clean();
});

/** Its head is known to live at the door that was found, when the record of both comes in from the door that was struck off. */
async function headWentThere(late: Pushed) {
  await approved(await saysNotThere());
  const { target } = await approved(await findsAgain());
  const { head } = idsOf(door);
  const household = here.office.world.uuid();
  const person = {
    id: here.office.world.uuid(),
    sameAs: head,
    change: 'moved-in',
    name: '王建国',
    relation: '02',
    sex: '1',
  };
  const body = {
    ...{ outcome: 'verified', informant: { residentId: person.id, kind: 'member' }, noticeGiven: true },
    dwelling: { use: 'owner-occupied' },
    households: [{ id: household, kind: 'family', headId: person.id, change: 'new', residents: [person] }],
  };
  await approved(await phone.revision({ target, body }));
  expect(await householdsAt(target.id)).toMatchObject([
    { household, headId: head, people: [[head, '02', expect.anything()]] },
  ]);
  await comesIn(late);
  return { household, now: target.id };
}
const headsHousehold = JSON.stringify([...headAt, 'householdId']);

test('[TWO-5] a household whose head went to the door that was found before the record of both came in is asked about, and not torn apart', async () => {
  const late = await changesPhone();
  const { household: own, now } = await headWentThere(late);
  const { household, head, spouse } = idsOf(door);
  // When he went, how she is related to the head of hers was to be asked anew.
  const both = [
    [head, '02', '13911110002'],
    [spouse, null, expect.anything()],
  ];
  expect((await desk.open(late.id)).unanswered).toEqual([oneHousehold, headsHousehold]);

  const one = [{ key: oneHousehold, take: 'own' as const, value: own }];
  expect((await desk.open(late.id, { choices: one })).unanswered).toEqual([]);
  expect(await desk.approve(late.id, { choices: one })).toHaveProperty('done');
  expect(await householdsAt(now)).toEqual([{ household: own, headId: head, people: both }]);
  await clean();
  expect(await desk.undo(late.id)).toHaveProperty('done');

  const back = [oneHousehold, headsHousehold].map((key) => ({ key, take: 'proposal' as const }));
  expect(await desk.approve(late.id, { choices: back })).toHaveProperty('done');
  expect(await householdsAt(now)).toMatchObject([{ household, people: both }]);
  await clean();
});

test('[TWO-5] where the head stays in a household of his own, the one that comes along has none until somebody says who it is', async () => {
  const late = await changesPhone();
  const { household: own, now } = await headWentThere(late);
  const { household, head, spouse } = idsOf(door);
  const apart = [
    { key: oneHousehold, take: 'proposal' as const },
    { key: headsHousehold, take: 'register' as const },
  ];
  expect(await desk.approve(late.id, { choices: apart })).toHaveProperty('done');
  expect(await householdsAt(now)).toEqual([
    { household, headId: null, people: [[spouse, null, expect.anything()]] },
    { household: own, headId: head, people: [[head, '02', '13911110002']] },
  ]);
  await clean();
});

test('[TWO-5] a door that was struck off is not the one of that address that is found in another grid', async () => {
  const [own, other] = here.grids;
  await assignGrids(here.office, here.communityId, here.accounts.worker.id, [own, other]);
  const late = await changesPhone();
  const struck = await approved(await saysNotThere());
  const { target: far } = await approved(await findsAgain({ ...door, gridId: other }));
  expect(await one(door.id)).toBe(door.id);
  await comesIn(late);
  expect(await shown(late.id)).toMatchObject({ foundAgain: false, doorId: door.id });
  expect(await desk.undo(struck.id)).toHaveProperty('done');
  expect(await decided(late.id)).toHaveProperty('done');
  expect((await people(door.id)).map(([, number]) => number)).toContain('13911110002');
  expect(await people(far.id)).toEqual([]);
  await clean();
});

test('[TWO-5] the household in which somebody lives elsewhere by now stays there when a late record names them', async () => {
  const late = await changesPhone();
  const elsewhere = at(here.doors, 1);
  const { household, head, spouse } = idsOf(door);
  const own = here.office.world.uuid();
  const person = {
    ...{ id: here.office.world.uuid(), sameAs: head, change: 'moved-in' },
    ...{ name: '王建国', relation: '02', sex: '1' },
  };
  const { households } = verifiedBody(elsewhere);
  const moved = { id: own, kind: 'family', headId: person.id, change: 'new', residents: [person] };
  const everybody = Array.isArray(households) ? [...households, moved] : [moved];
  await approved(await phone.verifies(elsewhere, { body: verifiedBody(elsewhere, { households: everybody }) }));
  await approved(await saysNotThere());
  const { target: now } = await approved(await findsAgain());
  await comesIn(late);

  const { unanswered } = await desk.open(late.id);
  expect(unanswered).toContain(headsHousehold);
  const choices = (await desk.choices(late.id, 'proposal')).map(({ key, ...choice }) => {
    if (key === headsHousehold) return { key, take: 'register' as const };
    if (key === JSON.stringify(['dwelling', 'use'])) return { key, take: 'own' as const, value: 'owner-occupied' };
    return { key, ...choice };
  });
  expect(await desk.approve(late.id, { choices })).toHaveProperty('done');
  expect(await householdsAt(now.id)).toMatchObject([{ household, people: [[spouse, null, expect.anything()]] }]);
  expect(await householdsAt(elsewhere.id)).toContainEqual({
    ...{ household: own, headId: head },
    people: [[head, '02', '13911110002']],
  });
  await clean();
});

test('[TWO-5] whom a late record puts into a household of their own goes to the door that was found, and the others stay', async () => {
  const { household, head, spouse } = idsOf(door);
  const own = here.office.world.uuid();
  const resident = { id: spouse, change: 'corrected', relation: '02' };
  const moved = { id: own, kind: 'family', headId: spouse, change: 'new', residents: [resident] };
  const body = { outcome: 'partly-verified', nextVisit: '2099-12-03', households: [moved] };
  const late = await phone.verifies(door, { body: verifiedBody(door, body) });
  await approved(await saysNotThere());
  const { target: now } = await approved(await findsAgain());
  await comesIn(late);
  expect(await decided(late.id)).toHaveProperty('done');
  expect(await householdsAt(now.id)).toMatchObject([
    { household: own, headId: spouse, people: [[spouse, '02', expect.anything()]] },
  ]);
  const left = await here.office.database.read((db) =>
    db.selectFrom('resident').select(['dwelling_id', 'household_id']).where('id', '=', head).executeTakeFirst(),
  );
  expect(left).toEqual({ dwelling_id: door.id, household_id: household });
  await clean();
});

test('[TWO-5] late word that the door of then is not there does not count, though nothing newer was recorded', async () => {
  await approved(await saysNotThere());
  const found = await approved(await findsAgain());
  here.forward(3_600_000);
  const late = await saysNotThere();
  await comesIn(late);
  expect(await stateOf(found.target.id)).toMatchObject({ submission_id: found.id, outcome: 'vacant' });
  await clean();
  expect(await desk.approve(late.id)).toHaveProperty('done');
  expect(await stateOf(found.target.id)).toMatchObject({ submission_id: found.id, outcome: 'vacant' });
  expect(await retired(found.target.id)).toBe(false);
  await clean();
});

test('[TWO-5] a finding that was undone was never a door: its record meets the one that was found since as any proposal of that address does', async () => {
  await approved(await saysNotThere());
  const first = await approved(await findsAgain());
  expect(await desk.undo(first.id)).toHaveProperty('done');
  const second = await approved(await findsAgain());
  expect(await one(first.target.id)).toBe(first.target.id);
  expect(await desk.open(first.id)).toMatchObject({ twinOf: second.target.id, foundAgain: false });
  expect(await decided(first.id)).toHaveProperty('done');
  expect(await one(first.target.id)).toBe(second.target.id);
  await clean();
  expect(await desk.undo(first.id)).toHaveProperty('done');
  expect(await one(first.target.id)).toBe(first.target.id);
  await clean();
});

test('[TWO-5] once it is decided, a late record shows what stood at the door of then', async () => {
  const late = await changesPhone();
  await approved(await saysNotThere());
  await approved(await findsAgain());
  await comesIn(late);
  const rowsOf = async () =>
    (await shown(late.id)).groups
      .flatMap(({ rows }) => rows)
      .filter(({ field }) => field === 'phone')
      .map(({ before, after }) => ({ before, after }));
  const before = await rowsOf();
  expect(before).toEqual([{ before: '13800008979', after: '13911110002' }]);
  expect(await decided(late.id)).toHaveProperty('done');
  expect(await rowsOf()).toEqual(before);
});

test('[TWO-5] a second late record of the door finds the household at the one that was found, and is no stranger there', async () => {
  const [first, second] = [await changesPhone(), await phone.verifies(door)];
  await approved(await saysNotThere());
  const { target: now } = await approved(await findsAgain());
  await comesIn(first);
  expect(await decided(first.id)).toHaveProperty('done');
  await comesIn(second);
  expect(await shown(second.id)).toMatchObject({ foundAgain: true, doorId: now.id });
  const there = await householdsAt(now.id);
  expect(there).toMatchObject([{ household: idsOf(door).household }]);
  expect(await decided(second.id)).toHaveProperty('done');
  expect(await householdsAt(now.id)).toEqual(there);
  await clean();
  expect(await desk.undo(second.id)).toHaveProperty('done');
  expect(await householdsAt(now.id)).toEqual(there);
  await clean();
});

test('[TWO-5] a record of the first of three ids finds the household where the second one left it', async () => {
  const [first, second] = [await changesPhone(), await phone.verifies(door)];
  const { household, head, spouse } = idsOf(door);
  await approved(await saysNotThere());
  const found = await approved(await findsAgain());
  await comesIn(first);
  expect(await decided(first.id)).toHaveProperty('done');
  await comesIn(second);
  await approved(await saysNotThere(found.target.id));
  const { target: now } = await approved(await findsAgain());
  expect(await shown(second.id)).toMatchObject({ foundAgain: true, doorId: now.id });
  expect(await decided(second.id)).toHaveProperty('done');
  expect(await householdsAt(now.id)).toMatchObject([
    {
      household,
      headId: head,
      people: [
        [head, '02', '13911110002'],
        [spouse, '10', expect.anything()],
      ],
    },
  ]);
  await clean();
  expect(await desk.undo(second.id)).toHaveProperty('done');
  expect(await householdsAt(now.id)).toEqual([]);
  await clean();
});
