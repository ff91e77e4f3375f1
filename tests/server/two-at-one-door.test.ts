/** Two at one door: what two records say of one household becomes one register, and nothing that somebody wrote is written over unseen. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { correctValue } from '../../src/lib/server/register/correct';
import { heldValues } from '../../src/lib/server/register/history';
import { resolveAlias } from '../../src/lib/server/register/read';
import { startBulk } from '../../src/lib/server/review/bulk';
import { queue } from '../../src/lib/server/review/queue';
import { seal } from '../../src/lib/server/codec';
import { DeskForTests, idsOf } from './desk-for-tests';
import { identityNumber, openTestOffice, shareFirstGrid, type TestDoor, type TestOffice } from './office-for-tests';
import { verifiedBody, type PhoneForTests, type Pushed } from './phone-for-tests';

let at: TestOffice;
let li: PhoneForTests;
let chen: PhoneForTests;
let desk: DeskForTests;
let door: TestDoor;
let basis: Record<string, number>;

beforeEach(async () => {
  at = await openTestOffice();
  await shareFirstGrid(at);
  li = at.phone(at.accounts.worker);
  chen = at.phone(at.accounts.otherWorker);
  desk = new DeskForTests(at);
  door = at.doors[0] as TestDoor;
  basis = await li.basisOf(door);
});
afterEach(() => at.close());

type Resident = Record<string, unknown>;
const unchanged = (id: string): Resident => ({ id, change: 'unchanged' });
const corrected = (id: string, fields: Resident): Resident => ({ id, change: 'corrected', ...fields });
const born = (id: string, more: Resident = {}): Resident => ({
  id,
  change: 'born',
  name: '王小宝',
  sex: '1',
  birthDate: '2026-10-01',
  idType: 'none',
  idNumber: '',
  phone: '',
  relation: '40',
  residence: 'not-registered',
  registeredAddress: '',
  careGroups: [],
  presence: 'here',
  missing: { idNumber: 'none-yet' },
  ...more,
});

/** A verification on the basis that both held; answers it as it was pushed. */
async function says(who: PhoneForTests, residents: Resident[], more: Record<string, unknown> = {}): Promise<Pushed> {
  const households = [{ id: idsOf(door).household, residents }];
  const revision = await who.verifies(door, { basis, body: verifiedBody(door, { households, ...more }) });
  expect(await who.push(revision)).toMatchObject([{ status: 'stored' }]);
  return revision;
}

const people = async () => (await desk.door(door.id)).households.flatMap(({ residents }) => residents);
const head = async () => (await people()).find(({ id }) => id === idsOf(door).head);
const phonePath = ['households', 0, 'residents', 0, 'phone'];
const phoneKey = JSON.stringify(phonePath);

/** Li changed the head's telephone and that is approved; Chen's record of the same basis waits. */
async function twoPhones(of = '13911110002'): Promise<{ first: Pushed; second: Pushed }> {
  const { head: id, spouse } = idsOf(door);
  const first = await says(li, [corrected(id, { phone: '13911110001' }), unchanged(spouse)]);
  const second = await says(chen, [corrected(id, { phone: of }), unchanged(spouse)]);
  expect(await desk.approve(first.id)).toHaveProperty('done');
  return { first, second };
}

test('[TWO-2] different fields merge by themselves, and each keeps its author', async () => {
  const { head: id, spouse } = idsOf(door);
  const first = await says(li, [corrected(id, { phone: '13911110001' }), unchanged(spouse)]);
  const second = await says(chen, [corrected(id, { residence: 'migrant' }), corrected(spouse, { presence: 'away' })], {
    dwelling: { use: 'rented' },
  });
  await desk.approve(first.id);

  const open = await desk.open(second.id);
  expect(open.unanswered).toEqual([]);
  expect(open.stale).toBe(true);
  expect(await desk.approve(second.id)).toHaveProperty('done');

  expect(await head()).toMatchObject({ phone: '13911110001', residence: 'migrant' });
  expect(await desk.door(door.id)).toMatchObject({ use: 'rented' });
  const authors = (await desk.history(door.id)).filter(({ source }) => source === 'submission');
  expect(Object.fromEntries(authors.map(({ field, by }) => [field, by]))).toEqual({
    phone: 'worker',
    residence: 'other-worker',
    presence: 'other-worker',
    use: 'other-worker',
  });
  expect(await chen.record(second.id)).not.toHaveProperty('corrections');
});

test('[TWO-2] the same field with different values asks, and is not approved without a choice', async () => {
  const { second } = await twoPhones();
  const open = await desk.open(second.id);
  expect(open.unanswered).toEqual([phoneKey]);
  expect(open.compared.find(({ key }) => key === phoneKey)).toMatchObject({
    basis: { known: true, value: '13800008979' },
    now: '13911110001',
    proposed: '13911110002',
    verdict: 'ask',
    takes: ['register', 'proposal', 'own'],
  });
  expect(await desk.approve(second.id)).toEqual({ refused: 'asks', keys: [phoneKey] });
  expect(await head()).toMatchObject({ phone: '13911110001' });
  expect((await desk.open(second.id)).row.review).toBe('pending');
});

test('[TWO-2] the register’s value stays by choice, noted as the coordinator’s and confirmed by nobody', async () => {
  const { first, second } = await twoPhones();
  const choices = [{ key: phoneKey, take: 'register' as const }];
  expect(await desk.approve(second.id, { choices })).toHaveProperty('done');

  expect(await head()).toMatchObject({ phone: '13911110001' });
  expect(await chen.record(second.id)).toMatchObject({
    review: 'approved',
    by: 'coordinator',
    corrections: [{ path: phonePath, value: '13911110001' }],
  });
  const values = await at.office.database.read((db) => heldValues(db, at.communityId, 'resident', idsOf(door).head));
  const by = Object.fromEntries((values ?? []).map(({ field, provenance }) => [field, provenance.confirmedBy]));
  expect(by).toMatchObject({ phone: first.account ?? at.accounts.worker.id, name: at.accounts.otherWorker.id });
});

test('[TWO-2] the record’s value is taken by choice and is the worker’s own', async () => {
  const { second } = await twoPhones();
  const choices = [{ key: phoneKey, take: 'proposal' as const }];
  expect(await desk.approve(second.id, { choices })).toHaveProperty('done');
  expect(await head()).toMatchObject({ phone: '13911110002' });
  expect(await chen.record(second.id)).not.toHaveProperty('corrections');
  const [change] = (await desk.history(door.id)).filter(({ field }) => field === 'phone');
  expect(change).toMatchObject({ before: '13911110001', by: 'other-worker', source: 'submission' });
});

test('[TWO-2] a value of the coordinator’s own is theirs in history, and checked like any', async () => {
  const { second } = await twoPhones();
  const own = (value: string) => ({ choices: [{ key: phoneKey, take: 'own' as const, value }] });
  expect(await desk.approve(second.id, own('12'))).toMatchObject({
    refused: 'invalid',
    problems: [{ code: 'phone', path: phonePath }],
  });
  expect(await desk.approve(second.id, own('159 0000 6152'))).toHaveProperty('done');
  expect(await head()).toMatchObject({ phone: '15900006152' });
  const [change] = (await desk.history(door.id)).filter(({ field }) => field === 'phone');
  expect(change).toMatchObject({ by: 'coordinator', source: 'correction' });
  expect(await chen.record(second.id)).toMatchObject({ corrections: [{ path: phonePath, value: '159 0000 6152' }] });
});

test('[TWO-2] the same value on both sides is no question', async () => {
  const { second } = await twoPhones('13911110001');
  expect((await desk.open(second.id)).unanswered).toEqual([]);
  expect(await desk.approve(second.id)).toHaveProperty('done');
  expect(await head()).toMatchObject({ phone: '13911110001' });
});

test('[TWO-2] without a basis that the office holds every field that differs asks', async () => {
  const { head: id, spouse } = idsOf(door);
  const residents = [corrected(id, { phone: '13911110002', residence: 'both-here' }), unchanged(spouse)];
  const body = verifiedBody(door, {
    households: [{ id: idsOf(door).household, residents }],
    dwelling: { use: 'rented' },
  });
  const asked = [JSON.stringify(['dwelling', 'use']), phoneKey];
  for (const unheld of [{}, { [door.id]: 4711 }]) {
    const revision = await li.verifies(door, { basis: unheld, body });
    await li.push(revision);
    expect((await desk.open(revision.id)).unanswered).toEqual(asked);
    expect(await desk.approve(revision.id)).toMatchObject({ refused: 'asks', keys: asked });
  }
});

test('[TWO-2] a version that two feeds have is no basis: a door that moved', async () => {
  const { head: id, spouse } = idsOf(door);
  await at.office.database.write((tx) =>
    tx
      .insertInto('feed_past')
      .values({
        community_id: at.communityId,
        feed_id: `grid/${at.grids[1]}`,
        type: 'dwelling',
        item_id: door.id,
        version: basis[door.id] ?? 0,
        body: seal(JSON.stringify(li.item(`grid/${at.grids[0]}`, 'dwelling', door.id) ?? {})),
      })
      .execute(),
  );
  const record = await says(li, [corrected(id, { phone: '13911110002' }), unchanged(spouse)]);
  expect((await desk.open(record.id)).unanswered).toEqual([phoneKey]);
});

test('[TWO-2] approving one marks the other, keeps it out of bulk, and taking that back takes the mark back', async () => {
  const { head: id, spouse } = idsOf(door);
  const first = await says(li, [corrected(id, { phone: '13911110001' }), unchanged(spouse)]);
  const asks = await says(chen, [corrected(id, { phone: '13911110002' }), unchanged(spouse)]);
  const same = await says(chen, [unchanged(id), unchanged(spouse)]);
  const counts = async () => (await at.office.database.read((db) => queue(db, at.communityId, {}))).counts;
  expect(await counts()).toMatchObject({ waiting: 3, same: 1, stale: 0, conflict: 0 });

  await desk.approve(first.id);
  expect(await counts()).toMatchObject({ waiting: 2, same: 0, stale: 1, conflict: 1 });
  expect((await startBulk(at.office, at.accounts.coordinator, {})).members).toEqual([]);
  expect((await desk.open(asks.id)).row).toMatchObject({ review: 'pending', asks: true });
  expect((await desk.open(same.id)).row).toMatchObject({ review: 'pending', stale: true });

  await desk.undo(first.id);
  expect(await counts()).toMatchObject({ waiting: 3, same: 1, stale: 0, conflict: 0 });
});

test('[TWO-2] [TWO-3] of two coordinators at one door the second is told what the first brought, and changes nothing', async () => {
  const { head: id, spouse } = idsOf(door);
  const first = await says(li, [corrected(id, { phone: '13911110001' }), unchanged(spouse)]);
  const second = await says(chen, [corrected(id, { phone: '13911110002' }), unchanged(spouse)]);
  const other = new DeskForTests(at, at.accounts.administrator);
  const seen = { ...(await other.seen(second.id)), choices: [{ key: phoneKey, take: 'proposal' as const }] };

  const [one, two] = await Promise.all([desk.approve(first.id), other.take({ ...seen, kind: 'approve' })]);
  expect([one, two].filter((answer) => 'done' in answer)).toHaveLength(1);
  expect([one, two].find((answer) => 'refused' in answer)).toMatchObject({
    refused: 'stale-basis',
    since: [{ field: 'phone' }],
  });
});

test('[TWO-2] [TWO-5] a newborn whom both recorded asks; said to be one, there is one, under both ids', async () => {
  const { head: id, spouse } = idsOf(door);
  const [x, y] = [at.office.world.uuid(), at.office.world.uuid()];
  const first = await says(li, [unchanged(id), unchanged(spouse), born(x)]);
  const second = await says(chen, [
    unchanged(id),
    unchanged(spouse),
    born(y, { birthDate: '2026-10', phone: '13911110003' }),
  ]);
  await desk.approve(first.id);

  const who = JSON.stringify(['households', 0, 'residents', 2, 'sameAs']);
  const open = await desk.open(second.id);
  expect(open.likenesses).toMatchObject([{ key: who, name: '王小宝', candidates: [{ id: x, name: '王小宝' }] }]);
  expect(await desk.approve(second.id)).toEqual({ refused: 'asks', keys: [who] });

  // Said to be one, their values are compared: what the register has otherwise asks, what it lacks is filled in.
  const same = { key: who, take: 'own' as const, value: x };
  const birth = JSON.stringify(['households', 0, 'residents', 2, 'birthDate']);
  expect(await desk.approve(second.id, { choices: [same] })).toEqual({ refused: 'asks', keys: [birth] });
  expect(await desk.approve(second.id, { choices: [same, { key: birth, take: 'register' }] })).toHaveProperty('done');
  expect((await people()).filter(({ name }) => name === '王小宝')).toMatchObject([
    { id: x, birthDate: '2026-10-01', phone: '13911110003' },
  ]);
  expect(await at.office.database.read((db) => resolveAlias(db, at.communityId, 'resident', y))).toBe(x);
  expect(await chen.record(second.id)).toMatchObject({
    corrections: [
      { path: ['households', 0, 'residents', 2, 'sameAs'], value: x },
      { path: ['households', 0, 'residents', 2, 'birthDate'], value: '2026-10-01' },
    ],
  });

  // What the second phone says of its id counts for the one (TWO-5).
  const third = await says(chen, [unchanged(id), unchanged(spouse), corrected(y, { name: '王宝' })]);
  await desk.approve(third.id, { choices: await desk.choices(third.id, 'proposal') });
  expect((await people()).filter((one) => [x, y].includes(one.id))).toMatchObject([{ id: x, name: '王宝' }]);
});

test('[TWO-2] twins stay two when the coordinator says so', async () => {
  const { head: id, spouse } = idsOf(door);
  const [x, y] = [at.office.world.uuid(), at.office.world.uuid()];
  const first = await says(li, [unchanged(id), unchanged(spouse), born(x)]);
  const second = await says(chen, [unchanged(id), unchanged(spouse), born(y)]);
  await desk.approve(first.id);
  expect(await desk.approve(second.id, { choices: await desk.choices(second.id, 'proposal') })).toHaveProperty('done');
  expect((await people()).map((one) => one.id)).toEqual(expect.arrayContaining([x, y]));
});

test('[TWO-2] one moved away here and was corrected there: asked, and either answer holds', async () => {
  const { head: id, spouse } = idsOf(door);
  const gone = await says(li, [unchanged(id), { id: spouse, change: 'moved-away', on: '2026-10', movedTo: '兰州市' }]);
  const here = await says(chen, [unchanged(id), corrected(spouse, { phone: '13911110002' })]);
  await desk.approve(gone.id);
  const presence = JSON.stringify(['households', 0, 'residents', 1, 'presence']);
  expect((await desk.open(here.id)).unanswered).toEqual([presence]);

  await desk.approve(here.id, { choices: [{ key: presence, take: 'register' }] });
  expect((await people()).find((one) => one.id === spouse)).toMatchObject({
    presence: 'moved-away',
    phone: '13911110002',
  });
  await desk.undo(here.id);
  await desk.approve(here.id, { choices: [{ key: presence, take: 'proposal' }] });
  expect((await people()).find((one) => one.id === spouse)).toMatchObject({ presence: 'here', on: '', movedTo: '' });
});

test('[TWO-2] a household that ended comes back only with the people of whom that is chosen', async () => {
  const { head: id, spouse, household } = idsOf(door);
  const gone = await li.verifies(door, {
    basis,
    body: { outcome: 'moved-away', informant: null, noticeGiven: false, dwelling: { use: 'vacant' } },
  });
  await li.push(gone);
  const here = await says(chen, [unchanged(id), corrected(spouse, { phone: '13911110002' })]);
  await desk.approve(gone.id);
  expect((await desk.door(door.id)).households).toEqual([]);

  const asked = (await desk.open(here.id)).unanswered;
  const use = JSON.stringify(['dwelling', 'use']);
  const presences = [0, 1].map((index) => JSON.stringify(['households', 0, 'residents', index, 'presence']));
  // Who comes back comes to a door that is no longer vacant.
  expect(asked).toEqual([...presences, use]);
  await desk.approve(here.id, { choices: asked.map((key) => ({ key, take: 'register' as const })) });
  expect((await desk.door(door.id)).households).toEqual([]);
  await desk.undo(here.id);

  const [first = '', second = ''] = presences;
  const choices = [
    { key: first, take: 'register' as const },
    { key: second, take: 'proposal' as const },
  ];
  expect(await desk.approve(here.id, { choices: [...choices, { key: use, take: 'register' }] })).toMatchObject({
    refused: 'invalid',
    problems: [{ code: 'use_of_lived_in', path: ['dwelling', 'use'] }],
  });
  const owned = { key: use, take: 'own' as const, value: 'owner-occupied' };
  expect(await desk.approve(here.id, { choices: [...choices, owned] })).toHaveProperty('done');
  // Nothing of the household was wiped on the way: it is the same one.
  expect((await desk.door(door.id)).households).toMatchObject([
    { id: household, tenure: 'owner', headId: id, residents: [{ id }, { id: spouse, presence: 'here' }] },
  ]);
});

test('[TWO-2] a household gone as a whole takes nobody along who came since', async () => {
  const { head: id, spouse, household } = idsOf(door);
  const [tenant, home] = [at.office.world.uuid(), at.office.world.uuid()];
  const came = await li.verifies(door, {
    basis,
    body: verifiedBody(door, {
      households: [
        { id: household, residents: [unchanged(id), unchanged(spouse)] },
        {
          id: home,
          kind: 'family',
          tenure: 'tenant',
          headId: tenant,
          phone: '',
          residents: [born(tenant, { change: 'moved-in', name: '赵敏', birthDate: '1990', relation: '02' })],
        },
      ],
    }),
  });
  expect(await li.push(came)).toMatchObject([{ status: 'stored' }]);
  const gone = await chen.verifies(door, {
    basis,
    body: { outcome: 'moved-away', informant: null, noticeGiven: false, dwelling: {} },
  });
  await chen.push(gone);
  await desk.approve(came.id);
  const [asked = '', ...more] = (await desk.open(gone.id)).unanswered;
  expect([asked, more]).toEqual([`@${tenant}/presence`, []]);
  await desk.approve(gone.id, { choices: [{ key: asked, take: 'register' }] });
  expect((await desk.door(door.id)).households).toMatchObject([
    { id: home, residents: [{ id: tenant, presence: 'here' }] },
  ]);
});

test('[TWO-2] two households split off are one by choice, or everybody is asked for', async () => {
  const { head: id, spouse, household } = idsOf(door);
  const split = async (who: PhoneForTests, own: string, phone: string) => {
    const second = { id: own, kind: 'family', tenure: 'owner', headId: spouse, phone };
    const residents = [corrected(spouse, { relation: '02' })];
    const households = [
      { id: household, residents: [unchanged(id)] },
      { ...second, residents },
    ];
    const revision = await who.verifies(door, { basis, body: verifiedBody(door, { households }) });
    expect(await who.push(revision)).toMatchObject([{ status: 'stored' }]);
    return revision.id;
  };
  const [x, y] = [at.office.world.uuid(), at.office.world.uuid()];
  const first = await split(li, x, '');
  const second = await split(chen, y, '13911110009');
  await desk.approve(first);

  const which = JSON.stringify(['households', 1, 'id']);
  expect((await desk.open(second)).likenesses).toMatchObject([
    { key: which, entity: 'household', candidates: [{ id: x }] },
  ]);
  expect(await desk.approve(second, { choices: [{ key: which, take: 'own', value: x }] })).toHaveProperty('done');
  expect((await desk.door(door.id)).households).toMatchObject([
    { id: household, residents: [{ id }] },
    { id: x, phone: '13911110009', residents: [{ id: spouse }] },
  ]);
  await desk.undo(second);

  const place = JSON.stringify(['households', 1, 'residents', 0, 'householdId']);
  const another = { key: which, take: 'proposal' as const };
  expect(await desk.approve(second, { choices: [another] })).toEqual({ refused: 'asks', keys: [place] });
  await desk.approve(second, { choices: [another, { key: place, take: 'proposal' }] });
  expect((await desk.door(door.id)).households.map((one) => one.id).sort()).toEqual([household, y].sort());
});

test('[TWO-2] two heads: asked for with every relation, and half of each is refused in words', async () => {
  const { head: id, spouse, household } = idsOf(door);
  const adult = at.office.world.uuid();
  const before = await says(li, [
    unchanged(id),
    unchanged(spouse),
    born(adult, { change: 'moved-in', name: '王强', birthDate: '1985', relation: '20' }),
  ]);
  await desk.approve(before.id);
  basis = await li.basisOf(door);
  const heads = (who: PhoneForTests, headId: string, relations: [string, string, string]) => {
    const residents = [id, spouse, adult].map((one, index) => corrected(one, { relation: relations[index] }));
    return says(who, residents, { households: [{ id: household, headId, residents }] });
  };
  const first = await heads(li, spouse, ['10', '02', '20']);
  const second = await heads(chen, adult, ['50', '50', '02']);
  await desk.approve(first.id);
  const relation = (index: number) => JSON.stringify(['households', 0, 'residents', index, 'relation']);
  const headKey = JSON.stringify(['households', 0, 'headId']);
  expect((await desk.open(second.id)).unanswered).toEqual([headKey, relation(0), relation(1), relation(2)]);

  const half = [headKey, relation(0), relation(2)].map((key) => ({ key, take: 'proposal' as const }));
  expect(await desk.approve(second.id, { choices: [...half, { key: relation(1), take: 'register' }] })).toMatchObject({
    refused: 'invalid',
    problems: [{ code: 'two_heads', path: ['households', 0, 'headId'] }],
  });
  await desk.approve(second.id, { choices: await desk.choices(second.id, 'proposal') });
  expect((await desk.door(door.id)).households).toMatchObject([{ headId: adult }]);
});

test('[TWO-2] an identity number is compared as a whole, also where the basis shows its end alone', async () => {
  const { head: id, spouse } = idsOf(door);
  const number = identityNumber('1958-04-13', 77);
  const first = await says(li, [corrected(id, { idNumber: number }), unchanged(spouse)]);
  const second = await says(chen, [corrected(id, { idNumber: identityNumber('1958-04-13', 78) }), unchanged(spouse)]);
  await desk.approve(first.id);
  const open = await desk.open(second.id);
  expect(open.unanswered).toEqual([JSON.stringify(['households', 0, 'residents', 0, 'idNumber'])]);
  expect(JSON.stringify(open)).not.toContain(number);
  await desk.approve(second.id, { choices: await desk.choices(second.id, 'register') });
  expect(await head()).toMatchObject({ idNumber: number });
  expect(JSON.stringify(await chen.record(second.id))).not.toContain(number);
});

test('[TWO-2] no such door, says one, where another corrected somebody: asked, and back again', async () => {
  const { head: id, spouse } = idsOf(door);
  const met = await says(li, [corrected(id, { phone: '13911110001' }), unchanged(spouse)]);
  const none = await chen.verifies(door, { basis, body: { outcome: 'no-such-door', dwelling: {} } });
  await chen.push(none);
  await desk.approve(none.id);
  const key = JSON.stringify(['outcome']);
  expect((await desk.open(met.id)).unanswered).toEqual([key]);
  expect(await desk.approve(met.id)).toEqual({ refused: 'asks', keys: [key] });
  expect(await desk.approve(met.id, { choices: [{ key, take: 'proposal' }] })).toHaveProperty('done');
  expect(await head()).toMatchObject({ phone: '13911110001' });

  const again = await chen.verifies(door, { basis, body: { outcome: 'no-such-door', dwelling: {} } });
  await chen.push(again);
  expect((await desk.open(again.id)).unanswered).toEqual([key]);
  await desk.approve(again.id, { choices: [{ key, take: 'register' }] });
  expect(await desk.door(door.id)).toMatchObject({ id: door.id });
});

test('[TWO-2] [TWO-5] one door that two propose is one: values differ and ask, a person is joined by choice alone', async () => {
  const address = { gridId: at.grids[0], compound: '东街', building: '1', unit: '1', floor: 5, room: '501' };
  const propose = async (who: PhoneForTests, use: string, tenure: string) => {
    const [id, household, person] = [at.office.world.uuid(), at.office.world.uuid(), at.office.world.uuid()];
    const newcomer = born(person, { change: 'moved-in', name: '赵敏', birthDate: '1990-05-01', relation: '02' });
    const body = {
      ...verifiedBody(door, { dwelling: { ...address, use } }),
      informant: { residentId: null, name: '赵敏', kind: 'member' },
      households: [{ id: household, kind: 'family', tenure, headId: person, phone: '', residents: [newcomer] }],
    };
    const revision = await who.revision({ target: { type: 'dwelling', id }, body });
    expect(await who.push(revision)).toMatchObject([{ status: 'stored' }]);
    return { id, household, person, record: revision.id };
  };
  const x = await propose(li, 'rented', 'tenant');
  const y = await propose(chen, 'shared-rented', 'lent');
  expect((await desk.open(y.record)).atThisDoor.map(({ id }) => id)).toEqual([x.record]);
  await desk.approve(x.record);
  expect((await at.office.database.read((db) => queue(db, at.communityId, { show: 'conflict' }))).rows).toMatchObject([
    { id: y.record },
  ]);

  const who = JSON.stringify(['households', 0, 'residents', 0, 'sameAs']);
  const whose = JSON.stringify(['households', 0, 'id']);
  const use = JSON.stringify(['dwelling', 'use']);
  expect((await desk.open(y.record)).unanswered).toEqual([who, use]);
  const choices = [
    { key: who, take: 'own' as const, value: x.person },
    { key: use, take: 'register' as const },
  ];
  expect(await desk.approve(y.record, { choices })).toMatchObject({
    refused: 'asks',
    keys: expect.arrayContaining([whose]),
  });
  const tenure = JSON.stringify(['households', 0, 'tenure']);
  const all = [...choices, { key: whose, take: 'own' as const, value: x.household }];
  expect(await desk.approve(y.record, { choices: all })).toEqual({ refused: 'asks', keys: [tenure] });
  expect(await desk.approve(y.record, { choices: [...all, { key: tenure, take: 'proposal' }] })).toHaveProperty('done');

  expect(await desk.door(y.id)).toMatchObject({
    id: x.id,
    use: 'rented',
    households: [{ id: x.household, tenure: 'lent', residents: [{ id: x.person }] }],
  });
  // What comes under the alias counts for the one.
  expect(await at.office.database.read((db) => resolveAlias(db, at.communityId, 'dwelling', y.id))).toBe(x.id);
  await desk.undo(y.record);
  expect(await at.office.database.read((db) => resolveAlias(db, at.communityId, 'dwelling', y.id))).toBe(y.id);
});

test('[TWO-2] somebody found at another door meanwhile is asked for, and comes back by choice', async () => {
  const next = at.doors[1] as TestDoor;
  const { head: id, spouse } = idsOf(door);
  const here = await says(chen, [corrected(id, { phone: '13911110002' }), unchanged(spouse)]);
  const residents = [
    ...[idsOf(next).head, idsOf(next).spouse].map(unchanged),
    born(at.office.world.uuid(), {
      change: 'moved-in',
      name: '王建国',
      birthDate: '1958-04-13',
      relation: '99',
      sameAs: id,
    }),
  ];
  const moved = await li.verifies(next, {
    body: verifiedBody(next, { households: [{ id: idsOf(next).household, residents }] }),
  });
  expect(await li.push(moved)).toMatchObject([{ status: 'stored' }]);
  expect(await desk.approve(moved.id)).toHaveProperty('done');

  const key = JSON.stringify(['households', 0, 'residents', 0, 'householdId']);
  expect((await desk.open(here.id)).unanswered).toEqual([key]);
  await desk.approve(here.id, { choices: [{ key, take: 'register' }] });
  expect((await people()).map((one) => one.id)).toEqual([spouse]);
  await desk.undo(here.id);
  await desk.approve(here.id, { choices: [{ key, take: 'proposal' }] });
  expect((await people()).map((one) => one.id)).toContain(id);
  expect(await head()).toMatchObject({ phone: '13911110002' });
});

test('[TWO-3] what was merged is taken back alone, and what was built on is not', async () => {
  const { first, second } = await twoPhones();
  await desk.approve(second.id, { choices: [{ key: phoneKey, take: 'register' }] });
  // The second confirmed the rest of the household: the first is built upon.
  expect(await desk.undo(first.id)).toMatchObject({ refused: 'built-upon' });
  expect(await desk.undo(second.id)).toHaveProperty('done');
  expect(await head()).toMatchObject({ phone: '13911110001' });
  expect((await desk.open(second.id)).unanswered).toEqual([phoneKey]);
  expect(await chen.record(second.id)).toMatchObject({ review: 'pending' });
  expect(await desk.undo(first.id)).toHaveProperty('done');
  expect((await desk.open(second.id)).unanswered).toEqual([]);
});

test('[REC-3] of two corrections of one returned record the merge sees the first; the other waits beside it, whole', async () => {
  const { head: id, spouse, household } = idsOf(door);
  const record = await says(li, [corrected(id, { phone: '13911110001' }), unchanged(spouse)]);
  await desk.sendBack(record.id);
  const again = async (phone: string) => {
    const residents = [corrected(id, { phone }), unchanged(spouse)];
    const body = verifiedBody(door, { households: [{ id: household, residents }] });
    return li.verifies(door, { id: record.id, revision: 2, basis, body });
  };
  const [one, two] = [await again('13911110002'), await again('13911110003')];
  expect(await li.push(one)).toMatchObject([{ status: 'stored' }]);
  expect(await li.push(two)).toMatchObject([{ status: 'quarantined', problems: [{ code: 'duplicate_revision' }] }]);

  expect((await desk.open(record.id)).compared.find(({ key }) => key === phoneKey)).toMatchObject({
    proposed: '13911110002',
  });
  expect(await desk.approve(record.id)).toHaveProperty('done');
  expect(await head()).toMatchObject({ phone: '13911110002' });
  expect(await li.record(record.id)).toMatchObject({ others: [{ digest: two.digest, review: 'quarantined' }] });

  // Handed in again as the next revision, it is on the old basis: the register's value is not written over unseen.
  const third = { ...(await again('13911110003')), revision: 3 };
  const { digest: _old, ...whole } = third;
  await li.push(await li.revision(whole));
  expect((await desk.open(record.id)).unanswered).toEqual([phoneKey]);
});

test('a decided case is compared with what its decision found, whatever came after', async () => {
  const { head: id, spouse } = idsOf(door);
  const first = await says(li, [
    corrected(id, { phone: '13911110001' }),
    { id: spouse, change: 'moved-away' },
    born(at.office.world.uuid()),
  ]);
  await desk.approve(first.id);
  const shown = async () =>
    (await desk.open(first.id)).differences
      .filter(({ kind }) => kind !== 'confirmed')
      .map(({ field, before, after }) => [field, before, after]);
  const expected = [
    ['phone', '13800008979', '13911110001'],
    ['change', 'here', 'moved-away'],
    ['change', null, 'born'],
  ];
  expect((await shown()).filter(([field]) => field === 'phone' || field === 'change')).toEqual(expected);
  expect((await desk.open(first.id)).stale).toBe(false);

  basis = await li.basisOf(door);
  const later = at.office.world.uuid();
  const second = await says(chen, [
    corrected(id, { phone: '13911110002', residence: 'migrant' }),
    ...(await people()).filter(({ name }) => name === '王小宝').map((one) => unchanged(one.id)),
    born(later, { name: '王小贝' }),
  ]);
  await desk.approve(second.id);
  expect((await shown()).filter(([field]) => field === 'phone' || field === 'change')).toEqual(expected);
  expect(JSON.stringify((await desk.open(first.id)).door)).not.toContain(later);
  await desk.undo(second.id);
  await desk.undo(first.id);
  expect((await shown()).filter(([field]) => field === 'phone')).toEqual([expected[0]]);
});

test('[TWO-2] decided at the same moment by two, neither of two records of one door writes over the other', async () => {
  const other = new DeskForTests(at, at.accounts.administrator);
  const pairs: { on: TestDoor; records: [string, string] }[] = [];
  for (const on of at.doors) {
    door = on;
    basis = await li.basisOf(on);
    const { head: id, spouse } = idsOf(on);
    const first = await says(li, [corrected(id, { phone: '13911110001' }), unchanged(spouse)]);
    const second = await says(chen, [
      corrected(id, { residence: 'migrant' }),
      unchanged(spouse),
      born(at.office.world.uuid()),
    ]);
    pairs.push({ on, records: [first.id, second.id] });
  }
  const seen = await Promise.all(
    pairs.map(async ({ records: [one, two] }) => [await desk.seen(one), await other.seen(two)] as const),
  );
  const answers = await Promise.all(
    seen.map(([one, two]) =>
      Promise.all([desk.take({ ...one, kind: 'approve' }), other.take({ ...two, kind: 'approve' })]),
    ),
  );
  for (const [index, both] of answers.entries()) {
    expect(both.filter((answer) => 'done' in answer)).toHaveLength(1);
    expect(both.filter((answer) => 'refused' in answer)).toMatchObject([{ refused: 'stale-basis' }]);
    const late = pairs[index]?.records[both.findIndex((answer) => 'refused' in answer)] ?? '';
    expect(await desk.approve(late)).toHaveProperty('done');
    door = pairs[index]?.on ?? door;
    expect(await head()).toMatchObject({ phone: '13911110001', residence: 'migrant' });
  }
});

test('[TWO-3] a value corrected at the desk at the moment of an approval is not written over', async () => {
  const approvals: (() => Promise<unknown>)[] = [];
  for (const on of at.doors) {
    door = on;
    basis = await li.basisOf(on);
    const { head: id, spouse } = idsOf(on);
    const record = await says(li, [corrected(id, { residence: 'migrant' }), unchanged(spouse)]);
    // Marked already: nothing but the register itself keeps the two apart.
    const earlier = {
      entity: 'resident',
      id: spouse,
      field: 'phone',
      value: '13911110009',
      reason: '来电更正',
    } as const;
    await correctValue(at.office, at.accounts.administrator, earlier);
    const seen = await desk.seen(record.id);
    const correction = { entity: 'resident', id, field: 'phone', value: '13911110001', reason: '来电更正' } as const;
    approvals.push(
      () => desk.take({ ...seen, kind: 'approve' }),
      () => correctValue(at.office, at.accounts.administrator, correction),
    );
  }
  await Promise.all(approvals.map((run) => run()));
  for (const on of at.doors) {
    door = on;
    expect(await head()).toMatchObject({ phone: '13911110001' });
  }
});

test('[TWO-5] who the worker brought in a record that still waits may be named in the next', async () => {
  const { head: id, spouse } = idsOf(door);
  const child = at.office.world.uuid();
  const first = await says(li, [unchanged(id), unchanged(spouse), born(child)]);
  // The same phone, the same basis: its own record lies over the door.
  const second = await says(li, [unchanged(id), unchanged(spouse), corrected(child, { name: '王宝' })]);
  expect(await desk.approve(second.id)).toMatchObject({ refused: 'invalid', problems: [{ code: 'unknown_resident' }] });
  await desk.approve(first.id);
  const choices = await desk.choices(second.id, 'proposal');
  expect(await desk.approve(second.id, { choices })).toHaveProperty('done');
  expect((await people()).filter((one) => one.id === child)).toMatchObject([{ name: '王宝' }]);

  // Nobody else's proposal is known to another account.
  const foreign = await chen.verifies(door, {
    basis,
    body: verifiedBody(door, {
      households: [{ id: idsOf(door).household, residents: [unchanged(id), unchanged(spouse), unchanged(child)] }],
    }),
  });
  expect(await chen.push(foreign)).toMatchObject([
    { status: 'quarantined', problems: [{ code: 'resident_not_registered' }] },
  ]);
});
