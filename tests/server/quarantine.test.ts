import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { open } from '../../src/lib/server/codec';
import { DatabaseUnavailableError } from '../../src/lib/server/database/open';
import * as judging from '../../src/lib/server/intake/judge';
import { at, openTestOffice, type TestOffice } from './office-for-tests';
import { type PhoneForTests, verifiedBody } from './phone-for-tests';

let here: TestOffice;
let phone: PhoneForTests;

beforeEach(async () => {
  here = await openTestOffice();
  phone = here.phone(here.accounts.worker);
});
afterEach(() => here.close());

const codes = (receipt: { problems?: { code: string }[] } | undefined) => receipt?.problems?.map(({ code }) => code);

test('[QUA-1] one bad record blocks no other of its push', async () => {
  const bad = await phone.verifies(at(here.doors, 1), { kind: 7, body: 'nothing' });
  const receipts = await phone.push(
    await phone.verifies(at(here.doors, 0)),
    bad,
    await phone.verifies(at(here.doors, 2)),
  );
  expect(receipts.map(({ status }) => status)).toEqual(['stored', 'quarantined', 'stored']);
});

test('[QUA-2] what fails its shape is kept whole, with problems that name path, code and words', async () => {
  const bad = await phone.verifies(at(here.doors, 0), { recordedAt: 'yesterday', location: { lat: 100 } });
  const [receipt] = await phone.push(bad);
  expect(receipt?.status).toBe('quarantined');
  expect(receipt?.problems).toContainEqual({
    path: ['recordedAt'],
    code: 'shape',
    message: expect.stringMatching(/\p{Script=Han}/u),
  });
  const row = await here.office.database.read((db) => db.selectFrom('revision').selectAll().executeTakeFirstOrThrow());
  expect(JSON.parse(open(row.text))).toEqual(bad);
  // A phone orders and shows its records by this.
  expect(await phone.record(bad.id)).toMatchObject({ review: 'quarantined', recordedAt: row.received_at });
});

test("[QUA-2] what fails its form's rules names the answer, and is told to its author", async () => {
  const door = at(here.doors, 0);
  const body = verifiedBody(door, { households: [{ id: door.households[0]?.id, residents: [] }] });
  const bad = await phone.verifies(door, { body });
  const [receipt] = await phone.push(bad);
  expect(receipt?.problems).toContainEqual({
    path: ['households'],
    code: 'resident_not_accounted_for',
    params: { name: '王建国' },
    message: '还没有说明 王建国 的情况。',
  });
  expect(await phone.record(bad.id)).toMatchObject({ review: 'quarantined', problems: receipt?.problems });
});

test('[QUA-2] nothing but an id, a revision and a digest is kept as well', async () => {
  const bare = { id: here.office.world.uuid(), revision: 1, digest: 'x' };
  const [receipt] = await phone.push(bare);
  expect(receipt).toMatchObject({ ...bare, status: 'quarantined' });
  expect(await phone.record(bare.id)).toMatchObject({ review: 'quarantined', revision: 1, digest: 'x', kind: '' });
});

test('[QUA-4] a wrong digest does not take the place of the revision: the right one counts as the first', async () => {
  const right = await phone.verifies(at(here.doors, 0));
  const damaged = { ...right, digest: `${right.digest.slice(0, -1)}_` };
  const [first] = await phone.push(damaged);
  expect(first).toMatchObject({ digest: damaged.digest, status: 'quarantined', problems: [{ code: 'digest' }] });
  expect(await phone.record(right.id)).toMatchObject({ review: 'quarantined', digest: damaged.digest });
  const [second] = await phone.push(right);
  expect(second).toEqual({ id: right.id, revision: 1, digest: right.digest, status: 'stored' });
  expect(await phone.record(right.id)).toMatchObject({
    review: 'pending',
    digest: right.digest,
    others: [{ digest: damaged.digest }],
  });
  expect(await phone.push(damaged)).toEqual([first]);
});

test('[QUA-4] a damaged later revision leaves the earlier one under review', async () => {
  const first = await phone.verifies(at(here.doors, 0));
  const second = await phone.verifies(at(here.doors, 0), { id: first.id, revision: 2 });
  await phone.push(first, { ...second, digest: 'damaged' });
  expect(await phone.record(first.id)).toMatchObject({ revision: 1, review: 'pending', others: [{ revision: 2 }] });
});

test('[QUA-5] an unknown form, version or kind is quarantined, not refused', async () => {
  const door = at(here.doors, 0);
  const receipts = await phone.push(
    await phone.verifies(door, { form: { id: 'household-verification', version: 2 } }),
    await phone.verifies(door, { form: { id: 'census', version: 1 } }),
    await phone.verifies(door, { kind: 'census' }),
    await phone.verifies(door, { kind: 'concern', form: { id: 'household-verification', version: 1 } }),
  );
  expect(receipts.map(codes)).toEqual([['form_unknown'], ['form_unknown'], ['kind_unknown'], ['form_unknown']]);
});

test("[QUA-7] a revision on which the office's own code fails is kept whole, and the rest goes on", async () => {
  const judge = judging.judge;
  const good = await phone.verifies(at(here.doors, 1));
  const unlucky = await phone.verifies(at(here.doors, 0));
  vi.spyOn(judging, 'judge').mockImplementation((db, scope, examined, cameIn) => {
    if (examined.entry.id === unlucky.id) throw new TypeError('a mistake of ours');
    return judge(db, scope, examined, cameIn);
  });
  const receipts = await phone.push(unlucky, good);
  expect(receipts.map(codes)).toEqual([['internal'], undefined]);
  vi.restoreAllMocks();
  expect(await phone.push(unlucky)).toEqual([receipts[0]]);
  expect(await phone.record(unlucky.id)).toMatchObject({ review: 'quarantined', kind: 'household-verification' });
});

test('[QUA-7] a failure of the database itself is 503, and nothing is stored', async () => {
  const unlucky = await phone.verifies(at(here.doors, 0));
  vi.spyOn(judging, 'judge').mockRejectedValue(new DatabaseUnavailableError('SQLITE_IOERR'));
  const answered = await phone.refused({ push: [unlucky] });
  vi.restoreAllMocks();
  expect(answered.status).toBe(503);
  expect(await phone.push(unlucky)).toEqual([
    { id: unlucky.id, revision: 1, digest: unlucky.digest, status: 'stored' },
  ]);
});

test('[LIM-3] a revision above 256 KiB is quarantined whole', async () => {
  const door = at(here.doors, 0);
  const large = await phone.verifies(door, { body: verifiedBody(door, { later: 'x'.repeat(256 * 1024) }) });
  const [receipt] = await phone.push(large);
  expect(codes(receipt)).toEqual(['size']);
});

test('a new household or person with the id of one at another door is quarantined', async () => {
  const door = at(here.doors, 0);
  const taken = at(here.foreignDoors, 0);
  const body = verifiedBody(door);
  const newcomer = {
    id: taken.households[0]?.residents[0]?.id,
    change: 'moved-in',
    name: '赵六',
    sex: '1',
    birthDate: '1990',
    idType: 'none',
    relation: '99',
    residence: 'migrant',
    presence: 'here',
    missing: { idNumber: 'not-shown' },
  };
  const households = (body['households'] as { id: string; residents: object[] }[]).map((household) => ({
    ...household,
    residents: [...household.residents, newcomer],
  }));
  const [receipt] = await phone.push(await phone.verifies(door, { body: { ...body, households } }));
  expect(codes(receipt)).toContain('id_taken');
});
