import { gzipSync } from 'node:zlib';
import * as devalue from 'devalue';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SyncRefusal, SyncResponse } from '../../src/lib/sync/protocol';
import { checkOffice } from '../../src/lib/server/check/check-office';
import { seal } from '../../src/lib/server/codec';
import { quarantinePage } from '../../src/lib/server/desk/quarantine-page';
import { acceptAndApprove } from '../../src/lib/server/quarantine/accept-and-approve';
import { decide } from '../../src/lib/server/review/decide';
import { afterworkDone } from '../../src/lib/server/sync/afterwork';
import { digestRevision } from '../../src/lib/sync/digest';
import { at, openTestOffice, type TestOffice } from './office-for-tests';
import type { PhoneForTests, Pushed } from './phone-for-tests';

let here: TestOffice;
let phone: PhoneForTests;

beforeAll(async () => {
  here = await openTestOffice({ doorsEach: 60 });
  phone = here.phone(here.accounts.worker);
  await phone.pull();
});
afterAll(() => here.close());

/** Values that stand where others are expected. */
const odd: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, depthSize: 'small' },
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
      'constructor',
      2 ** 53,
      // Reads as a text to whoever only asks for its length, and breaks whoever compares it.
      { length: { toString: 1, valueOf: 1 }, toJSON: 1, then: 1 },
    ),
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.uuid(),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('__proto__', 'toString', 'id', 'length')), tie('value'), {
      maxKeys: 5,
    }),
  ),
})).value;

type Path = (string | number)[];

/** Every place in a JSON value. */
function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [
    path,
    ...Object.entries(value).flatMap(([key, held]) =>
      pathsOf(held, [...path, Array.isArray(value) ? Number(key) : key]),
    ),
  ];
}

/** The value with `put` in the place of what stood at `path`; undefined takes it out. */
function changed(value: unknown, [step, ...rest]: Path, put: unknown): unknown {
  if (step === undefined) return put;
  if (Array.isArray(value)) return value.map((held, index) => (index === step ? changed(held, rest, put) : held));
  return Object.fromEntries(
    Object.entries(value as object).flatMap(([key, held]) => {
      if (key !== String(step)) return [[key, held]];
      const next = changed(held, rest, put);
      return next === undefined ? [] : [[key, next]];
    }),
  );
}

/** Of the protocol, and never a failure of the office. */
async function answered(response: Response): Promise<number> {
  const body = await response.json();
  if (response.status === 200) SyncResponse.parse(body);
  else SyncRefusal.parse(body);
  expect(response.status).toBeLessThan(500);
  return response.status;
}

test(
  '[QUA-7] thousands of mistyped requests are answered 4xx or 200, and never fail the office',
  { timeout: 120_000 },
  async () => {
    const request = phone.request({
      push: [await phone.verifies(at(here.doors, 0))],
      offer: [{ id: here.office.world.uuid(), revision: 1, digest: 'x' }],
    });
    const paths = pathsOf(request).filter((path) => path.length > 0);
    const seen = new Set<number>();
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), fc.oneof(odd, fc.constant(undefined)), async (path, put) => {
        seen.add(await answered(await phone.send(changed(request, path, put))));
      }),
      { numRuns: 1500 },
    );
    expect([...seen].sort()).toEqual(expect.arrayContaining([200, 400]));
  },
);

test('[QUA-2] thousands of mistyped revisions each get one receipt', { timeout: 120_000 }, async () => {
  const goods = await Promise.all(
    here.doors.map((door) =>
      phone.verifies(door, { location: { lat: 1, lon: 2, accuracyMetres: 3 }, basis: { [door.id]: 1 } }),
    ),
  );
  const fixed = new Set(['id', 'revision', 'digest']);
  const paths = pathsOf(at(goods, 0)).filter(([first]) => first !== undefined && !fixed.has(String(first)));
  const edit = fc.tuple(fc.constantFrom(...goods), fc.constantFrom(...paths), fc.oneof(odd, fc.constant(undefined)));
  const statuses = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 10 }), fc.boolean(), async (edits, rightDigest) => {
      const push = await Promise.all(
        edits.map(async ([good, path, put]) => {
          const bent = { ...(changed(good, path, put) as Pushed), id: here.office.world.uuid() };
          const digest = await digestRevision(bent).catch(() => bent.digest);
          return rightDigest ? { ...bent, digest } : bent;
        }),
      );
      const response = await phone.send(phone.request({ push }));
      const body = await response.json();
      expect([response.status, body.error]).toEqual([200, undefined]);
      expect(body.receipts.map(({ id }: Pushed) => id)).toEqual(push.map(({ id }) => id));
      for (const { status } of body.receipts) statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }),
    { numRuns: 250 },
  );
  await afterworkDone(here.office);
  expect(statuses.get('stored')).toBeGreaterThan(0);
  expect(statuses.get('quarantined')).toBeGreaterThan(0);
  const internal = await here.office.database.read((db) =>
    db
      .selectFrom('revision')
      .select(['problems', 'text'])
      .where('problems', 'like', seal('%"internal"%'))
      .limit(3)
      .execute(),
  );
  expect(internal).toEqual([]);
  // All of it is told to the phone that pushed it.
  await phone.pull();
  expect((await checkOffice(here.office)).findings).toEqual([]);
});

test('[QUA-3] whatever is in quarantine is opened and decided at the desk', { timeout: 240_000 }, async () => {
  const { office, accounts } = here;
  for (const [member, value] of Object.entries({
    form: { id: { toString: 1, valueOf: 1 }, version: { valueOf: 1 } },
    basis: { [at(here.doors, 0).id]: 1.5, [at(here.doors, 1).id]: 1e300 },
    kind: { toString: 1 },
    body: JSON.parse('{"__proto__":{"x":1},"households":[{"__proto__":1}]}'),
  })) {
    const bent = { ...(await phone.verifies(at(here.doors, 0))), [member]: value };
    await phone.push({ ...bent, digest: await digestRevision(bent) });
  }
  await afterworkDone(office);
  const page = (asked: { page?: number; id?: string; part?: string }) =>
    quarantinePage(office, accounts.coordinator, asked, 'zh-CN');
  const first = await page({});
  const lines = [...first.lines];
  for (let number = 2; number <= first.pages; number += 1) lines.push(...(await page({ page: number })).lines);
  expect(lines).toHaveLength(first.total);
  expect(first.total).toBeGreaterThan(100);
  // The newest, those above among them.
  for (const { id, part } of lines.slice(-80)) {
    const { shown } = await page({ id, ...(part !== null && { part }) });
    if (!shown) throw new Error(`${id} is not to be opened`);
    // What SvelteKit tells a page of the load with.
    expect(devalue.stringify(shown)).toContain(id);
    const { revision, digest, previous } = shown;
    const seen = { submissionId: id, revision, digest, previous };
    const taken = await acceptAndApprove(office, accounts.coordinator, seen);
    if ('done' in taken || part !== null) continue;
    const comments = [{ path: ['note'], text: '看不懂' }];
    expect(await decide(office, accounts.coordinator, { ...seen, kind: 'return', comments })).toHaveProperty('done');
  }
});

test('bytes that are no request are answered 4xx', { timeout: 60_000 }, async () => {
  const whole = JSON.stringify(phone.request());
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.nat(whole.length).map((length) => Buffer.from(whole.slice(0, length))),
    fc.uint8Array({ maxLength: 300 }).map((data) => gzipSync(data)),
    fc.tuple(fc.nat(whole.length - 1), fc.nat(255)).map(([index, byte]) => {
      const bent = Buffer.from(whole);
      bent[index] = byte;
      return bent;
    }),
  );
  await fc.assert(
    fc.asyncProperty(bytes, fc.constantFrom('gzip', 'identity', '', 'br', '\u00ff'), async (body, encoding) => {
      const status = await answered(await phone.send(body, { 'content-encoding': encoding }));
      expect([200, 400, 401, 409, 413]).toContain(status);
    }),
    { numRuns: 1500 },
  );
});
