/** From the bytes of a request to JSON, with a bound on each step (LIM-1). */
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { limits } from '../../sync/protocol';
import { Refusal } from './refusal';

const gunzipped = promisify(gunzip);

/** Throws a Refusal: 413 above 1 MiB unpacked, 400 for what is nested deeper than 32, not UTF-8, or not JSON. */
export async function unpack(bytes: Uint8Array, contentEncoding: string | null): Promise<unknown> {
  const text = await unpacked(bytes, contentEncoding);
  if (text.byteLength > limits.requestBytes) throw new Refusal(413, 'request too large');
  if (isDeeperThan(text, limits.depth)) throw new Refusal(400, 'nested too deep');
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(text));
  } catch {
    throw new Refusal(400, 'not JSON');
  }
}

async function unpacked(bytes: Uint8Array, contentEncoding: string | null): Promise<Uint8Array> {
  const encoding = contentEncoding?.trim().toLowerCase() ?? '';
  if (encoding === '' || encoding === 'identity') return bytes;
  if (encoding !== 'gzip' && encoding !== 'x-gzip') throw new Refusal(400, 'unknown content encoding');
  if (bytes.byteLength > limits.requestBytes) throw new Refusal(413, 'request too large');
  try {
    return await gunzipped(bytes, { maxOutputLength: limits.requestBytes });
  } catch (error) {
    const tooLarge = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
    throw tooLarge ? new Refusal(413, 'request too large') : new Refusal(400, 'not gzip');
  }
}

const quote = 0x22;
const backslash = 0x5c;
const opening = new Set([0x5b, 0x7b]);
const closing = new Set([0x5d, 0x7d]);

/** Counts brackets outside of strings. In UTF-8 no byte of another character is one of these. */
export function isDeeperThan(text: Uint8Array, bound: number): boolean {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < text.length; index += 1) {
    const byte = text[index] ?? 0;
    if (inString) {
      if (byte === backslash) index += 1;
      else if (byte === quote) inString = false;
    } else if (byte === quote) inString = true;
    else if (opening.has(byte)) {
      depth += 1;
      if (depth > bound) return true;
    } else if (closing.has(byte)) depth -= 1;
  }
  return false;
}
