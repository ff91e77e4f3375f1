import { afterEach, beforeEach, expect, test } from 'vitest';
import { digestRevision } from '../../src/lib/sync/digest';
import { open } from '../../src/lib/server/codec';
import { DatabaseUnavailableError } from '../../src/lib/server/database/open';
import { at, openTestOffice, type TestOffice } from './office-for-tests';
import type { PhoneForTests, Pushed } from './phone-for-tests';
import { verifiedBody } from './phone-for-tests';

let here: TestOffice;
let phone: PhoneForTests;

beforeEach(async () => {
  here = await openTestOffice();
  phone = here.phone(here.accounts.worker);
});
afterEach(() => here.close());

const revisionRows = () => here.office.database.read((db) => db.selectFrom('revision').selectAll().execute());
const submissionOf = (id: string) =>
  here.office.database.read((db) =>
    db.selectFrom('submission').selectAll().where('id', '=', id).executeTakeFirstOrThrow(),
  );
const named = ({ id, revision, digest }: Pushed) => ({ id, revision, digest });

test('[REC-1] no receipt where the shared commit fails, and the next try gets one', async () => {
  const first = await phone.verifies(at(here.doors, 0));
  const { database } = here.office;
  const together = database.writeTogether;
  database.writeTogether = (run) =>
    database.write(async (tx) => {
      await run(tx);
      throw new DatabaseUnavailableError('SQLITE_FULL');
    });
  const response = await phone.send(phone.request({ push: [first] }));
  database.writeTogether = together;
  expect(response.status).toBe(503);
  expect(response.headers.get('retry-after')).toBe('2');
  expect(await response.json()).toEqual({ protocol: 1, error: 'busy' });
  expect(await revisionRows()).toEqual([]);
  expect(await phone.push(first)).toEqual([{ ...named(first), status: 'stored' }]);
});

test('[REC-1] what a receipt was given for is there after the office was opened anew', async () => {
  const first = await phone.verifies(at(here.doors, 0));
  await phone.push(first);
  await here.reopen();
  expect(await phone.push(first)).toEqual([{ ...named(first), status: 'stored' }]);
  expect(await revisionRows()).toHaveLength(1);
});

test('[REC-2] pushed again, from another phone too, a revision gets the first receipt again', async () => {
  const good = await phone.verifies(at(here.doors, 0));
  const bad = await phone.verifies(at(here.doors, 1), { body: { outcome: 'nonsense' } });
  const first = await phone.push(good, bad);
  expect(first.map(({ status }) => status)).toEqual(['stored', 'quarantined']);
  await here.office.database.write((tx) =>
    tx.updateTable('submission').set({ review: 'voided' }).where('id', 'in', [good.id, bad.id]).execute(),
  );
  const again = await here.phone(here.accounts.worker).push(bad, good, bad);
  expect(again).toEqual([first[1], first[0], first[1]]);
  expect(await revisionRows()).toHaveLength(2);
  expect((await submissionOf(good.id)).review).toBe('voided');
});

test('[REC-3] the same revision with another digest stands in quarantine beside the first', async () => {
  const first = await phone.verifies(at(here.doors, 0));
  const other = await phone.verifies(at(here.doors, 0), { id: first.id, secondsOpen: 99 });
  await phone.push(first);
  const [receipt] = await phone.push(other);
  expect(receipt).toMatchObject({ ...named(other), status: 'quarantined', problems: [{ code: 'duplicate_revision' }] });
  const rows = await revisionRows();
  expect(rows.map((row) => [row.digest, row.place]).sort()).toEqual(
    [
      [first.digest, 'first'],
      [other.digest, 'beside'],
    ].sort(),
  );
  expect(await phone.record(first.id)).toMatchObject({
    digest: first.digest,
    review: 'pending',
    others: [{ revision: 1, digest: other.digest, review: 'quarantined' }],
  });
});

test('[REC-4] every revision has exactly one receipt, in the order pushed', async () => {
  const [a, b, c] = await Promise.all([0, 1, 2].map((index) => phone.verifies(at(here.doors, index))));
  const pushed = [a, b, a, c, { ...at([b], 0), digest: 'wrong' }, a] as Pushed[];
  const receipts = await phone.push(...pushed);
  expect(receipts.map(({ id, revision, digest }) => ({ id, revision, digest }))).toEqual(pushed.map(named));
});

test('[REC-5] a request answered 4xx has changed nothing', async () => {
  const good = await phone.verifies(at(here.doors, 0));
  const refusals = await Promise.all([
    phone.refused({ push: [good, { id: 'no id' }] }),
    phone.refused({ push: [good], protocol: 2 }),
    phone.refused({ push: [good], limit: 0 }),
    phone.refused({ push: [good], account: here.accounts.volunteer.id }),
    phone.refused({ push: Array.from({ length: 101 }, () => good) }),
  ]);
  expect(refusals.map(({ status }) => status)).toEqual([400, 409, 400, 401, 413]);
  expect(refusals.every(({ protocol, error }) => protocol === 1 && error.length > 0)).toBe(true);
  expect(await revisionRows()).toEqual([]);
});

test('[REC-6] an older revision that comes late is history and is never reviewed', async () => {
  const second = await phone.verifies(at(here.doors, 0), { revision: 2 });
  const first = await phone.verifies(at(here.doors, 0), { id: second.id, body: { outcome: 'refused' } });
  await phone.push(second);
  expect(await phone.push(first)).toEqual([{ ...named(first), status: 'stored' }]);
  expect(await submissionOf(second.id)).toMatchObject({ revision: 2, digest: second.digest, outcome: 'verified' });
  expect(await revisionRows()).toHaveLength(2);
});

test('[REC-6] revision 3 stands without 2', async () => {
  const first = await phone.verifies(at(here.doors, 0));
  const third = await phone.verifies(at(here.doors, 0), { id: first.id, revision: 3 });
  await phone.push(third, first);
  expect(await phone.record(first.id)).toMatchObject({ revision: 3, digest: third.digest, review: 'pending' });
});

test("[REC-7] another account's revision is quarantined, and shows in nobody's record but the pusher's", async () => {
  const mine = await phone.verifies(at(here.doors, 0));
  await phone.push(mine);
  const stranger = here.phone(here.accounts.otherWorker);
  const theirs = await stranger.verifies(at(here.foreignDoors, 0), { id: mine.id, revision: 2 });
  const [receipt] = await stranger.push(theirs);
  expect(receipt).toMatchObject({ status: 'quarantined', problems: [{ code: 'author' }] });
  expect(await submissionOf(mine.id)).toMatchObject({ revision: 1, account_id: here.accounts.worker.id });
  const own = await phone.record(mine.id);
  expect(own).toMatchObject({ revision: 1, review: 'pending' });
  expect(own?.['others']).toBeUndefined();
  expect(await stranger.record(mine.id)).toMatchObject({ revision: 2, digest: theirs.digest, review: 'quarantined' });
  expect(await stranger.push(theirs)).toEqual([receipt]);
});

test('[REC-8] what came is digested and kept before any schema touches it', async () => {
  const pushed = await phone.verifies(at(here.doors, 0), {
    note: 'top level, unknown',
    body: { ...verifiedBody(at(here.doors, 0)), later: { z: 1e21, a: -0, é: 'ü', list: [1.5, null, true] } },
  });
  await phone.push(pushed);
  const [row] = await revisionRows();
  const text = open(at(row ? [row] : [], 0).text);
  expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(pushed)));
  expect(text).toContain('"later":{"a":0,"list":[1.5,null,true],"z":1e+21,"é":"ü"}');
  expect(row?.digest).toBe(await digestRevision(JSON.parse(text)));
});

test('[REC-8] U+0000 and half a surrogate pair are a problem, and the revision is kept whole', async () => {
  const zero = await phone.verifies(at(here.doors, 0), { body: verifiedBody(at(here.doors, 0), { note: 'a\u0000b' }) });
  // A phone that escapes the half as `\ud800` digests that text.
  const half = {
    ...zero,
    id: here.office.world.uuid(),
    body: { ...zero.body, note: 'a\ud800b' },
    digest: 'of other text',
  };
  const outside = await phone.verifies(at(here.doors, 0), { weather: 'c\u0000d' });
  const [aside] = await phone.push(outside);
  expect(aside).toMatchObject({ status: 'quarantined', problems: [{ code: 'text', path: ['weather'] }] });
  const receipts = await phone.push(zero, half);
  expect(receipts[0]).toMatchObject({ status: 'quarantined', problems: [{ code: 'text', path: ['note'] }] });
  expect(receipts[1]).toMatchObject({ status: 'quarantined' });
  const rows = (await revisionRows()).filter((row) => row.submission_id !== outside.id);
  expect(rows.map((row) => JSON.parse(open(row.text)).body.note).sort()).toEqual(['a\u0000b', 'a\ud800b'].sort());
});

test('[REC-9] the office never takes a number: after a decision the next revision is the next number', async () => {
  const first = await phone.verifies(at(here.doors, 0));
  await phone.push(first);
  await here.office.database.write((tx) =>
    tx.updateTable('submission').set({ review: 'returned' }).where('id', '=', first.id).execute(),
  );
  const second = await phone.verifies(at(here.doors, 0), { id: first.id, revision: 2 });
  expect(await phone.push(second)).toEqual([{ ...named(second), status: 'stored' }]);
  expect(await phone.record(first.id)).toMatchObject({ revision: 2, review: 'pending' });
});

test('[REC-10] fields of a later protocol are taken as they are', async () => {
  const later = await phone.verifies(at(here.doors, 0), { weather: { wind: 3 }, photographs: [] });
  expect(await phone.push(later)).toEqual([{ ...named(later), status: 'stored' }]);
});

test('what arrives together shares commits, and a request that fails takes no other along', async () => {
  const phones = Array.from({ length: 8 }, () => here.phone(here.accounts.worker));
  const pushes = await Promise.all(phones.map((one, index) => one.verifies(at(here.doors, index % 4))));
  const ended = here.phone({ ...here.accounts.worker, id: here.office.world.uuid() });
  const [stranger, ...receipts] = await Promise.all([
    ended.refused({ push: [await ended.verifies(at(here.doors, 0))] }),
    ...phones.map((one, index) => one.push(at(pushes, index))),
  ]);
  expect(stranger.status).toBe(401);
  expect(receipts.flat().map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 'stored'));
  expect(await revisionRows()).toHaveLength(8);
});
