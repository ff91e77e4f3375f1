import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { noNetwork, openFieldPhone, verifying } from './field-phone-for-tests';
import { at, openTestOffice, type TestOffice } from './office-for-tests';
import type { PhoneForTests } from './phone-for-tests';

let here: TestOffice;
let phone: PhoneForTests;

beforeEach(async () => {
  here = await openTestOffice({ doorsEach: 20 });
  phone = here.phone(here.accounts.worker);
});
afterEach(() => here.close());

test('the phone’s own code sends packed what is worth it, and reads what comes packed', async () => {
  const field = await openFieldPhone(here, here.accounts.worker);
  expect(field.link.exchanges[0]).toMatchObject({ status: 200, packed: false, answeredPacked: true });
  expect(field.register.buildings()[0]?.doors).toBe(20);
  field.link.network = noNetwork;
  for (const door of here.doors.slice(0, 10)) await field.save(verifying(field, door));
  field.link.network = null;
  await field.syncNow();
  expect(field.syncState()).toMatchObject({ phase: 'idle', waiting: 0, setAside: 0 });
  expect(field.link.exchanges.some(({ packed }) => packed)).toBe(true);
  const rows = await here.office.database.read((db) => db.selectFrom('revision').select('status').execute());
  expect(rows).toEqual(Array.from({ length: 10 }, () => ({ status: 'stored' })));
  await field.close();
});

test('a packed request is the same request: same digests, same receipts', async () => {
  const revision = await phone.verifies(at(here.doors, 0));
  const plain = await phone.push(revision);
  const body = gzipSync(JSON.stringify(phone.request({ push: [revision] })));
  for (const encoding of ['gzip', 'x-gzip', 'GZIP', ' gzip ']) {
    const answer = await phone.send(body, { 'content-encoding': encoding });
    expect((await answer.json()).receipts).toEqual(plain);
  }
});

test('packings that are not spoken, and packed twice, are 400', async () => {
  const whole = Buffer.from(JSON.stringify(phone.request()));
  const tries: [Uint8Array, string][] = [
    [gzipSync(gzipSync(whole)), 'gzip'],
    [gzipSync(gzipSync(whole)), 'gzip, gzip'],
    [whole, 'br'],
    [whole, 'deflate'],
    [gzipSync(''), 'gzip'],
    [new Uint8Array(0), 'gzip'],
  ];
  for (const [bytes, encoding] of tries) {
    const answer = await phone.send(bytes, { 'content-encoding': encoding });
    expect([encoding, answer.status]).toEqual([encoding, 400]);
    expect(await answer.json()).toMatchObject({ protocol: 1 });
  }
});

test('another protocol: the phone’s own code keeps everything until the office speaks its own again', async () => {
  const field = await openFieldPhone(here, here.accounts.worker);
  field.link.network = noNetwork;
  await field.save(verifying(field, at(here.doors, 0)));
  field.link.protocol = 2;
  field.link.network = null;
  await field.syncNow();
  expect(field.link.exchanges.at(-1)?.status).toBe(409);
  expect(field.syncState()).toMatchObject({ phase: 'upgrade', waiting: 1 });
  expect(field.register.buildings()[0]?.doors).toBe(20);
  field.link.protocol = 1;
  await field.syncNow();
  expect(field.syncState()).toMatchObject({ phase: 'idle', waiting: 0 });
  await field.close();
});
