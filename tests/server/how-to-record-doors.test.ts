/** *How to record* of docs/data-dictionary.md, the rows about doors and about who answers: titles are the rows' own words. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FillingBody } from '../../src/lib/forms/verification-body';
import { withDeparture } from '../../src/lib/forms/verification-draft';
import { departOneByOne } from '../../src/lib/forms/verification-edits';
import { overview } from '../../src/lib/server/coverage/overview';
import { startBulk } from '../../src/lib/server/review/bulk';
import { concernAbout } from './knock-for-tests';
import type { TestDoor } from './office-for-tests';
import { startRecording, type Recording } from './recording-for-tests';

let record: Recording;
beforeEach(async () => {
  record = await startRecording();
});
afterEach(() => record.close());

const tenant = { sex: '1', birthDate: '1995', relation: '02', residence: 'migrant', registeredAddress: '四川省' };
const manager = { residentId: null, name: '张师傅', kind: 'manager' } as const;
/** Where the door stands in the round, as the phone has it now. */
const state = async (door: { id: string }) => (await record.knock(door)).door.state;

/** Everybody has moved away: approved, and the door is empty. */
async function emptied(door: TestDoor): Promise<void> {
  await record.approved((await record.knock(door)).outcome('moved-away'));
}

test('only one flatmate answers, and for himself', async () => {
  await record.openRound();
  const [door] = record.doors;
  const flatmates = [{ name: '孙磊' }, { name: '吴婷' }].map((one) => ({ ...one, relation: '02' as const }));
  const [answers = '', other = ''] = await record.registered(door, flatmates, 'apart');
  const knock = await record.knock(door);
  knock.corrected('孙磊', { phone: '13900005555' });
  knock.toldBy({ residentId: answers, name: '孙磊', kind: 'flatmate' }, { nextVisit: '2026-12-24' });
  expect(knock.check().body).toMatchObject({ outcome: 'partly-verified', nextVisit: '2026-12-24' });
  expect(await record.approved(knock)).toEqual({ '孙磊 phone': '13900005555' });
  const stands = { outcome: 'partly-verified', listed: [answers], nextVisit: '2026-12-24' };
  expect(await state(door)).toMatchObject(stands);
  // For himself he confirms all, of the others nothing.
  expect(await record.confirmed(answers)).toEqual(expect.arrayContaining(['name', 'birthDate', 'phone', 'presence']));
  expect(await record.confirmed(other)).toEqual([]);
});

test('three unrelated tenants, the landlord in another town', async () => {
  const [door] = record.doors;
  await emptied(door);
  const knock = await record.knock(door);
  for (const name of ['孙磊', '吴婷', '何勇']) {
    knock.added('moved-in', { ...tenant, name, relation: undefined });
    knock.household(name, { tenure: 'tenant' }).head(name, {});
  }
  knock.dwelling({ use: 'shared-rented', ownerName: '马建明', ownerPhone: '13900006666' }).toldBy('孙磊');
  const lives = { dwellingId: 'door 101', presence: 'here', ...tenant };
  expect(await record.approved(knock)).toEqual({
    ...{ 'door 101 use': 'shared-rented', 'door 101 ownerName': '马建明', 'door 101 ownerPhone': '13900006666' },
    '+ household of 孙磊': { dwellingId: 'door 101', kind: 'family', tenure: 'tenant', headId: '孙磊' },
    '+ household of 吴婷': { dwellingId: 'door 101', kind: 'family', tenure: 'tenant', headId: '吴婷' },
    '+ household of 何勇': { dwellingId: 'door 101', kind: 'family', tenure: 'tenant', headId: '何勇' },
    '+ 孙磊': { ...lives, name: '孙磊', householdId: 'household of 孙磊' },
    '+ 吴婷': { ...lives, name: '吴婷', householdId: 'household of 吴婷' },
    '+ 何勇': { ...lives, name: '何勇', householdId: 'household of 何勇' },
  });
});

test('dormitory, the manager answers from a list', async () => {
  const knock = await record.newDoor({ floor: 3, room: '301', use: 'dormitory' });
  const bed = { ...tenant, relation: '99', birthDate: '' };
  knock.added('moved-in', { ...bed, name: '孙磊' });
  knock.household('孙磊', { kind: 'collective', phone: '09376660000' });
  knock.added('moved-in', { ...bed, name: '何勇' }, '孙磊');
  knock.toldBy(manager);
  const lives = { householdId: 'household of nobody', dwellingId: 'door 301', presence: 'here', sex: '1' };
  const from = { relation: '99', residence: 'migrant', registeredAddress: '四川省' };
  expect(await record.approved(knock)).toEqual({
    '+ door 301': {
      ...{ gridId: record.at.grids[0], compound: '东街', building: '1', unit: '1', floor: 3, room: '301' },
      use: 'dormitory',
    },
    '+ household of nobody': { dwellingId: 'door 301', kind: 'collective', phone: '09376660000' },
    '+ 孙磊': { ...lives, ...from, name: '孙磊' },
    '+ 何勇': { ...lives, ...from, name: '何勇' },
  });
});

test('neighbour says that they moved', async () => {
  const [door] = record.doors;
  const knock = await record.knock(door);
  knock.left('王建国', 'moved-away', { on: '2026-10' }).left('李秀英', 'moved-away', { on: '2026-10' });
  knock.toldBy({ residentId: null, name: '对门老李', kind: 'neighbour' });
  const id = await knock.sent();
  // The coordinator is shown who said so, and it is never in bulk.
  expect((await record.desk.open(id)).shown.body['informant']).toMatchObject({ kind: 'neighbour' });
  const bulk = await startBulk(record.at.office, record.at.accounts.coordinator, {});
  expect(bulk.members).toEqual([]);
  await record.desk.void(id);
  expect(await record.approved(knock)).toEqual({
    ...{ '王建国 presence': 'moved-away', '王建国 on': '2026-10' },
    ...{ '李秀英 presence': 'moved-away', '李秀英 on': '2026-10' },
    'household of 王建国 endedAt': 'now',
  });
});

describe('neighbour says that they moved, the whole household', () => {
  const neighbour = { residentId: null, name: '对门老李', kind: 'neighbour' } as const;
  async function told() {
    const [door] = record.doors;
    const knock = await record.knock(door);
    const gone = { departure: { on: '2026-10', movedTo: '张掖市甘州区' } };
    return knock.outcome('moved-away', { informant: neighbour, ...gone });
  }

  test('date and destination are told once, and the register holds them of everybody', async () => {
    const knock = await told();
    expect(knock.check().body).toMatchObject({ outcome: 'moved-away', informant: neighbour });
    expect(knock.check().body).not.toHaveProperty('departure');
    expect(await record.approved(knock)).toEqual({
      ...{ '王建国 presence': 'moved-away', '王建国 on': '2026-10', '王建国 movedTo': '张掖市甘州区' },
      ...{ '李秀英 presence': 'moved-away', '李秀英 on': '2026-10', '李秀英 movedTo': '张掖市甘州区' },
      'household of 王建国 endedAt': 'now',
    });
  });

  test('it is opened again as it was told, once', async () => {
    const sent = (await told()).check().body as FillingBody;
    expect(withDeparture(sent)).toMatchObject({
      outcome: 'moved-away',
      households: [],
      departure: { on: '2026-10', movedTo: '张掖市甘州区' },
    });
  });

  test('of some told otherwise, each has an answer of their own', async () => {
    const knock = await told();
    departOneByOne(knock.door, knock.body);
    knock.left('李秀英', 'moved-away', { on: '2026-11' }).toldBy(neighbour);
    expect(await record.approved(knock)).toEqual({
      ...{ '王建国 presence': 'moved-away', '王建国 on': '2026-10', '王建国 movedTo': '张掖市甘州区' },
      ...{ '李秀英 presence': 'moved-away', '李秀英 on': '2026-11' },
      'household of 王建国 endedAt': 'now',
    });
  });

  test('where neither is known, nobody is listed and everybody has moved away', async () => {
    const [door] = record.doors;
    const knock = (await record.knock(door)).outcome('moved-away', { departure: { on: '', movedTo: '' } });
    expect(knock.check().body).toMatchObject({ households: [] });
    expect(await record.approved(knock)).toEqual({
      ...{ '王建国 presence': 'moved-away', '李秀英 presence': 'moved-away' },
      'household of 王建国 endedAt': 'now',
    });
  });
});

test('verified by telephone', async () => {
  const [door] = record.doors;
  const knock = await record.knock(door);
  const [head, spouse] = [knock.person('王建国').id, knock.person('李秀英').id];
  const number = { idNumber: '62079919980403397X', birthDate: '1998-04-03' };
  knock.corrected('李秀英', number).unchanged().toldBy('王建国', { how: 'telephone' });
  expect(knock.check().problems).toEqual(['idNumber id_by_telephone']);
  knock.corrected('李秀英', { idNumber: undefined, birthDate: undefined, phone: '13900007777' });
  expect(await record.approved(knock)).toEqual({ '李秀英 phone': '13900007777' });
  for (const id of [head, spouse]) {
    const confirmed = await record.confirmed(id);
    expect(confirmed).toEqual(expect.arrayContaining(['name', 'sex', 'birthDate', 'idType', 'phone', 'presence']));
    expect(confirmed).not.toContain('idNumber');
  }
});

test("empty flat, the owner's number known", async () => {
  const [door] = record.doors;
  await emptied(door);
  const knock = await record.knock(door);
  knock.outcome('vacant').dwelling({ ownerName: '马建明', ownerPhone: '139 0000 6666' });
  expect(await record.approved(knock)).toEqual({
    ...{ 'door 101 use': 'vacant', 'door 101 ownerName': '马建明', 'door 101 ownerPhone': '13900006666' },
  });
});

test('shop, nobody sleeps there', async () => {
  const [door, other] = record.doors;
  for (const one of [door, other]) await emptied(one);
  const shop = async (at: TestDoor) => (await record.knock(at)).outcome('not-a-dwelling').dwelling({ use: 'shop' });
  expect(await record.approved(await shop(door))).toEqual({ 'door 101 use': 'shop', 'door 101 retiredAt': 'now' });

  // The office may keep the door, which then asks for no household: it is one of three doors of the next round.
  expect(await record.approved(await shop(other), { keepDoor: true })).toEqual({ 'door 102 use': 'shop' });
  const { office, communityId, forward } = record.at;
  forward(24 * 3600 * 1000);
  await record.openRound();
  const { total } = await office.database.read((db) => overview(db, communityId, null));
  expect(total?.figures).toMatchObject({ doors: { of: 3 }, households: { of: 2 }, people: { of: 4 } });
});

test('shop where the keeper sleeps; cellar or garage lived in', async () => {
  const [shop, cellar] = record.doors;
  const kept = await record.knock(shop);
  kept.unchanged().dwelling({ use: 'mixed' }).toldBy('王建国');
  expect(await record.approved(kept)).toEqual({ 'door 101 use': 'mixed' });
  const lived = await record.knock(cellar);
  lived.unchanged().dwelling({ use: 'storage' }).toldBy('王建国');
  expect(await record.approved(lived)).toEqual({ 'door 102 use': 'storage' });
  const concern = await concernAbout(record.phone, cellar, { category: 'safety', title: '地下室只有一个出口' });
  expect(await record.desk.approve(concern)).toHaveProperty('done');
});

test('plate says 301, plan says 302', async () => {
  const [, door] = record.doors;
  const knock = await record.knock(door);
  knock.unchanged().dwelling({ room: '103', alias: '102' }).toldBy('王建国');
  expect(await record.approved(knock)).toEqual({ 'door 103 room': '103', 'door 103 alias': '102' });
  expect(await record.desk.door(door.id)).toMatchObject({ id: door.id, room: '103', alias: '102' });
});

test('two flats knocked into one', async () => {
  const [kept, joined] = record.doors;
  const [son = ''] = await record.registered(joined, [{ name: '王磊', relation: '20', birthDate: '1990' }]);
  const knock = await record.knock(kept);
  knock.added('moved-in', { name: '王磊', sameAs: son, relation: '20', residence: 'both-here' }, '王建国');
  knock.unchanged().toldBy('王建国');
  expect(await record.approved(knock)).toEqual({
    ...{ '王磊 householdId': 'household of 王建国', '王磊 dwellingId': 'door 101' },
  });
  await emptied(joined);
  const gone = await record.knock(joined);
  gone.outcome('no-such-door').dwelling({ partOf: kept.id });
  expect(await record.approved(gone)).toEqual({ 'door 102 partOf': 'door 101', 'door 102 retiredAt': 'now' });
});

test('gate locked, guard refuses; only a child, or no common language', async () => {
  await record.openRound();
  const [gate, child] = record.doors;
  const told = { nextVisit: '2026-12-24', note: '钥匙在物业李师傅' };
  expect(await record.approved((await record.knock(gate)).outcome('no-access', told))).toEqual({});
  expect(await state(gate)).toMatchObject({ outcome: 'no-access', ...told });
  const help = { nextVisit: '2026-12-25', note: '楼下周老师会说藏语' };
  expect(await record.approved((await record.knock(child)).outcome('unable', help))).toEqual({});
  expect(await state(child)).toMatchObject({ outcome: 'unable', ...help });
});
