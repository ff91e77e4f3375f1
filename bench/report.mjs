/** Writes what the benches measured as one page. Every figure comes from a bench's JSON; nothing here knows a result. */
import { causes } from './causes.mjs';

/** @param {{ machine: string, date: string, quick: boolean, results: Map<string, { status: number | null, measured: any }> }} given */
export function report({ machine, date, quick, results }) {
  const measured = (name) => results.get(name)?.measured ?? null;
  const section = (title, name, write) => {
    const head = `## ${title}\n\n`;
    if (!results.has(name)) return `${head}Not run.\n`;
    const { status, at } = results.get(name);
    const data = measured(name);
    if (!data) return `${head}Failed (exit ${status}): nothing was measured.\n`;
    return `${head}Measured ${at} UTC.\n\n${write(data)}\n${status === 0 ? '' : `\nThe bench ended with ${status}: see what it printed.\n`}`;
  };
  const phones = ['phones-sqlite-1', 'phones-postgres-1', 'phones-postgres-2'];
  return [
    '# What was measured\n',
    `\`npm run bench${quick ? ' -- --quick' : ''}\`, ${date}, on ${machine}. Written by \`bench/report.mjs\` from what the benches measured; min / median / max where there are three figures.\n`,
    goals(measured),
    section('Beside PouchDB and RxDB, loopback', 'peers-loopback', peersTable),
    section('Beside PouchDB and RxDB, weak link', 'peers-weak', peersTable),
    section('Script of the start page', 'weight', listed),
    section('On the phone, CPU 4×', 'phone', listed),
    `## Phones that come back at once\n\n${phonesTable(phones.map((name) => ({ name, ...results.get(name) })))}`,
    section('Feeds and review queue, SQLite', 'office-sqlite', officeTables),
    section('Feeds and review queue, PostgreSQL', 'office-postgres', officeTables),
    section('Roster of 20,000 rows', 'roster', listed),
  ].join('\n');
}

const table = (head, rows) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n') + '\n';
const round = (value) =>
  value === undefined || value === null
    ? '–'
    : value >= 100
      ? value.toFixed(0)
      : value >= 1
        ? value.toFixed(2)
        : value.toFixed(3);
const three = ({ min, median, max }) => [min, median, max].map(round).join(' / ');

/** Goals that a machine can compare; a goal whose bench did not run says so. */
function goals(measured) {
  const peer = (link, title) => measured(`peers-${link}`)?.summary?.qiaomen?.[title]?.median;
  const load = (name) => measured(name)?.results?.phones;
  const page = (name) => {
    const pages = measured(name)?.results?.queue?.pages;
    return pages && Math.max(...Object.values(pages).map(({ p95 }) => p95));
  };
  const rows = [
    ['first sync of 10,000 items, loopback, s', 0.6, peer('loopback', '1. first pull of 10000 items: seconds')],
    ['– weak link, s', 3.6, peer('weak', '1. first pull of 10000 items: seconds')],
    ['– weak link, MB down', 0.6, scaled(peer('weak', '1. first pull of 10000 items: bytes down'), 1e-6)],
    [
      '– weak link, first doors on the phone, s',
      1.5,
      peer('weak', '1. first pull of 10000 items: first doors stored, s'),
    ],
    ['push of 1,000, loopback, s', 0.35, peer('loopback', '2. push of 1000 records: seconds')],
    ['– weak link, s', 4.5, peer('weak', '2. push of 1000 records: seconds')],
    ['– weak link, MB up', 0.4, scaled(peer('weak', '2. push of 1000 records: bytes up'), 1e-6)],
    ['100 changes, weak link, s', 0.25, peer('weak', '3. 100 changes of 10000: seconds')],
    ['– requests', 1, peer('weak', '3. 100 changes of 10000: requests')],
    ['nothing new, body up, B', 1024, peer('loopback', '4. nothing new, pull: body up')],
    ['– body down, B', 1024, peer('loopback', '4. nothing new, pull: body down')],
    ['– requests', 1, peer('loopback', '4. nothing new, pull: requests')],
    [
      'cold start to one building, 10,000 items, 4×, s',
      1.0,
      peer('loopback', '5. cold start to one building shown, CPU 4×: seconds'),
    ],
    ...(measured('weight')?.figures ?? [])
      .filter(({ goal }) => goal)
      .map(({ what, goal, median }) => [what, goal, median]),
    ...(measured('phone')?.figures ?? [])
      .filter(({ goal }) => goal)
      .map(({ what, goal, median, p95 }) => [what, goal, p95 ?? median]),
    ['1,000 phones × 20 records at once, SQLite, one process, s', 30, load('phones-sqlite-1')?.seconds],
    ['– errors that a worker sees', 0, sum(load('phones-sqlite-1'), 'refused', 'broken')],
    ['review queue of 100,000, slowest page, p95 ms, SQLite', 100, page('office-sqlite')],
    ['– PostgreSQL', 100, page('office-postgres')],
    ...(measured('roster')?.figures ?? [])
      .filter(({ goal }) => goal)
      .map(({ what, goal, median }) => [what, goal, median]),
  ].map(([what, goal, value]) => [
    what,
    `≤ ${goal}`,
    value === undefined ? 'not run' : round(value),
    verdict(goal, value),
  ]);
  const missed = rows.flatMap(([, , , is], at) =>
    is.startsWith('missed') ? [`- ${topic(rows, at)}: ${causes[topic(rows, at)] ?? 'not looked into yet'}`] : [],
  );
  const why =
    missed.length > 0
      ? `\nWhat the profiles show where a goal is missed (processor times in them are of the machine that was profiled, which need not be the one above):\n\n${missed.join('\n')}\n`
      : '';
  return `## Goals\n\n${table(['what', 'goal', 'measured', ''], rows)}${why}`;
}

/** What a row is about: one that begins with a dash goes on from the row above it. */
function topic(rows, at) {
  const [what] = rows[at];
  if (!what.startsWith('– ')) return what;
  const above = rows.slice(0, at).findLast(([title]) => !title.startsWith('– '));
  return `${above?.[0].split(/, (?!000)/)[0] ?? ''} ${what}`;
}

const scaled = (value, factor) => (value === undefined ? undefined : value * factor);
const sum = (from, ...keys) => (from ? keys.reduce((total, key) => total + from[key], 0) : undefined);
function verdict(goal, value) {
  if (value === undefined) return '–';
  return value <= goal ? 'met' : `missed by ${goal === 0 ? round(value) : `${round((value / goal - 1) * 100)} %`}`;
}

function peersTable({ about, table: text }) {
  return `\`\`\`\n${about.join('\n')}\n\`\`\`\n\n${text}\n`;
}

/** `figures: [{ what, goal?, min, median, max, p95? }]` */
function listed({ figures }) {
  return table(
    ['what', 'min / median / max', 'p95', 'goal'],
    figures.map((figure) => [
      figure.what,
      three(figure),
      round(figure.p95),
      figure.goal === undefined ? '–' : `≤ ${figure.goal}`,
    ]),
  );
}

function phonesTable(runs) {
  const rows = runs.map(({ name, measured }) => {
    const result = measured?.results?.phones;
    if (!result) return [name, ...Array.from({ length: 9 }, () => (measured === undefined ? 'not run' : 'failed'))];
    const { processes, phones, records } = measured;
    return [
      `${result.engine}, ${processes} ${processes === 1 ? 'process' : 'processes'}`,
      `${phones} × ${records}`,
      round(result.seconds),
      round(result.recordsPerSecond),
      `${round(result.latencyMs.p50)} / ${round(result.latencyMs.p99)}`,
      `${result.busy} / ${result.refused + result.broken}`,
      `${result.receipts} / ${result.quarantined}`,
      String(result.rows),
      `${result.lost} / ${result.doubled}`,
      `${round(result.serverCpuSeconds)} s, ${result.peakMemoryMB} MB`,
    ];
  });
  return table(
    [
      'office',
      'phones × records',
      's',
      'records/s',
      'p50 / p99 ms',
      'busy / errors',
      'receipts / quarantined',
      'rows',
      'lost / doubled',
      'CPU, memory',
    ],
    rows,
  );
}

function officeTables({ results: { feeds, queue } }) {
  return [
    feeds &&
      table(
        ['items in the feed', 'changes told', 'pull, ms'],
        feeds.pulls.map(({ items, changes, ms }) => [String(items), String(changes), three(ms)]),
      ),
    queue &&
      table(
        [`review page, ${queue.queue} waiting`, 'ms', 'p95'],
        Object.entries(queue.pages).map(([name, times]) => [name, three(times), round(times.p95)]),
      ),
  ]
    .filter(Boolean)
    .join('\n');
}
