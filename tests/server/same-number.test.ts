/** One identity number, two people: the desk hears of it before approval makes them two, and can make them one. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { linesOfFile, restoreLines } from '../../src/lib/server/backup/restore-backup';
import { writeBackup } from '../../src/lib/server/backup/write-backup';
import { checkOffice } from '../../src/lib/server/check/check-office';
import { seal } from '../../src/lib/server/codec';
import { openDatabase } from '../../src/lib/server/database/open';
import { reviewPage } from '../../src/lib/server/desk/review-page';
import { republishDoors } from '../../src/lib/server/feeds/republish';
import { correctValue } from '../../src/lib/server/register/correct';
import { hashAllNumbers } from '../../src/lib/server/register/hash-all-numbers';
import { numberHash } from '../../src/lib/server/register/number-hash';
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
  await correctTo(1, taken);
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
  const correction = { entity: 'resident', id: head, field: 'presence', value: 'died', reason: '去世' } as const;
  expect(await correctValue(at.office, at.accounts.coordinator, correction)).toEqual({ done: true });
  expect((await view(await says(2, [movedIn(taken)])))?.sameNumbers).toEqual([]);
});

describe('the index by which a number is found', () => {
  const hashes = async () => {
    const rows = await at.office.database.read((db) =>
      db.selectFrom('resident').select(['id', 'number_hash']).execute(),
    );
    return new Map(rows.map((row) => [row.id, row.number_hash]));
  };
  const headOf = (index: number) => idsOf(doorAt(index)).head;
  const clear = () => at.office.database.write((tx) => tx.updateTable('resident').set({ number_hash: null }).execute());

  test('holds a hash under the community’s key, never a number, and follows it', async () => {
    const before = (await hashes()).get(headOf(1));
    expect(before).toMatch(/^[\w-]{22}$/);
    const columns = await at.office.database.read((db) =>
      db.selectFrom('resident').selectAll().where('id', '=', headOf(1)).executeTakeFirstOrThrow(),
    );
    expect(JSON.stringify({ ...columns, body: '' })).not.toContain(taken);
    expect(before).not.toBe(createHash('sha256').update(taken).digest('base64url').slice(0, 22));
    await correctTo(1, free);
    expect((await hashes()).get(headOf(1))).not.toBe(before);
    expect((await view(await says(0, [movedIn(taken)])))?.sameNumbers).toEqual([]);
    expect((await view(await says(2, [movedIn(free)])))?.sameNumbers).toHaveLength(1);
  });

  test('who is not in it yet is opened, and is in it after the office began again', async () => {
    await clear();
    const id = await says(0, [movedIn(taken)]);
    expect((await view(id))?.sameNumbers).toHaveLength(1);
    await at.office.database.write((tx) => tx.deleteFrom('number_key').execute());
    expect((await view(id))?.sameNumbers).toHaveLength(1);
    await hashAllNumbers(at.office);
    expect([...(await hashes()).values()]).not.toContain(null);
    expect((await view(id))?.sameNumbers).toHaveLength(1);
    expect((await checkOffice(at.office)).findings).toEqual([]);
  });

  test('opens nobody whose number is another', async () => {
    const id = await says(0, [movedIn(taken)]);
    // Who would be opened could not be read.
    await at.office.database.write((tx) =>
      tx
        .updateTable('resident')
        .set({ body: seal('sealed otherwise') })
        .where('id', '=', headOf(3))
        .execute(),
    );
    expect((await view(id))?.sameNumbers).toHaveLength(1);
  });

  test('a hash that is not the number’s is found by the check', async () => {
    await at.office.database.write((tx) =>
      tx.updateTable('resident').set({ number_hash: 'another' }).where('id', '=', headOf(1)).execute(),
    );
    const { findings } = await checkOffice(at.office);
    expect(findings).toMatchObject([{ check: 'numbers', subject: `resident ${headOf(1)}` }]);
  });

  test('goes along into a backup and into the other kind of database, and is right there', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'qiaomen-numbers-'));
    const file = join(folder, 'office.backup');
    await writeBackup(at.office, 'test', file);
    const other = await openDatabase(join(folder, 'other.sqlite'), at.office.world);
    await restoreLines(other, at.office.world, linesOfFile(file), { replace: false });
    const hash = await other.read((db) => numberHash(db, at.communityId));
    expect(hash?.(taken)).toBe((await hashes()).get(headOf(1)));
    expect((await checkOffice({ ...at.office, database: other })).findings).toEqual([]);
    await other.close();
    rmSync(folder, { recursive: true });
  });
});

async function correctTo(index: number, idNumber: string): Promise<void> {
  await at.office.database.write(async (tx) => {
    await updateResident(tx, at.communityId, idsOf(doorAt(index)).head, { fields: { idNumber } }, imported);
    await republishDoors(tx, at.communityId, [doorAt(index).id]);
  });
}

function birthOf(number: string): string {
  return `${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`;
}
