/** The digest by which a revision is known: base64url SHA-256 of its canonical JSON (RFC 8785) without `digest`. */
import canonicalize from 'canonicalize';

/** RFC 8785 text of a JSON value. Throws a TypeError on what JSON cannot hold (undefined, NaN, functions). */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('not a JSON value');
  return text;
}

/** Digest of all fields of a revision but `digest`, also of ones unknown to the reader. */
export async function digestRevision(revision: Record<string, unknown>): Promise<string> {
  const { digest: _, ...rest } = revision;
  const bytes = new TextEncoder().encode(canonicalJson(rest));
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return btoa(String.fromCharCode(...hash))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}
