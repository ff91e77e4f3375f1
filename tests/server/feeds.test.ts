import { afterEach, beforeEach, expect, it } from 'vitest';
import { publish } from '../../src/lib/server/feeds/publish';
import { openTestOffice, type TestOffice } from './office-for-tests';

let t: TestOffice;
beforeEach(async () => {
  t = await openTestOffice({ doorsEach: 6 });
});
afterEach(() => t.close());

const gridFeed = () => `grid/${t.grids[0]}` as const;
const task = (id: string, text: string) => ({
  id,
  kind: 'verify',
  target: { type: 'grid', id: t.grids[0] },
  text,
  dueOn: null,
  urgency: null,
});
const put = (id: string, text: string) =>
  t.office.database.write((tx) =>
    publish(tx, t.communityId, [{ feed: gridFeed(), type: 'task', id, body: task(id, text) }]),
  );
const gone = (id: string) =>
  t.office.database.write((tx) => publish(tx, t.communityId, [{ feed: gridFeed(), type: 'task', id, gone: true }]));

it('[FEED-1] pages of any size end with the latest state of every item, changes between pages included', async () => {
  const small = t.phone(t.accounts.worker);
  const id = t.office.world.uuid();
  await put(id, 'one');
  small.keep(await small.ask({ limit: 3 }));
  await put(id, 'two');
  await small.pull(3);
  const whole = t.phone(t.accounts.worker);
  await whole.pull(5000);
  expect(small.items).toEqual(whole.items);
  expect(small.have).toEqual(whole.have);
  expect(small.item(gridFeed(), 'task', id)).toMatchObject({ text: 'two' });
});

it('[FEED-2] what was rolled back is never seen, what was committed is seen at once', async () => {
  const phone = t.phone(t.accounts.worker);
  await phone.pull();
  const before = { ...phone.have };
  const id = t.office.world.uuid();
  await expect(
    t.office.database.write(async (tx) => {
      await publish(tx, t.communityId, [{ feed: gridFeed(), type: 'task', id, body: task(id, 'never') }]);
      throw new Error('taken back');
    }),
  ).rejects.toThrow('taken back');
  await phone.pull();
  expect(phone.have).toEqual(before);
  await put(id, 'now');
  await phone.pull();
  expect(phone.item(gridFeed(), 'task', id)).toMatchObject({ text: 'now' });
});

it('[FEED-3] several writers leave versions without a gap, in order', async () => {
  const phone = t.phone(t.accounts.worker);
  await phone.pull();
  const from = phone.have[gridFeed()] ?? 0;
  const ids = Array.from({ length: 20 }, () => t.office.world.uuid());
  await Promise.all(ids.map((id) => put(id, 'together')));
  const answer = await phone.ask();
  const feed = answer.feeds.find(({ id }) => id === gridFeed());
  expect(feed?.changes.map(({ version }) => version)).toEqual(ids.map((_, index) => from + index + 1));
});

it('[FEED-4] limit bounds the changes over all feeds; more says that one is not told to its end', async () => {
  const phone = t.phone(t.accounts.worker);
  const answer = await phone.ask({ limit: 2 });
  const told = answer.feeds.flatMap(({ changes }) => changes);
  expect(told).toHaveLength(2);
  for (const { version, more, changes } of answer.feeds) {
    const last = changes.at(-1);
    if (more) expect(version).toBe(last?.version ?? 0);
  }
  expect(answer.feeds.some(({ more }) => more)).toBe(true);
});

it('[FEED-5] an item that left is told as gone to who had it, and not to who starts', async () => {
  const phone = t.phone(t.accounts.worker);
  const id = t.office.world.uuid();
  await put(id, 'short');
  await phone.pull();
  await gone(id);
  const { feeds } = await phone.ask();
  expect(feeds.flatMap(({ changes }) => changes)).toMatchObject([{ type: 'task', id, gone: true }]);
  const fresh = t.phone(t.accounts.worker);
  await fresh.pull();
  expect(fresh.item(gridFeed(), 'task', id)).toBeUndefined();
});

it('[FEED-6] nothing new is an answer of at most 1 KB', async () => {
  const phone = t.phone(t.accounts.worker);
  await phone.pull();
  const response = await phone.send(phone.request());
  const text = await response.text();
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(1024);
  expect(JSON.parse(text)).toMatchObject({ receipts: [], left: [] });
});

it('[FEED-8] a body is read after its feed is locked', async () => {
  const id = t.office.world.uuid();
  await t.office.database.write(async (tx) => {
    const before = await tx.selectFrom('feed').select('version').where('id', '=', gridFeed()).executeTakeFirstOrThrow();
    await publish(tx, t.communityId, [
      {
        feed: gridFeed(),
        type: 'task',
        id,
        body: async () => {
          const now = await tx
            .selectFrom('feed')
            .select('version')
            .where('id', '=', gridFeed())
            .executeTakeFirstOrThrow();
          expect(now.version).toBe(before.version + 1);
          return task(id, 'after the lock');
        },
      },
    ]);
  });
});

it('[SCO-7] no feed carries a whole identity number', async () => {
  const phone = t.phone(t.accounts.worker);
  await phone.push(
    await phone.revision({ target: { type: 'dwelling', id: t.doors[0]?.id }, body: { outcome: 'no-one-home' } }),
  );
  await phone.pull();
  const text = JSON.stringify([...phone.items.values()]);
  expect(text).toContain('idNumberMasked');
  expect(text).not.toMatch(/\d{17}[0-9X]/);
});

it('[FEED-10] a push changes no feed but its own account’s', async () => {
  const phone = t.phone(t.accounts.worker);
  const door = t.doors[0];
  if (!door) throw new Error('no door');
  const versions = () =>
    t.office.database.read(async (db) =>
      Object.fromEntries(
        (await db.selectFrom('feed').select(['id', 'version']).execute()).map((row) => [row.id, row.version]),
      ),
    );
  const before = await versions();
  await phone.push(await phone.verifies(door));
  const after = await versions();
  const changed = Object.keys(after).filter((id) => after[id] !== before[id]);
  expect(changed).toEqual([`account/${t.accounts.worker.id}`]);
});
