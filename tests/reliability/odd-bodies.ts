/** Bodies that no app of ours would send: cut, mistyped, nested, packed, of the wrong kind; drawn from a seed. */
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';

export type OddBody = { bytes: Buffer; headers: Record<string, string> };

const odd = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.constantFrom<unknown>(
      null,
      true,
      '',
      0,
      -1,
      1.5,
      1e300,
      '\u0000',
      'a\ud800',
      '__proto__',
      2 ** 53,
      '../../etc/passwd',
      "' OR 1=1 --",
      '=1+1',
    ),
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.uuid(),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('__proto__', 'id', 'length', 'toString')), tie('value'), {
      maxKeys: 4,
    }),
  ),
})).value;

/** A text on which a careless regular expression would never end, and one that is merely long. */
const long = fc.constantFrom('1'.repeat(50_000), 'a'.repeat(20_000) + '!', '　'.repeat(20_000), '-'.repeat(30_000));

/** JSON bodies around one that is right: `like` with values bent, dropped or added; and what is no JSON at all. */
export function oddJson(like: Record<string, unknown>): fc.Arbitrary<OddBody> {
  const json = { 'content-type': 'application/json' };
  const bent = fc
    .tuple(
      fc.constantFrom(...Object.keys(like)),
      fc.oneof({ weight: 5, arbitrary: odd }, { weight: 1, arbitrary: long }),
    )
    .map(([key, value]) => ({ ...like, [key]: value }));
  const text = fc.oneof(bent, odd).map((value) => Buffer.from(JSON.stringify(value) ?? 'undefined'));
  const whole = Buffer.from(JSON.stringify(like));
  return fc.oneof(
    { weight: 6, arbitrary: text.map((bytes) => ({ bytes, headers: json })) },
    {
      weight: 2,
      arbitrary: fc.nat(whole.length).map((length) => ({ bytes: whole.subarray(0, length), headers: json })),
    },
    {
      weight: 2,
      arbitrary: fc.uint8Array({ maxLength: 200 }).map((data) => ({ bytes: Buffer.from(data), headers: json })),
    },
    {
      weight: 1,
      arbitrary: text.map((bytes) => ({ bytes: gzipSync(bytes), headers: { ...json, 'content-encoding': 'gzip' } })),
    },
    {
      weight: 1,
      arbitrary: fc
        .integer({ min: 33, max: 20_000 })
        .map((depth) => ({ bytes: Buffer.from('['.repeat(depth) + ']'.repeat(depth)), headers: json })),
    },
    { weight: 1, arbitrary: text.map((bytes) => ({ bytes, headers: { 'content-type': 'text/plain' } })) },
    { weight: 1, arbitrary: fc.constant({ bytes: Buffer.alloc(1_100_000, 0x20), headers: json }) },
  );
}

/** Fields of a form that go together; null: with a value that nobody types. */
export type Named = Readonly<Record<string, string | null>>;

/**
 * Forms of a page: fields that it has, with values that nobody types. `account`: whose page it is; nearly every form says so, for one that does not
 * is refused before anything else in it is looked at. `known`: what names something that is there, for most of them.
 */
export function oddForm(fields: readonly string[], account: string, known: readonly Named[]): fc.Arbitrary<OddBody> {
  const value = fc.oneof(
    { weight: 4, arbitrary: fc.string({ unit: 'binary', maxLength: 80 }) },
    { weight: 2, arbitrary: fc.uuid() },
    { weight: 2, arbitrary: odd.map((held) => JSON.stringify(held) ?? '') },
    { weight: 1, arbitrary: long },
  );
  const written = fc.array(fc.tuple(fc.oneof(fc.constantFrom(...fields), fc.string({ maxLength: 12 })), value), {
    maxLength: 8,
  });
  const named = fc
    .tuple(fc.constantFrom({}, ...known), value)
    .map(([group, text]) =>
      Object.entries<string | null>(group).map(([name, held]): [string, string] => [name, held ?? text]),
    );
  const whole = fc
    .tuple(named, written)
    .map(([group, list]): [string, string][] => [['account', account], ...group, ...list]);
  const pairs = fc.oneof({ weight: 9, arbitrary: whole }, { weight: 1, arbitrary: written });
  const urlencoded = pairs.map((list) => ({
    bytes: Buffer.from(new URLSearchParams(list.map(([name, text]) => [name, text.toWellFormed()])).toString()),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  }));
  const multipart = pairs.map((list) => {
    const parts = list.map(
      ([name, text]) => `--odd\r\nContent-Disposition: form-data; name="${quoted(name)}"\r\n\r\n${text}\r\n`,
    );
    return {
      bytes: Buffer.from(`${parts.join('')}--odd--\r\n`),
      headers: { 'content-type': 'multipart/form-data; boundary=odd' },
    };
  });
  const file = fc.uint8Array({ maxLength: 400 }).map((data) => ({
    bytes: Buffer.concat([
      Buffer.from(`--odd\r\nContent-Disposition: form-data; name="account"\r\n\r\n${account}\r\n`),
      Buffer.from('--odd\r\nContent-Disposition: form-data; name="file"; filename="x.xlsx"\r\n\r\n'),
      data,
      Buffer.from('\r\n--odd--\r\n'),
    ]),
    headers: { 'content-type': 'multipart/form-data; boundary=odd' },
  }));
  const broken = fc.uint8Array({ maxLength: 200 }).map((data) => ({
    bytes: Buffer.from(data),
    headers: { 'content-type': 'multipart/form-data; boundary=odd' },
  }));
  return fc.oneof(
    { weight: 5, arbitrary: urlencoded },
    { weight: 3, arbitrary: multipart },
    { weight: 1, arbitrary: file },
    { weight: 1, arbitrary: broken },
  );
}

/** As browsers write a field's name (HTML, multipart/form-data encoding algorithm). */
const quoted = (name: string) =>
  name.toWellFormed().replaceAll('\n', '%0A').replaceAll('\r', '%0D').replaceAll('"', '%22');
