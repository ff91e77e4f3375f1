import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeFolder } from './folder';

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
