/** Who is shut out, and who is erased: asked over HTTP of the built office, and done by its programs. */
import { expect, test } from '@playwright/test';
import { runAdmin } from './admin';
import { password, type RunningOffice, startOffice } from './office';

const json = { 'content-type': 'application/json' };
const idEnding = (end: string) => `0190a000-0000-7000-8000-${end.padStart(12, '0')}`;

let office: RunningOffice;
let communityId: string;
const cookies = new Map<string, string>();
const ids = new Map<string, string>();

async function signIn(username: string, word = password): Promise<number> {
  const body = JSON.stringify({ username, password: word });
  const answer = await fetch(`${office.address}/api/auth/sign-in/username`, { method: 'POST', headers: json, body });
  const set = answer.headers.getSetCookie().map((cookie) => cookie.split(';')[0]);
  if (answer.ok) {
    cookies.set(username, set.join('; '));
    ids.set(username, (await answer.json()).user.id);
  }
  return answer.status;
}

function ask(where: string, who: string, init: RequestInit = {}): Promise<Response> {
  const headers = { cookie: cookies.get(who) ?? '', ...init.headers };
  return fetch(office.address + where, { redirect: 'manual', ...init, headers });
}

type Told = { feeds: { id: string; changes: { type: string; body?: { id: string; households: House[] } }[] }[] };
type House = { residents: { id: string }[] };

async function sync(who: string, part: object = {}): Promise<{ status: number; body: unknown; text: string }> {
  const device = { id: idEnding('c0'), app: 'test', clock: Date.now() };
  const asked = { protocol: 1, device, epoch: null, push: [], offer: [], have: {}, limit: 5000, ...part };
  const answer = await ask('/api/sync', who, { method: 'POST', headers: json, body: JSON.stringify(asked) });
  const text = await answer.text();
  return { status: answer.status, body: JSON.parse(text), text };
}

function atDesk(where: string, fields: Record<string, string>): Promise<Response> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html', origin: office.address };
  return ask(where, 'admin1', {
    method: 'POST',
    headers,
    body: new URLSearchParams({ account: ids.get('admin1') ?? '', ...fields }).toString(),
  });
}

function admin(...args: string[]) {
  return runAdmin({ DATA_DIR: office.dataDir }, [...args, '--json']);
}

test.beforeAll(async () => {
  office = await startOffice();
  for (const username of ['admin1', 'grid1']) await signIn(username);
  const { feeds } = (await sync('grid1', { limit: 1 })).body as Told;
  communityId = feeds[0]?.id.replace('community/', '') ?? '';
});
test.afterAll(() => office.stop());

test('[SCO-5] the session of a closed phone or account reaches the sync, to hand over, and nothing else', async () => {
  const device = { id: idEnding('c1'), app: 'test', clock: Date.now() };
  const push = [{ id: idEnding('c2'), revision: 1, digest: 'x' }];
  const pages = async () => {
    const answers = ['/desk', '/desk/accounts', '/desk/review'].map((page) => ask(page, 'leaving'));
    return (await Promise.all(answers)).map(({ status }) => status);
  };
  const named = ['--community', communityId, '--username', 'leaving', '--role', 'coordinator'];
  const { id, password: word } = JSON.parse(admin('create-account', ...named).stdout);
  await signIn('leaving', word);
  expect((await sync('leaving', { device })).status).toBe(200);
  expect(await pages()).toEqual([200, 200, 200]);
  const page = `/desk/accounts/${id}`;
  await expect.poll(async () => (await ask(page, 'admin1')).text()).toContain(device.id);

  expect((await atDesk(`${page}?/revoke`, { device: device.id })).status).toBe(400);
  expect((await atDesk(`${page}?/revoke`, { device: device.id, sure: 'on' })).status).toBe(200);
  expect(await pages()).toEqual([303, 303, 303]);
  const revoked = { status: 403, body: { protocol: 1, error: 'device revoked', revoked: true } };
  expect(await sync('leaving', { device })).toMatchObject(revoked);
  expect(await sync('leaving', { device: { ...device, id: idEnding('c3') } })).toMatchObject(revoked);
  const handed = await sync('leaving', { device, push, have: { 'grid/x': 1 } });
  expect(handed).toMatchObject({ status: 200, body: { feeds: [], left: ['grid/x'], receipts: [{ revision: 1 }] } });
  expect((await atDesk(`${page}?/allow`, { device: device.id })).status).toBe(200);
  expect(await pages()).toEqual([200, 200, 200]);

  expect((await atDesk('/desk/accounts?/end', { id, sure: 'on' })).status).toBe(200);
  expect(await pages()).toEqual([303, 303, 303]);
  expect((await sync('leaving', { device, push })).status).toBe(200);
  const ended = { status: 403, body: { protocol: 1, error: 'account ended', revoked: true } };
  expect(await sync('leaving', { device })).toMatchObject(ended);
  expect(await signIn('leaving', word)).toBe(401);
});

test('[REC-11] erase-resident takes a person off the register and the phones, and refuses in words', async () => {
  const { feeds } = (await sync('grid1')).body as Told;
  const doors = feeds.flatMap(({ changes }) =>
    changes.flatMap(({ type, body }) => (type === 'dwelling' ? (body ?? []) : [])),
  );
  const door = doors.find(({ households }) => (households[0]?.residents.length ?? 0) > 1);
  const of = ['--community', communityId];
  const residents = () => JSON.parse(admin('list-residents', ...of, '--dwelling', door?.id ?? '').stdout).residents;
  const before = residents();
  const [first] = before;
  const erased = admin('erase-resident', ...of, '--resident', first.id);
  expect(erased.status).toBe(0);
  expect(JSON.parse(erased.stdout)).toMatchObject({ resident: first.id, filesLeft: 0 });
  expect(residents()).toEqual(before.slice(1));
  expect((await sync('grid1')).text).not.toContain(first.id);
  expect((await ask(`/desk/register/${door?.id}`, 'admin1')).status).toBe(200);

  for (const refused of [
    admin('erase-resident', ...of, '--resident', idEnding('dead')),
    admin('list-residents', ...of, '--dwelling', idEnding('dead')),
  ]) {
    expect([refused.status, refused.stdout]).toEqual([1, '']);
    expect(refused.stderr).toContain(idEnding('dead'));
  }
});
