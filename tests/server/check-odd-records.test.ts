/** Whatever a phone sends, and whatever the desk does with it, the office that holds it is whole. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkOffice } from '../../src/lib/server/check/check-office';
import { decideAside } from '../../src/lib/server/quarantine/aside';
import { partKey, revisionRows } from '../../src/lib/server/quarantine/part';
import { runAfterwork } from '../../src/lib/server/review/rules';
import { digestOf } from '../../src/lib/server/intake/examine';
import { DeskForTests } from './desk-for-tests';
import { at, openTestOffice, type TestOffice } from './office-for-tests';
import { type PhoneForTests, type Pushed, verifiedBody } from './phone-for-tests';

let here: TestOffice;
let phone: PhoneForTests;
let desk: DeskForTests;
beforeAll(async () => {
  here = await openTestOffice({ doorsEach: 12 });
  phone = here.phone(here.accounts.worker);
  desk = new DeskForTests(here);
});
afterAll(() => here.close());

const whole = async () => expect((await checkOffice(here.office)).findings).toEqual([]);

/** What stands beside the right answers, as JSON: some of it no text of this program could hold. */
const odd = {
  'half a surrogate pair': '"a\\ud83d"',
  'the other half': '"\\udc00b"',
  'no character at all': '"\\u0000"',
  'a number beyond all': '1e999',
  'one below all': '-1e999',
  'a prototype': '{"__proto__":{"toString":1},"constructor":1}',
  'signs that end a line elsewhere': '"行一\\u2028行二\\u2029"',
  'no text, with a length': '{"length":{"toString":1,"valueOf":1},"then":1}',
  'lists in lists': `${'['.repeat(20)}${']'.repeat(20)}`,
};

/** Pushes a record with this JSON in the place of `note`, by the digest that the office computes of it. */
async function pushed(json: string, door = at(here.doors, 0), place = 'note'): Promise<Pushed & { status: string }> {
  const plain = await phone.verifies(door, { body: verifiedBody(door, { [place]: '#' }) });
  const text = JSON.stringify(plain).replace('"#"', () => json);
  const read: Record<string, unknown> = JSON.parse(text);
  const digest = digestOf(read);
  const record = { ...plain, digest };
  const request = JSON.stringify(phone.request({ push: ['#'] })).replace('"#"', () =>
    text.replace(plain.digest, () => digest),
  );
  const response = await phone.send(request);
  expect(response.status).toBe(200);
  const [receipt] = (await response.json()).receipts;
  expect(receipt).toMatchObject({ id: record.id, digest });
  return { ...record, status: receipt.status };
}

test('with a new door whose record is in quarantine, and was sent back, put away and corrected', async () => {
  const dwelling = { gridId: here.grids[0], compound: '东街', building: '1', unit: '3', floor: 1, room: '101' };
  const body = { outcome: 'no-one-home', dwelling, note: '长'.repeat(2000) };
  const target = { type: 'dwelling' as const, id: here.office.world.uuid() };
  const first = await phone.revision({ target, body });
  expect(await phone.push(first)).toMatchObject([{ status: 'quarantined' }]);
  await whole();
  expect(await desk.sendBack(first.id)).toHaveProperty('done');
  await whole();
  expect(await desk.undo(first.id)).toHaveProperty('done');
  expect(await desk.void(first.id)).toHaveProperty('done');
  await whole();
  const second = await phone.revision({ id: first.id, revision: 2, target, body: { ...body, note: '' } });
  expect(await phone.push(second)).toMatchObject([{ status: 'stored' }]);
  await whole();
});

test.each(Object.entries(odd))('with %s in it, in quarantine, sent back, put away and back again', async (_, json) => {
  for (const place of ['note', 'households', 'x']) {
    const { id, status } = await pushed(json, at(here.doors, 0), place);
    await whole();
    if (status === 'quarantined') expect(await desk.sendBack(id)).toHaveProperty('done');
    else expect(await desk.approve(id)).toBeDefined();
    await whole();
    await desk.undo(id);
    expect(await desk.void(id)).toHaveProperty('done');
    await runAfterwork(here.office);
    await whole();
  }
  await phone.pull();
});

test('with revisions beside and of others, put away, taken back, chosen and taken back again', async () => {
  const first = await phone.verifies(at(here.doors, 1));
  const other = await phone.revision({ ...first, digest: undefined, secondsOpen: 31 });
  const damaged = { ...(await phone.revision({ ...first, digest: undefined, secondsOpen: 32 })), digest: 'x' };
  await phone.push(first, other, damaged);
  await here
    .phone(here.accounts.otherWorker)
    .push(await phone.revision({ ...first, digest: undefined, secondsOpen: 33 }));
  await whole();
  const rows = await here.office.database.read((db) => revisionRows(db, here.communityId, first.id));
  for (const row of rows.filter(({ place }) => place !== 'first')) {
    const aside = { submissionId: first.id, part: partKey(row) };
    const put = await decideAside(here.office, desk.account, {
      ...aside,
      previous: null,
      kind: 'void',
      reason: '重复',
    });
    if (!('done' in put)) throw new Error('not put away');
    await whole();
    await decideAside(here.office, desk.account, { ...aside, previous: put.done, kind: 'undo' });
    await whole();
  }
  const beside = rows.find(({ pushed_digest }) => pushed_digest === other.digest);
  const choose = beside && partKey(beside);
  expect(await desk.take({ ...(await desk.seen(first.id)), kind: 'accept', choose })).toHaveProperty('done');
  await whole();
  expect(await desk.undo(first.id)).toHaveProperty('done');
  await whole();
  expect(await desk.approve(first.id)).toHaveProperty('done');
  expect(await desk.undo(first.id)).toHaveProperty('done');
  expect(await desk.approve(first.id)).toHaveProperty('done');
  await whole();
});
