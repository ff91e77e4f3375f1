import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson, digestRevision } from '../../sync/digest';
import { canonicalText, examine } from './examine';

test('[REC-8] the digest is that of RFC 8785 for all that RFC 8785 takes', async () => {
  await fc.assert(
    fc.asyncProperty(fc.dictionary(fc.string(), fc.jsonValue()), async (fields) => {
      const raw = JSON.parse(JSON.stringify({ ...fields, digest: 'x' }));
      const entry = { id: '', revision: 1, digest: 'x' };
      const { text, digest } = examine(entry, raw);
      expect(text).toBe(canonicalJson(raw));
      expect(digest).toBe(await digestRevision(raw));
    }),
  );
});

test('[REC-8] what RFC 8785 refuses is kept as it came, whatever it is', () => {
  const hostile = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.string({ unit: 'binary' }),
      fc.constantFrom('\ud800', 'a\udfffb', '\u0000', Infinity, -Infinity, 1e-324, true, null),
      fc.double({ noNaN: true }),
      fc.array(tie('value')),
      fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('__proto__', 'toJSON', '\udc00')), tie('value')),
    ),
  })).value;
  fc.assert(
    fc.property(hostile, (value) => {
      const text = canonicalText(value);
      expect(canonicalText(JSON.parse(text))).toBe(text);
      expect(JSON.stringify(text).length).toBeGreaterThan(0);
    }),
  );
});

test('[REC-8] half a surrogate pair is digested as its escape, as a phone that writes it so digests it', () => {
  const raw = { note: 'a\ud800' };
  const digest = createHash('sha256').update('{"note":"a\\ud800"}').digest('base64url');
  expect(examine({ id: '', revision: 1, digest }, { ...raw, digest }).digest).toBe(digest);
});

test('any text may stand where the digest is, and two tries of it are one', () => {
  const digest = '\u0000\ud800';
  const once = examine({ id: '', revision: 1, digest }, { digest });
  expect(once.pushedDigest).toBe('\ufffd\ufffd');
  expect(once.entry.digest).toBe(digest);
});
