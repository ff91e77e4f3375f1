/** Revisions of a rescue file as intake takes them: what a push would have brought, or nothing where the text is none. */
import { asRecord } from '../../domain/json';
import { limits, PushEntry } from '../../sync/protocol';
import type { RescueContent } from '../../sync/rescue';
import { examine, type Examined } from '../intake/examine';
import { isDeeperThan } from '../sync/unpack';

export type Pushed = Examined & { bytes: number };

/** Null for a text that no request could carry: no JSON, no revision, or nested too deep (LIM-1). */
export function pushedOf({ text }: RescueContent['revisions'][number]): Pushed | null {
  const bytes = new TextEncoder().encode(text);
  if (bytes.byteLength > limits.requestBytes || isDeeperThan(bytes, limits.depth)) return null;
  const raw = asRecord(parse(text));
  const entry = PushEntry.safeParse(raw);
  if (!raw || !entry.success) return null;
  const { id, revision, digest } = entry.data;
  return { ...examine({ id, revision, digest }, raw), bytes: bytes.byteLength };
}

/** In pieces as large as a phone's own requests, so that no other writer waits long. */
export function inPieces(pushed: readonly Pushed[]): Pushed[][] {
  const pieces: Pushed[][] = [];
  let bytes = 0;
  for (const one of pushed) {
    const last = pieces.at(-1);
    bytes += one.bytes;
    if (last && last.length < limits.push && bytes <= limits.batchBytes) last.push(one);
    else {
      pieces.push([one]);
      bytes = one.bytes;
    }
  }
  return pieces;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
