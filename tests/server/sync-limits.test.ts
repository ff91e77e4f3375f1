import { brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { chooseEncoding } from '../../src/lib/server/sync/compress';
import { readBody } from '../../src/lib/server/sync/read-body';
import { isDeeperThan } from '../../src/lib/server/sync/unpack';
import { holdUp } from '../support/hold-up';
import { at, openTestOffice, type TestOffice } from './office-for-tests';
import type { PhoneForTests } from './phone-for-tests';

let here: TestOffice;
let phone: PhoneForTests;

beforeEach(async () => {
  here = await openTestOffice();
  phone = here.phone(here.accounts.worker);
});
afterEach(() => here.close());

const packed = { 'content-encoding': 'gzip' };
const MiB = 1024 * 1024;

async function refusal(response: Response) {
  expect(response.headers.get('cache-control')).toBe('no-store');
  const body = await response.json();
  expect(body).toMatchObject({ protocol: 1, error: expect.any(String) });
  return response.status;
}

test('[LIM-1] above 1 MiB unpacked is 413 before it is parsed', async () => {
  const large = Buffer.alloc(MiB + 1, 'x');
  expect(await refusal(await phone.send(large))).toBe(413);
  expect(await refusal(await phone.send(gzipSync(large), packed))).toBe(413);
  const exact = Buffer.alloc(MiB, ' ');
  exact.write(JSON.stringify(phone.request()));
  expect((await phone.send(gzipSync(exact), packed)).status).toBe(200);
});

test('[LIM-1] a bomb is refused with no more unpacked than the limit', async () => {
  const member = gzipSync(Buffer.alloc(32 * MiB, ' '));
  const bomb = Buffer.concat(Array.from({ length: 16 }, () => member));
  const before = process.resourceUsage().maxRSS;
  expect(await refusal(await phone.send(bomb, packed))).toBe(413);
  // 512 MiB of spaces would show.
  expect(process.resourceUsage().maxRSS - before).toBeLessThan(128 * 1024);
});

test('[LIM-1] a body that never ends is read no further than 1 MiB', async () => {
  let sent = 0;
  const body = new ReadableStream({
    pull(controller) {
      sent += 64 * 1024;
      controller.enqueue(new Uint8Array(64 * 1024));
    },
  });
  const request = new Request('http://office/api/sync', { method: 'POST', body, duplex: 'half' } as RequestInit);
  await expect(readBody(request)).rejects.toMatchObject({ status: 413 });
  expect(sent).toBeLessThan(2 * MiB);
});

test('[LIM-1] a body that breaks off is 400', async () => {
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(new Uint8Array(10));
      controller.error(new Error('reset'));
    },
  });
  const request = new Request('http://office/api/sync', { method: 'POST', body, duplex: 'half' } as RequestInit);
  await expect(readBody(request)).rejects.toMatchObject({ status: 400 });
});

test('[LIM-1] nesting deeper than 32 is 400, brackets inside of texts do not count', async () => {
  const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
  expect([32, 33].map((depth) => isDeeperThan(Buffer.from(nested(depth)), 32))).toEqual([false, true]);
  expect(isDeeperThan(Buffer.from(JSON.stringify({ text: `\\"${'{['.repeat(99)}` })), 32)).toBe(false);
  expect(await refusal(await phone.send(nested(500_000)))).toBe(400);
  const deep = await phone.verifies(at(here.doors, 0), {
    body: { outcome: 'no-one-home', later: JSON.parse(nested(30)) },
  });
  expect((await phone.refused({ push: [deep] })).status).toBe(400);
  const allowed = await phone.verifies(at(here.doors, 0), {
    body: { outcome: 'no-one-home', later: JSON.parse(nested(28)) },
  });
  expect(await phone.push(allowed)).toMatchObject([{ status: 'stored' }]);
});

test('[LIM-1] above 100 revisions, 1,000 offers or 500 feeds is 413', async () => {
  const revision = await phone.verifies(at(here.doors, 0));
  const offer = { id: revision.id, revision: 1, digest: revision.digest };
  const feeds = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`grid/${index}`, 0]));
  expect((await phone.refused({ push: Array.from({ length: 101 }, () => revision) })).status).toBe(413);
  expect((await phone.refused({ offer: Array.from({ length: 1001 }, () => offer) })).status).toBe(413);
  expect((await phone.refused({ have: feeds(501) })).status).toBe(413);
  const answer = await phone.ask({
    push: Array.from({ length: 100 }, () => revision),
    offer: Array.from({ length: 1000 }, () => offer),
    have: feeds(500),
  });
  expect([answer.receipts.length, answer.wanted.length, answer.left.length]).toEqual([100, 0, 500]);
});

test('what is not JSON, not UTF-8, not gzip or of an unknown packing is 400', async () => {
  const whole = Buffer.from(JSON.stringify(phone.request()));
  const bodies: [Uint8Array, Record<string, string>][] = [
    [Buffer.from(''), {}],
    [Buffer.from('<html>'), {}],
    [Buffer.from('{"protocol":1,'), {}],
    [Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), {}],
    [whole, packed],
    [gzipSync(whole).subarray(0, 60), packed],
    [whole, { 'content-encoding': 'compress' }],
    ...['null', '[]', '1', '"x"', 'true'].map((text): [Uint8Array, Record<string, string>] => [Buffer.from(text), {}]),
  ];
  for (const [bytes, headers] of bodies) expect(await refusal(await phone.send(bytes, headers))).toBe(400);
});

test('another protocol is asked to upgrade, with or without a session', async () => {
  const upgrade = { protocol: 1, error: expect.any(String), upgrade: true };
  expect(await phone.refused({ protocol: 2, push: 'of another shape' })).toEqual({ status: 409, ...upgrade });
  expect((await phone.send(phone.request({ protocol: 0 }), {}, null)).status).toBe(409);
  expect((await phone.refused({ protocol: '1' })).status).toBe(400);
});

test('no session, or another account than the request names, is 401', async () => {
  expect(await refusal(await phone.send(phone.request(), {}, null))).toBe(401);
  expect((await phone.refused({ account: here.accounts.volunteer.id })).status).toBe(401);
  const { account: _, ...anonymous } = phone.request();
  expect((await phone.send(anonymous)).status).toBe(200);
});

test('a database that stays busy is 503 with Retry-After, and readers are answered meanwhile', async () => {
  await phone.pull();
  const release = await holdUp(here.office);
  const revision = await phone.verifies(at(here.doors, 0));
  const pushing = phone.send(phone.request({ push: [revision] }));
  expect((await phone.send(phone.request())).status).toBe(200);
  const refused = await pushing;
  await release();
  expect(await refusal(refused)).toBe(503);
  expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
  expect(await phone.push(revision)).toMatchObject([{ status: 'stored' }]);
});

test('answers are kept by nobody, and packed as the device accepts', async () => {
  const plain = await phone.send(phone.request());
  expect(plain.headers.get('cache-control')).toBe('no-store');
  expect(plain.headers.get('content-encoding')).toBeNull();
  const text = await plain.text();
  const gzip = await phone.send(phone.request(), { 'accept-encoding': 'gzip' });
  const brotli = await phone.send(phone.request(), { 'accept-encoding': 'gzip, deflate, br' });
  expect([gzip, brotli].map((response) => response.headers.get('content-encoding'))).toEqual(['gzip', 'br']);
  const same = (bytes: Buffer) => ({ ...JSON.parse(bytes.toString()), clock: 0 });
  expect(same(gunzipSync(await gzip.arrayBuffer()))).toEqual(same(Buffer.from(text)));
  expect(same(brotliDecompressSync(await brotli.arrayBuffer()))).toEqual(same(Buffer.from(text)));
  expect(['br;q=0, gzip', '*', null, 'br;q=0.5, gzip;q=0.9'].map(chooseEncoding)).toEqual(['gzip', null, null, 'gzip']);
});
