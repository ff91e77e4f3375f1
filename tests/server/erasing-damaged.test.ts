/** [REC-11] Erasing a person where a row beside them cannot be read: what can be goes, and what stays is named. */
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { correctValue } from '../../src/lib/server/register/correct';
import { eraseResident } from '../../src/lib/server/register/erase';
import { runAfterwork } from '../../src/lib/server/review/rules';
import { DeskForTests, idsOf } from './desk-for-tests';
import { at, openTestOffice, type TestOffice } from './office-for-tests';

let here: TestOffice;
beforeEach(async () => {
  here = await openTestOffice();
});
afterEach(() => here.close());

const spouse = () => idsOf(at(here.doors, 0)).spouse;

test.each<[string, () => string, () => string[]]>([
  ['a revision of their door', () => `UPDATE revision SET text = substr(text, 1, 600)`, () => []],
  ['an earlier body of the door', () => `UPDATE feed_past SET body = substr(body, 1, 60)`, () => []],
  [
    'a neighbour of the same door',
    () => `UPDATE resident SET body = substr(body, 1, 20) WHERE id = '${spouse()}'`,
    () => [`resident ${spouse()}`],
  ],
])('[REC-11] %s', async (_, damage, stays) => {
  const { office, communityId, accounts } = here;
  const phone = here.phone(accounts.worker);
  const door = at(here.doors, 0);
  const { head } = idsOf(door);
  const record = await phone.verifies(door);
  await phone.push(record);
  await runAfterwork(office);
  await new DeskForTests(here).approve(record.id);
  const correction = { entity: 'resident', id: head, field: 'name', value: '欧阳明月', reason: '来电' } as const;
  await correctValue(office, accounts.coordinator, correction);
  await correctValue(office, accounts.coordinator, { ...correction, field: 'phone', value: '13900001111' });
  await office.database.write((tx) => sql.raw(damage()).execute(tx));

  const erased = await eraseResident(office, communityId, head);

  expect(erased?.left).toEqual(expect.arrayContaining(stays()));
  const tables = ['resident', 'household', 'dwelling', 'revision', 'register_change', 'feed_item', 'feed_past'];
  for (const table of tables) {
    const { rows } = await office.database.read((db) => sql`SELECT * FROM ${sql.table(table)}`.execute(db));
    expect(JSON.stringify(rows), table).not.toMatch(/欧阳明月|13900001111/);
  }
  expect(
    await office.database.read((db) => db.selectFrom('resident').select('id').where('id', '=', head).execute()),
  ).toEqual([]);
});
