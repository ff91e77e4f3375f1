// The page of a peer that is bundled here, as the bench drives it: `window.bench` of pages/common.mjs.
import { BUILDING_SIZE, building, buildingKey, canonical, changedIndexes, register, submission } from './data.mjs';

export function bundledDriver({ server, url, items, seed }) {
  const all = register(items, seed);
  return {
    unit: `${items} items`,
    async prepare() {},
    async open(page) {
      await page.goto(url());
      await page.evaluate(() => window.bench.ready());
    },
    firstPull: (page) => page.evaluate(() => window.bench.pull()),
    pull: (page) => page.evaluate(() => window.bench.pull()),
    push: (page) => page.evaluate(() => window.bench.push()),
    async checkFirst(page) {
      const probe = changedIndexes(items, Math.min(items, 500)).map((index) => all[index]);
      equal('items after first pull', await page.evaluate(() => window.bench.count()), items);
      same('first pull', await page.evaluate((p) => window.bench.read(p), probe), probe);
    },
    async checkDelta(page, after) {
      equal('items after delta', await page.evaluate(() => window.bench.count()), items);
      same('delta', await page.evaluate((p) => window.bench.read(p), after), after);
    },
    queue: async (page, records) =>
      (await page.evaluate(([n, of, s]) => window.bench.queue(n, of, s), [records, items, seed])).seconds,
    async checkPush(page, records) {
      const count = Math.min(records, 100),
        sample = Array.from({ length: count }, (_, i) => submission(Math.floor((i * records) / count), items, seed));
      const sent = await server.call(
        'sent',
        sample.map((s) => s.id),
      );
      equal('records at the server', sent.count, records);
      same('push', sent.records, sample);
    },
    async cold(_, number) {
      const expected = building(number, seed).slice(0, items - number * BUILDING_SIZE);
      return {
        address: url({ building: buildingKey(number) }),
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

function same(what, got, expected) {
  expected.forEach((e, i) => {
    if (canonical(got[i] ?? null) !== canonical(e))
      throw new Error(`${what}: record ${i} differs\n${JSON.stringify(got[i])}\n${JSON.stringify(e)}`);
  });
}
function equal(what, got, expected) {
  if (got !== expected) throw new Error(`${what}: ${got} instead of ${expected}`);
}
