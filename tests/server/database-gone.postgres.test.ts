/** PostgreSQL is gone for a while: everybody is told to come again, nobody is signed out, and nothing has to be started anew. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createAccount } from '../../src/lib/server/accounts/accounts';
import { readSession } from '../../src/lib/server/accounts/session';
import { signIn } from '../../src/lib/server/accounts/sign-in';
import { DatabaseUnavailableError } from '../../src/lib/server/database/open';
import { type Office, openOffice } from '../../src/lib/server/office';
import { afterworkDone } from '../../src/lib/server/sync/afterwork';
import { type Line, lineTo } from '../support/cut';
import { at, openTestOffice, type TestOffice } from './office-for-tests';
import { PhoneForTests } from './phone-for-tests';

let here: TestOffice;
let line: Line;
/** The office that reaches its database by the line. */
let office: Office;
let phone: PhoneForTests;

beforeEach(async () => {
  here = await openTestOffice();
  line = await lineTo(here.office.configuration.database);
  office = await openOffice({ ...here.office.configuration, database: line.url }, here.office.world);
  phone = new PhoneForTests(() => office, here.accounts.worker);
});
afterEach(async () => {
  line.mend();
  await afterworkDone(office);
  await office.database.close();
  await line.close();
  await here.close();
});

test('[REC-5] a push that meets it is 503 with Retry-After, and the same push is right afterwards', async () => {
  await phone.pull();
  const revision = await phone.verifies(at(here.doors, 0));
  line.cut();
  for (const push of [[revision], []]) {
    const answer = await phone.send(phone.request({ push }));
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
  }
  line.mend();
  expect(await phone.push(revision)).toMatchObject([{ status: 'stored' }]);
  const rows = await here.office.database.read((db) => db.selectFrom('revision').select('submission_id').execute());
  expect(rows).toEqual([{ submission_id: revision.id }]);
});

test('[REC-1] a push whose commit is cut off has a receipt only where it is stored, and the next try gets one', async () => {
  await phone.pull();
  for (const [index, door] of here.doors.entries()) {
    const revision = await phone.verifies(door);
    const pushing = phone.send(phone.request({ push: [revision] }));
    for (let turns = index * 3; turns > 0; turns -= 1) await new Promise((resolve) => setImmediate(resolve));
    line.cut();
    const answer = await pushing;
    line.mend();
    const stored = await here.office.database.read((db) =>
      db.selectFrom('revision').select('digest').where('submission_id', '=', revision.id).execute(),
    );
    if (answer.status === 200) expect(stored).toHaveLength(1);
    else expect(answer.status).toBe(503);
    expect(await phone.push(revision)).toMatchObject([{ status: 'stored' }]);
  }
});

const [username, password] = ['wangmin', 'knock-knock-2026'];

async function enters(): Promise<string> {
  const input = { username, name: '王敏', role: 'grid-worker' as const, grids: [], password };
  await createAccount(office, here.communityId, input);
  const entered = await signIn(office, { username, password });
  return entered.signedIn ? entered.cookies.map((one) => one.split(';')[0]).join('; ') : '';
}

async function failsToAsk(cookie: string): Promise<void> {
  await expect(readSession(office, new Headers({ cookie }))).rejects.toBeInstanceOf(DatabaseUnavailableError);
  await expect(signIn(office, { username, password })).rejects.toBeInstanceOf(DatabaseUnavailableError);
}

test('a session is neither ended nor taken for none, and a password for neither right nor wrong', async () => {
  const cookie = await enters();
  line.cut();
  await failsToAsk(cookie);
  line.mend();
  expect(await readSession(office, new Headers({ cookie }))).toMatchObject({ state: 'active' });
  expect(await signIn(office, { username, password })).toMatchObject({ signedIn: true });
});

test('the log has a line of JSON for each thing even then, and nothing that somebody typed', async () => {
  const cookie = await enters();
  const spy = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const others = (['log', 'warn', 'error'] as const).map((name) => vi.spyOn(console, name).mockReturnValue());
  line.cut();
  await failsToAsk(cookie);
  const said = spy.mock.calls.map(([text]) => String(text));
  vi.restoreAllMocks();
  expect(others.flatMap((other) => other.mock.calls)).toEqual([]);
  expect(said.length).toBeGreaterThan(0);
  for (const text of said) expect(text).toMatch(/^\{.*\}\n$/);
  expect(said.map((text): unknown => JSON.parse(text))).toContainEqual(
    expect.objectContaining({ event: 'sign-in-failed', at: expect.stringContaining(' at ') }),
  );
  for (const value of [username, '王敏', password, cookie.slice(-40)]) expect(said.join('')).not.toContain(value);
});
