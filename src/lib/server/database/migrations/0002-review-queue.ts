/**
 * What the review queue asks of its table: whether a basis is older than the register, and one index that holds every column the
 * filters and counts name, so that 100,000 waiting records are told apart without a look at their rows.
 */
import type { Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('submission')
    .addColumn('stale', 'bigint', (made) => made.notNull().defaultTo(0))
    .execute();
  await db.schema
    .createIndex('submission_queue')
    .on('submission')
    .columns([
      'community_id',
      'review',
      'by_rule',
      'received_at',
      'id',
      'kind',
      'grid_id',
      'building_id',
      'account_id',
      'outcome',
      'changes',
      'stale',
    ])
    .execute();
}
