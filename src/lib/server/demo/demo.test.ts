import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAccount } from '../accounts/accounts';
import { createCommunity } from '../accounts/communities';
import { signIn } from '../accounts/sign-in';
import type { ReadSnapshot } from '../database/open';
import { onPostgres, testConfiguration } from '../../../../tests/support/test-database';
import { openOffice } from '../office';
import { demoAccounts, demoPassword } from './accounts';
import { prepareDemo } from './prepare';

const autumn = '2026-10-08T00:10:00+08:00';
const winter = '2027-01-15T14:00:00+08:00';
const folders: string[] = [];

async function demoAt(now: string, folder = mkdtempSync(join(tmpdir(), 'qiaomen-demo-test-'))) {
  folders.push(folder);
  const { database } = await testConfiguration(folder);
  const env: NodeJS.ProcessEnv = { DATA_DIR: folder, DEMO_NOW: now, ...(onPostgres && { DATABASE_URL: database }) };
  const { made } = await prepareDemo(env);
  return { folder, made, env };
}

async function reading<T>(folder: string, read: (db: ReadSnapshot) => Promise<T>): Promise<T> {
  const office = await openOffice(await testConfiguration(folder));
  try {
    return await office.database.read(read);
  } finally {
    await office.database.close();
  }
}

const peopleAndIds = (db: ReadSnapshot) =>
  db.selectFrom('resident').select(['id', 'name', 'dwelling_id']).orderBy('id').execute();

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

describe('the demo community', () => {
  let folder: string;
  beforeAll(async () => {
    ({ folder } = await demoAt(autumn));
  });

  it('lets every account in, each worker with one grid of 60 doors or more, and the volunteer with none', async () => {
    const office = await openOffice(await testConfiguration(folder));
    for (const { username } of demoAccounts) {
      expect(await signIn(office, { username, password: demoPassword })).toMatchObject({ signedIn: true });
    }
    await office.database.close();
    const grids = await reading(folder, (db) =>
      db
        .selectFrom('account')
        .innerJoin('account_grid', 'account_grid.account_id', 'account.id')
        .innerJoin('dwelling', 'dwelling.grid_id', 'account_grid.grid_id')
        .select('username')
        .select((eb) => [
          eb.fn.countAll<number>().as('doors'),
          eb.fn.count<number>('account_grid.grid_id').distinct().as('grids'),
        ])
        .where('dwelling.retired_at', 'is', null)
        .groupBy('username')
        .orderBy('username')
        .execute(),
    );
    expect(grids.map(({ username, grids: count }) => [username, count])).toEqual([
      ['grid1', 1],
      ['grid2', 1],
    ]);
    for (const { doors } of grids) expect(doors).toBeGreaterThanOrEqual(60);
  });

  it('leaves no screen empty: every state of review, every outcome of a knock, care and concerns', async () => {
    const { states, outcomes, kinds, plans, round } = await reading(folder, async (db) => {
      const rows = await db.selectFrom('submission').select(['kind', 'outcome', 'review']).execute();
      return {
        states: new Set(rows.map((row) => row.review)),
        outcomes: new Set(rows.filter((row) => row.kind === 'household-verification').map((row) => row.outcome)),
        kinds: new Set(rows.map((row) => row.kind)),
        plans: await db.selectFrom('care_plan').select(['next_on', 'by_accounts']).execute(),
        round: await db.selectFrom('round').select(['starts_on', 'closes_on', 'closed_at']).executeTakeFirstOrThrow(),
      };
    });
    expect([...states].sort()).toEqual(['approved', 'pending', 'quarantined', 'returned', 'voided']);
    expect(outcomes.size).toBe(10);
    expect(kinds).toEqual(new Set(['household-verification', 'care-visit', 'concern']));
    expect(plans.length).toBe(3);
    expect(round.closed_at).toBeNull();
    expect(round.starts_on < '2026-10-08' && round.closes_on > '2026-10-08').toBe(true);
  });

  it('has two records sent back with words on an answer', async () => {
    const returned = await reading(folder, (db) =>
      db
        .selectFrom('submission')
        .innerJoin('decision', 'decision.id', 'submission.decision_id')
        .select('decision.comments')
        .where('submission.review', '=', 'returned')
        .execute(),
    );
    expect(returned.length).toBe(2);
    for (const { comments } of returned) expect(JSON.parse(comments)[0].path).toContain('residents');
  });

  it('holds nothing that happens after its own now', async () => {
    const late = await reading(folder, (db) =>
      db
        .selectFrom('revision')
        .select('received_at')
        .where('received_at', '>', new Date(autumn).toISOString())
        .execute(),
    );
    expect(late).toEqual([]);
  });

  it('has the same people and ids on another day', async () => {
    const other = await demoAt(winter);
    expect(await reading(other.folder, peopleAndIds)).toEqual(await reading(folder, peopleAndIds));
  });

  it('keeps what is there', async () => {
    const before = await reading(folder, (db) => db.selectFrom('community').selectAll().execute());
    expect((await demoAt(winter, folder)).made).toBe(false);
    expect(await reading(folder, (db) => db.selectFrom('community').selectAll().execute())).toEqual(before);
  });
});

describe('making it', () => {
  it('completes a start that was killed before anything was made', async () => {
    const half = mkdtempSync(join(tmpdir(), 'qiaomen-demo-test-'));
    await (await openOffice(await testConfiguration(half))).database.close();
    expect((await demoAt(autumn, half)).made).toBe(true);
    expect((await reading(half, peopleAndIds)).length).toBeGreaterThan(300);
  });

  it('is made once where two start together', async () => {
    const both = mkdtempSync(join(tmpdir(), 'qiaomen-demo-test-'));
    const made = (await Promise.all([demoAt(autumn, both), demoAt(autumn, both)])).map((demo) => demo.made);
    expect(made.sort()).toEqual([false, true]);
    expect((await reading(both, (db) => db.selectFrom('community').selectAll().execute())).length).toBe(1);
  });

  it('joins an office that is there already, and leaves it as it was', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'qiaomen-demo-test-'));
    const office = await openOffice(await testConfiguration(folder));
    const { id } = await createCommunity(office, '西街社区');
    await createAccount(office, id, {
      username: 'own',
      password: 'of-this-office',
      name: '周',
      role: 'administrator',
      grids: [],
    });
    await office.database.close();
    expect((await demoAt(autumn, folder)).made).toBe(true);
    const after = await openOffice(await testConfiguration(folder));
    expect(await signIn(after, { username: 'own', password: 'of-this-office' })).toMatchObject({ signedIn: true });
    expect(await signIn(after, { username: 'grid1', password: demoPassword })).toMatchObject({ signedIn: true });
    await after.database.close();
  });

  it('refuses in words where an office uses one of its usernames, and changes nothing', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'qiaomen-demo-test-'));
    const office = await openOffice(await testConfiguration(folder));
    const { id } = await createCommunity(office, '西街社区');
    await createAccount(office, id, {
      username: 'admin1',
      password: 'of-this-office',
      name: '周',
      role: 'administrator',
      grids: [],
    });
    await office.database.close();
    await expect(demoAt(autumn, folder)).rejects.toThrow(/usernames/);
    const communities = await reading(folder, (db) => db.selectFrom('community').select('name').execute());
    expect(communities).toEqual([{ name: '西街社区' }]);
    expect(existsSync(join(folder, 'auth-secret'))).toBe(false);
  });
});
