import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isOpenToOthers, makeFolder } from './folder';
import { openDatabase } from './open';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'qiaomen-folder-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a folder is made with those above it, for this account alone, once or twice alike', () => {
  const path = join(folder, 'a', 'b');
  makeFolder(path);
  makeFolder(path);
  expect(statSync(path).isDirectory()).toBe(true);
  expect(statSync(path).mode & 0o777).toBe(0o700);
});

test('what cannot be a folder is told with the system’s code', () => {
  const file = join(folder, 'file');
  writeFileSync(file, '');
  expect(() => makeFolder(file)).toThrow(expect.objectContaining({ code: 'EEXIST' }));
  expect(() => makeFolder(join(file, 'under'))).toThrow(expect.objectContaining({ name: 'DatabaseUnavailableError' }));
});

test.runIf(process.platform === 'linux')('a place that takes no folder is told, and never tried for ever', () => {
  expect(() => makeFolder('/proc/qiaomen/data')).toThrow(expect.objectContaining({ code: 'ENOENT' }));
});

test('a database in a file is readable by this account alone, whatever the folder is and was', async () => {
  const before = process.umask(0o022);
  const file = join(folder, 'office.sqlite');
  const files = () => readdirSync(folder).filter((name) => name.startsWith('office.sqlite'));
  const modes = () => files().map((name) => [name, statSync(join(folder, name)).mode & 0o777]);
  try {
    chmodSync(folder, 0o755);
    const first = await openDatabase(file);
    expect(files()).toContain('office.sqlite-wal');
    expect(modes()).toEqual(files().map((name) => [name, 0o600]));
    // As an older version left them, in use and not.
    for (const name of files()) chmodSync(join(folder, name), 0o644);
    const second = await openDatabase(file);
    expect(modes()).toEqual(files().map((name) => [name, 0o600]));
    await Promise.all([first.close(), second.close()]);
    expect(modes()).toEqual([['office.sqlite', 0o600]]);
  } finally {
    process.umask(before);
  }
  expect(isOpenToOthers(folder)).toBe(true);
  expect([file, join(folder, 'none')].map(isOpenToOthers)).toEqual([false, false]);
});
