/**
 * What one office bears. node bench/load.mjs [--what phones,feeds,queue] [--database sqlite|postgres] [--processes 1] [--phones 1000] [--records 20] [--json FILE]
 * - phones: that many phones, signed in beforehand, each push their records at once; receipts are counted against rows;
 * - feeds: a pull of 100 changes with 5,000, 50,000 and 500,000 items in the feed;
 * - queue: the review desk with 100,000 submissions waiting.
 * Needs the built app (`npm run build`). Phones are this process, on the same cores as the office.
 */
import '../scripts/node-version.mjs';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { Agent, request } from 'node:http';
import { freePort, startQiaomen } from './office/start.mjs';
import { gridId } from './office/ids.mjs';
import { machine, stats } from './machine.mjs';
import { BUILDING_SIZE, SEED, building, canonical, submission } from './peers/data.mjs';

const { values: given } = parseArgs({
  options: {
    what: { type: 'string', default: 'phones,feeds,queue' },
    database: { type: 'string', default: 'sqlite' },
    processes: { type: 'string', default: '1' },
    phones: { type: 'string', default: '1000' },
    records: { type: 'string', default: '20' },
    waiting: { type: 'string', default: '100000' },
    feeds: { type: 'string', default: '5000,50000,500000' },
    json: { type: 'string' },
  },
});
const [processes, phones, records, waiting] = ['processes', 'phones', 'records', 'waiting'].map((k) =>
  Number(given[k]),
);
const items = 10_000;
const agent = new Agent({ keepAlive: true, maxSockets: Infinity });
const say = (...words) => console.error(...words);
const seconds = (from) => (performance.now() - from) / 1000;

/** One request: status, headers, body as text, and how long it took, ms. */
function ask(address, { method = 'GET', headers = {}, body, over = agent } = {}) {
  const from = performance.now();
  return new Promise((resolve, reject) => {
    const sent = request(
      address,
      { method, agent: over, headers: { ...headers, ...(body && { 'content-length': body.length }) } },
      (answer) => {
        const parts = [];
        answer.on('data', (part) => parts.push(part));
        answer.on('end', () =>
          resolve({
            status: answer.statusCode,
            headers: answer.headers,
            text: Buffer.concat(parts).toString(),
            ms: performance.now() - from,
          }),
        );
        answer.on('error', reject);
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

async function signIn(address, origin, { username, password }) {
  const body = Buffer.from(JSON.stringify({ username, password }));
  const answer = await ask(`${address}/api/auth/sign-in/username`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin },
    body,
  });
  if (answer.status !== 200) throw new Error(`sign-in of ${username}: ${answer.status} ${answer.text}`);
  return answer.headers['set-cookie'].map((cookie) => cookie.split(';')[0]).join('; ');
}

function sync(address, origin, cookie, question, over = agent) {
  const body = gzipSync(
    JSON.stringify({
      protocol: 1,
      device: { id: '00000000-0000-7000-8000-000000000001', app: 'bench', clock: Date.now() },
      epoch: null,
      push: [],
      offer: [],
      have: {},
      limit: 2000,
      ...question,
    }),
  );
  return ask(`${address}/api/sync`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'content-encoding': 'gzip', origin, cookie },
    body,
    over,
  });
}

/** Runs `work` over `list`, at most `width` at a time. */
async function each(list, width, work) {
  const queue = list.entries();
  const out = [];
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (const [index, one] of queue) out[index] = await work(one, index);
    }),
  );
  return out;
}

async function office(run) {
  const dir = mkdtempSync(path.join(tmpdir(), 'qiaomen-load-'));
  const postgres =
    given.database === 'postgres' ? await (await import('./office/postgres.mjs')).postgresForBench() : null;
  const environment = {
    DATA_DIR: dir,
    AUTH_SECRET: 'a secret of thirty-two characters or more',
    ...(postgres && { DATABASE_URL: postgres.url }),
  };
  const ports = await each(Array.from({ length: processes }), 1, freePort);
  const origin = `http://127.0.0.1:${ports[0]}`;
  const server = await startQiaomen({ environment, items, seed: SEED, ports, origin, node: process.execPath });
  try {
    return {
      engine: postgres?.version ?? 'SQLite',
      ...(await run({ server, origin, at: (index) => server.addresses[index % processes] })),
    };
  } finally {
    await server.stop();
    await postgres?.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Household verifications of one grid, as phones of it would have saved them; `held`: the version of each door that they hold. */
function* recordsOf(gridKey, held = new Map()) {
  const buildings = Math.ceil(items / BUILDING_SIZE);
  for (let k = 0; ; k += 1) {
    if (building(k % buildings)[0].grid !== gridKey) continue;
    const { digest: _, basis: __, ...rest } = submission(k, items);
    // The harness lets some be born after they were seen; an office rightly asks about those.
    if (rest.body.households.some(({ residents }) => residents.some(({ birthDate }) => birthDate > rest.recordedAt)))
      continue;
    const version = held.get(rest.target.id);
    const revision = { ...rest, basis: version === undefined ? {} : { [rest.target.id]: version } };
    yield { ...revision, digest: createHash('sha256').update(canonical(revision)).digest('base64url') };
  }
}

async function thousandPhones({ server, origin, at }) {
  const made = await server.call('phones', phones);
  say(`${phones} phones sign in …`);
  const cookies = await each(made, 8, (phone, index) =>
    signIn(at(index), origin, { ...phone, password: server.password }),
  );
  const heads = new Map();
  for (const [index, { gridKey }] of made.entries()) {
    if (heads.has(gridKey)) continue;
    // What the phone holds already, so that only its push and the decisions on it are on the wire.
    const have = {};
    const doors = new Map();
    for (let more = true, epoch = null; more;) {
      const answer = JSON.parse((await sync(at(index), origin, cookies[index], { have, epoch })).text);
      epoch = answer.epoch;
      more = answer.feeds.some((feed) => feed.more);
      for (const feed of answer.feeds) {
        if (!feed.id.startsWith('account/')) have[feed.id] = feed.version;
        for (const { type, id, version } of feed.changes) if (type === 'dwelling') doors.set(id, version);
      }
      heads.set(gridKey, { epoch, have, doors });
    }
  }
  const streams = new Map([...heads].map(([key, { doors }]) => [key, recordsOf(key, doors)]));
  const pushes = made.map(({ gridKey }) => Array.from({ length: records }, () => streams.get(gridKey).next().value));
  const tally = { receipts: 0, quarantined: 0, problems: {}, refused: 0, busy: 0, broken: 0, brokenBy: {} };
  const latencies = [];
  let peak = 0;
  const watch = setInterval(() => void server.call('memory').then((bytes) => (peak = Math.max(peak, bytes))), 200);
  const cpuBefore = await server.call('cpu');
  // Each comes back over a connection of its own: none is left from the sign-in.
  const fresh = new Agent({ keepAlive: true, maxSockets: Infinity });
  say('and push at once …');
  const from = performance.now();
  await Promise.all(
    made.map(async ({ gridKey }, index) => {
      for (let tries = 0; ; tries += 1) {
        const { epoch, have } = heads.get(gridKey);
        const question = { epoch, have, push: pushes[index] };
        const answer = await sync(at(index), origin, cookies[index], question, fresh).catch(({ code = 'unknown' }) => {
          tally.brokenBy[code] = (tally.brokenBy[code] ?? 0) + 1;
          return null;
        });
        if (answer?.status === 200) {
          latencies.push(answer.ms);
          for (const { status, problems } of JSON.parse(answer.text).receipts) {
            tally[status === 'stored' ? 'receipts' : 'quarantined'] += 1;
            for (const { code } of problems ?? []) tally.problems[code] = (tally.problems[code] ?? 0) + 1;
          }
          return;
        }
        if (answer?.status === 503 || answer?.status === 429) tally.busy += 1;
        else if (answer) tally.refused += 1;
        else tally.broken += 1;
        // As the app does: the time that the office names, then full jitter.
        const span = Math.min(300_000, 2000 * 2 ** tries);
        await new Promise((later) =>
          setTimeout(later, 1000 * Number(answer?.headers['retry-after'] ?? 0) + Math.random() * span),
        );
      }
    }),
  );
  const took = seconds(from);
  clearInterval(watch);
  fresh.destroy();
  const stored = await server.call('sent', []);
  return {
    seconds: took,
    recordsPerSecond: (phones * records) / took,
    latencyMs: { p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99), max: Math.max(...latencies) },
    serverCpuSeconds: (await server.call('cpu')) - cpuBefore,
    peakMemoryMB: Math.round(peak / 2 ** 20),
    ...tally,
    rows: stored.count,
    lost: phones * records - stored.count,
    doubled: Math.max(0, stored.count - phones * records),
  };
}

async function pulls({ server, origin, at }) {
  const cookie = await signIn(at(0), origin, server);
  const out = [];
  for (const size of given.feeds.split(',').map(Number)) {
    say(`a feed of ${size} items …`);
    const feed = await server.call('growFeed', size);
    const first = JSON.parse((await sync(at(0), origin, cookie, { limit: 1 })).text);
    const times = [];
    let changes = 0;
    for (let run = 0; run < 21; run += 1) {
      const have = await server.call('versions');
      await server.call('touch', feed, 100);
      const answer = await sync(at(0), origin, cookie, { epoch: first.epoch, have });
      changes = JSON.parse(answer.text).feeds.reduce((sum, { changes: told }) => sum + told.length, 0);
      if (run > 0) times.push(answer.ms);
    }
    out.push({ items: size, changes, ms: stats(times) });
  }
  return { pulls: out };
}

async function queue({ server, origin, at }) {
  const phone = (await server.call('phones', 12))[0];
  const cookie = await signIn(at(0), origin, { ...phone, password: server.password });
  const stream = recordsOf(phone.gridKey);
  for (let n = 0; n < 2; n += 1) {
    const push = Array.from({ length: 100 }, () => stream.next().value);
    const answer = await sync(at(0), origin, cookie, { push, limit: 1 });
    if (answer.status !== 200) throw new Error(`push: ${answer.status}`);
  }
  say(`${waiting} submissions …`);
  await server.call('growQueue', waiting);
  const desk = await signIn(at(0), origin, { username: await server.call('coordinator'), password: server.password });
  const pages = {
    open: () => '/desk/review',
    'filter: changed': () => '/desk/review?show=changed',
    'filter: one grid': () => `/desk/review?grid=${gridId(phone.gridKey)}`,
    'filter: one kind': () => '/desk/review?kind=household-verification',
    'page 100': () => '/desk/review?page=100',
    next: (last) =>
      last
        .match(/href="([^"]*\/desk\/review\?[^"]*id=[^"]*)"/g)?.[1]
        ?.slice(6, -1)
        .replaceAll('&amp;', '&') ?? '/desk/review',
  };
  const out = {};
  let last = '';
  for (const [name, addressOf] of Object.entries(pages)) {
    const times = [];
    for (let run = 0; run < 41; run += 1) {
      const answer = await ask(at(0) + addressOf(last), { headers: { cookie: desk, accept: 'text/html' } });
      if (answer.status !== 200) throw new Error(`${name}: ${answer.status}`);
      last = answer.text;
      if (run > 0) times.push(answer.ms);
    }
    out[name] = { ...stats(times), p95: quantile(times, 0.95) };
  }
  return { queue: waiting, pages: out };
}

function quantile(list, q) {
  const sorted = [...list].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))];
}

const benches = { phones: thousandPhones, feeds: pulls, queue };
const results = {};
for (const what of given.what.split(',')) {
  if (!benches[what]) throw new Error(`no bench ${what}; there are ${Object.keys(benches).join(', ')}`);
  results[what] = await office(benches[what]);
  say(results[what]);
}
agent.destroy();
const report = {
  machine: machine(),
  date: new Date().toISOString(),
  database: given.database,
  processes,
  phones,
  records,
  results,
};
console.log(JSON.stringify(report, null, 1));
if (given.json) writeFileSync(given.json, JSON.stringify(report, null, 1));
