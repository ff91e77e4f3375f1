// Qiaomen's page as the bench drives it: the built app as it is, through its service worker. Nothing in the app knows of the bench: a sync is asked for
// by the browser's own `online` event, its end is what one tab tells another, and what is stored is read from IndexedDB.
import { createHash } from 'node:crypto';
import { buildingId } from '../office/ids.mjs';
import { BUILDING_SIZE, canonical, doors, register, submission } from './data.mjs';

/** Runs in every document before the app: notes when a sync has ended, and reads the database. */
function inPage(accountId) {
  const name = `qiaomen-${accountId}`;
  const absolute = () => performance.timeOrigin + performance.now();
  const ends = [];
  let wake = () => {},
    firstDoors;
  new BroadcastChannel(name).onmessage = ({ data }) => {
    if (data?.kind === 'items' && data.refs?.some(({ type }) => type === 'dwelling')) firstDoors ??= absolute();
    if (data?.kind !== 'synced') return;
    ends.push(absolute());
    wake();
  };
  const request = (asked) =>
    new Promise((resolve, reject) => {
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
  const open = () => request(indexedDB.open(name));
  const store = async (table, mode = 'readonly') =>
    (await open()).transaction(table, mode, { durability: 'strict' }).objectStore(table);
  /** The first end of a sync after `from`, absolute ms. */
  const endAfter = async (from) => {
    for (;;) {
      const end = ends.find((at) => at >= from);
      if (end) return end;
      await new Promise((heard) => (wake = heard));
    }
  };
  window.bench = {
    ready: async () => true,
    /** From the first sync request of this document to the end of that sync. */
    async firstPull() {
      const end = await endAfter(0);
      const first = performance.getEntriesByType('resource').find(({ name: address }) => address.endsWith('/api/sync'));
      const from = performance.timeOrigin + first.startTime;
      return { seconds: (end - from) / 1000, firstDoorsSeconds: (firstDoors - from) / 1000 };
    },
    async sync() {
      const from = absolute();
      window.dispatchEvent(new Event('online'));
      return { seconds: ((await endAfter(from)) - from) / 1000 };
    },
    async count() {
      return (await request((await store('items')).getAll())).filter(({ type }) => type === 'dwelling').length;
    },
    async waiting() {
      return request((await store('outbox')).count());
    },
    async sent() {
      return request((await store('sent')).count());
    },
    async read(ids) {
      const held = new Map((await request((await store('items')).getAll())).map((row) => [row.id, row]));
      const text = (row) => (row ? new TextDecoder().decode(row.body.open.json) : 'null');
      return ids.map((id) => JSON.parse(text(held.get(id))));
    },
    async versions(ids) {
      const held = new Map((await request((await store('items')).getAll())).map((row) => [row.id, row.version]));
      return ids.map((id) => held.get(id));
    },
    async queue(rows) {
      const outbox = await store('outbox', 'readwrite');
      for (const row of rows) outbox.put(row);
      await new Promise((resolve, reject) => {
        outbox.transaction.oncomplete = resolve;
        outbox.transaction.onabort = () => reject(outbox.transaction.error);
      });
    },
    spin() {
      const from = performance.now();
      let x = 0;
      for (let i = 0; i < 3e7; i++) x = (x * 31 + i) | 0;
      return { ms: performance.now() - from, x };
    },
  };
}

/** Runs in the document of a cold start: notes when all doors of the board are painted. */
function whenShown(rows) {
  const ids = () =>
    [...document.querySelectorAll('a.cell[href^="/door/"]')].map((cell) => cell.getAttribute('href').split('/')[2]);
  const look = () => {
    if (window.shown || ids().length < rows) return;
    window.shown = {};
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => (window.shown = { ms: performance.now(), rows: ids().length, ids: ids().sort() });
      channel.port2.postMessage(0);
    });
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true });
  window.addEventListener('DOMContentLoaded', look);
}

const digestOf = (value) => createHash('sha256').update(canonical(value)).digest('base64url');

/**
 * Numbers of the harness's first `count` submissions that an office can take as they are: a few name somebody who was born after they were written down,
 * which it rightly asks about, and the next one stands for them.
 */
function taken(count, items, seed) {
  const numbers = [];
  for (let k = 0; numbers.length < count; k += 1) {
    const { recordedAt, body } = submission(k, items, seed);
    const isBefore = ({ birthDate }) => !(birthDate > recordedAt);
    if (body.households.every(({ residents }) => residents.every(isBefore))) numbers.push(k);
  }
  return numbers;
}

/** The harness's k-th submission as a phone would have saved it: its basis is the door that the phone holds, its digest its own. */
function revisionOf(k, items, seed, version) {
  const { digest: _, basis: __, ...rest } = submission(k, items, seed);
  const revision = { ...rest, basis: { [rest.target.id]: version } };
  return { ...revision, digest: digestOf(revision) };
}

export function qiaomenDriver({ server, origin, items, seed, accountId }) {
  const all = doors(register(items, seed));
  const inBuilding = (key) => all.filter(({ building }) => building === key);
  /** Of a door what the harness made of it, in the harness's own shape: what the office adds is not compared. */
  const shapeOf = (body, like) =>
    Array.isArray(like)
      ? like.map((one, index) => shapeOf(body?.[index], one))
      : like && typeof like === 'object'
        ? Object.fromEntries(
            Object.keys(like)
              .filter((key) => !['idNumber', 'gridId', 'dwellingId', 'householdId'].includes(key))
              .map((key) => [key, shapeOf(body?.[key], like[key])]),
          )
        : (body ?? null);
  const byId = (list) => [...list].sort((a, b) => (a.id < b.id ? -1 : 1));
  const sorted = (body) =>
    body && { ...body, households: byId(body.households.map((one) => ({ ...one, residents: byId(one.residents) }))) };
  const compare = async (page, list) => {
    const held = await page.evaluate(
      (ids) => window.bench.read(ids),
      list.map(({ id }) => id),
    );
    list.forEach((door, index) => {
      const like = sorted(door.body),
        got = shapeOf(sorted(held[index]), like),
        expected = shapeOf(like, like);
      if (canonical(got) !== canonical(expected))
        throw new Error(`door ${door.id} differs\n${canonical(got)}\n${canonical(expected)}`);
    });
  };
  return {
    unit: `${all.length} doors that hold the same ${items} items`,
    async prepare(context) {
      await context.addInitScript(inPage, accountId);
    },
    /** The shell is on the phone already, as on the first morning after the app was installed. */
    async open(page) {
      await page.goto(origin);
      await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
      await page.reload();
      await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
      await page.locator('input[name=username]').fill(server.username);
      await page.locator('input[name=password]').fill(server.password);
    },
    async firstPull(page) {
      await page.locator('form button[type=submit]').click();
      return page.evaluate(() => window.bench.firstPull());
    },
    pull: (page) => page.evaluate(() => window.bench.sync()),
    push: (page) => page.evaluate(() => window.bench.sync()),
    async checkFirst(page) {
      equal('doors after first pull', await page.evaluate(() => window.bench.count()), all.length);
      await compare(
        page,
        all.filter((_, index) => index % Math.ceil(all.length / 500) === 0),
      );
    },
    async checkDelta(page, after) {
      equal('doors after delta', await page.evaluate(() => window.bench.count()), all.length);
      await compare(page, after);
    },
    async queue(page, records) {
      const numbers = taken(records, items, seed);
      const drafts = numbers.map((k) => submission(k, items, seed).target.id);
      const versions = await page.evaluate((ids) => window.bench.versions(ids), drafts);
      const revisions = versions.map((version, index) => revisionOf(numbers[index], items, seed, version));
      this.revisions = revisions;
      const rows = revisions.map((revision, index) => {
        const text = JSON.stringify(revision);
        return {
          id: revision.id,
          revision: 1,
          order: index + 1,
          digest: revision.digest,
          state: 'waiting',
          handedOver: 0,
          bytes: Buffer.byteLength(text),
          setAsideBy: null,
          body: { open: { text, problems: [] } },
        };
      });
      const from = performance.now();
      for (let at = 0; at < rows.length; at += 250)
        await page.evaluate((part) => window.bench.queue(part), rows.slice(at, at + 250));
      return (performance.now() - from) / 1000;
    },
    async checkPush(page, records) {
      equal('waiting after the push', await page.evaluate(() => window.bench.waiting()), 0);
      equal('receipts on the phone', await page.evaluate(() => window.bench.sent()), records);
      const sample = this.revisions.filter((_, index) => index % Math.ceil(records / 100) === 0);
      const sent = await server.call(
        'sent',
        sample.map(({ id }) => id),
      );
      equal('records at the server', sent.count, records);
      equal('records in quarantine', sent.quarantined, 0);
      sample.forEach((revision, index) => {
        if (canonical(sent.records[index]) !== canonical(revision)) throw new Error(`record ${revision.id} differs`);
      });
    },
    async cold(page, number) {
      const key = 'b' + String(number).padStart(5, '0'),
        expected = inBuilding(key);
      await page.addInitScript(whenShown, expected.length);
      return {
        address: `${origin}/building/${buildingId(key)}`,
        rows: expected.length,
        ids: expected
          .map(({ id }) => id)
          .sort()
          .join(),
      };
    },
    last: Math.ceil(items / BUILDING_SIZE),
  };
}

function equal(what, got, expected) {
  if (got !== expected) throw new Error(`${what}: ${got} instead of ${expected}`);
}
