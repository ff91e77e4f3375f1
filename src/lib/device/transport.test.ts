import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { makeTestWorld, settled } from './testing/test-world';
import { makeSend } from './transport';

const answer = {
  protocol: 1,
  account: 'a',
  epoch: 'e',
  clock: 1,
  receipts: [],
  wanted: [],
  feeds: [
    {
      id: 'account/a',
      version: 3,
      more: false,
      changes: [{ type: 'medal', id: 'x', version: 3, body: { a: 1 }, unknown: 1 }],
    },
  ],
  left: [],
  unknown: true,
};

function json(body: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json', ...headers } });
}

function sendTo(reply: (init: RequestInit) => Response | Promise<Response>) {
  const world = makeTestWorld(1, (_, init) => Promise.resolve(reply(init)));
  return { world, send: makeSend(world) };
}

describe('an answer', () => {
  it('is read with fields that nobody knows yet', async () => {
    const { send } = sendTo(() => json(answer));
    expect(await send('{}')).toMatchObject({ kind: 'answer', answer: { epoch: 'e', feeds: [{ version: 3 }] } });
  });

  const none: [string, () => Response][] = [
    ['a portal’s page with status 200', () => new Response('<html>', { headers: { 'Content-Type': 'text/html' } })],
    [
      'a portal’s page that says it is JSON',
      () => new Response('<html>', { headers: { 'Content-Type': 'application/json' } }),
    ],
    [
      'an answer of the wrong content type',
      () => new Response(JSON.stringify(answer), { headers: { 'Content-Type': 'text/plain' } }),
    ],
    [
      'a truncated answer',
      () => new Response(JSON.stringify(answer).slice(0, 90), { headers: { 'Content-Type': 'application/json' } }),
    ],
    ['JSON of another shape', () => json({ ok: true })],
    ['another protocol’s answer', () => json({ ...answer, protocol: 2 })],
    ['a proxy’s own 403', () => json({ message: 'Forbidden' }, 403)],
    ['a portal’s 403 that says revoked', () => json({ revoked: true }, 403)],
    ['a portal’s 403 that says revoked, with an error', () => json({ error: 'x', revoked: true }, 403)],
    ['a 403 of another protocol', () => json({ protocol: 2, error: 'revoked', revoked: true }, 403)],
    ['a 403 whose epoch is none', () => json({ protocol: 1, error: 'revoked', revoked: true, epoch: 7 }, 403)],
    ['a portal’s 409 that says upgrade', () => json({ upgrade: true }, 409)],
    ['a 403 of the office that revokes nothing', () => json({ protocol: 1, error: 'origin' }, 403)],
    ['a proxy’s own 409', () => json({ error: 'conflict' }, 409)],
    ['a proxy’s own 413', () => new Response('too large', { status: 413, headers: { 'Content-Type': 'text/html' } })],
    ['a proxy’s own 400', () => json({ error: 'bad' }, 400)],
    ['a gateway’s 502', () => new Response('<html>', { status: 502, headers: { 'Content-Type': 'text/html' } })],
    ['a framework’s 401', () => json({ message: 'Unauthorized' }, 401)],
    ['no body at all', () => new Response(null, { status: 200, headers: { 'Content-Type': 'application/json' } })],
  ];
  it.each(none)('[DEV-11] %s is no connection', async (_, reply) => {
    const { send } = sendTo(reply);
    expect(await send('{}')).toEqual({ kind: 'no-connection' });
  });

  it.each([
    [{ kind: 'revoked', epoch: null }, { protocol: 1, error: 'revoked', revoked: true }, 403],
    [{ kind: 'revoked', epoch: 'e2' }, { protocol: 1, error: 'revoked', revoked: true, epoch: 'e2' }, 403],
    [{ kind: 'upgrade' }, { protocol: 7, error: 'upgrade', upgrade: true }, 409],
    [{ kind: 'signed-out' }, { protocol: 1, error: 'no session' }, 401],
  ] as const)('means %o', async (outcome, body, status) => {
    const { send } = sendTo(() => json(body, status));
    expect(await send('{}')).toEqual(outcome);
  });

  it('tells how long the office wants to be left alone', async () => {
    const refusal = { protocol: 1, error: 'busy' };
    const wait = async (value: string) => sendTo(() => json(refusal, 503, { 'Retry-After': value })).send('{}');
    expect(await wait('7')).toEqual({ kind: 'refused', status: 503, retryAfterMs: 7000 });
    expect(await wait('Mon, 23 Nov 2026 02:00:30 GMT')).toEqual({ kind: 'refused', status: 503, retryAfterMs: 30_000 });
    const dated = { 'Retry-After': 'Tue, 24 Nov 2026 02:00:30 GMT', Date: 'Tue, 24 Nov 2026 02:00:00 GMT' };
    const { send } = sendTo(() => json(refusal, 503, dated)); // the phone's clock is a day behind
    expect(await send('{}')).toEqual({ kind: 'refused', status: 503, retryAfterMs: 30_000 });
    expect(await wait('soon')).toEqual({ kind: 'refused', status: 503, retryAfterMs: null });
    expect(await wait('999999')).toMatchObject({ retryAfterMs: 3_600_000 });
  });
});

describe('a request', () => {
  it('is packed above 2 KB, and says so', async () => {
    const seen: { encoding: string | null; text: string }[] = [];
    const { send } = sendTo(async (init) => {
      const request = new Request('http://office/api/sync', init);
      const bytes = Buffer.from(await request.arrayBuffer());
      const encoding = request.headers.get('content-encoding');
      seen.push({ encoding, text: String(encoding ? gunzipSync(bytes) : bytes) });
      return json(answer);
    });
    const long = JSON.stringify({ text: '门'.repeat(3000) });
    await send('{"short":true}');
    await send(long);
    expect(seen).toEqual([
      { encoding: null, text: '{"short":true}' },
      { encoding: 'gzip', text: long },
    ]);
  });

  it('[DEV-14] is over after 30 seconds without a byte', async () => {
    const world = makeTestWorld(
      1,
      (_, init) =>
        new Promise((__, reject) => init.signal?.addEventListener('abort', () => reject(new Error('aborted')))),
    );
    const sent = makeSend(world)('{}');
    await settled();
    await world.advance(31_000);
    expect(await sent).toEqual({ kind: 'broke-off' });
  });

  it('[DEV-14] goes on for longer while bytes come', async () => {
    const feed: { push?: (text: string) => void; end?: () => void } = {};
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        feed.push = (text) => controller.enqueue(new TextEncoder().encode(text));
        feed.end = () => controller.close();
      },
    });
    const world = makeTestWorld(1, () =>
      Promise.resolve(new Response(body, { headers: { 'Content-Type': 'application/json' } })),
    );
    const sent = makeSend(world)('{}');
    for (const piece of JSON.stringify(answer).match(/.{1,40}/gs) ?? []) {
      await settled(5);
      feed.push?.(piece);
      await settled(5);
      await world.advance(20_000);
    }
    feed.end?.();
    expect((await sent).kind).toBe('answer');
  });

  it('[DEV-14] that breaks off in the middle of the answer is told from one that never began', async () => {
    const broken = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.enqueue(new TextEncoder().encode('{"protocol":1'));
        controller.error(new Error('reset'));
      },
    });
    const half = sendTo(() => new Response(broken, { headers: { 'Content-Type': 'application/json' } }));
    expect(await half.send('{}')).toEqual({ kind: 'broke-off' });
    const refused = makeTestWorld(1, () => Promise.reject(new TypeError('refused')));
    expect(await makeSend(refused)('{}')).toEqual({ kind: 'no-connection' });
  });
});
