/** What came on the wire, digested before any schema touches it (REC-8). */
import { createHash } from 'node:crypto';
import { canonicalJson } from '../../sync/digest';
import type { PushEntry } from '../../sync/protocol';

export type Examined = {
  /** As pushed: what the receipt names. */
  entry: PushEntry;
  /** All of it, unknown fields too. */
  raw: Readonly<Record<string, unknown>>;
  /** Of the whole revision; what is stored. */
  text: string;
  /** As computed here. */
  digest: string;
  /** The digest as pushed, fit for a database key: a text of any kind may stand there. */
  pushedDigest: string;
};

/** Of all fields but the digest itself, in base64url (REC-8). */
export function digestOf({ digest: _, ...digested }: Readonly<Record<string, unknown>>): string {
  return createHash('sha256').update(canonicalText(digested)).digest('base64url');
}

export function examine(entry: PushEntry, raw: Readonly<Record<string, unknown>>): Examined {
  return {
    entry,
    raw,
    text: canonicalText(raw),
    digest: digestOf(raw),
    pushedDigest: entry.digest.toWellFormed().replaceAll('\u0000', '\ufffd'),
  };
}

/** RFC 8785, and for the two things that it refuses a text that says the same again: half a surrogate pair, and a number beyond all numbers. */
export function canonicalText(value: unknown): string {
  try {
    return canonicalJson(value);
  } catch {
    return tolerantText(value);
  }
}

/** Of parsed JSON; what was nested deeper than 32 never came this far (LIM-1). */
function tolerantText(value: unknown): string {
  if (typeof value === 'number' && !Number.isFinite(value)) return value > 0 ? '1e999' : '-1e999';
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(tolerantText).join(',')}]`;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, held]) => `${JSON.stringify(key)}:${tolerantText(held)}`).join(',')}}`;
}
