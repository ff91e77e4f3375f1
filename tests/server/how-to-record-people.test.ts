/** *How to record* of docs/data-dictionary.md, the rows about people: titles are the rows' own words. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { correctValue } from '../../src/lib/server/register/correct';
import { concernAbout } from './knock-for-tests';
import { identityNumber } from './office-for-tests';
import { startRecording, type Recording } from './recording-for-tests';

let record: Recording;
beforeEach(async () => {
  record = await startRecording();
});
afterEach(() => record.close());

const here = { householdId: 'household of 王建国', dwellingId: 'door 101', presence: 'here' };

test('newborn, no name, no hukou', async () => {
  const knock = await record.knock(record.doors[0]);
  const baby = knock.unnamed({ sex: '2', birthDate: '2026-11-01', relation: '40' }, '李秀英');
  knock.unchanged().toldBy('王建国');
  expect(await record.approved(knock)).toEqual({
    '+ 未取名': {
      ...{ ...here, name: '未取名', sex: '2', relation: '40', birthDate: '2026-11-01', idType: 'none' },
      ...{ residence: 'not-registered', missing: { idNumber: 'none-yet' } },
    },
  });
  // Asked again at the next visit: the phone has the name and the number as open.
  const next = (await record.knock(record.doors[0])).person('未取名');
  expect(next).toMatchObject({ id: baby, registered: { idNumberMasked: '', missing: { idNumber: 'none-yet' } } });
});

test('grown-up without papers', async () => {
  const knock = await record.knock(record.doors[0]);
  const person = { name: '赵小满', sex: '1', birthDate: '1979', relation: '97', idType: 'none' };
  knock.added('moved-in', { ...person, residence: 'not-registered', missing: { idNumber: 'none-yet' } }, '王建国');
  knock.unchanged().toldBy('王建国');
  expect(await record.approved(knock)).toEqual({
    '+ 赵小满': { ...here, ...person, residence: 'not-registered', missing: { idNumber: 'none-yet' } },
  });
  const concern = await concernAbout(record.phone, knock.door, { category: 'livelihood', title: '想补办户口' });
  expect(await record.desk.approve(concern)).toHaveProperty('done');
});

test('gives all but the telephone; shows no card', async () => {
  const [door] = record.doors;
  const [id = ''] = await record.registered(door, [{ name: '王芳', relation: '30', phone: '', idNumber: '' }]);
  const knock = await record.knock(door);
  knock.missing('王芳', { phone: 'refused', idNumber: 'not-shown' }).unchanged().toldBy('王芳');
  expect(knock.check().body).toMatchObject({ outcome: 'verified' });
  expect(await record.approved(knock)).toEqual({ '王芳 missing': { phone: 'refused', idNumber: 'not-shown' } });
  const confirmed = await record.confirmed(id);
  expect(confirmed).toContain('name');
  expect(confirmed).not.toContain('phone');
  expect(confirmed).not.toContain('idNumber');
});

test('household new at the door keeps to itself by what right it lives here; what the flat is used for nobody knows', async () => {
  const [door] = record.doors;
  await record.registered(door, [{ name: '王磊', sex: '1', relation: '20', birthDate: '1998-03-01' }]);
  const knock = await record.knock(door);
  const household = knock.newHousehold();
  knock.movedTo(household, '王磊').head('王磊', {}).unchanged().toldBy('王建国');
  knock.notTold({ household: '王磊' }, { tenure: 'refused' }).notTold('dwelling', { use: 'unknown' });
  expect(await record.approved(knock)).toEqual({
    'door 101 missing': { use: 'unknown' },
    '+ household of 王磊': {
      ...{ dwellingId: 'door 101', kind: 'family', headId: '王磊', missing: { tenure: 'refused' } },
    },
    ...{ '王磊 householdId': 'household of 王磊', '王磊 relation': '02' },
  });
  // The phone has the reasons, and the answer that comes later takes its own away.
  const later = await record.knock(door);
  expect(later.door).toMatchObject({ missing: { use: 'unknown' } });
  expect(later.door.households.find(({ id }) => id === household)).toMatchObject({ missing: { tenure: 'refused' } });
  later.household('王磊', { tenure: 'tenant' }).unchanged().toldBy('王磊');
  expect(await record.approved(later)).toMatchObject({ 'household of 王磊 tenure': 'tenant' });
  const told = (await record.desk.door(door.id)).households.find(({ id }) => id === household);
  expect(told).toMatchObject({ tenure: 'tenant' });
  expect(told).not.toHaveProperty('missing');
  // So does the coordinator's own word.
  const { office, accounts } = record.at;
  const use = { entity: 'dwelling', id: door.id, field: 'use', value: 'owner-occupied', reason: '房产证' } as const;
  expect(await correctValue(office, accounts.coordinator, use)).toEqual({ done: true });
  expect((await record.knock(door)).door).toMatchObject({ use: 'owner-occupied', missing: {} });
});

test('children with the grandparents, parents at work in another province', async () => {
  const [door] = record.doors;
  await record.registered(door, [
    { name: '王强', sex: '1', relation: '20', birthDate: '1985-03-01' },
    { name: '陈静', relation: '28', birthDate: '1986-05-01' },
    { name: '王小宝', sex: '1', relation: '40', birthDate: '2018-06-01', phone: '' },
  ]);
  const knock = await record.knock(door);
  const away = { presence: 'away', awayTo: '浙江省义乌市', residence: 'registration-here' };
  knock.corrected('王强', away).corrected('陈静', away);
  const contacts = [{ kind: 'guardian', name: '王强', phone: '13900002222' }];
  knock
    .corrected('王小宝', { careGroups: ['left-behind-child'], contacts })
    .unchanged()
    .toldBy('王建国');
  expect(await record.approved(knock)).toEqual({
    ...{ '王强 presence': 'away', '王强 awayTo': '浙江省义乌市', '王强 residence': 'registration-here' },
    ...{ '陈静 presence': 'away', '陈静 awayTo': '浙江省义乌市', '陈静 residence': 'registration-here' },
    '王小宝 consent': { by: '王建国', on: expect.any(String) },
    '王小宝 careGroups': ['left-behind-child'],
    '王小宝 contacts': contacts,
  });
});

test('son at university, hukou here; daughter boards in town, home at weekends', async () => {
  const [door] = record.doors;
  const [, daughter = ''] = await record.registered(door, [
    { name: '王磊', sex: '1', relation: '20', birthDate: '2006-03-01' },
    { name: '王芳', relation: '30', birthDate: '2010-03-01', presence: 'here' },
  ]);
  const knock = await record.knock(door);
  knock.corrected('王磊', { presence: 'away', residence: 'registration-here' }).unchanged().toldBy('李秀英');
  expect(await record.approved(knock)).toEqual({
    '王磊 presence': 'away',
    '王磊 residence': 'registration-here',
  });
  expect(await record.confirmed(daughter)).toContain('presence');
});

test("young couple set up house in the parents' flat; or joins them again", async () => {
  const [door] = record.doors;
  await record.registered(door, [
    { name: '王磊', sex: '1', relation: '20', birthDate: '1998-03-01' },
    { name: '周敏', relation: '28', birthDate: '1999-03-01' },
  ]);
  const apart = await record.knock(door);
  apart.movedTo(apart.newHousehold(), '王磊', '周敏').head('王磊', { 周敏: '10' }).unchanged().toldBy('王建国');
  expect(await record.approved(apart)).toEqual({
    '+ household of 王磊': { dwellingId: 'door 101', kind: 'family', headId: '王磊' },
    ...{ '王磊 householdId': 'household of 王磊', '王磊 relation': '02' },
    ...{ '周敏 householdId': 'household of 王磊', '周敏 relation': '10' },
  });

  const again = await record.knock(door);
  again.movedTo(again.person('王建国').householdId, '王磊', '周敏');
  again.corrected('王磊', { relation: '20' }).corrected('周敏', { relation: '28' }).unchanged().toldBy('王建国');
  expect(await record.approved(again)).toEqual({
    ...{ '王磊 householdId': 'household of 王建国', '王磊 relation': '20' },
    ...{ '周敏 householdId': 'household of 王建国', '周敏 relation': '28' },
    'household of 王磊 endedAt': 'now',
  });
});

test('head died, hukou not yet struck off', async () => {
  const [door] = record.doors;
  await record.registered(door, [{ name: '王芳', relation: '30', birthDate: '1990' }]);
  const knock = await record.knock(door);
  knock.left('王建国', 'died', { on: '2026-11' }).unchanged();
  knock.head('李秀英', { 王芳: '30' }).toldBy('李秀英');
  // The daughter's relation is the same word to the new head; it was asked and travels.
  expect(JSON.stringify(knock.check().body)).toContain(`"relation":"30"`);
  expect(await record.approved(knock)).toEqual({
    ...{ '王建国 presence': 'died', '王建国 on': '2026-11' },
    'household of 李秀英 headId': '李秀英',
    '李秀英 relation': '02',
  });
});

test('registered in 301 and in 502, sleeps in 502', async () => {
  const [first, , , there] = record.doors;
  const [own = ''] = await record.registered(there, [{ name: '王建军', sex: '1', relation: '70', birthDate: '1961' }]);
  const [other = ''] = await record.registered(first, [
    { name: '王建军', sex: '1', relation: '70', birthDate: '1961', phone: '13900003333' },
  ]);
  const gone = await record.knock(first);
  const sleeps = await record.knock(there);
  sleeps.corrected('王建军', { sameAs: other }).unchanged().toldBy('王建国');
  expect(await record.approved(sleeps)).toEqual({ '王建军 phone': '13900003333', '王建军 retiredAt': 'now' });
  expect((await record.desk.door(there.id)).households[0]?.residents.map(({ id }) => id)).toContain(own);
  gone.left('王建军', 'moved-away').unchanged().toldBy('王建国');
  // True at 301 already, and it says nothing about where the one record is now.
  expect(await record.approved(gone)).toEqual({});
  expect((await record.desk.door(there.id)).households[0]?.residents.map(({ id }) => id)).toContain(own);
});

test('moved here from another door of the community', async () => {
  const [first, second] = record.doors;
  const [mover = ''] = await record.registered(first, [{ name: '王芳', relation: '30', birthDate: '1990' }]);
  const knock = await record.knock(second);
  knock.added('moved-in', { name: '王芳', sameAs: mover, relation: '97', residence: 'both-here' }, '王建国');
  knock.unchanged().toldBy('王建国');
  expect(await record.approved(knock)).toEqual({
    ...{ '王芳 householdId': 'household of 王建国', '王芳 dwellingId': 'door 102', '王芳 relation': '97' },
  });
  expect((await record.desk.door(second.id)).households[0]?.residents.map(({ id }) => id)).toContain(mover);
});

describe('moved here from another door of the community, where they were the head', () => {
  async function moved() {
    const [first, second] = record.doors;
    const head = (await record.desk.door(first.id)).households[0]?.headId ?? '';
    const knock = await record.knock(second);
    const person = { name: '王建国', sameAs: head, relation: '97', residence: 'both-here' };
    knock.added('moved-in', person, '王建国');
    knock.unchanged().toldBy('王建国');
    return { first, second, head, knock, submission: await knock.sent() };
  }

  test('the review says from which door, that they are head there, and who stays behind', async () => {
    const { first, submission, head } = await moved();
    const before = await record.desk.open(submission);
    const told = { sameAs: head, isHead: true, stay: ['李秀英'], door: { id: first.id, room: '101' } };
    expect(before.cameFrom).toMatchObject([told]);
    // What the register knows of them already is no change: that they come, who they are, and how they are related.
    const fields = before.differences.filter(({ kind }) => kind !== 'confirmed').map(({ field }) => field);
    expect(fields.sort()).toEqual(['change', 'relation', 'sameAs']);
    expect(before.row.changes).toBe(fields.length);
    await record.desk.approve(submission);
    const after = await record.desk.open(submission);
    expect(after.cameFrom).toMatchObject([told]);
    expect(
      after.differences
        .filter(({ kind }) => kind !== 'confirmed')
        .map(({ field }) => field)
        .sort(),
    ).toEqual(fields);
  });

  test('the household that they leave asks for a head, at both doors the history says so, and phones are told of both', async () => {
    const { first, second, head, submission } = await moved();
    expect(await record.desk.approve(submission)).toHaveProperty('done');
    const [left] = (await record.desk.door(first.id)).households;
    expect(left).toMatchObject({ headId: null, residents: [{ name: '李秀英', relation: null }] });
    const moves = async (id: string) =>
      (await record.desk.history(id)).filter(({ field, entityId }) => field === 'dwellingId' && entityId === head);
    for (const door of [first, second])
      expect(await moves(door.id)).toMatchObject([{ before: first.id, after: second.id, submissionId: submission }]);
    expect((await record.desk.history(first.id)).filter(({ submissionId }) => submissionId === submission)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ field: 'headId', before: head, after: null }),
        expect.objectContaining({ field: 'relation', before: '10', after: null }),
      ]),
    );
    // The phone has the household without its head, and asks at the next visit.
    const next = await record.knock(first);
    expect(next.door.households).toMatchObject([{ headId: null, residents: [{ name: '李秀英', relation: null }] }]);
    next.unchanged().head('李秀英', {}).toldBy('李秀英');
    expect(await record.approved(next)).toEqual({
      'household of 李秀英 headId': '李秀英',
      '李秀英 relation': '02',
    });
    expect((await record.knock(second)).person('王建国')).toBeDefined();
  });

  test('an undo gives the household its head again', async () => {
    const { first, head, submission } = await moved();
    await record.desk.approve(submission);
    expect(await record.desk.undo(submission)).toHaveProperty('done');
    const [back] = (await record.desk.door(first.id)).households;
    expect(back?.headId).toBe(head);
    expect(back?.residents.map(({ relation }) => relation).sort()).toEqual(['02', '10']);
  });
});

test('name in the register belongs to nobody here', async () => {
  const [door] = record.doors;
  const [id = ''] = await record.registered(door, [{ name: '赵四', relation: '99' }]);
  const knock = await record.knock(door);
  knock.left('赵四', 'unknown-here').unchanged().toldBy('王建国');
  const submission = await knock.sent();
  const shown = await record.desk.open(submission);
  expect(shown.differences).toContainEqual(
    expect.objectContaining({ entityId: id, field: 'change', after: 'unknown-here', kind: 'left' }),
  );
  expect(await record.desk.approve(submission)).toHaveProperty('done');
  // The office looks, nothing is struck off by itself.
  expect((await record.desk.door(door.id)).households[0]?.residents.map((one) => one.id)).toContain(id);
  expect(await record.confirmed(id)).toEqual([]);
});

describe('name in the register belongs to nobody here, and it is the name of the head', () => {
  test('another is named head: the office can take it, and the one who is not known keeps nothing but the name', async () => {
    const [door] = record.doors;
    const knock = await record.knock(door);
    const { id } = knock.person('王建国');
    knock.left('王建国', 'unknown-here').unchanged().head('李秀英', {}).toldBy('李秀英');
    const before = (await record.desk.door(door.id)).households[0]?.headId;
    expect(before).toBe(id);
    expect(await record.approved(knock)).toEqual({
      ...{ '王建国 relation': null, '李秀英 relation': '02' },
      'household of 李秀英 headId': '李秀英',
    });
    expect(await record.confirmed(id)).not.toContain('presence');
    // Not struck off: the next visit asks again, and any other head that it names is taken, too.
    const next = await record.knock(door);
    next.left('王建国', 'moved-away').unchanged().toldBy('李秀英');
    expect(await record.approved(next)).toEqual({ '王建国 presence': 'moved-away' });
  });

  test('name and number both corrected, another person after all, who is the head', async () => {
    const [door] = record.doors;
    const knock = await record.knock(door);
    knock.left('王建国', 'unknown-here');
    const person = { name: '付子轩', sex: '1', birthDate: '1971-02-03', relation: '97', residence: 'both-here' };
    knock.added('moved-in', person, '李秀英');
    knock.unchanged().head('付子轩', { 李秀英: '10' }).toldBy('李秀英');
    const submission = await knock.sent();
    const shown = await record.desk.open(submission);
    const said = expect.objectContaining({ name: '王建国', field: 'relation', before: '02', after: null });
    expect(shown.differences).toContainEqual(said);
    expect(await record.desk.approve(submission)).toHaveProperty('done');
    const people = (await record.desk.door(door.id)).households[0]?.residents.map(({ name, relation }) => [
      name,
      relation,
    ]);
    expect(people).toEqual(
      expect.arrayContaining([
        ['付子轩', '02'],
        ['李秀英', '10'],
        ['王建国', null],
      ]),
    );
  });

  test.each(['moved-away', 'died'] as const)('a head who is %s leaves the place to another', async (change) => {
    const [door] = record.doors;
    const knock = await record.knock(door);
    knock.left('王建国', change).unchanged().head('李秀英', {}).toldBy('李秀英');
    expect(await record.approved(knock)).toEqual({
      ...{ '王建国 presence': change, '李秀英 relation': '02' },
      'household of 李秀英 headId': '李秀英',
    });
  });

  test('a head who sets up house in another room leaves the place to another', async () => {
    const [door] = record.doors;
    const knock = await record.knock(door);
    knock.movedTo(knock.newHousehold(), '王建国').head('王建国', {}).unchanged();
    knock.head('李秀英', {}).toldBy('李秀英');
    expect(await record.approved(knock)).toMatchObject({
      '王建国 householdId': 'household of 王建国',
      '李秀英 relation': '02',
      'household of 李秀英 headId': '李秀英',
    });
  });
});

test('two of one name in the grid', async () => {
  const [first, second] = record.doors;
  const [one = ''] = await record.registered(first, [
    { name: '刘洋', sex: '1', relation: '97', birthDate: '1988-02-01', idNumber: identityNumber('1988-02-01', 801) },
  ]);
  const [other = ''] = await record.registered(second, [
    { name: '刘洋', sex: '1', relation: '97', birthDate: '1990-07-01', idNumber: identityNumber('1990-07-01', 803) },
  ]);
  // What the phone has of both tells them apart.
  const told = [first, second].map(async (door) => (await record.knock(door)).person('刘洋').registered);
  const [here, there] = await Promise.all(told);
  expect([here?.birthDate, there?.birthDate]).toEqual(['1988-02-01', '1990-07-01']);
  expect(here?.idNumberMasked.slice(-4)).not.toBe(there?.idNumberMasked.slice(-4));
  const knock = await record.knock(first);
  knock.corrected('刘洋', { phone: '13900004444' }).unchanged().toldBy('王建国');
  expect(await record.approved(knock)).toEqual({ '刘洋 phone': '13900004444' });
  const people = [...(await record.desk.door(first.id)).households, ...(await record.desk.door(second.id)).households]
    .flatMap(({ residents }) => residents)
    .filter(({ name }) => name === '刘洋');
  expect(people.map(({ id, phone }) => [id, phone])).toEqual([
    [one, '13900004444'],
    [other, ''],
  ]);
});

test('foreigner', async () => {
  const knock = await record.knock(record.doors[0]);
  const person = {
    name: 'MARIA DA SILVA',
    sex: '2',
    birthDate: '1992-04-05',
    idType: 'passport',
    idNumber: 'FB123456',
  };
  knock.added('moved-in', { ...person, relation: '28', residence: 'from-abroad' }, '王建国');
  knock.unchanged().toldBy('王建国');
  expect(knock.check()).toMatchObject({ problems: [], warnings: [] });
  expect(await record.approved(knock)).toEqual({
    '+ MARIA DA SILVA': { ...here, ...person, relation: '28', residence: 'from-abroad' },
  });
});

test('birthday by the lunar calendar, no card', async () => {
  const knock = await record.knock(record.doors[0]);
  const person = { name: '孙福', sex: '1', birthDate: '1941', idType: 'resident-id', relation: '50' };
  knock.added(
    'moved-in',
    { ...person, residence: 'person-here', registeredAddress: '民乐县', missing: { idNumber: 'not-shown' } },
    '王建国',
  );
  knock.unchanged().toldBy('王建国');
  expect(await record.approved(knock)).toEqual({
    '+ 孙福': {
      ...{ ...here, ...person, residence: 'person-here', registeredAddress: '民乐县' },
      missing: { idNumber: 'not-shown' },
    },
  });
});
