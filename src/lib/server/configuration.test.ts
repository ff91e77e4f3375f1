import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { authSecret, ConfigurationError, readConfiguration } from './configuration';
import { makeWorld } from './world';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qiaomen-settings-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('what is not set has the defaults that the README names', () => {
  expect(readConfiguration({ PORT: '', ORIGIN: '' })).toMatchObject({
    host: '127.0.0.1',
    port: 4173,
    origin: 'http://127.0.0.1:4173',
    dataDir: join(process.cwd(), 'data'),
    authSecret: null,
    demoNow: null,
  });
  expect(readConfiguration({ HOST: '::1', PORT: '80' }).origin).toBe('http://[::1]');
});

test.each([
  { DATABASE_URL: 'postgres://office' },
  { DATABASE_URL: 'qiaomen.sqlite' },
  { PORT: '99999' },
  { PORT: 'http' },
  { ORIGIN: 'qiaomen.example' },
  { ORIGIN: 'https://qiaomen.example/app' },
  { AUTH_SECRET: 'short' },
  { DEMO_NOW: 'tomorrow' },
])('a setting that cannot be used is refused in words: %o', (env) => {
  expect(() => readConfiguration(env)).toThrow(ConfigurationError);
  expect(() => readConfiguration(env)).toThrow(Object.keys(env)[0]);
});

test('the database is a file in the data folder, or PostgreSQL where an address names one', () => {
  expect(readConfiguration({ DATA_DIR: folder }).database).toBe(join(folder, 'qiaomen.sqlite'));
  const address = 'postgres://office:knock@db.example:5432/qiaomen';
  expect(readConfiguration({ DATA_DIR: folder, DATABASE_URL: address }).database).toBe(address);
});

test('an address that cannot be used is refused without quoting the password in it', () => {
  expect(() => readConfiguration({ DATABASE_URL: 'mysql://office:knock-knock@db.example/qiaomen' })).toThrow(
    /^(?!.*knock-knock)/s,
  );
});

test('a secret is made once in the data folder, for its owner alone', () => {
  const configuration = readConfiguration({ DATA_DIR: folder });
  const world = makeWorld();
  const secret = authSecret(configuration, world);
  expect(secret.length).toBeGreaterThanOrEqual(43);
  expect(authSecret(configuration, world)).toBe(secret);
  expect(statSync(join(folder, 'auth-secret')).mode & 0o777).toBe(0o600);
  expect(authSecret({ ...configuration, authSecret: 'x'.repeat(40) }, world)).toBe('x'.repeat(40));
});

test('a demo begins at the time it was given, and its clock runs on', () => {
  const { demoNow } = readConfiguration({ DEMO_NOW: '2026-03-01T09:00:00+08:00' });
  const world = makeWorld({ demoNow });
  expect(world.now() - Date.parse('2026-03-01T01:00:00Z')).toBeLessThan(1000);
});

test('ids made in a row sort as they were made', () => {
  const world = makeWorld();
  const ids = Array.from({ length: 5000 }, () => world.uuid());
  expect([...ids].sort()).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
