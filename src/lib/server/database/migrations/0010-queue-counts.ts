/**
 * The queue's counts on PostgreSQL from an index of few different keys. The one before names each record's time and id as well, so that there it
 * grows as large as the table and is passed over; where keys are alike, PostgreSQL keeps them once (B-tree deduplication), and 100,000 waiting
 * records are a megabyte. SQLite reads the one before in its order, and keeps it.
 */
import { type Kysely, SqliteAdapter } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  if (db.getExecutor().adapter instanceof SqliteAdapter) return;
  await db.schema.dropIndex('submission_queue').execute();
  await db.schema
    .createIndex('submission_counts')
    .on('submission')
    .columns([
      'community_id',
      'review',
      'by_rule',
      'kind',
      'stale',
      'outcome',
      'changes',
      'grid_id',
      'building_id',
      'account_id',
    ])
    .execute();
}
