/**
 * What deciding in quarantine asks of the tables: of a revision beside or foreign its last decision, of one that was checked again what is
 * wrong with it now, of a decision what it chose and which head that took the place of; and forms that a community published, in every version.
 */
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('revision').addColumn('decision_id', 'text').execute();
  await db.schema.alterTable('revision').addColumn('checked', 'text').execute();
  await db.schema.alterTable('decision').addColumn('head_before', 'text').execute();
  await db.schema.alterTable('decision').addColumn('aside', 'text').execute();
  // Only what waits beside a submission, or is another account's: the few among all revisions.
  await db.schema
    .createIndex('revision_waiting_aside')
    .on('revision')
    .columns(['community_id', 'received_at', 'submission_id'])
    .where(sql<boolean>`place <> 'first' and review = 'quarantined'`)
    .execute();
  await db.schema
    .createTable('form_version')
    .addColumn('community_id', 'text', (made) => made.notNull())
    .addColumn('id', 'text', (made) => made.notNull())
    .addColumn('version', 'bigint', (made) => made.notNull())
    .addColumn('definition', 'text', (made) => made.notNull())
    .addColumn('published_at', 'text', (made) => made.notNull())
    .addPrimaryKeyConstraint('form_version_key', ['community_id', 'id', 'version'] as never[])
    .execute();
}
