/** One identity number, two people: the desk hears of it before approval makes them two, and can make them one. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { reviewPage } from '../../src/lib/server/desk/review-page';
import { republishDoors } from '../../src/lib/server/feeds/republish';
import { updateResident } from '../../src/lib/server/register/rows';
import { startBulk } from '../../src/lib/server/review/bulk';
import { queue } from '../../src/lib/server/review/queue';
import { basisOf, DeskForTests, idsOf } from './desk-for-tests';
import { identityNumber, openTestOffice, type TestDoor, type TestOffice } from './office-for-tests';
import { type PhoneForTests, verifiedBody } from './phone-for-tests';

let at: TestOffice;
let phone: PhoneForTests;
let desk: DeskForTests;

beforeEach(async () => {
  at = await openTestOffice();
  phone = at.phone(at.accounts.worker);
  desk = new DeskForTests(at);
  await at.office.database.write((tx) =>
    updateResident(tx, at.communityId, idsOf(doorAt(1)).head, { fields: { idNumber: taken } }, imported),
  );
});
afterEach(() => at.close());

type Resident = Record<string, unknown>;
const doorAt = (index: number) => at.doors[index] as TestDoor;
/** The head's of the second door. */
const taken = identityNumber('1970-01-01', 201);
const unconfirmed = { confirmedAt: null, confirmedBy: null, how: null };
const imported = { since: '2026-01-01', from: 'import', by: 'administrator', ...unconfirmed } as const;
const free = identityNumber('1970-01-01', 203);

/** `residents` stand behind the head and the spouse, who stayed as they are unless `head` says otherwise. */
async function says(index: number, residents: Resident[], headSays: Resident = {}): Promise<string> {
  const door = doorAt(index);
  const { household, head, spouse } = idsOf(door);
  const first = Object.keys(headSays).length > 0 ? { id: head, change: 'corrected', ...headSays } : unchanged(head);
  const households = [{ id: household, residents: [first, unchanged(spouse), ...residents] }];
  const body = verifiedBody(door, { households });
  const revision = await phone.verifies(door, { body, basis: await basisOf(phone, door) });
  expect(await phone.push(revision)).toMatchObject([{ status: 'stored' }]);
  return revision.id;
}

const unchanged = (id: string): Resident => ({ id, change: 'unchanged' });
const movedIn = (idNumber: string, name = '丁同一'): Resident => ({
  id: at.office.world.uuid(),
  change: 'moved-in',
  name,
  sex: '1',
  birthDate: birthOf(idNumber),
  idType: 'resident-id',
  idNumber,
  phone: '13800001111',
  relation: '97',
  residence: 'migrant',
  registeredAddress: '',
  careGroups: [],
  presence: 'here',
});
const view = async (id: string) =>
  (await reviewPage(at.office, at.accounts.coordinator, { id, show: 'waiting' }, 'zh-CN')).shown;
const sameAs = ['households', 0, 'residents', 2, 'sameAs'];

test('[SCO-7] who adds somebody with the number of another is told whose it is, and never the number', async () => {
  const id = await says(0, [movedIn(taken)]);
  const { head } = idsOf(doorAt(1));
  const shown = await view(id);
  expect(shown?.sameNumbers).toEqual([
    { name: '丁同一', sameAs, otherId: head, otherName: '王建国', door: '东街 1号 1单元 102', doorId: doorAt(1).id },
  ]);
  expect(JSON.stringify(shown)).not.toContain(taken);
});

test('who confirms a number that somebody else has is left out of bulk approval, though nothing changes', async () => {
  const restated = { idNumber: taken, birthDate: birthOf(taken), idType: 'resident-id' as const };
  await at.office.database.write(async (tx) => {
    await updateResident(tx, at.communityId, idsOf(doorAt(0)).head, { fields: restated }, imported);
    await republishDoors(tx, at.communityId, [doorAt(0).id]);
  });
  const id = await says(0, [], restated);
  const { rows } = await at.office.database.read((db) => queue(db, at.communityId, { show: 'same' }));
  expect(rows.map((row) => row.id)).toEqual([id]);
  expect((await startBulk(at.office, at.accounts.coordinator, {})).members).toEqual([]);
});

test('one person by correction: who moved keeps their record, and nobody is there twice', async () => {
  const id = await says(0, [movedIn(taken)]);
  const { head } = idsOf(doorAt(1));
  expect(await desk.approve(id, { corrections: [{ path: sameAs, value: head }] })).toHaveProperty('done');
  const here = (await desk.door(doorAt(0).id)).households.flatMap(({ residents }) => residents);
  expect(here.map((person) => person.id)).toContain(head);
  const owners = await at.office.database.read((db) =>
    db.selectFrom('resident').select(['id', 'body']).where('retired_at', 'is', null).execute(),
  );
  expect(owners.filter(({ body }) => body.includes(taken)).map((one) => one.id)).toEqual([head]);
});

test('two records that wait say nothing, until the first is approved', async () => {
  const first = await says(0, [movedIn(free)]);
  const second = await says(1, [movedIn(free)]);
  expect((await view(second))?.sameNumbers).toEqual([]);
  expect(await desk.approve(first)).toHaveProperty('done');
  expect((await view(second))?.sameNumbers).toMatchObject([
    { name: '丁同一', otherName: '丁同一', doorId: doorAt(0).id, sameAs },
  ]);
  expect((await view(first))?.sameNumbers).toEqual([]);
});

test('somebody registered whose number is corrected to another one’s cannot become them: the record goes back', async () => {
  const id = await says(0, [], { idNumber: taken, birthDate: birthOf(taken), idType: 'resident-id' });
  expect((await view(id))?.sameNumbers).toMatchObject([{ name: '王建国', sameAs: null, doorId: doorAt(1).id }]);
});

test('nobody is told of their own number, nor of that of somebody who died', async () => {
  const own = await says(1, [], { idNumber: taken, birthDate: birthOf(taken), idType: 'resident-id' });
  expect((await view(own))?.sameNumbers).toEqual([]);
  const { head } = idsOf(doorAt(1));
  await at.office.database.write((tx) =>
    tx.updateTable('resident').set({ presence: 'died' }).where('id', '=', head).execute(),
  );
  expect((await view(await says(2, [movedIn(taken)])))?.sameNumbers).toEqual([]);
});

function birthOf(number: string): string {
  return `${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`;
}
