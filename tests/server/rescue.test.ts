/** A rescue file at the desk: opened by its community alone, shown, and taken in like a push, once or twice alike. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { canonicalJson } from '../../src/lib/sync/digest';
import type { RescueContent } from '../../src/lib/sync/rescue';
import { sealRescue } from '../../src/lib/sync/rescue-seal';
import { refreshCommunities } from '../../src/lib/server/feeds/refresh';
import { rescueContents } from '../../src/lib/server/rescue/contents';
import { publicRescueKey } from '../../src/lib/server/rescue/keys';
import { isRefused, readRescueFile, type RescueRefusal } from '../../src/lib/server/rescue/read';
import { takeRescue } from '../../src/lib/server/rescue/take';
import { afterworkDone } from '../../src/lib/server/sync/afterwork';
import { at as entry, openTestOffice, type TestOffice } from './office-for-tests';
import type { PhoneForTests, Pushed } from './phone-for-tests';

let at: TestOffice;
let phone: PhoneForTests;

beforeEach(async () => {
  at = await openTestOffice();
  phone = at.phone(at.accounts.worker);
});
afterEach(() => at.close());

function content(revisions: Pushed[], more: Partial<RescueContent> = {}): RescueContent {
  return {
    account: at.accounts.worker.id,
    device: phone.deviceId,
    app: '0.1.0',
    madeAt: '2026-11-23T10:00:00+08:00',
    clockOffset: 0,
    revisions: revisions.map((revision) => ({
      text: JSON.stringify(revision),
      setAside: false,
      handedOver: false,
    })),
    drafts: [],
    ...more,
  };
}

async function fileOf(inside: unknown, community = at.communityId): Promise<string> {
  const key = await at.office.database.read((db) => publicRescueKey(db, at.communityId));
  if (!key) throw new Error('the community has no key');
  return JSON.stringify(await sealRescue({ community, ...key }, JSON.stringify(inside)));
}

async function read(text: string, communityId = at.communityId): Promise<RescueContent> {
  const found = await readRescueFile(at.office, communityId, text);
  if (isRefused(found)) throw new Error(found.refused);
  return found;
}

const refusal = async (text: string, communityId = at.communityId) =>
  ((await readRescueFile(at.office, communityId, text)) as RescueRefusal).refused;

async function take(revisions: Pushed[], more: Partial<RescueContent> = {}) {
  const taken = await takeRescue(
    at.office,
    at.accounts.coordinator,
    await read(await fileOf(content(revisions, more))),
  );
  if (isRefused(taken)) throw new Error(taken.refused);
  return taken;
}

test('phones are told the public key with their community, and nobody the private one', async () => {
  await phone.pull();
  const item = phone.item(`community/${at.communityId}`, 'community', at.communityId);
  expect(item).toMatchObject({
    rescueKey: { id: expect.stringMatching(/^[\w-]{16}$/), publicKey: expect.any(String) },
  });
  const { private_key } = await at.office.database.read((db) =>
    db.selectFrom('rescue_key').selectAll().executeTakeFirstOrThrow(),
  );
  expect(JSON.stringify(item)).not.toContain(private_key);
});

test('a community from before there were keys is given one at the next start, once', async () => {
  await at.office.database.write((tx) => tx.deleteFrom('rescue_key').execute());
  await refreshCommunities(at.office);
  await refreshCommunities(at.office);
  const rows = await at.office.database.read((db) => db.selectFrom('rescue_key').selectAll().execute());
  expect(rows).toHaveLength(1);
  await phone.pull();
  expect(phone.item(`community/${at.communityId}`, 'community', at.communityId)).toMatchObject({
    rescueKey: { id: rows[0]?.id },
  });
});

test('what is in a file is shown before it is taken in: whose, which records, which drafts', async () => {
  const door = entry(at.doors, 0);
  const revision = await phone.verifies(door);
  const draft = {
    id: door.id,
    submissionId: door.id,
    kind: 'household-verification',
    target: { type: 'dwelling', id: entry(at.doors, 1).id },
    startedAt: '2026-11-23T10:00:00+08:00',
    changedAt: '2026-11-23T10:05:00+08:00',
    body: { note: '写了一半' },
  };
  const inside = await read(await fileOf(content([revision], { drafts: [draft] })));
  expect(await rescueContents(at.office, at.communityId, inside, 'zh-CN')).toEqual({
    account: { id: at.accounts.worker.id, name: 'worker', username: 'worker', role: 'grid-worker', endedAt: null },
    device: phone.deviceId,
    app: '0.1.0',
    madeAt: '2026-11-23T10:00:00+08:00',
    records: [
      {
        kind: 'household-verification',
        title: '东街 1号 1单元 101',
        id: revision.id,
        revision: 1,
        recordedAt: revision['recordedAt'],
        setAside: false,
      },
    ],
    drafts: [
      {
        kind: 'household-verification',
        title: '东街 1号 1单元 102',
        startedAt: '2026-11-23T10:00:00+08:00',
        changedAt: '2026-11-23T10:05:00+08:00',
      },
    ],
    unreadable: 0,
  });
});

test('[REC-2] taken in twice is the same as once, and the phone that pushes it later gets the first receipt', async () => {
  const knocks = await Promise.all(at.doors.map((door) => phone.knocksInVain(door)));
  const first = await take(knocks);
  expect(first.receipts.map(({ id, status, known }) => [id, status, known])).toEqual(
    knocks.map(({ id }) => [id, 'stored', false]),
  );
  await afterworkDone(at.office);
  const again = await take(knocks);
  expect(again.receipts).toEqual(first.receipts.map((receipt) => ({ ...receipt, known: true })));
  expect(await phone.push(...knocks)).toEqual(first.receipts.map(({ known: _, ...receipt }) => receipt));
  const rows = await at.office.database.read((db) => db.selectFrom('revision').selectAll().execute());
  expect(rows).toHaveLength(knocks.length);
  expect(await phone.record(entry(knocks, 0).id)).toMatchObject({ review: 'approved' });
});

test('[REC-2] what the phone had pushed before the file was made is known at the desk', async () => {
  const revision = await phone.verifies(entry(at.doors, 0));
  await phone.push(revision);
  expect((await take([revision])).receipts).toMatchObject([{ id: revision.id, status: 'stored', known: true }]);
});

test('[REC-8] a revision is digested as its text has it, unknown fields and odd numbers too', async () => {
  const revision = await phone.verifies(entry(at.doors, 0), { later: 1e21, secondsOpen: 0.1 });
  const { receipts } = await take([revision]);
  expect(receipts).toMatchObject([{ digest: revision.digest, status: 'stored' }]);
  const row = await at.office.database.read((db) => db.selectFrom('revision').select('text').executeTakeFirstOrThrow());
  expect(row.text).toBe(canonicalJson(revision));
});

test('[QUA-1] a bad one goes to quarantine and blocks no other; what is no revision is counted', async () => {
  const good = await phone.verifies(entry(at.doors, 0));
  const foreign = await phone.verifies(entry(at.foreignDoors, 0));
  const inside = content([foreign, good]);
  inside.revisions.push({ text: '{"id":', setAside: true, handedOver: true });
  inside.revisions.push({ text: `${'['.repeat(40)}${']'.repeat(40)}`, setAside: false, handedOver: false });
  const taken = await takeRescue(at.office, at.accounts.coordinator, await read(await fileOf(inside)));
  expect(taken).toMatchObject({
    receipts: [
      { id: foreign.id, status: 'quarantined' },
      { id: good.id, status: 'stored' },
    ],
    unreadable: 2,
  });
});

test('more than a request carries is taken in all the same', async () => {
  const many = await Promise.all(Array.from({ length: 230 }, () => phone.revision({ kind: 'concern' })));
  const { receipts } = await take(many);
  expect(receipts.map(({ id }) => id)).toEqual(many.map(({ id }) => id));
});

test('the hand-over is in the audit, with who did it and for whom', async () => {
  await take([await phone.verifies(entry(at.doors, 0))]);
  const rows = await at.office.database.read((db) =>
    db.selectFrom('audit').selectAll().where('action', '=', 'rescue.take').execute(),
  );
  expect(rows).toMatchObject([
    { account_id: at.accounts.coordinator.id, subject_type: 'account', subject_id: at.accounts.worker.id },
  ]);
});

test('each file that cannot be taken in says why', async () => {
  const good = await fileOf(content([]));
  expect(await refusal('  ')).toBe('empty');
  expect(await refusal('{"format":"something else"}')).toBe('not-ours');
  expect(await refusal('PK\u0003\u0004')).toBe('not-ours');
  expect(await refusal(good.slice(0, -20))).toBe('damaged');
  expect(await refusal(JSON.stringify({ ...JSON.parse(good), version: 2 }))).toBe('newer');
  expect(await refusal(good, at.office.world.uuid())).toBe('other-community');
  expect(await refusal(JSON.stringify({ ...JSON.parse(good), key: 'another' }))).toBe('unknown-key');
  const { ciphertext } = JSON.parse(good);
  const changed = `${ciphertext.slice(0, 40)}${ciphertext[40] === 'A' ? 'B' : 'A'}${ciphertext.slice(41)}`;
  expect(await refusal(JSON.stringify({ ...JSON.parse(good), ciphertext: changed }))).toBe('damaged');
  expect(await refusal(await fileOf({ account: 'x' }))).toBe('damaged');
  expect(await refusal(`\ufeff${good}`)).toBeUndefined();
});

test('a file of somebody unknown is refused in words, not taken for somebody else’s', async () => {
  const inside = content([await phone.verifies(entry(at.doors, 0))], { account: 'nobody' });
  expect(await rescueContents(at.office, at.communityId, inside, 'en')).toEqual({ refused: 'account-unknown' });
  expect(await takeRescue(at.office, at.accounts.coordinator, inside)).toEqual({ refused: 'account-unknown' });
});

test.each([1.5, 1e300, -1e300])('a file whose clock was ahead by %d ms is taken in', async (clockOffset) => {
  const taken = await take([await phone.verifies(entry(at.doors, 0))], { clockOffset });
  expect(taken).toMatchObject({ receipts: [{ status: 'stored' }] });
});
