import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkOffice } from '../../src/lib/server/check/check-office';
import type { Transaction } from '../../src/lib/server/database/open';
import { seal } from '../../src/lib/server/codec';
import { correctValue } from '../../src/lib/server/register/correct';
import { DeskForTests } from './desk-for-tests';
import { at, openTestOffice, type TestOffice } from './office-for-tests';

let here: TestOffice;

beforeEach(async () => {
  here = await openTestOffice();
  const phone = here.phone(here.accounts.worker);
  const [approved, returned] = [await phone.verifies(at(here.doors, 0)), await phone.verifies(at(here.doors, 1))];
  await phone.push(approved, returned);
  const desk = new DeskForTests(here);
  await desk.approve(approved.id);
  await desk.sendBack(returned.id);
});
afterEach(() => here.close());

const findings = async () => (await checkOffice(here.office.database)).findings;
const change = (run: (tx: Transaction) => Promise<unknown>) => here.office.database.write(run);

test('an office at work is whole, and everything of it was looked at', async () => {
  const { counts, findings: found } = await checkOffice(here.office.database);
  expect(found).toEqual([]);
  expect(counts).toMatchObject({ doors: 8, receipts: 2, submissions: 2 });
  expect(Math.min(...Object.values(counts))).toBeGreaterThan(0);
});

test('a feed whose version is behind its items is found', async () => {
  await change((tx) => tx.updateTable('feed').set({ version: 1 }).where('id', '=', `grid/${here.grids[0]}`).execute());
  expect((await findings()).map(({ check }) => check)).toContain('feeds');
});

test('a door that phones are not told of, or otherwise than the register has it, is found', async () => {
  const [untold, other] = [at(here.doors, 2), at(here.doors, 3)];
  await change((tx) => tx.deleteFrom('feed_item').where('item_id', '=', untold.id).execute());
  await change((tx) =>
    tx
      .updateTable('feed_item')
      .set({ body: seal('{}') })
      .where('item_id', '=', other.id)
      .execute(),
  );
  const subjects = (await findings()).filter(({ check }) => check === 'doors').map(({ subject }) => subject);
  expect(new Set(subjects)).toEqual(new Set([`dwelling ${untold.id}`, `dwelling ${other.id}`]));
});

test('a revision whose text is not what its digest was made of is found', async () => {
  await change((tx) =>
    tx
      .updateTable('revision')
      .set({ text: seal('{"id":"other"}') })
      .execute(),
  );
  expect((await findings()).filter(({ check }) => check === 'receipts')).toHaveLength(2);
});

test('a submission without its revision, and a row that names nobody, are found', async () => {
  await change((tx) => tx.deleteFrom('revision').execute());
  await change((tx) => tx.deleteFrom('grid').where('id', '=', here.grids[1]).execute());
  const checks = new Set((await findings()).map(({ check }) => check));
  expect(checks).toEqual(new Set(['references', 'submissions']));
});

test('a value that nobody is known to have changed is found', async () => {
  const door = at(here.doors, 0);
  await change((tx) => tx.deleteFrom('register_change').where('entity_id', '=', door.id).execute());
  expect(await findings()).toMatchObject([{ check: 'history', subject: `dwelling ${door.id}` }]);
});

test.each(['building', 'grid', 'community', 'form', 'code-list', 'profile', 'submission'] as const)(
  'a phone that is not told of a %s that the office holds is found',
  async (type) => {
    // An approved record may have left its author's feed; one that was returned may not.
    const returned = here.office.database.read((db) =>
      db.selectFrom('submission').select('id').where('review', '=', 'returned').executeTakeFirstOrThrow(),
    );
    const { id } = await returned;
    await change((tx) =>
      tx
        .deleteFrom('feed_item')
        .where('type', '=', type)
        .$if(type === 'submission', (query) => query.where('item_id', '=', id))
        .execute(),
    );
    const told = (await findings()).filter(({ check }) => check === 'told');
    expect(told.length).toBeGreaterThan(0);
    expect(new Set(told.map(({ what }) => what))).toEqual(new Set(['is not told']));
  },
);

test('a receipt that does not go with its problems, and an approval without a decision, are found', async () => {
  await change((tx) => tx.updateTable('revision').set({ status: 'quarantined' }).execute());
  await change((tx) =>
    tx.updateTable('submission').set({ decision_id: null }).where('review', '=', 'approved').execute(),
  );
  const whats = (await findings()).map(({ what }) => what);
  expect(whats.filter((what) => what.startsWith('its receipt says quarantined'))).toHaveLength(2);
  expect(whats).toContain('is approved without a decision');
});

test('a change that begins with what never was is found', async () => {
  const door = at(here.doors, 2);
  const reason = '看错了门牌';
  for (const note of ['一', '二', '三']) {
    const correction = { entity: 'dwelling', id: door.id, field: 'note', value: note, reason } as const;
    expect(await correctValue(here.office, here.accounts.coordinator, correction)).toEqual({ done: true });
  }
  expect(await findings()).toEqual([]);
  await change((tx) =>
    tx
      .deleteFrom('register_change')
      .where('entity_id', '=', door.id)
      .where('field', '=', 'note')
      .where('after', '=', seal('"二"'))
      .execute(),
  );
  expect(await findings()).toMatchObject([{ check: 'history', what: 'note was changed from what it never was' }]);
});
