/** What cannot be read is told of in plain words, without what stands there, and keeps nothing else from being looked at. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkOffice } from '../../src/lib/server/check/check-office';
import { storedShapes } from '../../src/lib/server/check/stored-shapes';
import { foundAfter, openWorkedOffice } from './damage-for-tests';
import type { TestOffice } from './office-for-tests';

let here: TestOffice;
beforeAll(async () => {
  here = await openWorkedOffice();
});
afterAll(() => here.close());

test('an office at work is whole', async () => {
  const { counts, findings } = await checkOffice(here.office);
  expect(findings).toEqual([]);
  expect(Math.min(...Object.values(counts))).toBeGreaterThan(0);
});

const columns = [
  ...storedShapes.flatMap(({ table, columns: own }) => Object.keys(own).map((column) => [table, column] as const)),
  ...[['revision', 'text'] as const, ['feed_item', 'body'] as const, ['feed_past', 'body'] as const],
  ['decision_effect', 'before'] as const,
];
/** Of these a test office has no rows; they are read as the others are. */
const empty = ['form_version', 'roster_import', 'bulk_sample'];
const damages = {
  cut: (column: string) => `substr(${column}, 1, length(${column}) - 1)`,
  'one byte off': (column: string) => `'#' || substr(${column}, 2)`,
  emptied: () => `''`,
};

test.each(columns.filter(([table]) => !empty.includes(table)))(
  'damage to %s.%s is a finding',
  async (table, column) => {
    for (const damaged of Object.values(damages)) {
      const where = column === 'checked' || column === 'head_before' ? '' : `WHERE ${column} <> ''`;
      const value = where === '' ? `'{'` : damaged(column);
      const findings = await foundAfter(here, `UPDATE ${table} SET ${column} = ${value} ${where}`);
      expect(findings.length).toBeGreaterThan(0);
      const told = JSON.stringify(findings);
      for (const secret of ['王', '李', '440103', '13800008979', '东街', 'JSON']) expect(told).not.toContain(secret);
      expect(told).toMatch(/cannot be read/);
    }
  },
);

test.each([
  ['dwelling', 'body', '[]'],
  ['dwelling', 'body', 'null'],
  ['household', 'body', '5'],
  ['resident', 'body', '{}'],
  ['resident', 'provenance', 'null'],
  ['building', 'plan', '{}'],
  ['revision', 'problems', '{}'],
  ['decision', 'comments', '{}'],
  ['round', 'grid_ids', '"x"'],
  ['door_state', 'attempts', 'null'],
  ['care_plan', 'body', '{}'],
  ['care_plan', 'by_accounts', 'null'],
])('%s.%s that is JSON of another shape is a finding', async (table, column, value) => {
  const findings = await foundAfter(here, `UPDATE ${table} SET ${column} = '${value}'`);
  expect(findings).toContainEqual(expect.objectContaining({ check: 'stored', what: `its ${column} cannot be read` }));
});

test('one damaged row keeps no other damage from being found', async () => {
  const findings = await foundAfter(
    here,
    `UPDATE dwelling SET body = '{' WHERE id = (SELECT min(id) FROM dwelling)`,
    `UPDATE resident SET provenance = '{' WHERE id = (SELECT min(id) FROM resident)`,
    `DELETE FROM feed_item WHERE item_id = (SELECT max(id) FROM dwelling)`,
    `UPDATE revision SET text = '{' WHERE submission_id = (SELECT min(id) FROM submission)`,
    `UPDATE care_plan SET body = '{'`,
    `UPDATE feed SET version = 0`,
  );
  const checks = new Set(findings.map(({ check }) => check));
  expect(checks).toEqual(new Set(['stored', 'doors', 'told', 'receipts', 'history', 'feeds', 'past']));
  expect(findings.filter(({ what }) => what === 'is not told in the feed of its grid alone')).toHaveLength(1);
});
