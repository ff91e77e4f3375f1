/** What one record alone brought to the register, approved and undone: for that record it never was there, and it comes back under the same ids. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkOffice } from '../../src/lib/server/check/check-office';
import { republishAccount } from '../../src/lib/server/feeds/republish';
import { heldValues, historyOf } from '../../src/lib/server/register/history';
import { loadRecords, resolveAlias } from '../../src/lib/server/register/read';
import { queue } from '../../src/lib/server/review/queue';
import { basisOf, DeskForTests, idsOf } from './desk-for-tests';
import { openTestOffice, shareFirstGrid, type TestDoor, type TestOffice } from './office-for-tests';
import { type PhoneForTests, type Pushed, verifiedBody } from './phone-for-tests';

let at: TestOffice;
let li: PhoneForTests;
let chen: PhoneForTests;
let desk: DeskForTests;
let door: TestDoor;

beforeEach(async () => {
  at = await openTestOffice();
  await shareFirstGrid(at);
  await at.office.database.write((tx) => republishAccount(tx, at.communityId, at.accounts.otherWorker.id));
  li = at.phone(at.accounts.worker);
  chen = at.phone(at.accounts.otherWorker);
  desk = new DeskForTests(at);
  door = at.doors[0] as TestDoor;
});
afterEach(async () => {
  expect((await checkOffice(at.office)).findings).toEqual([]);
  await at.close();
});

const uuid = () => at.office.world.uuid();
const address = () => ({ gridId: at.grids[0], compound: '东街', building: '1', unit: '1', floor: 5, room: '501' });

type Resident = Record<string, unknown>;
const someone = (id: string, more: Resident = {}): Resident => ({
  ...{ id, change: 'moved-in', name: '赵敏', sex: '2', birthDate: '1990-05-01', idType: 'none', idNumber: '' },
  ...{ phone: '13900000001', relation: '02', residence: 'not-registered', registeredAddress: '', careGroups: [] },
  ...{ presence: 'here', missing: { idNumber: 'none-yet' } },
  ...more,
});
const family = (id: string, headId: string, residents: Resident[] = [someone(headId)]) => ({
  ...{ id, kind: 'family', tenure: 'tenant', headId, phone: '', residents },
});

/** A door that the register lacks, with one person in it. */
function proposalOf(ids: { door: string; household: string; person: string }, more: Record<string, unknown> = {}) {
  return {
    target: { type: 'dwelling', id: ids.door },
    body: {
      ...verifiedBody(door, { dwelling: { ...address(), use: 'rented' } }),
      informant: { residentId: null, name: '赵敏', kind: 'member' },
      households: [family(ids.household, ids.person)],
      ...more,
    },
  };
}

const newIds = () => ({ door: uuid(), household: uuid(), person: uuid() });

async function pushed(who: PhoneForTests, draft: Record<string, unknown>): Promise<Pushed> {
  const revision = await who.revision(draft);
  expect(await who.push(revision)).toMatchObject([{ status: 'stored' }]);
  return revision;
}

const row = async (id: string) =>
  (await at.office.database.read((db) => queue(db, at.communityId, {}))).rows.find((found) => found.id === id);
const historyOfOne = (type: 'dwelling' | 'household' | 'resident', id: string) =>
  at.office.database.read((db) => historyOf(db, at.communityId, type, id));
const told = async (who: PhoneForTests, id: string) => {
  await who.pull();
  return who.item(`grid/${at.grids[0]}`, 'dwelling', id);
};

describe('a dwelling that the register lacked', () => {
  test('[TWO-3] undone, waits again as at first: nothing asks, nothing is new, nobody was there', async () => {
    const ids = newIds();
    const record = await pushed(li, proposalOf(ids));
    const first = await desk.open(record.id);
    await desk.approve(record.id);
    expect(await told(chen, ids.door)).toMatchObject({ room: '501' });
    const { [ids.door]: before = 0 } = await chen.basisOf({ id: ids.door });

    expect(await desk.undo(record.id)).toHaveProperty('done');
    const again = await desk.open(record.id);
    const shown = ({ differences, compared, unanswered, likenesses, door: held, since }: typeof first) => ({
      ...{ differences, compared, unanswered, likenesses, held, since },
    });
    expect(shown(again)).toEqual(shown(first));
    expect(again).toMatchObject({ unanswered: [], stale: false, door: null, since: [], registerVersion: null });
    expect(await row(record.id)).toMatchObject({ stale: false, asks: false });
    expect(await told(chen, ids.door)).toBeUndefined();

    expect(await desk.approve(record.id)).toHaveProperty('done');
    expect((await desk.door(ids.door)).households).toMatchObject([
      { id: ids.household, residents: [{ id: ids.person }] },
    ]);
    expect(await told(chen, ids.door)).toMatchObject({ room: '501', use: 'rented' });
    const { [ids.door]: after = 0 } = await chen.basisOf({ id: ids.door });
    expect(after).toBeGreaterThan(before);
    // As that decision found it: no door.
    expect((await desk.open(record.id)).door).toBeNull();
  });

  test('its history says that it came, went by the undo and came again', async () => {
    const ids = newIds();
    const record = await pushed(li, proposalOf(ids));
    await desk.approve(record.id);
    await desk.undo(record.id);
    await desk.approve(record.id);
    const cameAndWent = [
      ['submission', null, 'worker'],
      ['undo', 'now', 'coordinator'],
      ['submission', '*', 'worker'],
    ];
    for (const [type, id, field] of [
      ['dwelling', ids.door, 'retiredAt'],
      ['household', ids.household, 'endedAt'],
      ['resident', ids.person, 'retiredAt'],
    ] as const) {
      const entries = await historyOfOne(type, id);
      expect(
        entries.map(({ source, field: of, after, by }) => [
          source,
          of === field ? (after === null ? null : 'now') : of,
          by,
        ]),
      ).toEqual(cameAndWent);
    }
    expect(await desk.undo(record.id)).toHaveProperty('done');
    expect(await desk.open(record.id)).toMatchObject({ unanswered: [], stale: false, door: null });
    expect(await desk.approve(record.id)).toHaveProperty('done');
    expect((await desk.door(ids.door)).households).toHaveLength(1);
  });

  test('undone, sent back and corrected, is as the correction says: what only the first form said is nowhere', async () => {
    const ids = newIds();
    const record = await pushed(li, proposalOf(ids, { outcome: 'verified' }));
    await desk.approve(record.id);
    await desk.undo(record.id);
    expect(await desk.sendBack(record.id, '电话不对', ['households', 0, 'residents', 0, 'phone'])).toHaveProperty(
      'done',
    );
    expect(await li.record(record.id)).toMatchObject({ review: 'returned', comments: [{ text: '电话不对' }] });
    const corrected = proposalOf(ids, {
      dwelling: { ...address(), use: 'owner-occupied' },
      households: [
        {
          ...family(ids.household, ids.person, [
            someone(ids.person, { phone: '', missing: { idNumber: 'none-yet', phone: 'refused' } }),
          ]),
          tenure: 'owner',
        },
      ],
    });
    await pushed(li, { ...corrected, id: record.id, revision: 2 });
    expect(await desk.open(record.id)).toMatchObject({ unanswered: [], stale: false, door: null });
    expect(await desk.approve(record.id)).toHaveProperty('done');
    expect(await desk.door(ids.door)).toMatchObject({
      use: 'owner-occupied',
      households: [{ id: ids.household, tenure: 'owner', residents: [{ id: ids.person, phone: '' }] }],
    });
  });

  test('is judged as a new one when its record comes again: what it was in the register binds nobody', async () => {
    const ids = newIds();
    const empty = { outcome: 'vacant', dwelling: { ...address(), use: 'vacant' }, households: [], informant: null };
    const record = await pushed(li, proposalOf(ids, empty));
    await desk.approve(record.id);
    await desk.undo(record.id);
    await desk.sendBack(record.id);
    // No word about its use: nobody has to take back that it stood empty.
    await pushed(li, { ...proposalOf(ids, { dwelling: address() }), id: record.id, revision: 2 });
    expect(await desk.approve(record.id)).toHaveProperty('done');
    expect((await desk.door(ids.door)).use).not.toBe('vacant');
  });

  test('undone and voided, is gone from every phone, and stays so', async () => {
    const ids = newIds();
    const record = await pushed(li, proposalOf(ids));
    await desk.approve(record.id);
    await desk.undo(record.id);
    expect(await desk.void(record.id, '没有这扇门')).toHaveProperty('done');
    expect(await told(li, ids.door)).toBeUndefined();
    expect(await li.record(record.id)).toMatchObject({ review: 'voided', comments: [{ text: '没有这扇门' }] });
    expect(await desk.undo(record.id)).toHaveProperty('done');
    expect(await desk.approve(record.id)).toHaveProperty('done');
    expect(await told(li, ids.door)).toMatchObject({ room: '501' });
  });

  test('what the coordinator corrected is theirs again, each time', async () => {
    const ids = newIds();
    const record = await pushed(li, proposalOf(ids));
    const corrections = [{ path: ['dwelling', 'use'], value: 'owner-occupied' }];
    await desk.approve(record.id, { corrections });
    await desk.undo(record.id);
    expect(await desk.approve(record.id, { corrections })).toHaveProperty('done');
    const values = await at.office.database.read((db) => heldValues(db, at.communityId, 'dwelling', ids.door));
    const of = (field: string) => values?.find((value) => value.field === field);
    expect(of('use')).toMatchObject({ value: 'owner-occupied', provenance: { from: 'correction', confirmedBy: null } });
    expect(of('room')).toMatchObject({
      provenance: { from: 'submission', by: li.account.id, confirmedBy: li.account.id },
    });
  });

  test('[TWO-5] of two that propose it, the one undone finds the other standing, and is undone from it too', async () => {
    const [mine, theirs] = [newIds(), newIds()];
    const first = await pushed(li, proposalOf(mine));
    const second = await pushed(
      chen,
      proposalOf(theirs, {
        households: [
          family(theirs.household, theirs.person, [someone(theirs.person, { name: '钱多', birthDate: '1980-01-01' })]),
        ],
      }),
    );
    await desk.approve(first.id);
    await desk.undo(first.id);
    expect(await desk.approve(second.id)).toHaveProperty('done');
    expect(await row(first.id)).toMatchObject({ stale: true });

    const choices = await desk.choices(first.id, 'proposal');
    expect(await desk.approve(first.id, { choices })).toHaveProperty('done');
    expect(await at.office.database.read((db) => resolveAlias(db, at.communityId, 'dwelling', mine.door))).toBe(
      theirs.door,
    );
    expect((await desk.door(mine.door)).households.map(({ id }) => id).sort()).toEqual(
      [mine.household, theirs.household].sort(),
    );
    expect(await desk.undo(first.id)).toHaveProperty('done');
    expect((await desk.door(theirs.door)).households.map(({ id }) => id)).toEqual([theirs.household]);
    expect(await at.office.database.read((db) => resolveAlias(db, at.communityId, 'dwelling', mine.door))).toBe(
      mine.door,
    );
  });

  test('for another record, of somebody whose phone was told of it, it is a door that left the register', async () => {
    const ids = newIds();
    const record = await pushed(li, proposalOf(ids));
    await desk.approve(record.id);
    const basis = await chen.basisOf({ id: ids.door });
    const body = {
      ...verifiedBody(door),
      informant: { residentId: ids.person, name: '赵敏', kind: 'member' },
      households: [{ id: ids.household, residents: [{ id: ids.person, change: 'unchanged' }] }],
    };
    const later = await pushed(chen, { target: { type: 'dwelling', id: ids.door }, basis, body });
    await desk.undo(record.id);
    expect((await desk.open(later.id)).unanswered).toContain(JSON.stringify(['outcome']));
    expect((await desk.open(record.id)).unanswered).toEqual([]);
    expect(await desk.approve(record.id)).toHaveProperty('done');
    expect((await desk.open(later.id)).unanswered).not.toContain(JSON.stringify(['outcome']));
  });
});

describe('a household and a person new at a door that stands', () => {
  async function secondFamily(): Promise<{ record: Pushed; household: string; person: string }> {
    const [household, person] = [uuid(), uuid()];
    const { household: own, head, spouse } = idsOf(door);
    const unchanged = [head, spouse].map((id) => ({ id, change: 'unchanged' }));
    const households = [{ id: own, residents: unchanged }, family(household, person)];
    const record = await pushed(li, {
      target: { type: 'dwelling', id: door.id },
      basis: await basisOf(li, door),
      body: verifiedBody(door, { households }),
    });
    return { record, household, person };
  }

  test('undone, wait again as at first, and come back under their ids', async () => {
    const { record, household, person } = await secondFamily();
    const first = await desk.open(record.id);
    await desk.approve(record.id);
    await desk.undo(record.id);
    const again = await desk.open(record.id);
    expect(again.differences).toEqual(first.differences);
    expect(again.compared).toEqual(first.compared);
    expect(again).toMatchObject({ unanswered: [], stale: false, since: [] });
    expect(await row(record.id)).toMatchObject({ stale: false, asks: false });
    expect(await desk.approve(record.id)).toHaveProperty('done');
    expect((await desk.door(door.id)).households).toContainEqual(
      expect.objectContaining({ id: household, residents: [expect.objectContaining({ id: person })] }),
    );
  });

  test('undone, sent back and corrected, are as the correction says', async () => {
    const { record, household, person } = await secondFamily();
    await desk.approve(record.id);
    await desk.undo(record.id);
    await desk.sendBack(record.id);
    const { household: own, head, spouse } = idsOf(door);
    const unchanged = [head, spouse].map((id) => ({ id, change: 'unchanged' }));
    const without = someone(person, { phone: '', missing: { phone: 'refused' }, idType: 'none' });
    const { tenure: _tenure, ...untold } = family(household, person, [without]);
    await pushed(li, {
      ...{ id: record.id, revision: 2, target: { type: 'dwelling', id: door.id }, basis: await basisOf(li, door) },
      body: verifiedBody(door, { households: [{ id: own, residents: unchanged }, untold] }),
    });
    expect(await desk.open(record.id)).toMatchObject({ unanswered: [], stale: false });
    expect(await desk.approve(record.id)).toHaveProperty('done');
    const households = (await desk.door(door.id)).households;
    expect(households.find(({ id }) => id === household)).toMatchObject({
      tenure: null,
      residents: [{ id: person, phone: '', missing: { phone: 'refused' } }],
    });
    const held = await at.office.database.read((db) => heldValues(db, at.communityId, 'resident', person));
    const reasons = held?.find(({ field }) => field === 'missing')?.value;
    expect(reasons).toEqual({ phone: 'refused' });
  });

  test('a newborn undone, whom the correction finds to be somebody of another door, is joined and is undone again', async () => {
    const baby = uuid();
    const { household, head, spouse } = idsOf(door);
    const residents = (last: Resident) => [...[head, spouse].map((id) => ({ id, change: 'unchanged' })), last];
    const body = (last: Resident) =>
      verifiedBody(door, { households: [{ id: household, residents: residents(last) }] });
    const born = someone(baby, { change: 'born', name: '王小宝', birthDate: '2026-10-01', relation: '40', phone: '' });
    const about = { target: { type: 'dwelling', id: door.id }, basis: await basisOf(li, door) };
    const record = await pushed(li, { ...about, body: body(born) });
    await desk.approve(record.id);
    await desk.undo(record.id);
    await desk.sendBack(record.id);
    const mover = idsOf(at.doors[1] as TestDoor).spouse;
    const known = someone(baby, { sameAs: mover, relation: '97', name: '', phone: '' });
    await pushed(li, { ...about, id: record.id, revision: 2, body: body(known) });
    expect(await desk.approve(record.id)).toHaveProperty('done');
    const people = async () =>
      (await desk.door(door.id)).households.flatMap(({ residents: all }) => all.map(({ id }) => id));
    expect(await people()).toContain(mover);
    expect(await people()).not.toContain(baby);
    expect(await desk.undo(record.id)).toHaveProperty('done');
    expect(await people()).toEqual(expect.not.arrayContaining([mover, baby]));
    const rows = await at.office.database.read((db) => loadRecords(db, at.communityId, 'resident', [baby]));
    expect(rows.get(baby)?.retiredAt).not.toBeNull();
  });
});
