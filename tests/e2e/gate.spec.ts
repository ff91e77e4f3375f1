/** Who gets in, what every answer carries, and what the programs promise to whoever runs them: asked over HTTP, of the built office. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { runAdmin } from './admin';
import { password, type RunningOffice, startOffice } from './office';

const root = fileURLToPath(new URL('../..', import.meta.url));
const json = { 'content-type': 'application/json' };
const metricsToken = 'for-prometheus-alone';
const usernames = ['admin1', 'coordinator1', 'grid1', 'grid2', 'volunteer1'] as const;

let office: RunningOffice;
const cookies = new Map<string, string>();

async function signIn(username: string, word = password): Promise<Response> {
  const body = JSON.stringify({ username, password: word });
  return fetch(`${office.address}/api/auth/sign-in/username`, { method: 'POST', headers: json, body });
}

const cookieOf = (answer: Response) =>
  answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');

function ask(where: string, who: string | null, init: RequestInit = {}): Promise<Response> {
  const cookie = who === null ? undefined : cookies.get(who);
  const headers = { ...(cookie ? { cookie } : {}), ...init.headers };
  return fetch(office.address + where, { redirect: 'manual', ...init, headers });
}

const sync = {
  protocol: 1,
  device: { id: '0190a000-0000-7000-8000-000000000001', app: 'test', clock: 0 },
  epoch: null,
  push: [],
  offer: [],
  have: {},
  limit: 10,
};

test.beforeAll(async () => {
  office = await startOffice({ DEMO_NOW: '2026-12-03T09:30:00+08:00', METRICS_TOKEN: metricsToken });
  for (const username of usernames) cookies.set(username, cookieOf(await signIn(username)));
});
test.afterAll(() => office.stop());

test('health says what is well, and nothing of anybody', async () => {
  const answer = await ask('/health', null);
  expect(answer.status).toBe(200);
  expect(await answer.json()).toEqual({
    status: 'ok',
    database: 'sqlite',
    version: expect.stringMatching(/^\d+\.\d+\.\d+/),
  });
});

test('metrics are for who knows the token, whoever else asks', async () => {
  const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
  for (const [who, init] of [
    [null, {}],
    ['admin1', {}],
    [null, bearer('a-guess-of-somebody')],
  ] as const) {
    expect((await ask('/metrics', who, init)).status).toBe(401);
  }
  const answer = await ask('/metrics', null, bearer(metricsToken));
  expect(answer.headers.get('content-type')).toContain('text/plain; version=0.0.4');
  const text = await answer.text();
  for (const name of ['request_seconds_bucket', 'submissions', 'afterwork', 'process_resident_memory_bytes']) {
    expect(text).toContain(`qiaomen_${name}`);
  }
  expect(text).not.toMatch(/grid1|[0-9a-f]{8}-[0-9a-f]{4}/);
});

test('a wrong password is 401, an unknown name likewise, nonsense is 400', async () => {
  expect((await signIn('grid1', 'not-the-password')).status).toBe(401);
  expect((await signIn('nobody-at-all')).status).toBe(401);
  const nonsense = await ask('/api/auth/sign-in/username', null, {
    method: 'POST',
    headers: json,
    body: '{"username":',
  });
  expect(nonsense.status).toBe(400);
});

test('twenty right passwords from one address in a row all come in', async () => {
  const statuses = [];
  for (let tries = 0; tries < 20; tries += 1) statuses.push((await signIn(usernames[tries % 5] ?? 'grid1')).status);
  expect(new Set(statuses)).toEqual(new Set([200]));
});

test('the session’s cookie is read by no script and goes to no other site', async () => {
  const [cookie = ''] = (await signIn('grid1')).headers.getSetCookie();
  expect(cookie).toMatch(/; HttpOnly/);
  expect(cookie).toMatch(/; SameSite=Lax/);
  expect(cookie).toMatch(/Max-Age=7776000/);
});

test('a foreign origin is refused on every unsafe request, and never as the protocol’s own 403', async () => {
  const foreign = { origin: 'https://elsewhere.example' };
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const tried: [string, RequestInit][] = [
    ['/api/sync', { headers: { ...json, ...foreign }, body: JSON.stringify(sync) }],
    ['/api/sync', { headers: { ...json, 'sec-fetch-site': 'cross-site' }, body: JSON.stringify(sync) }],
    ['/api/sync', { headers: { ...json, origin: 'null' }, body: JSON.stringify(sync) }],
    [
      '/api/auth/sign-in/username',
      { headers: { ...json, ...foreign }, body: JSON.stringify({ username: 'grid1', password }) },
    ],
    ['/api/auth/sign-out', { headers: { ...json, ...foreign }, body: '{}' }],
    ['/sign-in?/enter', { headers: { ...form, ...foreign }, body: 'username=grid1' }],
    ['/desk/accounts?/create', { headers: { ...form, ...foreign }, body: 'username=x' }],
    ['/desk/accounts?/create', { headers: { ...form, origin: 'null' }, body: 'username=x' }],
  ];
  for (const [where, init] of tried) {
    const answer = await ask(where, 'coordinator1', { method: 'POST', ...init });
    expect(`${where} ${answer.status}`).toBe(`${where} 403`);
    expect(await answer.text()).not.toMatch(/revoked|upgrade/);
  }
  const own = await ask('/api/sync', 'grid1', {
    method: 'POST',
    headers: { ...json, origin: office.address },
    body: JSON.stringify(sync),
  });
  expect(own.status).toBe(200);
});

test('localhost is the demo’s own address as 127.0.0.1 is', async () => {
  const there = office.address.replace('127.0.0.1', 'localhost');
  const body = JSON.stringify({ username: 'grid1', password });
  const answer = await fetch(`${there}/api/auth/sign-in/username`, {
    method: 'POST',
    headers: { ...json, origin: there },
    body,
  });
  expect(answer.status).toBe(200);
});

/** Every file of the built client, and one of each kind of answer. */
function answersToLookAt(): string[] {
  const client = path.join(root, 'build/client');
  const files = (folder: string): string[] =>
    readdirSync(folder).flatMap((name) => {
      const file = path.join(folder, name);
      return statSync(file).isDirectory() ? files(file) : [file];
    });
  const kinds = new Map<string, string>();
  for (const file of files(client)) {
    if (/\.(br|gz)$/.test(file)) continue;
    kinds.set(
      `${path.dirname(file)} ${path.extname(file)}`,
      `/${path.relative(client, file).split(path.sep).join('/')}`,
    );
  }
  return [
    ...kinds.values(),
    '/',
    '/door/0190a000-0000-7000-8000-000000000001',
    '/sign-in',
    '/desk',
    '/desk/review',
    '/health',
    '/nowhere',
  ];
}

test('every answer carries the headers of safety, files and the phone’s shell too', async () => {
  for (const where of answersToLookAt()) {
    const answer = await ask(where, 'coordinator1');
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy, where).toContain("frame-ancestors 'none'");
    expect(policy, where).toContain("default-src 'none'");
    expect(policy, where).not.toMatch(/unsafe|https?:|\*/);
    expect(answer.headers.get('x-content-type-options'), where).toBe('nosniff');
    expect(answer.headers.get('referrer-policy'), where).toBe('no-referrer');
  }
});

test('nothing inline stands in a page without the policy’s nonce, and nothing comes from a third party', async () => {
  for (const where of ['/', '/sign-in', '/desk', '/desk/review', '/desk/register', '/desk/accounts', '/desk/rounds']) {
    const answer = await ask(where, 'coordinator1');
    const nonce = /'nonce-([^']+)'/.exec(answer.headers.get('content-security-policy') ?? '')?.[1];
    const html = await answer.text();
    for (const [tag] of html.matchAll(/<(script|style)\b[^>]*>/g)) expect(tag, where).toContain(`nonce="${nonce}"`);
    expect(html, where).not.toMatch(/<[^>]+\s(style|on[a-z]+)=/);
    expect(html, where).not.toMatch(/(src|href|action)="(https?:)?\/\//);
  }
});

test('what is made for somebody is kept nowhere', async () => {
  for (const where of ['/desk', '/desk/register', '/sign-in', '/health', '/desk/__data.json']) {
    expect((await ask(where, 'coordinator1')).headers.get('cache-control'), where).toContain('no-store');
  }
  const answer = await ask('/api/sync', 'grid1', { method: 'POST', headers: json, body: JSON.stringify(sync) });
  expect(answer.headers.get('cache-control')).toContain('no-store');
});

test('the desk is shut to all but coordinators and administrators', async () => {
  for (const where of ['/desk', '/desk/review', '/desk/register', '/desk/roster', '/desk/accounts', '/desk/rounds']) {
    for (const who of ['coordinator1', 'admin1']) expect((await ask(where, who)).status, `${who} ${where}`).toBe(200);
    for (const who of ['grid1', 'volunteer1']) {
      const answer = await ask(where, who);
      expect(answer.status, `${who} ${where}`).toBe(403);
      expect(await answer.text()).toContain('协调员');
      expect((await ask(`${where}/__data.json`, who)).status, `${who} ${where} data`).toBe(403);
    }
    const signedOut = await ask(`${where}?page=2`, null);
    expect(signedOut.status).toBe(303);
    expect(signedOut.headers.get('location')).toBe(`/sign-in?next=${encodeURIComponent(`${where}?page=2`)}`);
  }
});

test('no form of the desk is taken from a worker, a volunteer, or without a session', async () => {
  const forms = [
    '/desk/accounts?/create',
    '/desk/accounts?/password',
    '/desk/rounds?/start',
    '/desk/review?/approve',
    '/desk/roster?/upload',
  ];
  const form = { 'content-type': 'application/x-www-form-urlencoded', origin: office.address };
  for (const where of forms) {
    for (const who of ['grid1', 'volunteer1']) {
      expect((await ask(where, who, { method: 'POST', headers: form, body: 'a=1' })).status, `${who} ${where}`).toBe(
        403,
      );
    }
    const signedOut = await ask(where, null, { method: 'POST', headers: form, body: 'a=1' });
    expect(signedOut.status, where).toBe(303);
    expect(signedOut.headers.get('location'), where).toMatch(/^\/sign-in\?next=/);
  }
});

test('what the table of rights does not name is refused', async () => {
  expect((await ask('/api/sync', 'admin1')).status).toBe(405);
  expect((await ask('/health', 'admin1', { method: 'POST', headers: json, body: '{}' })).status).toBe(405);
  const unknown = await ask('/api/auth/sign-up/email', 'admin1', { method: 'POST', headers: json, body: '{}' });
  expect(unknown.status).toBe(404);
  expect(await unknown.json()).toEqual({ protocol: 1, error: 'not served' });
});

test('sync without a session is 401 in the protocol’s words', async () => {
  const answer = await ask('/api/sync', null, { method: 'POST', headers: json, body: JSON.stringify(sync) });
  expect(answer.status).toBe(401);
  expect(await answer.json()).toEqual({ protocol: 1, error: expect.any(String) });
});

test('DEMO_NOW sets the day that everything counts from', async () => {
  const answer = await ask('/api/sync', 'grid1', {
    method: 'POST',
    headers: json,
    body: JSON.stringify({ ...sync, limit: 5000 }),
  });
  const { clock, feeds } = await answer.json();
  expect(Math.abs(clock - Date.parse('2026-12-03T09:30:00+08:00'))).toBeLessThan(10 * 60_000);
  const changes: { type: string; body: { rounds: { startsOn: string; closesOn: string }[] } }[] = feeds.flatMap(
    (feed: { changes: unknown[] }) => feed.changes,
  );
  expect(changes.find(({ type }) => type === 'grid')?.body.rounds[0]).toMatchObject({
    startsOn: '2026-11-21',
    closesOn: '2026-12-21',
  });
});

test('a deactivated account: its phone is told so, its password lets nobody in', async () => {
  const profile = await (
    await ask('/api/sync', 'grid2', { method: 'POST', headers: json, body: JSON.stringify(sync) })
  ).json();
  const admin = await (
    await ask('/api/sync', 'admin1', { method: 'POST', headers: json, body: JSON.stringify(sync) })
  ).json();
  const ended = await ask('/desk/accounts?/end', 'admin1', {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', origin: office.address },
    body: new URLSearchParams({ account: admin.account, id: profile.account, sure: 'on' }).toString(),
  });
  expect(ended.status).toBe(200);
  const answer = await ask('/api/sync', 'grid2', { method: 'POST', headers: json, body: JSON.stringify(sync) });
  expect(answer.status).toBe(403);
  expect(await answer.json()).toMatchObject({ protocol: 1, revoked: true });
  expect((await signIn('grid2')).status).toBe(401);
});

test('a restart ends no session, and a power cut neither', async () => {
  await office.kill();
  await office.start();
  expect((await ask('/desk', 'coordinator1')).status).toBe(200);
});

test('served at every address, it says that ORIGIN has to be set', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'qiaomen-origin-'));
  const environment = { ...process.env, HOST: '0.0.0.0', PORT: '0', ORIGIN: '', DATA_DIR: folder };
  const child = spawn(process.execPath, [path.join(root, 'scripts/start.mjs')], { cwd: root, env: environment });
  try {
    const errors = text(child.stderr);
    for await (const line of createInterface({ input: child.stdout })) if (line.startsWith('ready ')) break;
    child.kill('SIGTERM');
    expect(await errors).toMatch(/ORIGIN is not set: no browser opens http:\/\/0\.0\.0\.0:[1-9]/);
  } finally {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
});

test.describe('the caretaker’s program', () => {
  let folder: string;
  const admin = (args: string[], input = '', environment: Record<string, string> = {}) =>
    runAdmin({ DATA_DIR: folder, ...environment }, args, input);

  test.beforeAll(() => {
    folder = path.join(mkdtempSync(path.join(tmpdir(), 'qiaomen-admin-')), 'not', 'there', 'yet');
  });
  test.afterAll(() => rmSync(path.join(folder, '../../..'), { recursive: true, force: true }));

  test('makes a community, accounts and a register in an empty folder', () => {
    const made = admin(['create-community', '--name', '东街社区', '--json']);
    expect(made.status).toBe(0);
    expect(JSON.parse(made.stdout)).toEqual({ id: expect.stringMatching(/^[0-9a-f-]{36}$/), name: '东街社区' });
    const { id } = JSON.parse(made.stdout);

    const file = path.join(folder, 'roster.csv');
    writeFileSync(file, readFileSync(path.join(root, 'src/lib/server/demo/roster.csv')));
    const dry = admin(['import-roster', file, '--community', id, '--dry-run', '--json']);
    const real = admin(['import-roster', file, '--community', id, '--json']);
    expect([dry.status, real.status]).toEqual([0, 0]);
    expect(JSON.parse(real.stdout)).toEqual(JSON.parse(dry.stdout));
    expect(JSON.parse(real.stdout)).toMatchObject({ rows: 362, grids: 3, questions: [] });

    const typed = admin(
      ['create-account', '--community', id, '--username', 'w1', '--role', 'grid-worker', '--grid', '第一网格'],
      'typed-password\n',
    );
    expect(typed.status).toBe(0);
    expect(typed.stdout).not.toContain('typed-password');
    const told = admin(['create-account', '--community', id, '--username', 'w2', '--role', 'volunteer', '--json']);
    expect(JSON.parse(told.stdout).password).toMatch(/^[a-z0-9-]{19}$/);
  });

  test('refuses in words, with exit 1 and nothing on standard output', () => {
    const refusals = [
      admin(['create-community', '--name', ' ', '--json']),
      admin(
        ['create-account', '--community', 'nowhere', '--username', 'w3', '--role', 'volunteer', '--json'],
        'long-enough\n',
      ),
      admin(['create-account', '--community', 'nowhere', '--username', 'w3', '--role', 'volunteer'], 'short\n'),
      admin(['import-roster', 'no-such-file.xlsx', '--community', 'nowhere', '--json']),
      admin(['create-community', '--name', '东街社区'], '', { DATABASE_URL: 'postgres://localhost/qiaomen' }),
      admin(['create-community', '--name', '东街社区', '--json'], '', { DATA_DIR: path.join(root, 'package.json') }),
      admin(['unheard-of']),
    ];
    for (const { status, stdout, stderr } of refusals) {
      expect(status).toBe(1);
      expect(stdout).toBe('');
      expect(stderr.trim()).not.toBe('');
      expect(stderr).not.toMatch(/\n\s+at /);
    }
  });
});
