import { afterEach, beforeEach, expect, test } from 'vitest';
import { createAccount } from '../../src/lib/server/accounts/accounts';
import { signIn } from '../../src/lib/server/accounts/sign-in';
import { deskHead } from '../../src/lib/server/desk/head';
import { longestWaitMs } from '../../src/lib/server/sync/line';
import { serveSync } from '../../src/lib/server/sync/serve';
import { openFieldPhone, verifying } from './field-phone-for-tests';
import { at, openTestOffice, type TestOffice } from './office-for-tests';
import type { PhoneForTests } from './phone-for-tests';

let here: TestOffice;
let phone: PhoneForTests;

beforeEach(async () => {
  here = await openTestOffice();
  phone = here.phone(here.accounts.worker);
});
afterEach(() => here.close());

/** Commits wait at a gate, as those of a disk that is too slow; `open` lets them through. */
function blockCommits(): { open(): void } {
  const { database } = here.office;
  const together = database.writeTogether;
  const gate = Promise.withResolvers<null>();
  database.writeTogether = async (run) => {
    await gate.promise;
    return together(run);
  };
  return {
    open() {
      database.writeTogether = together;
      gate.resolve(null);
    },
  };
}

const send = (asked: object, account = phone.account) => {
  const body = JSON.stringify(asked);
  const headers = { 'content-length': String(Buffer.byteLength(body)) };
  return serveSync(here.office, account, new Request('http://office/api/sync', { method: 'POST', headers, body }));
};

type Pending = { answer: Promise<Response>; settled: boolean };
function ask(body: object): Pending {
  const pending: Pending = { answer: send(body), settled: false };
  void pending.answer.finally(() => (pending.settled = true));
  return pending;
}
/** Lets what can go on go on: bodies are read, and whoever is sent away hears of it. */
const turns = async () => {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

test('[LIM-2] whom the answer would reach too late is sent away before anything is done; sign-in and desk do not wait in this line', async () => {
  await createAccount(here.office, here.communityId, {
    username: 'new-worker',
    password: 'knock-knock-2026',
    name: '李敏',
    role: 'grid-worker',
    grids: [],
  });
  const [first, late] = [await phone.verifies(at(here.doors, 0)), await phone.verifies(at(here.doors, 1))];
  const gate = blockCommits();
  const waiting: Pending[] = [];
  let refused: Response | null = null;
  while (!refused && waiting.length < 2000) {
    const pending = ask(phone.request({ push: [first] }));
    await turns();
    if (pending.settled) refused = await pending.answer;
    else waiting.push(pending);
  }
  expect(waiting.length).toBeGreaterThan(20);
  expect(refused?.status).toBe(503);
  expect(await refused?.json()).toEqual({ protocol: 1, error: 'busy' });
  expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThanOrEqual(longestWaitMs / 1000);
  expect((await send(phone.request({ push: [late] }))).status).toBe(503);

  expect(await signIn(here.office, { username: 'new-worker', password: 'knock-knock-2026' })).toMatchObject({
    signedIn: true,
  });
  expect(await deskHead(here.office, here.communityId)).toMatchObject({ waiting: 0 });

  gate.open();
  const receipts = await Promise.all(waiting.map(async ({ answer }) => (await (await answer).json()).receipts));
  expect(receipts).toEqual(waiting.map(() => [expect.objectContaining({ status: 'stored' })]));
  const rows = await here.office.database.read((db) => db.selectFrom('revision').select('submission_id').execute());
  expect(rows).toEqual([{ submission_id: first.id }]);
  expect((await send(phone.request({ push: [late] }))).status).toBe(200);
});

test('[LIM-2] a body that does not say how long it is counts as long as it may be', async () => {
  const slow: ReadableStreamDefaultController<Uint8Array>[] = [];
  const body = () => new ReadableStream<Uint8Array>({ start: (controller) => void slow.push(controller) });
  const sending: Promise<Response>[] = [];
  let refused: Response | null = null;
  for (let sent = 0; sent < 500 && !refused; sent += 1) {
    const init: RequestInit & { duplex: 'half' } = { method: 'POST', body: body(), duplex: 'half' };
    // Eight at once are a person's share.
    const account = { ...phone.account, id: `worker ${Math.floor(sent / 8)}` };
    const answer = serveSync(here.office, account, new Request('http://office/api/sync', init));
    refused = await Promise.race([answer, turns().then(() => null)]);
    if (!refused) sending.push(answer);
  }
  expect(sending).toHaveLength(128);
  expect(refused?.status).toBe(503);
  for (const controller of slow) controller.close();
  const answers = await Promise.all(sending);
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([400]));
  expect((await send(phone.request())).status).toBe(200);
});

test('[LIM-2] who sends many slow bodies is sent away alone', async () => {
  const slow: ReadableStreamDefaultController<Uint8Array>[] = [];
  const sendSlowly = () => {
    const body = new ReadableStream<Uint8Array>({ start: (controller) => void slow.push(controller) });
    const init: RequestInit & { duplex: 'half' } = { method: 'POST', body, duplex: 'half' };
    return serveSync(here.office, phone.account, new Request('http://office/api/sync', init));
  };
  const held = Array.from({ length: 8 }, sendSlowly);
  expect((await sendSlowly()).status).toBe(503);
  expect((await here.phone(here.accounts.coordinator).ask()).receipts).toEqual([]);
  for (const controller of slow) controller.close();
  expect(new Set((await Promise.all(held)).map(({ status }) => status))).toEqual(new Set([400]));
  expect((await send(phone.request())).status).toBe(200);
});

test('[LIM-2] the phone’s own code waits as long as it was told, and then sends', async () => {
  const field = await openFieldPhone(here, here.accounts.worker);
  const gate = blockCommits();
  const stuck = ask(phone.request({ push: [await phone.verifies(at(here.doors, 0))] }));
  await turns();
  here.forward(longestWaitMs + 1);
  await field.save(verifying(field, at(here.doors, 2)));
  await field.syncNow();
  expect(field.link.exchanges.at(-1)?.status).toBe(503);
  expect(field.syncState()).toMatchObject({ phase: 'busy', waiting: 1 });
  const nextTry = Date.parse(field.syncState().nextTryAt ?? '') - here.office.world.now();
  expect(nextTry).toBeGreaterThanOrEqual(longestWaitMs - 1000);
  const before = field.link.exchanges.length;
  await field.syncNow();
  expect(field.link.exchanges).toHaveLength(before);
  gate.open();
  expect((await stuck.answer).status).toBe(200);
  await field.pass(nextTry + 1000);
  await field.syncNow();
  expect(field.syncState()).toMatchObject({ phase: 'idle', waiting: 0 });
  await field.close();
});
