import { getMigrations } from 'better-auth/db/migration';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { World } from '../../domain/world';
import { openTestDatabase } from '../../../../tests/support/test-database';
import { readConfiguration } from '../configuration';
import type { Office } from '../office';
import { makeWorld } from '../world';
import { assignGrids, createAccount, endAccount, listAccounts, resetPassword } from './accounts';
import { authOptions } from './auth';
import { createCommunity } from './communities';
import { readSession } from './session';
import { delayAfter, signIn, SignInRequest, signOut } from './sign-in';

const secret = 'a secret of thirty-two characters';
const password = 'knock-knock-2026';

/** An office whose timers are run by the test: how long an answer is held is read, never waited for. */
async function openTestOffice(): Promise<{ office: Office; held: number[] }> {
  const held: number[] = [];
  const real = makeWorld();
  const world: World = {
    ...real,
    after(milliseconds, task) {
      held.push(milliseconds);
      task();
      return () => undefined;
    },
  };
  const configuration = readConfiguration({ DATA_DIR: '/nowhere', AUTH_SECRET: secret });
  // The database keeps the real timers: what it waits for is a lock, not an answer.
  return { office: { database: await openTestDatabase(real), world, configuration }, held };
}

let office: Office;
let held: number[];
let communityId: string;

beforeEach(async () => {
  ({ office, held } = await openTestOffice());
  communityId = (await createCommunity(office, '东街社区')).id;
});
afterEach(() => office.database.close());

const worker = (username = 'grid-worker') => ({
  username,
  password,
  name: '王敏',
  role: 'grid-worker' as const,
  grids: [],
});
const cookieOf = (cookies: string[]) =>
  new Headers({ cookie: cookies.map((cookie) => cookie.split(';')[0]).join('; ') });

async function enter(username: string, word = password) {
  const answer = await signIn(office, { username, password: word });
  return answer.signedIn ? answer : null;
}

async function addGrid(name: string): Promise<string> {
  const id = office.world.uuid();
  await office.database.write((tx) =>
    tx.insertInto('grid').values({ community_id: communityId, id, name, position: 1 }).execute(),
  );
  return id;
}

describe('signing in', () => {
  it('refuses a name that is no text, whatever it calls its length', () => {
    const odd = { length: { toString: '=1+1' } };
    expect(SignInRequest.safeParse({ username: odd, password: 'x' }).success).toBe(false);
    expect(SignInRequest.safeParse({ username: 'x', password: odd }).success).toBe(false);
    expect(SignInRequest.safeParse({ username: 'x'.repeat(201), password: 'x' }).success).toBe(false);
  });

  it('keeps the sign-in library’s tables as the library would make them', async () => {
    const { library: db, engine } = office.database;
    const type = engine === 'postgresql' ? 'postgres' : engine;
    const { toBeCreated, toBeAdded } = await getMigrations({ ...authOptions(office), database: { db, type } });
    expect({ toBeCreated, toBeAdded }).toEqual({ toBeCreated: [], toBeAdded: [] });
  });

  it('gives the right password a session of 90 days that no script can read', async () => {
    await createAccount(office, communityId, worker());
    const entered = await enter('Grid-Worker ');
    const [cookie = ''] = entered?.cookies ?? [];
    expect(cookie).toContain('HttpOnly');
    expect(cookie).toContain('SameSite=Lax');
    expect(cookie).toContain(`Max-Age=${90 * 24 * 60 * 60}`);
    const session = await readSession(office, cookieOf(entered?.cookies ?? []));
    expect(session).toMatchObject({
      state: 'active',
      account: { username: 'grid-worker', role: 'grid-worker', communityId },
    });
  });

  it('keeps neither address nor browser with a session, and the password as argon2id only', async () => {
    await createAccount(office, communityId, worker());
    await enter('grid-worker');
    const kept = await office.database.read(async (db) => ({
      session: await db.selectFrom('sign_in_session').select(['ipAddress', 'userAgent']).executeTakeFirstOrThrow(),
      credential: await db.selectFrom('sign_in_credential').select('password').executeTakeFirstOrThrow(),
    }));
    expect(Object.values(kept.session).filter(Boolean)).toEqual([]);
    expect(kept.credential.password).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  it('never slows a right password, however many wrong ones came before', async () => {
    await createAccount(office, communityId, worker());
    for (let tries = 0; tries < 7; tries += 1) expect(await enter('grid-worker', 'wrong-password')).toBeNull();
    const before = held.length;
    expect(await enter('grid-worker')).not.toBeNull();
    expect(held.length).toBe(before);
    for (let tries = 0; tries < 12; tries += 1) expect(await enter('grid-worker')).not.toBeNull();
    expect(held.length).toBe(before);
  });

  it('holds the answer to wrong passwords longer and longer, by account, and begins anew after a right one', async () => {
    await createAccount(office, communityId, worker('one'));
    await createAccount(office, communityId, worker('two'));
    for (let tries = 0; tries < 7; tries += 1) await enter('one', 'wrong-password');
    expect(held).toEqual([0, 0, 0, 0, 500, 1000, 2000]);
    await enter('two', 'wrong-password');
    expect(held.at(-1)).toBe(0);
    await enter('one');
    await enter('one', 'wrong-password');
    expect(held.at(-1)).toBe(0);
    expect(delayAfter(1000)).toBe(30_000);
  });

  it('answers an unknown username as it answers a wrong password, and writes down neither', async () => {
    expect(await enter('nobody-here')).toBeNull();
    expect(await enter('x')).toBeNull();
    expect(await enter('my password typed by accident')).toBeNull();
    const rows = await office.database.read((db) => db.selectFrom('sign_in_failure').select('id').execute());
    expect(rows.length).toBe(3);
    expect(JSON.stringify(rows)).not.toMatch(/nobody|accident/);
  });

  it('signs out: the cookie is good for nothing afterwards', async () => {
    await createAccount(office, communityId, worker());
    const headers = cookieOf((await enter('grid-worker'))?.cookies ?? []);
    await signOut(office, headers);
    expect(await readSession(office, headers)).toEqual({ state: 'none' });
  });

  it('takes no session that another secret signed', async () => {
    await createAccount(office, communityId, worker());
    const headers = cookieOf((await enter('grid-worker'))?.cookies ?? []);
    const other: Office = {
      ...office,
      configuration: readConfiguration({ DATA_DIR: '/nowhere', AUTH_SECRET: `${secret} no` }),
    };
    expect(await readSession(other, headers)).toEqual({ state: 'none' });
    expect(await readSession(office, headers)).toMatchObject({ state: 'active' });
  });
});

describe('accounts', () => {
  it('makes a password where none is given, and tells it once', async () => {
    const { password: made } = await createAccount(office, communityId, { ...worker(), password: null });
    expect(made).toMatch(/^([a-z2-9]{4}-){3}[a-z2-9]{4}$/);
    expect(await enter('grid-worker', made ?? '')).not.toBeNull();
  });

  it.each([
    ['username', { username: 'a b' }],
    ['username', { username: '' }],
    ['password', { password: 'short' }],
    ['name', { name: ' ' }],
    ['grid-unknown', { grids: ['01900000-0000-7000-8000-000000000000'] }],
  ])('refuses a wrong %s and changes nothing', async (code, wrong) => {
    await expect(createAccount(office, communityId, { ...worker(), ...wrong })).rejects.toMatchObject({ code });
    expect(await listAccounts(office, communityId)).toEqual([]);
  });

  it('is made once by one press, whose answer was lost', async () => {
    const { id } = await createAccount(office, communityId, worker());
    const again = createAccount(office, communityId, { ...worker(), id });
    await expect(again).rejects.toMatchObject({ code: 'id-taken' });
    const mended = createAccount(office, communityId, { ...worker('another'), id });
    await expect(mended).rejects.toMatchObject({ code: 'id-taken' });
    expect(await listAccounts(office, communityId)).toHaveLength(1);
  });

  it('takes no username twice, in no spelling and in no other community', async () => {
    await createAccount(office, communityId, worker('Wang.Min'));
    const other = await createCommunity(office, '西街社区');
    const twice = createAccount(office, other.id, worker('wang.min'));
    await expect(twice).rejects.toMatchObject({ code: 'username-taken' });
  });

  it('gives no grid to an account that has ended', async () => {
    const grid = await addGrid('第一网格');
    const { id } = await createAccount(office, communityId, worker());
    await endAccount(office, communityId, id);
    await expect(assignGrids(office, communityId, id, [grid])).rejects.toMatchObject({ code: 'ended' });
  });

  it('publishes the profile with the grids of now, and keeps what was as an interval', async () => {
    const [one, two] = [await addGrid('第一网格'), await addGrid('第二网格')];
    const { id } = await createAccount(office, communityId, { ...worker(), grids: [one] });
    await assignGrids(office, communityId, id, [two]);
    const { profile, intervals } = await office.database.read(async (db) => ({
      profile: await db
        .selectFrom('feed_item')
        .select('body')
        .where('feed_id', '=', `account/${id}`)
        .executeTakeFirstOrThrow(),
      intervals: await db
        .selectFrom('account_grid')
        .select(['grid_id', 'until_at'])
        .where('account_id', '=', id)
        .execute(),
    }));
    expect(JSON.parse(profile.body)).toMatchObject({ id, username: 'grid-worker', grids: [two] });
    expect(intervals.filter((row) => row.until_at === null).map((row) => row.grid_id)).toEqual([two]);
    expect(intervals.length).toBe(2);
  });

  it('ends an account: its sessions may hand over and nothing else, and nobody signs in with it', async () => {
    const { id } = await createAccount(office, communityId, worker());
    const headers = cookieOf((await enter('grid-worker'))?.cookies ?? []);
    await endAccount(office, communityId, id);
    const account = { communityId, id, session: expect.any(String) };
    expect(await readSession(office, headers)).toMatchObject({ state: 'closed', account });
    expect(await enter('grid-worker')).toBeNull();
  });

  it('ends every session with a new password, and the old one is wrong', async () => {
    const { id } = await createAccount(office, communityId, worker());
    const headers = cookieOf((await enter('grid-worker'))?.cookies ?? []);
    const { password: made } = await resetPassword(office, communityId, id);
    expect(await readSession(office, headers)).toEqual({ state: 'none' });
    expect(await enter('grid-worker')).toBeNull();
    expect(await enter('grid-worker', made ?? '')).not.toBeNull();
  });

  it('lets a coordinator manage workers and volunteers, and nobody above', async () => {
    const by = {
      communityId,
      id: office.world.uuid(),
      username: 'c',
      name: 'c',
      role: 'coordinator' as const,
      grids: [],
    };
    const { id } = await createAccount(office, communityId, { ...worker('boss'), role: 'administrator' });
    await expect(createAccount(office, communityId, { ...worker(), role: 'coordinator' }, by)).rejects.toMatchObject({
      code: 'not-allowed',
    });
    await expect(resetPassword(office, communityId, id, null, by)).rejects.toMatchObject({ code: 'not-allowed' });
    await expect(endAccount(office, communityId, id)).rejects.toMatchObject({ code: 'last-administrator' });
    expect(await createAccount(office, communityId, worker(), by)).toHaveProperty('id');
  });

  it('does not know the account of another community', async () => {
    const other = await createCommunity(office, '西街社区');
    const { id } = await createAccount(office, other.id, worker());
    await expect(endAccount(office, communityId, id)).rejects.toMatchObject({ code: 'unknown' });
    await expect(resetPassword(office, communityId, id)).rejects.toMatchObject({ code: 'unknown' });
  });
});
