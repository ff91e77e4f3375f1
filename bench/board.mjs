/**
 * How fast a slow phone answers: the built app in a real Chromium with its processor slowed down, opened by its service worker without a
 * connection, with everybody of the register on it. Cold start of a new browser process to a building's board; a verification from the tap
 * on save until it is durable; search key by key.
 * Usage: node bench/board.mjs [--runs N] [--saves N] [--throttle N] [--only board,save,search] [--profile FILE] [--json FILE]
 */
import '../scripts/node-version.mjs';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ensureBuilt } from '../scripts/ensure-built.mjs';
import { machine, stats } from './machine.mjs';
import { makePhone } from './phone.mjs';
import { noteBoard, noteKeys, noteSaves } from './phone-page.mjs';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '5' },
    saves: { type: 'string', default: '40' },
    throttle: { type: 'string', default: '4' },
    only: { type: 'string', default: 'board,save,search' },
    /** A CPU profile of the last cold start with 10,000 residents, for the browser's developer tools. */
    profile: { type: 'string' },
    json: { type: 'string' },
  },
});
const [runs, saves, throttle] = [values.runs, values.saves, values.throttle].map(Number);
const wanted = values.only.split(',');
const slow = `${throttle}×`;
/** In which the app reads the people ahead, a few doors at a time. */
const READ_AHEAD_MS = 10_000;
const figures = [];
const slowdowns = [];

function tell(what, times, goal) {
  const sorted = [...times].sort((one, other) => one - other);
  const p95 = sorted.length < 20 ? undefined : sorted[Math.ceil(sorted.length * 0.95) - 1];
  figures.push({ what, goal, ...stats(times), p95, count: times.length });
  const { min, median, max } = stats(times);
  const shown = [min, median, max, ...(p95 === undefined ? [] : [p95])].map((value) => value.toFixed(3));
  console.log(`${what}: ${shown.join(' / ')}${goal === undefined ? '' : ` (goal ≤ ${goal})`}`);
}

/** `goal` in seconds, for the board itself. */
async function board(phone, goal) {
  const drawn = [];
  const usable = [];
  const door = [];
  for (let run = 0; run < runs; run += 1) {
    const { address, doors } = phone.buildingOf(run, runs);
    const { page, cdp, slowed, until, close } = await phone.open({ before: [[noteBoard, doors]], offline: true });
    const profiled = values.profile && goal === 1 && run === runs - 1;
    if (profiled) {
      await cdp.send('Profiler.enable');
      await cdp.send('Profiler.setSamplingInterval', { interval: 500 });
      await cdp.send('Profiler.start');
    }
    await page.goto(address, { waitUntil: 'commit' });
    await until('window.board?.drawn');
    const cell = await page.locator('a.cell').first().boundingBox();
    await page.touchscreen.tap(cell.x + cell.width / 2, cell.y + cell.height / 2);
    await until('window.tap?.door');
    if (profiled) {
      const { profile } = await cdp.send('Profiler.stop');
      writeFileSync(values.profile, JSON.stringify(profile));
    }
    const { shown, tap } = await page.evaluate(() => ({ shown: window.board, tap: window.tap }));
    if (shown.doors !== doors) throw new Error(`${address} shows ${shown.doors} doors instead of ${doors}`);
    drawn.push(shown.drawn / 1000);
    usable.push((shown.drawn + tap.taken - tap.at) / 1000);
    door.push((tap.door - tap.at) / 1000);
    slowdowns.push(await slowed());
    await close();
  }
  const people = `${phone.residents} residents`;
  tell(`cold start to a board, ${people}, ${slow}, offline, s: all doors drawn`, drawn);
  tell(`cold start to a board, ${people}, ${slow}, offline, s: drawn and a tap taken`, usable, goal);
  tell(`– the tap at once to its door on screen, s`, door);
}

async function save(phone) {
  const { page, slowed, until, close } = await phone.open({ before: [[noteSaves]], offline: true });
  const todo = phone.doors.filter(({ body }) => body.households.length === 1).slice(0, saves);
  const times = [];
  for (const { id } of todo) {
    await page.goto(`${phone.origin}/door/${id}`);
    await page.locator('[data-field="outcome"] label').filter({ hasText: '有人应门' }).first().click();
    await page.getByRole('button', { name: /全部照旧/ }).click();
    await page.locator('[data-field="informant"] label').first().click();
    await page.getByRole('checkbox', { name: '以上已告知对方' }).check();
    await page.waitForTimeout(400); // a draft's own writing is over
    await page.locator('.foot .primary').click();
    await until('window.saves.length === 1');
    const [one] = await page.evaluate(() => window.saves);
    if (one.durability !== 'strict') throw new Error(`a save was ${one.durability}, not strict`);
    times.push(one.ms);
  }
  slowdowns.push(await slowed());
  await close();
  tell(`a verification saved, from the tap to durable, ${phone.residents} residents, ${slow}, ms`, times, 60);
}

/** What people type, key by key: a name, initials, a door, a phone's end. */
function queries(phone) {
  const people = phone.doors.flatMap(({ body }) => body.households.flatMap(({ residents }) => residents));
  const at = (share) => people[Math.floor(people.length * share)];
  const dwelling = phone.doors[Math.floor(phone.doors.length / 2)].body;
  return [
    at(0.3).name,
    at(0.7).name,
    'wxl',
    'zjg',
    `${dwelling.building}-${dwelling.unit}-${dwelling.room}`,
    people.find(({ phone: number }, index) => index > people.length / 2 && number !== '').phone.slice(-4),
  ];
}

async function search(phone) {
  const { page, slowed, until, close } = await phone.open({ before: [[noteKeys]], offline: true });
  const first = [];
  const times = [];
  for (let run = 0; run < runs; run += 1) {
    await page.goto(`${phone.origin}/search`);
    const box = page.getByRole('searchbox');
    await box.waitFor();
    for (const text of queries(phone)) {
      await box.fill('');
      for (const key of text) {
        const before = await page.evaluate(() => window.keys.length);
        await page.keyboard.insertText(key);
        await until(`window.keys.length > ${before}`);
        const { ms } = await page.evaluate(() => window.keys.at(-1));
        const isFirst = first.length === run;
        (isFirst ? first : times).push(ms);
        if (isFirst) await page.waitForTimeout(READ_AHEAD_MS);
      }
      const { found } = await page.evaluate(() => window.keys.at(-1));
      if (found === 0) throw new Error(`nothing was found for ${text}`);
    }
  }
  slowdowns.push(await slowed());
  await close();
  tell(
    `a key of the search, ${phone.residents} residents, ${slow}, ms: until what it finds is drawn, people read ahead`,
    times,
    50,
  );
  tell('– a key at once after a cold start, ms', first);
}

await ensureBuilt();
for (const [residents, does] of [
  [10_000, { board: (phone) => board(phone, 1), save }],
  [20_000, { search }],
  [30_000, { board: (phone) => board(phone, 3) }],
]) {
  const chosen = Object.entries(does).filter(([name]) => wanted.includes(name));
  if (chosen.length === 0) continue;
  const phone = await makePhone({ residents, throttle });
  try {
    for (const [, measure] of chosen) await measure(phone);
  } finally {
    await phone.stop();
  }
}
tell(`how much slower the processor really was`, slowdowns);
if (values.json) writeFileSync(values.json, `${JSON.stringify({ machine: machine(), figures }, null, 2)}\n`);
process.exitCode = figures.some(({ goal, median, p95 }) => goal !== undefined && (p95 ?? median) > goal) ? 1 : 0;
