/** What the caretaker does with all of the data, by the commands on a built office: back up while it runs, put back, check, move to PostgreSQL. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import Database from 'better-sqlite3';
import { makeDatabase, type Postgres, startPostgres } from '../support/postgres';
import { runAdmin } from './admin';
import { type RunningOffice, startOffice } from './office';

let office: RunningOffice;
let postgres: Postgres;
let folder: string;
test.beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'qiaomen-commands-'));
  [office, postgres] = await Promise.all([startOffice(), startPostgres()]);
});
test.afterAll(async () => {
  await office?.stop();
  await postgres?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Where the commands look: the office's folder, another, or a database. */
type Where = { DATA_DIR: string } | { DATA_DIR: string; DATABASE_URL: string };

function admin(
  where: Where,
  ...args: string[]
): { status: number | null; told: Record<string, unknown>; words: string } {
  const { status, stdout, stderr } = runAdmin({ DATABASE_URL: '', ...where }, [...args, '--json']);
  return { status, told: stdout === '' ? {} : JSON.parse(stdout), words: stderr };
}

const backup = () => path.join(folder, 'office.backup');
const whole = { status: 0, told: { findings: [] } };
let counts: unknown;

test('a backup of the running office goes into an empty folder, and all that is checked is whole there as it was here', () => {
  const here = { DATA_DIR: office.dataDir };
  const made = admin(here, 'backup', backup());
  expect(made).toMatchObject({ status: 0, told: { file: backup() } });
  const before = admin(here, 'check');
  expect(before).toMatchObject(whole);
  counts = before.told['counts'];
  const other = { DATA_DIR: path.join(folder, 'other') };
  expect(admin(other, 'restore', backup())).toMatchObject({ status: 0, told: { communities: 1 } });
  const after = admin(other, 'check');
  expect(after).toMatchObject({ ...whole, told: { counts } });
  expect(Math.min(...Object.values(counts as Record<string, number>))).toBeGreaterThan(0);

  const again = admin(other, 'restore', backup());
  expect([again.status, again.told]).toEqual([1, {}]);
  expect(again.words).toContain('--replace');
  expect(admin(other, 'restore', backup(), '--replace').status).toBe(0);
});

test('check says what is broken and ends with 1; a file that is no backup changes nothing', () => {
  const other = { DATA_DIR: path.join(folder, 'other') };
  const bent = path.join(folder, 'bent.backup');
  writeFileSync(bent, readFileSync(backup()).subarray(0, 20_000));
  const refused = admin(other, 'restore', bent, '--replace');
  expect([refused.status, refused.told]).toEqual([1, {}]);
  expect(refused.words.trim()).not.toBe('');
  expect(admin(other, 'check')).toMatchObject({ ...whole, told: { counts } });

  const database = new Database(path.join(other.DATA_DIR, 'qiaomen.sqlite'));
  database.prepare("DELETE FROM feed_item WHERE type = 'dwelling' AND item_id = (SELECT min(id) FROM dwelling)").run();
  database.close();
  const broken = admin(other, 'check');
  expect(broken.status).toBe(1);
  expect(broken.told['findings']).toContainEqual(expect.objectContaining({ check: 'doors' }));
});

test('the office moves to PostgreSQL, and a backup goes either way', async () => {
  const url = await makeDatabase(postgres.url, 'moved');
  const there = { DATA_DIR: path.join(folder, 'none'), DATABASE_URL: url };
  expect(admin({ DATA_DIR: office.dataDir }, 'move-to-postgres', url)).toMatchObject({
    status: 0,
    told: { communities: 1 },
  });
  expect(admin(there, 'check')).toMatchObject({ ...whole, told: { counts } });
  const full = admin({ DATA_DIR: office.dataDir }, 'move-to-postgres', url);
  expect([full.status, full.told]).toEqual([1, {}]);

  const fromPostgres = path.join(folder, 'postgres.backup');
  expect(admin(there, 'backup', fromPostgres).status).toBe(0);
  const back = { DATA_DIR: path.join(folder, 'back') };
  expect(admin(back, 'restore', fromPostgres).status).toBe(0);
  expect(admin(back, 'check')).toMatchObject({ ...whole, told: { counts } });
  const second = { DATA_DIR: there.DATA_DIR, DATABASE_URL: await makeDatabase(postgres.url, 'second') };
  expect(admin(second, 'restore', backup()).status).toBe(0);
  expect(admin(second, 'check')).toMatchObject({ ...whole, told: { counts } });
});

test('a caretaker who forgot where the data is, or names no place to write, is told so', () => {
  const empty = { DATA_DIR: path.join(folder, 'empty') };
  for (const command of [
    ['backup', path.join(folder, 'empty.backup')],
    ['check'],
    ['move-to-postgres', postgres.url],
  ]) {
    const refused = admin(empty, ...command);
    expect([refused.status, refused.told]).toEqual([1, {}]);
    expect(refused.words).toContain(empty.DATA_DIR);
  }
  const nowhere = admin({ DATA_DIR: office.dataDir }, 'backup', path.join(folder, 'no such folder', 'x.backup'));
  expect([nowhere.status, nowhere.told]).toEqual([1, {}]);
  expect(nowhere.words).toContain('ENOENT');
  expect(nowhere.words).not.toContain(' at ');
});

test('a new version of a form is published from a file, once', () => {
  const here = { DATA_DIR: office.dataDir };
  const database = new Database(path.join(office.dataDir, 'qiaomen.sqlite'), { readonly: true });
  const row = database
    .prepare("SELECT community_id, body FROM feed_item WHERE type = 'form' AND item_id LIKE 'concern%'")
    .get() as { community_id: string; body: string };
  database.close();
  const definition = JSON.parse(row.body);
  const file = path.join(folder, 'concern.json');
  const version = definition.version + 1;
  writeFileSync(file, JSON.stringify({ ...definition, version }));
  const publish = () => admin(here, 'publish-form', file, '--community', row.community_id);
  expect(publish()).toMatchObject({ status: 0, told: { id: 'concern', version } });
  const again = publish();
  expect([again.status, again.told]).toEqual([1, {}]);
  expect(again.words).toContain(String(version));
});

test('after a restore accounts are looked through: the one it took away is made again under its id, another is ended', () => {
  const there = { DATA_DIR: path.join(folder, 'accounts') };
  expect(admin(there, 'restore', backup())).toMatchObject({ status: 0, told: { accountsGone: [] } });
  const file = new Database(path.join(there.DATA_DIR, 'qiaomen.sqlite'), { readonly: true });
  const { id: community } = file.prepare<[], { id: string }>('SELECT community_id AS id FROM community').get() ?? {
    id: '',
  };
  file.close();
  const of = ['--community', community];
  const newcomer = ['create-account', ...of, '--username', 'newcomer', '--role', 'grid-worker'];
  const made = admin(there, ...newcomer);
  expect(made.status).toBe(0);
  const id = String(made.told['id']);

  expect(admin(there, 'restore', backup(), '--replace')).toMatchObject({
    status: 0,
    told: { accountsGone: [{ id, username: 'newcomer', role: 'grid-worker' }] },
  });
  expect(admin(there, ...newcomer, '--id', id)).toMatchObject({ status: 0, told: { id } });
  const taken = admin(there, 'create-account', ...of, '--username', 'other', '--role', 'volunteer', '--id', id);
  expect([taken.status, taken.told]).toEqual([1, {}]);
  expect(taken.words).toContain(id);

  expect(admin(there, 'reset-password', ...of, '--account', id).told['password']).toEqual(expect.any(String));
  expect(admin(there, 'end-account', ...of, '--account', id)).toMatchObject({ status: 0, told: { id } });
  const listed = admin(there, 'list-accounts', ...of).told['accounts'];
  expect(listed).toContainEqual(expect.objectContaining({ id, username: 'newcomer', endedAt: expect.any(String) }));
  expect(admin(there, 'check')).toMatchObject(whole);
});

test('check tells of what it cannot read by its place alone, in words and in JSON', () => {
  const other = { DATA_DIR: path.join(folder, 'accounts') };
  const file = new Database(path.join(other.DATA_DIR, 'qiaomen.sqlite'));
  file.prepare('UPDATE resident SET body = substr(body, 1, 30) WHERE id = (SELECT min(id) FROM resident)').run();
  file.close();
  const checked = admin(other, 'check');
  expect(checked.status).toBe(1);
  expect(checked.told['findings']).toContainEqual(expect.objectContaining({ check: 'stored' }));
  expect(checked.words).not.toMatch(/at .*\.(js|ts|mjs):/);
});
