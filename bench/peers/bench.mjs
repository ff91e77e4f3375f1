// node bench.mjs [--items 10000] [--runs 3] [--peer qiaomen,pouchdb,rxdb] [--link none|weak] [--records 1000] [--changes 100] [--throttle 4] [--cold 3]
//               [--seed N] [--json FILE] [--set batch=500] [--verbose]
import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import { bundledDriver } from './bundled-page.mjs';
import { SEED, canonical, changed, changedIndexes, doors, register } from './data.mjs';
import { peers } from './peers.mjs';
import { countingProxy, links } from './proxy.mjs';
import { qiaomenDriver } from './qiaomen-page.mjs';
import { freePort, startQiaomen } from '../office/start.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const { values: given } = parseArgs({
  options: {
    items: { type: 'string', default: '10000' },
    runs: { type: 'string', default: '3' },
    peer: { type: 'string', default: 'qiaomen,pouchdb,rxdb' },
    records: { type: 'string', default: '1000' },
    changes: { type: 'string', default: '100' },
    throttle: { type: 'string', default: '4' },
    cold: { type: 'string', default: '3' },
    link: { type: 'string', default: 'none' },
    seed: { type: 'string', default: String(SEED) },
    json: { type: 'string' },
    set: { type: 'string', multiple: true, default: [] },
    verbose: { type: 'boolean', default: false },
  },
});
const [items, runs, records, changes, throttle, cold, seed] = [
  'items',
  'runs',
  'records',
  'changes',
  'throttle',
  'cold',
  'seed',
].map((k) => Number(given[k]));
const chosen = given.peer.split(',');
for (const name of chosen)
  if (!peers[name]) throw new Error(`no peer ${name}; there are ${Object.keys(peers).join(', ')}`);
if (!(given.link in links)) throw new Error(`no link ${given.link}; there are ${Object.keys(links).join(', ')}`);
const NODE = path.join(here, 'node_modules/node/bin/node'); // Node 24: better-sqlite3 13 crashes on 20
const CHROMIUM =
  process.env.CHROMIUM_PATH ??
  ['/usr/bin/chromium', '/usr/bin/google-chrome'].find((file) => existsSync(file)) ??
  chromium.executablePath();
const say = (...a) => console.error(...a),
  pause = (ms) => new Promise((r) => setTimeout(r, ms));

/** Bytes of a bundled peer's page. */
async function bundle(name) {
  const to = path.join(here, '.cache/pages');
  mkdirSync(to, { recursive: true });
  const html = (script) =>
    `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>${name}</title><link rel="icon" href="data:,"><main></main>${script}</html>`;
  await build({
    entryPoints: [path.join(here, `pages/${name}.mjs`)],
    outfile: path.join(to, `${name}.js`),
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'chrome120',
    define: { global: 'globalThis', 'process.env.NODE_ENV': '"production"' },
    logLevel: 'warning',
  });
  writeFileSync(path.join(to, `${name}.html`), html(`<script src="${name}.js"></script>`));
  const code = readFileSync(path.join(to, `${name}.js`));
  return { bytes: code.length, gzip: gzipSync(code).length };
}

async function startBundled(peer, dir) {
  const child = fork(path.join(here, peer.server), [JSON.stringify({ items, seed, dir })], {
    execPath: NODE,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const waiting = new Map();
  let n = 0,
    ready;
  const port = await new Promise((resolve, reject) => {
    ready = resolve;
    child.on('message', (m) => {
      if (m.port) return ready(m.port);
      const w = waiting.get(m.n);
      waiting.delete(m.n);
      if (m.error) w.reject(new Error(m.error));
      else w.resolve(m.result);
    });
    child.on('exit', (code, signal) => {
      const e = new Error(`server ended: ${code ?? signal}`);
      reject(e);
      for (const w of waiting.values()) w.reject(e);
    });
  });
  return {
    port,
    call: (call, ...args) =>
      new Promise((resolve, reject) => {
        waiting.set(++n, { resolve, reject });
        child.send({ n, call, args });
      }),
    stop: () =>
      new Promise((done) => {
        child.on('exit', done);
        child.disconnect();
      }),
  };
}

// A profile on disk: in Playwright's ordinary contexts (off the record) IndexedDB lives in memory.
const openBrowser = (profile) =>
  chromium.launchPersistentContext(profile, {
    executablePath: CHROMIUM,
    chromiumSandbox: process.getuid?.() !== 0,
    headless: true,
    viewport: { width: 412, height: 915 },
  });
const spin = () => {
  const from = performance.now();
  let x = 0;
  for (let i = 0; i < 3e7; i++) x = (x * 31 + i) | 0;
  return { ms: performance.now() - from, x };
};
const route = ({ method, path: p }) =>
  method +
  ' ' +
  p
    .split('?')[0]
    .replace(/_local\/.*/, '_local/…')
    .replace(/^\/_app\/.*/, '/_app/…');

/** A server, the counting line before it, and how its page is driven. */
async function start(name, dir) {
  const peer = peers[name];
  const query = { ...peer.query, ...Object.fromEntries(given.set.map((s) => s.split('='))) };
  if (peer.own) {
    const port = await freePort(),
      proxy = await countingProxy(port, links[given.link]);
    const server = await startQiaomen({
      environment: { DATA_DIR: dir + '/server' },
      items,
      seed,
      ports: [port],
      origin: proxy.origin,
      node: NODE,
    });
    return {
      server,
      proxy,
      driver: qiaomenDriver({ server, origin: proxy.origin, items, seed, accountId: server.accountId }),
    };
  }
  const server = await startBundled(peer, dir + '/server'),
    proxy = await countingProxy(server.port, links[given.link]);
  const url = (extra = {}) => `${proxy.origin}/app/${peer.page}.html?${new URLSearchParams({ ...query, ...extra })}`;
  return { server, proxy, driver: bundledDriver({ server, url, items, seed }) };
}

async function oneRun(name) {
  const dir = mkdtempSync(path.join(os.tmpdir(), `peers-${name}-`)),
    out = { peer: name };
  mkdirSync(dir + '/server');
  mkdirSync(dir + '/profile');
  let server, proxy, browser, driver;
  try {
    ({ server, proxy, driver } = await start(name, dir));
    browser = await openBrowser(dir + '/profile');
    out.browser = browser.browser()?.version();
    out.unit = driver.unit;
    await driver.prepare(browser);
    const page = browser.pages()[0] ?? (await browser.newPage());
    page.setDefaultTimeout(600_000);
    page.on('pageerror', (e) => say('page error:', e.message));
    page.on('console', (m) => {
      if (given.verbose) say('console:', m.text().slice(0, 300));
    });
    await driver.open(page);

    const measure = async (label, run) => {
      await pause(500);
      proxy.takeLog();
      const before = proxy.count(),
        cpu = await server.call('cpu');
      const { seconds, ...more } = await run(page).catch((e) => {
        e.message +=
          '\n' +
          proxy
            .takeLog()
            .map((l) => `${l.status} ${l.method} ${l.path}`)
            .join('\n');
        throw e;
      });
      await pause(300); // requests nobody waits for are part of it too
      const after = proxy.count(),
        log = proxy.takeLog(),
        by = {};
      for (const entry of log) by[route(entry)] = (by[route(entry)] ?? 0) + 1;
      const [bodyUp, bodyDown] = ['bodyUp', 'bodyDown'].map((k) => log.reduce((sum, entry) => sum + entry[k], 0));
      out[label] = {
        seconds,
        ...more,
        up: after.up - before.up,
        down: after.down - before.down,
        bodyUp,
        bodyDown,
        requests: log.length,
        serverCpuSeconds: (await server.call('cpu')) - cpu,
        requestsBy: by,
        refused: log.filter((e) => e.status >= 400).length,
      };
      say(
        `  ${name} ${label}: ${seconds.toFixed(3)} s, ${out[label].up} up, ${out[label].down} down, ${log.length} requests, server CPU ${out[label].serverCpuSeconds.toFixed(2)} s`,
        given.verbose ? by : '',
      );
    };

    await measure('firstPull', driver.firstPull);
    await driver.checkFirst(page);
    await measure('nothingPull', driver.pull);

    await server.call('change', changes);
    await measure('delta', driver.pull);
    const all = register(items, seed),
      next = [...all];
    for (const i of changedIndexes(items, changes)) next[i] = changed(all[i], 1, seed);
    const was = new Set(doors(all).map(canonical));
    await driver.checkDelta(
      page,
      peers[name].own
        ? doors(next).filter((door) => !was.has(canonical(door)))
        : changedIndexes(items, changes).map((i) => next[i]),
    );

    out.queueSeconds = await driver.queue(page, records);
    await measure('push', driver.push);
    await driver.checkPush(page, records);
    await measure('nothingPush', driver.push);
    await pause(1000);
    await browser.close();
    browser = undefined;

    out.coldStart = [];
    for (let i = 0; i < cold; i++) {
      // a new browser process each time, on the stored profile
      browser = await openBrowser(dir + '/profile');
      const p = browser.pages()[0] ?? (await browser.newPage());
      await p.goto('about:blank');
      const free = (await p.evaluate(`(${spin})(), (${spin})()`)).ms; // the first one warms up
      const { address, rows, ids } = await driver.cold(p, Math.floor(((i + 0.5) * driver.last) / cold));
      const cdp = await browser.newCDPSession(p);
      await cdp.send('Emulation.setCPUThrottlingRate', { rate: throttle });
      proxy.takeLog();
      await p.goto(address, { waitUntil: 'commit' });
      // Asked by the debugger, for Playwright's own wait has the page read a script of 330 KB in the midst of its start.
      const expression = 'Boolean(window.shown?.ms ?? window.shown?.error)';
      const isShown = () => cdp.send('Runtime.evaluate', { expression }).then(({ result }) => result.value === true);
      while (!(await isShown().catch(() => false))) await pause(20);
      const shown = await p.evaluate(() => window.shown);
      if (shown.error) throw new Error(shown.error);
      if (shown.rows !== rows || shown.ids.join() !== ids)
        throw new Error(`cold start shows ${shown.rows} rows instead of ${rows}`);
      const slowed = (await p.evaluate(`(${spin})(), (${spin})()`)).ms;
      const load = proxy.takeLog().length;
      out.coldStart.push({ seconds: shown.ms / 1000, throttleMeasured: slowed / free, requests: load });
      say(
        `  ${name} cold start: ${(shown.ms / 1000).toFixed(3)} s (throttle measured ${(slowed / free).toFixed(1)}×, ${load} requests)`,
      );
      await browser.close();
      browser = undefined;
    }
    return out;
  } finally {
    await browser?.close().catch(() => {});
    await proxy?.close();
    await server?.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

// ---- run and report
const stats = (list) => {
  const s = [...list].sort((a, b) => a - b),
    m = s.length >> 1;
  return { min: s[0], median: s.length % 2 ? s[m] : (s[m - 1] + s[m]) / 2, max: s.at(-1) };
};
const machine = () =>
  `${os.cpus().length} × ${os.cpus()[0].model.trim()}, ${Math.round(os.totalmem() / 2 ** 30)} GiB, ${os.type()} ${os.release()}, ${(existsSync('/etc/os-release') && /PRETTY_NAME="(.*)"/.exec(readFileSync('/etc/os-release', 'utf8'))?.[1]) || ''}, bench on Node ${process.versions.node}, servers on Node ${JSON.parse(readFileSync(path.join(here, 'node_modules/node/package.json'))).version}`;

const scripts = {},
  results = [],
  failures = [];
for (const name of chosen) if (peers[name].page) scripts[name] = await bundle(peers[name].page);
const started = new Date();
for (let run = 1; run <= runs; run++)
  for (const name of chosen) {
    // peers take turns, so that a slow minute of the machine hits all
    say(`run ${run} of ${runs}: ${name}`);
    try {
      results.push({ run, ...(await oneRun(name)) });
    } catch (e) {
      failures.push({ run, peer: name, error: String(e?.stack ?? e) });
      say(`  FAILED: ${e?.message}\n${e?.stack ?? e}`);
    }
  }

const s2 = (x) => x.toFixed(x < 0.1 ? 3 : 2),
  kb = (x) =>
    x < 10_000 ? `${Math.round(x)} B` : x < 1e6 ? `${(x / 1000).toFixed(1)} kB` : `${(x / 1e6).toFixed(2)} MB`,
  n0 = (x) => String(x);
const MEASURES = [
  ...[
    ['firstPull', `1. first pull of ${items} items`],
    ['push', `2. push of ${records} records`],
    ['delta', `3. ${changes} changes of ${items}`],
    ['nothingPull', '4. nothing new, pull'],
    ['nothingPush', '4. nothing new, push'],
  ].flatMap(([k, title]) => [
    [`${title}: seconds`, (r) => [r[k].seconds], s2],
    [`${title}: bytes up`, (r) => [r[k].up], kb],
    [`${title}: bytes down`, (r) => [r[k].down], kb],
    ...(k.startsWith('nothing')
      ? [
          [`${title}: body up`, (r) => [r[k].bodyUp], kb],
          [`${title}: body down`, (r) => [r[k].bodyDown], kb],
        ]
      : []),
    [`${title}: requests`, (r) => [r[k].requests], n0],
    [`${title}: server CPU s`, (r) => [r[k].serverCpuSeconds], s2],
    ...(k === 'firstPull'
      ? [
          [
            `${title}: first doors stored, s`,
            (r) => (r[k].firstDoorsSeconds === undefined ? [] : [r[k].firstDoorsSeconds]),
            s2,
          ],
        ]
      : []),
  ]),
  [`5. cold start to one building shown, CPU ${throttle}×: seconds`, (r) => r.coldStart.map((c) => c.seconds), s2],
];
const summary = {},
  rows = [];
for (const [title, of, format] of MEASURES) {
  const cells = chosen.map((name) => {
    const runsOf = results.filter((r) => r.peer === name),
      values = runsOf.flatMap(of);
    if (!runsOf.length) return 'failed';
    if (!values.length) return '–';
    const s = stats(values);
    (summary[name] ??= {})[title] = s;
    const three = [s.min, s.median, s.max].map(format);
    return new Set(three).size === 1 ? three[0] : three.join(' / ');
  });
  rows.push([title, ...cells]);
}
rows.push(['stored as', ...chosen.map((name) => results.find((r) => r.peer === name)?.unit ?? 'failed')]);
const head = ['min / median / max', ...chosen],
  width = head.map((_, i) => Math.max(head[i].length, ...rows.map((r) => r[i].length)));
const line = (cells) => '| ' + cells.map((c, i) => c.padEnd(width[i])).join(' | ') + ' |';
const table = [line(head), '|' + width.map((w) => '-'.repeat(w + 2)).join('|') + '|', ...rows.map(line)].join('\n');
const about = [
  `date: ${started.toISOString()}`,
  `machine: ${machine()}`,
  `browser: headless Chromium ${results[0]?.browser ?? '?'}, profile on disk; HTTP/1.1 over ${given.link === 'none' ? 'loopback' : JSON.stringify(links[given.link])}`,
  ...chosen.map(
    (n) =>
      `${n}: ${peers[n].title}${peers[n].own ? '' : `; ${new URLSearchParams({ ...peers[n].query, ...Object.fromEntries(given.set.map((s) => s.split('='))) })}`}`,
  ),
  `data: seed ${seed}, register of ${items} items sha256 ${createHash('sha256').update(register(items, seed).map(canonical).join('\n')).digest('hex').slice(0, 16)}; ${runs} runs, ${cold} cold starts in each${failures.length ? `; ${failures.length} FAILED` : ''}`,
];
console.log(about.join('\n') + '\n\n' + table);
if (given.json)
  writeFileSync(
    given.json,
    JSON.stringify(
      { started, machine: machine(), arguments: given, about, table, scripts, summary, results, failures },
      null,
      1,
    ),
  );
process.exitCode = failures.length ? 1 : 0;
