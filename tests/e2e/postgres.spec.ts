/** The built office on PostgreSQL: processes that share one database, one that dies amid its work, a database that goes and comes back. */
import { expect, test } from '@playwright/test';
import { digestRevision } from '../../src/lib/sync/digest';
import { type Line, lineTo } from '../support/cut';
import { makeDatabase, type Postgres, startPostgres } from '../support/postgres';
import { password, type RunningOffice, startOffice } from './office';

const json = { 'content-type': 'application/json' };
/** How many doors are knocked at while processes die. */
const knocks = 60;

let postgres: Postgres;
let line: Line;
let offices: RunningOffice[];

test.beforeAll(async () => {
  postgres = await startPostgres({ durable: true });
  line = await lineTo(await makeDatabase(postgres.url, 'qiaomen_e2e'));
  // Both at once, on a database in which there is nothing.
  offices = await Promise.all([line.url, line.url].map((DATABASE_URL) => startOffice({ DATABASE_URL })));
});
test.afterAll(async () => {
  await Promise.all((offices ?? []).map((office) => office.stop()));
  await line?.close();
  await postgres?.stop();
});

const office = (index: number): RunningOffice => {
  const found = offices[index];
  if (!found) throw new Error('two offices were started');
  return found;
};

async function signIn({ address }: RunningOffice, username: string): Promise<string> {
  const body = JSON.stringify({ username, password });
  const answer = await fetch(`${address}/api/auth/sign-in/username`, { method: 'POST', headers: json, body });
  expect(answer.status).toBe(200);
  return answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
}

type Told = { id: string; version: number; changes: { type: string; id: string; body?: object }[] };
type Answer = { account: string; receipts: { id: string; status: string }[]; feeds: Told[] };

function ask({ address }: RunningOffice, cookie: string, part: object = {}): Promise<Response> {
  const body = JSON.stringify({
    protocol: 1,
    device: { id: '0190a000-0000-7000-8000-000000000001', app: 'test', clock: Date.now() },
    epoch: null,
    push: [],
    offer: [],
    have: {},
    limit: 5000,
    ...part,
  });
  return fetch(`${address}/api/sync`, { method: 'POST', headers: { ...json, cookie }, body });
}

async function sync(office: RunningOffice, cookie: string, part: object = {}): Promise<Answer> {
  const answer = await ask(office, cookie, part);
  expect(answer.status).toBe(200);
  return answer.json();
}

/** Nobody at home, at this door. */
async function knock(door: string, index: number) {
  const revision = {
    id: `0190a000-0000-7000-8000-${String(index).padStart(12, '0')}`,
    revision: 1,
    kind: 'household-verification',
    form: { id: 'household-verification', version: 1 },
    target: { type: 'dwelling', id: door },
    basis: {},
    recordedAt: new Date().toISOString(),
    secondsOpen: 5,
    location: null,
    body: { outcome: 'no-one-home' },
  };
  return { ...revision, digest: await digestRevision(revision) };
}

const doorsOf = (answer: Answer) =>
  answer.feeds.flatMap(({ changes }) => changes.flatMap(({ type, id }) => (type === 'dwelling' ? [id] : [])));
const recordsOf = (answer: Answer) =>
  answer.feeds.flatMap(({ changes }) => changes.flatMap(({ type, id }) => (type === 'submission' ? [id] : [])));

test('two processes that start together make the demo once, and a session made at one is good at the other', async () => {
  for (const one of offices) {
    const health = await (await fetch(`${one.address}/health`)).json();
    expect(health).toEqual({ status: 'ok', database: 'postgresql', version: expect.any(String) });
  }
  const cookie = await signIn(office(0), 'grid1');
  const [here, there] = [await sync(office(0), cookie), await sync(office(1), cookie)];
  expect(there.account).toBe(here.account);
  expect(doorsOf(there)).toEqual(doorsOf(here));
  expect(doorsOf(here).length).toBeGreaterThanOrEqual(60);
});

test('what one process stores the other tells, also after a restart', async () => {
  const cookie = await signIn(office(1), 'grid2');
  const [door = ''] = doorsOf(await sync(office(1), cookie));
  const revision = await knock(door, 1_000_000);
  expect((await sync(office(0), cookie, { push: [revision] })).receipts).toMatchObject([{ status: 'stored' }]);
  expect(recordsOf(await sync(office(1), cookie))).toContain(revision.id);
  await office(0).kill();
  await office(0).start();
  expect(recordsOf(await sync(office(0), cookie))).toContain(revision.id);
});

test('[REC-1] a process that is killed amid pushes has lost nothing that it gave a receipt for, and doubled nothing', async () => {
  const cookie = await signIn(office(1), 'grid1');
  const doors = doorsOf(await sync(office(1), cookie));
  const revisions = await Promise.all(
    Array.from({ length: knocks }, (_, at) => knock(doors[at % doors.length] ?? '', at)),
  );
  const stored = new Set<string>();
  let killed: Promise<void> | null = null;
  // Pushed to the one that dies, and to the other once it is dead: as phones behind a balancer do.
  await Promise.all(
    revisions.map(async (revision, at) => {
      if (at === knocks / 2) killed = office(0).kill();
      const answer = await ask(office(0), cookie, { push: [revision] }).catch(() => null);
      const receipts = answer?.status === 200 ? ((await answer.json()) as Answer).receipts : [];
      for (const receipt of receipts) stored.add(receipt.id);
    }),
  );
  await killed;
  expect(stored.size).toBeLessThan(knocks);
  const after = recordsOf(await sync(office(1), cookie));
  for (const id of stored) expect(after).toContain(id);
  for (const revision of revisions) {
    const { receipts } = await sync(office(1), cookie, { push: [revision] });
    expect(receipts).toEqual([{ id: revision.id, revision: 1, digest: revision.digest, status: 'stored' }]);
  }
  const told = recordsOf(await sync(office(1), cookie)).filter((id) => revisions.some((one) => one.id === id));
  expect(told.sort()).toEqual(revisions.map(({ id }) => id).sort());
  await office(0).start();
});

test('while the database is gone everybody is told to come again, and everything goes on when it is back', async () => {
  const cookie = await signIn(office(0), 'grid1');
  line.cut();
  const health = await fetch(`${office(0).address}/health`);
  expect([health.status, await health.json()]).toEqual([
    503,
    { status: 'unavailable', database: 'postgresql', version: expect.any(String) },
  ]);
  const refused = await ask(office(1), cookie);
  expect([refused.status, await refused.json()]).toEqual([503, { protocol: 1, error: expect.any(String) }]);
  expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
  line.mend();
  for (const one of offices) {
    expect((await fetch(`${one.address}/health`)).status).toBe(200);
    await sync(one, cookie);
  }
});
