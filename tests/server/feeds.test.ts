import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkOffice } from '../../src/lib/server/check/check-office';
import { publish, type FeedChange } from '../../src/lib/server/feeds/publish';
import { republishDoors } from '../../src/lib/server/feeds/republish';
import type { Office } from '../../src/lib/server/office';
import { decide } from '../../src/lib/server/review/decide';
import { afterworkDone } from '../../src/lib/server/sync/afterwork';
import { retireSubmissions } from '../../src/lib/server/sync/retire';
import { DeskForTests } from './desk-for-tests';
import { at, openTestOffice, type TestOffice } from './office-for-tests';
import type { PhoneForTests } from './phone-for-tests';

let here: TestOffice;
let phone: PhoneForTests;
let grid: string;

beforeEach(async () => {
  here = await openTestOffice();
  phone = here.phone(here.accounts.worker);
  grid = `grid/${here.grids[0]}`;
});
afterEach(() => here.close());

const note = (id: string, text: string): FeedChange => ({ feed: grid, type: 'task', id, body: { text } });
const gone = (id: string): FeedChange => ({ feed: grid, type: 'task', id, gone: true });
const tell = (...changes: FeedChange[]) => here.office.database.write((tx) => publish(tx, here.communityId, changes));
const versionOf = async (feed: string) =>
  (
    await here.office.database.read((db) =>
      db.selectFrom('feed').select('version').where('id', '=', feed).executeTakeFirst(),
    )
  )?.version;
test('[FEED-1] a device that pulls in pages of one ends up with the latest state of every item', async () => {
  const slow = here.phone(here.accounts.worker);
  await tell(note('a', 'first'), note('b', 'first'));
  for (let turn = 0; turn < 60; turn += 1) {
    // The feed goes on changing between the pages.
    if (turn < 10) await tell(note('a', `turn ${turn}`), ...(turn === 5 ? [gone('b')] : []));
    const answer = await slow.ask({ limit: 1 });
    expect(answer.feeds.flatMap(({ changes }) => changes).length).toBeLessThanOrEqual(1);
    slow.keep(answer);
    if (turn > 10 && !answer.feeds.some(({ more }) => more)) break;
  }
  await phone.pull();
  expect(Object.fromEntries(slow.items)).toEqual(Object.fromEntries(phone.items));
  expect(slow.item(grid, 'task', 'a')).toEqual({ text: 'turn 9' });
  expect(slow.item(grid, 'task', 'b')).toBeUndefined();
});

test('[FEED-2] a change is seen when its transaction has committed, and never before or without it', async () => {
  await phone.pull();
  await here.office.database.write(async (tx) => {
    await publish(tx, here.communityId, [note('a', 'told')]);
    await phone.pull();
    expect(phone.item(grid, 'task', 'a')).toBeUndefined();
  });
  await phone.pull();
  expect(phone.item(grid, 'task', 'a')).toEqual({ text: 'told' });
  const undone = here.office.database.write(async (tx) => {
    await publish(tx, here.communityId, [note('a', 'never')]);
    throw new Error('changed its mind');
  });
  await expect(undone).rejects.toThrow();
  await phone.pull();
  expect(phone.item(grid, 'task', 'a')).toEqual({ text: 'told' });
});

test('[FEED-3] versions of a feed are seen in order while many write', async () => {
  await phone.pull();
  let last = phone.have[grid] ?? 0;
  const writes = Array.from({ length: 20 }, (_, index) => tell(note(`n${index % 7}`, `${index}`)));
  const written = Promise.all(writes);
  for (let reads = 0; reads < 20; reads += 1) {
    const answer = await phone.ask({ have: {}, epoch: phone.epoch });
    const told = answer.feeds.filter(({ id }) => id === grid);
    const { version, changes } = at(told, 0);
    expect(version).toBeGreaterThanOrEqual(last);
    last = version;
    expect(changes.map((change) => change.version)).toEqual(
      changes.map((change) => change.version).sort((a, b) => a - b),
    );
    expect(Math.max(...changes.map((change) => change.version))).toBeLessThanOrEqual(version);
  }
  await written;
});

test('[FEED-4] limit bounds an answer over all feeds, and a feed that had no room keeps its cursor', async () => {
  const answer = await phone.ask({ limit: 3 });
  expect(answer.feeds.flatMap(({ changes }) => changes)).toHaveLength(3);
  expect(answer.feeds.map(({ id, more, version }) => [id.split('/')[0], more, version])).toEqual([
    ['community', true, 3],
    ['grid', true, 0],
    ['account', true, 0],
  ]);
  phone.keep(answer);
  const next = await phone.ask({ limit: 3 });
  expect(at(next.feeds, 0).changes.map(({ version }) => version)).toEqual([4, 5, 6]);
});

test('[FEED-4] an answer stays below 4 MiB, but one change always goes', async () => {
  await phone.pull();
  const large = 'x'.repeat(1_500_000);
  await tell(note('a', large), note('b', large), note('c', large));
  const response = await phone.send(phone.request());
  const text = await response.text();
  expect(Buffer.byteLength(text)).toBeLessThan(4 * 1024 * 1024);
  phone.keep(JSON.parse(text));
  expect(['a', 'b', 'c'].map((id) => phone.item(grid, 'task', id) !== undefined)).toEqual([true, true, false]);
  await tell(note('d', 'x'.repeat(5_000_000)));
  await phone.pull();
  expect(phone.item(grid, 'task', 'd')).toBeDefined();
});

test('[FEED-5] what left a feed is told as gone, and not to who starts from 0', async () => {
  await tell(note('a', 'here'));
  await phone.pull();
  await tell(gone('a'), gone('never there'));
  const answer = await phone.pull();
  const told = at(
    answer.feeds.filter(({ id }) => id === grid),
    0,
  ).changes;
  expect(told).toEqual([{ type: 'task', id: 'a', version: expect.any(Number), gone: true }]);
  const fresh = await here.phone(here.accounts.worker).ask();
  expect(JSON.stringify(fresh.feeds)).not.toContain('"gone"');
  const row = await here.office.database.read((db) =>
    db
      .selectFrom('feed_item')
      .selectAll()
      .where('type', '=', 'task')
      .where('item_id', '=', 'a')
      .executeTakeFirstOrThrow(),
  );
  expect(row).toMatchObject({ gone: 1, body: '' });
});

test('[FEED-6] nothing new is at most 1 KB with six feeds', async () => {
  const more = Array.from({ length: 3 }, () => here.office.world.uuid());
  await here.office.database.write(async (tx) => {
    for (const [index, id] of more.entries()) {
      await tx
        .insertInto('grid')
        .values({ community_id: here.communityId, id, name: `${index}`, position: index })
        .execute();
      await tx
        .insertInto('account_grid')
        .values({
          community_id: here.communityId,
          account_id: phone.account.id,
          grid_id: id,
          from_at: '2026-01-01',
          until_at: null,
        })
        .execute();
    }
  });
  await phone.pull();
  const text = await (await phone.send(phone.request())).text();
  expect(JSON.parse(text).feeds).toHaveLength(6);
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(1024);
});

test('[FEED-7] an item of a type that this version does not know is told as it stands', async () => {
  const type: FeedChange['type'] = JSON.parse('"weather"');
  await tell({ feed: grid, type, id: 'today', body: { wind: 3 } });
  await phone.pull();
  expect(phone.item(grid, 'weather', 'today')).toEqual({ wind: 3 });
});

test("[FEED-8] a body is read after its feed's row is locked", async () => {
  const before = (await versionOf(grid)) ?? 0;
  let seen: number | undefined;
  await here.office.database.write(async (tx) => {
    const body = async () => {
      seen = (await tx.selectFrom('feed').select('version').where('id', '=', grid).executeTakeFirstOrThrow()).version;
      return {};
    };
    await publish(tx, here.communityId, [{ feed: grid, type: 'task', id: 'a', body }]);
  });
  expect(seen).toBe(before + 1);
});

test('feeds are locked in the order of their ids, whatever the order of the changes', async () => {
  const feeds = ['account/z', 'account/b', 'account/c', 'account/a'];
  const made = await here.office.database.write(async (tx) => {
    await publish(
      tx,
      here.communityId,
      feeds.map((feed) => ({ ...note('a', ''), feed })),
    );
    // A feed's first lock makes its row; rows lie as they were made.
    const place = sql.ref(here.office.database.engine === 'postgresql' ? 'ctid' : 'rowid');
    return sql<{ id: string }>`SELECT id FROM feed WHERE id LIKE 'account/_' ORDER BY ${place}`.execute(tx);
  });
  expect(made.rows.map(({ id }) => id)).toEqual([...feeds].sort());
});

test('a door whose body is replaced stays in the past under its version, and one that says nothing new keeps its version', async () => {
  const door = at(here.doors, 0);
  const versions = () =>
    here.office.database.read(async (db) => ({
      now: await db.selectFrom('feed_item').select('version').where('item_id', '=', door.id).execute(),
      past: await db.selectFrom('feed_past').select('version').where('item_id', '=', door.id).execute(),
    }));
  const first = await versions();
  await here.office.database.write((tx) => republishDoors(tx, here.communityId, [door.id]));
  expect(await versions()).toEqual(first);
  await here.office.database.write(async (tx) => {
    await tx
      .updateTable('resident')
      .set({ provenance: '{"default":{"confirmedAt":"2026-11-01T00:00:00Z"},"fields":{}}' })
      .where('dwelling_id', '=', door.id)
      .execute();
    await republishDoors(tx, here.communityId, [door.id]);
  });
  const second = await versions();
  expect(second.past).toEqual(first.now);
  expect(at(second.now, 0).version).toBeGreaterThan(at(first.now, 0).version);
});

test('a door that moves to another grid leaves the feed that it was in', async () => {
  const door = at(here.doors, 0);
  const other = here.phone(here.accounts.otherWorker);
  await phone.pull();
  await here.office.database.write(async (tx) => {
    await tx.updateTable('dwelling').set({ grid_id: here.grids[1] }).where('id', '=', door.id).execute();
    await republishDoors(tx, here.communityId, [door.id]);
  });
  await Promise.all([phone.pull(), other.pull()]);
  expect(phone.item(grid, 'dwelling', door.id)).toBeUndefined();
  expect(other.item(`grid/${here.grids[1]}`, 'dwelling', door.id)).toBeDefined();
});

test('[FEED-9] an answer is begun after its own push was committed, and tells community, grids, account', async () => {
  const pushed = await phone.verifies(at(here.doors, 0));
  const answer = await phone.ask({ push: [pushed] });
  expect(answer.feeds.map(({ id }) => id.split('/')[0])).toEqual(['community', 'grid', 'account']);
  expect(at(answer.feeds, 2).changes).toContainEqual(expect.objectContaining({ type: 'submission', id: pushed.id }));
});

test('[FEED-9] a decision never overtakes its change of the register, even when the answer is full', async () => {
  const door = at(here.doors, 0);
  await phone.pull();
  const pushed = await phone.verifies(door, { body: { outcome: 'vacant', dwelling: { use: 'vacant' } } });
  await phone.push(pushed);
  await tell(note('a', 'x'.repeat(3_000_000)), note('b', 'x'.repeat(3_000_000)));
  const answer = await phone.ask();
  expect(answer.feeds.map(({ more, changes }) => [more, changes.length])).toEqual([
    [false, 0],
    [true, 1],
    [true, 0],
  ]);
});

test("[FEED-10] a push changes no feed but its own account's", async () => {
  const versions = () => here.office.database.read((db) => db.selectFrom('feed').selectAll().orderBy('id').execute());
  const before = await versions();
  await phone.push(await phone.verifies(at(here.doors, 0)), await phone.verifies(at(here.foreignDoors, 0)));
  const changed = (await versions()).filter((feed, index) => feed.version !== before[index]?.version);
  expect(changed.map(({ id }) => id)).toEqual([`account/${phone.account.id}`]);
});

test('[FEED-10] acceptance by rule is a transaction of its own, found again after a crash', async () => {
  const knock = await phone.knocksInVain(at(here.doors, 0));
  await phone.push(knock);
  await afterworkDone(here.office);
  expect(await phone.record(knock.id)).toMatchObject({ review: 'approved' });

  const late = await phone.knocksInVain(at(here.doors, 1));
  await phone.push(late);
  await afterworkDone(here.office);
  await here.office.database.write(async (tx) => {
    // As if the process had died between the push's commit and the rule.
    await tx
      .updateTable('submission')
      .set({ review: 'pending', decision_id: null })
      .where('id', '=', late.id)
      .execute();
    await tx
      .insertInto('afterwork')
      .values({ community_id: here.communityId, submission_id: late.id, kind: 'attempt', at: 'now' })
      .execute();
  });
  await here.reopen();
  const { keepHouse } = await import('../../src/lib/server/sync/housekeeping');
  keepHouse(here.office)();
  await afterworkDone(here.office);
  expect(await phone.record(late.id)).toMatchObject({ review: 'approved' });
});

test('[DEV-4] a submission leaves its feed 90 days after it was approved', async () => {
  const pushed = await phone.verifies(at(here.doors, 0));
  await phone.push(pushed);
  const { digest } = pushed;
  const answer = await decide(here.office, here.accounts.coordinator, {
    submissionId: pushed.id,
    revision: 1,
    digest,
    previous: null,
    kind: 'approve',
  });
  expect(answer).toHaveProperty('done');
  here.forward(89 * 24 * 3600 * 1000);
  expect(await retireSubmissions(here.office)).toBe(0);
  here.forward(2 * 24 * 3600 * 1000);
  await phone.pull();
  expect(await retireSubmissions(here.office)).toBe(1);
  expect(await retireSubmissions(here.office)).toBe(0);
  expect(await phone.record(pushed.id)).toBeUndefined();
});

test('[DEV-4] one that waits for its worker stays, however long', async () => {
  const returned = await phone.verifies(at(here.doors, 0));
  const waiting = await phone.verifies(at(here.doors, 1));
  await phone.push(returned, waiting);
  const desk = new DeskForTests(here);
  expect(await desk.sendBack(returned.id)).toHaveProperty('done');
  here.forward(400 * 24 * 3600 * 1000);
  expect(await retireSubmissions(here.office)).toBe(0);
  await phone.pull();
  expect(await phone.record(returned.id)).toMatchObject({ review: 'returned' });
  expect(await phone.record(waiting.id)).toMatchObject({ review: 'pending' });
});

test('[DEV-4] a submission whose approval is taken back while it is to leave its feed stays there', async () => {
  const { office, accounts } = here;
  const pushed = await phone.verifies(at(here.doors, 0));
  await phone.push(pushed);
  const about = { submissionId: pushed.id, revision: 1, digest: pushed.digest };
  const approved = await decide(office, accounts.coordinator, { ...about, previous: null, kind: 'approve' });
  if (!('done' in approved)) throw new Error('not approved');
  here.forward(91 * 24 * 3600 * 1000);
  // Its time has come, as was read; before it is written, somebody decides anew.
  const meanwhile: Office = {
    ...office,
    database: {
      ...office.database,
      async write(run) {
        const undo = { ...about, previous: approved.done, kind: 'undo' } as const;
        expect(await decide(office, accounts.coordinator, undo)).toHaveProperty('done');
        return office.database.write(run);
      },
    },
  };
  await retireSubmissions(meanwhile);
  expect(await phone.record(pushed.id)).toMatchObject({ review: 'pending' });
  expect((await checkOffice(office)).findings).toEqual([]);
});

test('[RES-3] another epoch, or a cursor ahead of its feed, is told from 0 with reset', async () => {
  await phone.pull();
  const strange = await phone.ask({ epoch: here.office.world.uuid(), limit: 1 });
  expect(strange.feeds.map(({ reset, version, more }) => [reset, version, more])).toEqual([
    [true, 1, true],
    [true, 0, true],
    [true, 0, true],
  ]);
  const ahead = await phone.ask({ have: { ...phone.have, [grid]: 1_000_000 } });
  const told = at(ahead.feeds, 1);
  expect(told.reset).toBe(true);
  expect(told.changes.length).toBeGreaterThan(4);
  expect(at(ahead.feeds, 0)).toMatchObject({ more: false, changes: [] });
  expect(at(ahead.feeds, 0).reset).toBeUndefined();
});

test('[RES-2] of what is offered the office wants what it misses', async () => {
  const held = await phone.verifies(at(here.doors, 0));
  const other = await phone.verifies(at(here.doors, 0), { id: held.id, secondsOpen: 7 });
  const lost = await phone.verifies(at(here.doors, 1));
  await phone.push(held);
  const offer = [held, other, lost].map(({ id, revision, digest }) => ({ id, revision, digest }));
  expect((await phone.ask({ offer })).wanted).toEqual([
    { id: other.id, revision: 1 },
    { id: lost.id, revision: 1 },
  ]);
  const stranger = here.phone(here.accounts.volunteer);
  expect((await stranger.ask({ offer: offer.slice(0, 1) })).wanted).toEqual([{ id: held.id, revision: 1 }]);
});
