/** Whether what a row names is there. The tables carry no foreign keys of their own: a community is the unit of partition, and rows come in any order. */
import { sql } from 'kysely';
import type { ReadSnapshot } from '../database/open';
import { ownTables } from '../database/own-tables';
import type { Tables } from '../database/tables';
import type { Finding } from './finding';

/** `''`: an empty text names nobody, and is meant so. */
type Reference = [table: keyof Tables, column: string, target: keyof Tables, nobody?: ''];

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
  ['revision', 'decision_id', 'decision'],
  ['submission', 'building_id', 'building'],
  ['door_state', 'grid_id', 'grid'],
  ['door_state', 'building_id', 'building', ''],
  ['decision', 'by_account', 'account', ''],
  ['roster_import', 'by_account', 'account'],
  ['bulk_sample', 'by_account', 'account'],
  ['feed_item', 'feed_id', 'feed'],
  ['feed_past', 'feed_id', 'feed'],
];

/** Answers how many rows were looked at. */
export async function checkReferences(db: ReadSnapshot, found: (finding: Finding) => void): Promise<number> {
  let looked = 0;
  for (const [table, column, target, nobody] of references) {
    const { rows: counted } = await sql<{ rows: number }>`
      SELECT count(*) AS rows FROM ${sql.table(table)} WHERE ${sql.ref(column)} IS NOT NULL`.execute(db);
    looked += Number(counted[0]?.rows ?? 0);
    const { rows } = await sql<{ community_id: string; named: string }>`
      SELECT DISTINCT one.community_id, one.${sql.ref(column)} AS named
      FROM ${sql.table(table)} AS one
      LEFT JOIN ${sql.table(target)} AS other ON other.community_id = one.community_id AND other.id = one.${sql.ref(column)}
      WHERE one.${sql.ref(column)} IS NOT NULL AND other.id IS NULL ${nobody === '' ? sql`AND one.${sql.ref(column)} <> ''` : sql``}
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
  await checkCommunityIds(db, found);
  await checkFeedIds(db, found);
  return looked;
}

/** Rows of no community are in no other check. */
async function checkCommunityIds(db: ReadSnapshot, found: (finding: Finding) => void): Promise<void> {
  for (const table of ownTables) {
    if (ofNoCommunity.has(table)) continue;
    const { rows } = await sql<{ community_id: string }>`
      SELECT DISTINCT one.community_id FROM ${sql.table(table)} AS one
      LEFT JOIN community ON community.community_id = one.community_id
      WHERE community.community_id IS NULL ${table === 'sign_in_failure' ? sql`AND one.community_id <> ''` : sql``}
      LIMIT 100`.execute(db);
    for (const { community_id: communityId } of rows)
      found({
        check: 'references',
        communityId,
        subject: `${table}.community_id ${communityId}`,
        what: 'no such community',
      });
  }
}

/** The sign-in library's own, and what is of the whole office. */
const ofNoCommunity: ReadonlySet<keyof Tables> = new Set<keyof Tables>([
  ...(['sign_in_user', 'sign_in_session', 'sign_in_credential', 'sign_in_verification', 'office_setting'] as const),
]);

/** A feed is of a grid, an account or a community. */
async function checkFeedIds(db: ReadSnapshot, found: (finding: Finding) => void): Promise<void> {
  const { rows } = await sql<{ community_id: string; id: string }>`
    SELECT feed.community_id, feed.id FROM feed WHERE feed.id <> 'community/' || feed.community_id
      AND NOT EXISTS (SELECT 1 FROM grid WHERE grid.community_id = feed.community_id AND feed.id = 'grid/' || grid.id)
      AND NOT EXISTS (SELECT 1 FROM account WHERE account.community_id = feed.community_id AND feed.id = 'account/' || account.id)
    LIMIT 100`.execute(db);
  for (const { community_id: communityId, id } of rows)
    found({ check: 'references', communityId, subject: `feed ${id}`, what: 'is of nobody' });
}
