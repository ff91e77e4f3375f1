/** One sync request over the network: packed, bounded in silence, and read strictly. What is not an answer of the protocol is no connection. */
import * as z from 'zod/mini';
import { SyncRefusal, SyncResponse } from '../sync/protocol';
import type { Send, SendOutcome } from './question';
import type { DeviceWorld } from './world';

/** That this protocol is not served may be said in a later one. */
const AnyUpgrade = z.object({ protocol: z.number(), error: z.string(), upgrade: z.literal(true) });
const ADDRESS = '/api/sync';
/** A try is over after this long without a byte (DEV-14). */
const SILENCE_MS = 30_000;
/** Below this, packing costs more than it saves. */
const PACK_ABOVE = 2048;
/** A connection that fails within this time never was one; a later failure may come from the size of what was sent. */
const NEVER_STARTED_MS = 1_000;
/** Twice what the office may say at once (FEED-4), so that a portal's endless page fills no memory. */
const LONGEST_ANSWER = 8 * 1024 * 1024;

export function makeSend(world: DeviceWorld): Send {
  return async (request) => {
    const startedAt = world.now();
    const aborter = new AbortController();
    const silence = makeSilence(world, () => aborter.abort());
    let answered = false;
    try {
      const { body, headers } = await pack(request);
      silence.heard();
      const response = await world.fetch(ADDRESS, {
        method: 'POST',
        body,
        headers: { 'Content-Type': 'application/json', Accept: 'application/json', ...headers },
        credentials: 'same-origin',
        cache: 'no-store',
        redirect: 'error',
        signal: aborter.signal,
      });
      answered = true;
      silence.heard();
      return read(response, await readText(response, silence.heard), world.now());
    } catch {
      const short = !answered && world.now() - startedAt < NEVER_STARTED_MS;
      return { kind: short || !world.online() ? 'no-connection' : 'broke-off' };
    } finally {
      silence.over();
    }
  };
}

/** What an answer means, by status and body alone. */
export function read(response: Pick<Response, 'status' | 'headers'>, text: string, now: number): SendOutcome {
  const none: SendOutcome = { kind: 'no-connection' };
  if (!/\bjson\b/i.test(response.headers.get('content-type') ?? '')) return none;
  const json = parse(text);
  if (response.status === 200) {
    const answer = SyncResponse.safeParse(json);
    return answer.success ? { kind: 'answer', answer: answer.data } : none;
  }
  if (response.status === 409) return AnyUpgrade.safeParse(json).success ? { kind: 'upgrade' } : none;
  const refusal = SyncRefusal.safeParse(json);
  if (!refusal.success) return none;
  const { revoked, epoch = null } = refusal.data;
  if (response.status === 403) return revoked ? { kind: 'revoked', epoch } : none;
  if (response.status === 401) return { kind: 'signed-out' };
  return {
    kind: 'refused',
    status: response.status,
    // A date is read by the clock that wrote it, where the answer tells it.
    retryAfterMs: readRetryAfter(
      response.headers.get('retry-after'),
      Date.parse(response.headers.get('date') ?? '') || now,
    ),
  };
}

/** Seconds or a date (RFC 9110, 10.2.3), as milliseconds from now; never more than an hour. */
function readRetryAfter(value: string | null, now: number): number | null {
  if (value === null) return null;
  const seconds = Number(value);
  const wait = Number.isFinite(seconds) && value.trim() !== '' ? seconds * 1000 : Date.parse(value) - now;
  return Number.isFinite(wait) ? Math.min(Math.max(0, wait), 3_600_000) : null;
}

async function pack(request: string): Promise<{ body: BodyInit; headers: Record<string, string> }> {
  if (request.length <= PACK_ABOVE || typeof CompressionStream === 'undefined') return { body: request, headers: {} };
  const packed = new Blob([request]).stream().pipeThrough(new CompressionStream('gzip'));
  return { body: await new Response(packed).blob(), headers: { 'Content-Encoding': 'gzip' } };
}

async function readText(response: Response, heard: () => void): Promise<string> {
  const reader = response.body?.getReader();
  if (!reader) return response.text();
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let text = '';
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    heard();
    length += value.byteLength;
    if (length > LONGEST_ANSWER) {
      await reader.cancel();
      return '';
    }
    text += decoder.decode(value, { stream: true });
  }
}

function parse(text: string): unknown {
  try {
    const json: unknown = JSON.parse(text);
    return json;
  } catch {
    return null;
  }
}

/** A clock of silence: `heard` starts it anew, `over` stops it. */
function makeSilence(world: DeviceWorld, silent: () => void): { heard: () => void; over: () => void } {
  let stop = () => {};
  return {
    heard() {
      stop();
      stop = world.after(SILENCE_MS, silent);
    },
    over: () => stop(),
  };
}
