/** Uploaded rosters are worked on by a few processes at a time, however many come at once. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { leave } from '../../src/lib/server/leave';
import { job, startJob } from '../../src/lib/server/roster/jobs';
import { openTestOffice, type TestOffice } from './office-for-tests';

/** Notes that it began, waits until it may end, and breaks off where the file says so. */
const program = `
import { appendFileSync, existsSync } from 'node:fs';
const [began, go] = ['began', 'go'].map((name) => new URL(name, import.meta.url));
appendFileSync(began, process.argv[6] + '\\n');
const wait = setInterval(() => {
  if (!existsSync(go)) return;
  clearInterval(wait);
  process.exitCode = existsSync(new URL('breaks', import.meta.url)) ? 1 : 0;
}, 10);
`;

let here: TestOffice;
let folder: string;
const own = process.argv[1] ?? '';

beforeEach(async () => {
  here = await openTestOffice();
  folder = await mkdtemp(path.join(tmpdir(), 'launch-'));
  await writeFile(path.join(folder, 'package.json'), '{"type":"module"}');
  await writeFile(path.join(folder, 'admin.js'), program);
  await writeFile(path.join(folder, 'began'), '');
  process.argv[1] = path.join(folder, 'server.js');
});

afterEach(async () => {
  process.argv[1] = own;
  await leave();
  await here.close();
  await rm(folder, { recursive: true });
});

const began = async () => (await readFile(path.join(folder, 'began'), 'utf8')).split('\n').filter(Boolean);
const touch = (name: string) => writeFile(path.join(folder, name), '');

async function uploads(count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let at = 0; at < count; at += 1) {
    const answer = await startJob(here.office, here.accounts.coordinator, `${at}.xlsx`, Buffer.from('file'));
    if (!('id' in answer)) throw new Error(answer.refused);
    ids.push(answer.id);
  }
  return ids;
}

const stateOf = async (id: string) =>
  (await here.office.database.read((db) => job(db, here.communityId, id)))?.state ?? 'gone';

it('works on two at a time, and on each in turn', async () => {
  const ids = await uploads(5);
  await vi.waitFor(async () => expect(await began()).toHaveLength(2));
  await touch('go');
  await vi.waitFor(async () => expect((await began()).sort()).toEqual([...ids].sort()), 20_000);
});

it('says of each that broke off that it did, and goes on with the next', async () => {
  await touch('breaks');
  await touch('go');
  const ids = await uploads(3);
  await vi.waitFor(
    async () => expect(await Promise.all(ids.map(stateOf))).toEqual(['failed', 'failed', 'failed']),
    20_000,
  );
});

it('begins nothing more once the server is told to end: what waits stays for the next start', async () => {
  const ids = await uploads(4);
  await vi.waitFor(async () => expect(await began()).toHaveLength(2));
  await leave();
  await touch('go');
  const [later] = await uploads(1);
  await vi.waitFor(async () => expect(await began()).toContain(later), 20_000);
  expect(await began()).toHaveLength(3);
  expect(await Promise.all(ids.map(stateOf))).toEqual(ids.map(() => 'reading'));
});
