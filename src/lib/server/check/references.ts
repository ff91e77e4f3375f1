/** Whether what a row names is there. The tables carry no foreign keys of their own: a community is the unit of partition, and rows come in any order. */
import { sql } from 'kysely';
import type { ReadSnapshot } from '../database/open';
import type { Tables } from '../database/tables';
import type { Finding } from './finding';

type Reference = [table: keyof Tables, column: string, target: keyof Tables];

const references: Reference[] = [
  ['account_grid', 'account_id', 'account'],
  ['account_grid', 'grid_id', 'grid'],
  ['device', 'account_id', 'account'],
  ['building', 'grid_id', 'grid'],
  ['dwelling', 'grid_id', 'grid'],
  ['dwelling', 'building_id', 'building'],
  ['household', 'dwelling_id', 'dwelling'],
  ['resident', 'household_id', 'household'],
  ['resident', 'dwelling_id', 'dwelling'],
  ['submission', 'account_id', 'account'],
  ['submission', 'decision_id', 'decision'],
  ['revision', 'submission_id', 'submission'],
  ['proposal', 'submission_id', 'submission'],
  ['decision', 'submission_id', 'submission'],
  ['decision', 'previous_id', 'decision'],
  ['decision_effect', 'decision_id', 'decision'],
  ['register_change', 'decision_id', 'decision'],
  ['register_change', 'submission_id', 'submission'],
  ['revision', 'account_id', 'account'],
  ['proposal', 'account_id', 'account'],
  ['proposal', 'grid_id', 'grid'],
  ['submission', 'grid_id', 'grid'],
  ['door_state', 'submission_id', 'submission'],
  ['account_recipient', 'account_id', 'account'],
  ['door_state', 'round_id', 'round'],
  ['care_plan', 'resident_id', 'resident'],
  ['feed_item', 'feed_id', 'feed'],
  ['feed_past', 'feed_id', 'feed'],
];

/** Answers how many rows were looked at. */
export async function checkReferences(db: ReadSnapshot, found: (finding: Finding) => void): Promise<number> {
  let looked = 0;
  for (const [table, column, target] of references) {
    const { rows: counted } = await sql<{ rows: number }>`
      SELECT count(*) AS rows FROM ${sql.table(table)} WHERE ${sql.ref(column)} IS NOT NULL`.execute(db);
    looked += Number(counted[0]?.rows ?? 0);
    const { rows } = await sql<{ community_id: string; named: string }>`
      SELECT DISTINCT one.community_id, one.${sql.ref(column)} AS named
      FROM ${sql.table(table)} AS one
      LEFT JOIN ${sql.table(target)} AS other ON other.community_id = one.community_id AND other.id = one.${sql.ref(column)}
      WHERE one.${sql.ref(column)} IS NOT NULL AND other.id IS NULL
      LIMIT 100`.execute(db);
    for (const { community_id, named } of rows) {
      found({
        check: 'references',
        communityId: community_id,
        subject: `${table}.${column} ${named}`,
        what: `no such ${target}`,
      });
    }
  }
  return looked;
}
