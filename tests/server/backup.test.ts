import { spawn } from 'node:child_process';
import { createHash, randomUUID as uuid } from 'node:crypto';
import { once } from 'node:events';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import * as z from 'zod';
import { BackupProblem } from '../../src/lib/server/backup/backup-problem';
import { partOf } from '../../src/lib/server/backup/parts';
import { linesOfFile, restoreLines } from '../../src/lib/server/backup/restore-backup';
import { writeBackup } from '../../src/lib/server/backup/write-backup';
import { checkOffice } from '../../src/lib/server/check/check-office';
import { openDatabase } from '../../src/lib/server/database/open';
import { afterworkDone } from '../../src/lib/server/sync/afterwork';
import { at, openTestOffice, type TestOffice } from './office-for-tests';
import { type PhoneForTests, type Pushed, verifiedBody } from './phone-for-tests';

let here: TestOffice;
let phone: PhoneForTests;
let folder: string;
let file: string;

beforeEach(async () => {
  here = await openTestOffice();
  phone = here.phone(here.accounts.worker);
  folder = mkdtempSync(join(tmpdir(), 'qiaomen-backup-'));
  file = join(folder, 'office.backup');
});
afterEach(async () => {
  await here.close();
  rmSync(folder, { recursive: true });
});

const backUp = () => writeBackup(here.office, 'test', file);
const putBack = (replace = true) =>
  restoreLines(here.office.database, here.office.world, linesOfFile(file), { replace });
const codeOf = (run: Promise<unknown>) =>
  run.then(
    () => 'done',
    (error: unknown) => (error instanceof BackupProblem ? error.code : error),
  );
const revisions = () =>
  here.office.database.read((db) =>
    db.selectFrom('revision').select(['submission_id', 'digest']).orderBy('submission_id').execute(),
  );

test('[RES-1] [RES-2] what a backup lacks comes back from the phones, once', async () => {
  const before = await phone.verifies(at(here.doors, 0));
  await phone.push(before);
  await phone.pull();
  await backUp();
  const after = await phone.verifies(at(here.doors, 1));
  await phone.push(after);
  await phone.pull();
  const epoch = phone.epoch;
  await putBack();
  expect((await revisions()).map(({ submission_id }) => submission_id)).toEqual([before.id]);
  const sent = [before, after].map(({ id, revision, digest }) => ({ id, revision, digest }));
  const answer = await phone.ask({ offer: sent });
  expect(answer.epoch).not.toBe(epoch);
  expect(answer.wanted).toEqual([{ id: after.id, revision: 1 }]);
  expect(answer.feeds.every((feed) => feed.reset)).toBe(true);
  await phone.push(after);
  expect((await revisions()).length).toBe(2);
  expect((await checkOffice(here.office)).findings).toEqual([]);
});

test('a backup is taken while others write, and is of one moment', async () => {
  const pushes = [];
  const made = backUp();
  for (const door of here.doors) pushes.push(phone.push(await phone.verifies(door)));
  await Promise.all([made, ...pushes]);
  await putBack();
  const { findings } = await checkOffice(here.office);
  expect(findings).toEqual([]);
});

test('a folder or a device is no place for a backup, and stays what it is', async () => {
  for (const place of [folder, '/dev/null']) {
    expect(await codeOf(writeBackup(here.office, 'test', place))).toBe('not-a-file');
    expect(statSync(place).isFile()).toBe(false);
  }
});

test('what a killed backup left goes with the next one, whatever file it was for, and what one that runs is writing stays', async () => {
  const killed = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  const pid = z.int().parse(killed.pid);
  const part = (of: string, number = pid) => partOf(of, uuid()).replace(`_${process.pid}_`, `_${number}_`);
  const [own, fromElsewhere, old] = [part(file), part(file).replace(hostname(), 'elsewhere'), part(file, process.pid)];
  const ofAnother = part(join(folder, 'yesterday.backup'));
  const notes = join(folder, 'notes.part');
  const now = here.office.world.now() / 1000;
  for (const one of [own, fromElsewhere, old, ofAnother, notes]) {
    writeFileSync(one, 'half');
    // The office's clock, not the machine's: the two are hours apart at night.
    utimesSync(one, now, now);
  }
  const twoDaysAgo = now - 2 * 24 * 3600;
  utimesSync(old, twoDaysAgo, twoDaysAgo);
  utimesSync(fromElsewhere, twoDaysAgo + 36 * 3600, twoDaysAgo + 36 * 3600);
  expect((await backUp()).removed).toEqual([old]);
  expect(existsSync(own)).toBe(true);
  killed.kill('SIGKILL');
  await once(killed, 'exit');
  // Whether it runs where nobody here can see it, only the file could tell.
  expect((await backUp()).removed).toEqual([]);
  const awhileAgo = now - 11 * 60;
  for (const one of [own, ofAnother]) utimesSync(one, awhileAgo, awhileAgo);
  expect((await backUp()).removed.sort()).toEqual([own, ofAnother].sort());
  expect(readdirSync(folder).sort()).toEqual([file, fromElsewhere, notes].map((one) => basename(one)).sort());
});

test('a backup goes into the other kind of database and comes back with every row', async () => {
  await phone.push(await phone.verifies(at(here.doors, 0)), await phone.knocksInVain(at(here.doors, 1)));
  await backUp();
  const other = await openDatabase(join(folder, 'other.sqlite'), here.office.world);
  const into = await restoreLines(other, here.office.world, linesOfFile(file), { replace: false });
  const back = join(folder, 'back.backup');
  await writeBackup({ ...here.office, database: other }, 'test', back);
  const { findings } = await checkOffice({ ...here.office, database: other });
  await other.close();
  expect(findings).toEqual([]);
  const again = await restoreLines(here.office.database, here.office.world, linesOfFile(back), { replace: true });
  expect(again.rows).toBe(into.rows);
  // Epochs and the versions of feeds are new at each restore; all else is as it was.
  const rowsOf = (path: string) =>
    gunzipSync(readFileSync(path))
      .toString()
      .split('\n')
      .filter(
        (line) =>
          line.startsWith('[') &&
          !line.includes(here.communityId + '","东街社区') &&
          !/^\["[^"]+","(grid|account|community)\/[^"]+",\d+\]$/.test(line),
      );
  expect(rowsOf(back)).toEqual(rowsOf(file));
  expect(rowsOf(file).length).toBeGreaterThan(100);
  expect((await checkOffice(here.office)).findings).toEqual([]);
});

/** Every sign that some program takes for the end of something, and whatever else is rare in a note. */
const oddSigns = [
  ...Array.from({ length: 0x20 }, (_, code) => String.fromCharCode(code)),
  ...Array.from({ length: 0x22 }, (_, at) => String.fromCharCode(0x7f + at)),
  ...[
    '\u00ad',
    '\u061c',
    '\u1680',
    '\u180e',
    '\u200b',
    '\u200d',
    '\u200e',
    '\u2028',
    '\u2029',
    '\u202e',
    '\u2066',
    '\u3000',
  ],
  ...['\ufeff', '\ufff9', '\ufffc', '\ufffd', '\uffff', '👋', '𠮷', '\u{10ffff}', '"', '\\', '\\u2028'],
];

test.each([
  ['each of them', oddSigns.map((sign) => `一${sign}二`)],
  ['all together', [`${oddSigns.join('')}${oddSigns.join('三')}`]],
  ['nothing else', ['\u2028', '\u2029\u2028', '\u0085', '\r\n\u2028\r', '\n']],
])('a note with odd signs, %s, goes into either kind of database and back as it was', async (_, notes) => {
  const door = at(here.doors, 0);
  const each = (record: (note: string) => Promise<Pushed>) => Promise.all(notes.map(record));
  await phone.push(...(await each((note) => phone.revision({ kind: 'concern', body: { note } }))));
  const [first = ''] = notes;
  await phone.push(await phone.verifies(door, { body: verifiedBody(door, { note: first }) }));
  await phone.push(await phone.knocksInVain(door, { body: { outcome: 'no-one-home', note: first } }));
  // Half a sign has no digest: no phone of ours sends it, and it is kept all the same.
  await phone.push({ ...(await phone.knocksInVain(door)), body: { note: '半\ud83d' } });
  await afterworkDone(here.office);
  const texts = () =>
    here.office.database.read((db) => db.selectFrom('revision').select('text').orderBy('text').execute());
  const before = await texts();
  expect(before).toHaveLength(notes.length + 3);
  await backUp();
  // Whoever ends lines at these reads the same lines.
  expect(gunzipSync(readFileSync(file)).toString()).not.toMatch(/[\u0085\u2028\u2029\r]/);
  const back = join(folder, 'back.backup');
  const other = await openDatabase(join(folder, 'other.sqlite'), here.office.world);
  await restoreLines(other, here.office.world, linesOfFile(file), { replace: false });
  await writeBackup({ ...here.office, database: other }, 'test', back);
  await other.close();
  await restoreLines(here.office.database, here.office.world, linesOfFile(back), { replace: true });
  expect(await texts()).toEqual(before);
  expect((await checkOffice(here.office)).findings).toEqual([]);
});

test('a backup that was written with such signs as they are is read all the same', async () => {
  const door = at(here.doors, 0);
  await phone.push(await phone.verifies(door, { body: verifiedBody(door, { note: '甲\u2028乙\u2029丙\u0085丁' }) }));
  await backUp();
  const lines = gunzipSync(readFileSync(file)).toString().trimEnd().split('\n');
  const plain = lines.slice(0, -1).map((line) => `${JSON.stringify(JSON.parse(line))}\n`);
  const sha256 = createHash('sha256').update(plain.join('')).digest('base64url');
  const end = JSON.stringify({ ...JSON.parse(lines.at(-1) ?? ''), sha256 });
  expect(plain.join('')).toContain('甲\u2028乙');
  writeFileSync(file, gzipSync(`${plain.join('')}${end}`));
  expect(await codeOf(putBack())).toBe('done');
});

test.each([
  ['a row twice', (lines: string[]) => [...lines, at(lines, lines.length - 1)]],
  [
    'a table that no version had',
    (lines: string[]) => [...lines, '{"table":"sqlite_sequence","columns":["name"]}', '["x"]'],
  ],
  ['a column that the table lacks', (lines: string[]) => [...lines, '{"table":"grid","columns":["colour"]}', '["x"]']],
  ['an empty value that must be there', (lines: string[]) => [...lines, '{"table":"grid","columns":["id"]}', '[null]']],
])('a backup that is whole but holds %s is refused, and nothing has changed', async (_, change) => {
  await phone.push(await phone.verifies(at(here.doors, 0)));
  await backUp();
  const held = await revisions();
  const lines = gunzipSync(readFileSync(file)).toString().trimEnd().split('\n');
  const changed = change(lines.slice(0, -1));
  const sha256 = createHash('sha256')
    .update(changed.map((line) => `${line}\n`).join(''))
    .digest('base64url');
  const rows = changed.filter((line) => line.startsWith('[')).length;
  writeFileSync(file, gzipSync([...changed, JSON.stringify({ end: true, rows, sha256 })].join('\n')));
  expect(await codeOf(putBack())).toBe('unfitting');
  expect(await revisions()).toEqual(held);
});

test('what is no backup, was cut or changed, or is newer is refused, and nothing has changed', async () => {
  await phone.push(await phone.verifies(at(here.doors, 0)));
  await backUp();
  const text = gunzipSync(readFileSync(file)).toString();
  const lines = text.trimEnd().split('\n');
  const write = (changed: string) => writeFileSync(file, gzipSync(changed));
  const held = await revisions();

  write(lines.slice(0, -1).join('\n'));
  expect(await codeOf(putBack())).toBe('damaged');
  write(text.replace('王建国', '王建军'));
  expect(await codeOf(putBack())).toBe('damaged');
  write(lines.filter((_, index) => index !== 20).join('\n'));
  expect(await codeOf(putBack())).toBe('damaged');
  write(text.replace('0001-office', '9999-later'));
  expect(await codeOf(putBack())).toBe('newer');
  write(text.replace('"version":1', '"version":2'));
  expect(await codeOf(putBack())).toBe('newer');
  write('{"format":"something else"}\n');
  expect(await codeOf(putBack())).toBe('no-backup');
  writeFileSync(file, 'no gzip at all');
  expect(await codeOf(putBack())).toBe('no-backup');
  writeFileSync(file, gzipSync(text).subarray(0, 2000));
  expect(await codeOf(putBack())).toBe('damaged');
  rmSync(file);
  expect(await codeOf(putBack())).toBe('no-file');

  write(text);
  expect(await codeOf(putBack(false))).toBe('not-empty');
  expect(await revisions()).toEqual(held);
});
