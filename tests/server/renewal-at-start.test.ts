/** The start of the office, as the built program starts it: an update is followed by feeds told anew, page by page to the last. */
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { init } from '../../src/hooks.server';
import { createAccount } from '../../src/lib/server/accounts/accounts';
import { checkOffice } from '../../src/lib/server/check/check-office';
import { createGrid } from '../../src/lib/server/desk/grids';
import { toldOtherwise } from '../../src/lib/server/feeds/renew';
import { leave } from '../../src/lib/server/leave';
import { runAfterwork } from '../../src/lib/server/review/rules';
import { openTestOffice, type TestOffice } from './office-for-tests';

let here: TestOffice;
beforeEach(async () => {
  here = await openTestOffice({ doorsEach: 30 });
});
afterEach(async () => {
  await leave();
  vi.unstubAllEnvs();
  await here.close();
});

/** More of everything than one piece of the work takes: accounts, grids, doors and records. */
async function makeLarge() {
  const { office, accounts, communityId, doors } = here;
  for (let n = 0; n < 7; n += 1) {
    const person = { username: `colleague-${n}`, name: `colleague ${n}`, role: 'volunteer', grids: [] } as const;
    await createAccount(office, communityId, { ...person, grids: [] });
    expect(await createGrid(office, accounts.administrator, `第${n + 3}网格`)).toHaveProperty('id');
  }
  const phone = here.phone(accounts.worker);
  const knocks = [...doors, ...doors].map((door) => phone.knocksInVain(door));
  expect(await phone.push(...(await Promise.all(knocks)))).toHaveLength(60);
  await runAfterwork(office);
}

/** How many items of each kind are told in the words of an older version. */
async function toldAsBefore(): Promise<Record<string, number>> {
  const rows = await here.office.database.read((db) =>
    db
      .selectFrom('feed_item')
      .select(['type', (eb) => eb.fn.countAll().as('n')])
      .where(sql<boolean>`body like '{"was"%'`)
      .groupBy('type')
      .execute(),
  );
  return Object.fromEntries(rows.map(({ type, n }) => [type, Number(n)]));
}

/** The settings that an operator gives a process on this office's data. */
function setFromOutside() {
  const { dataDir, database } = here.office.configuration;
  vi.stubEnv('DATA_DIR', dataDir);
  vi.stubEnv('DATABASE_URL', here.office.database.engine === 'postgresql' ? database : '');
}

test('a start tells every account, grid, door and record anew, however many there are', async () => {
  await makeLarge();
  const { office } = here;
  await office.database.write(async (tx) => {
    await sql`UPDATE feed_item SET body = '{"was":1,' || substr(body, 2) WHERE gone = 0`.execute(tx);
    await tx.updateTable('community').set({ told_shape: 0 }).execute();
  });
  const { profile, grid, dwelling, submission } = await toldAsBefore();
  expect({ profile, grid, dwelling, submission }).toEqual({ profile: 12, grid: 9, dwelling: 60, submission: 60 });

  setFromOutside();
  await init();
  const over = { timeout: 50_000, interval: 50 };
  await vi.waitFor(async () => expect(await office.database.read(toldOtherwise)).toEqual([]), over);

  expect(await toldAsBefore()).toEqual({});
  expect(await checkOffice(office)).toMatchObject({ findings: [], renewing: [] });
});
