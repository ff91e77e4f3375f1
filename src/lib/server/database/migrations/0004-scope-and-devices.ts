/**
 * Phones that the office knows and may revoke (SCO-5), whom a volunteer cared for and when (SCO-4), and what a revision's row has to
 * say beside its text: that it was recorded under a scope that ended since (SCO-2), and that texts of it were erased (REC-11).
 */
import type { Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('device')
    .addColumn('community_id', 'text', (made) => made.notNull())
    .addColumn('account_id', 'text', (made) => made.notNull())
    .addColumn('id', 'text', (made) => made.notNull())
    .addColumn('app', 'text', (made) => made.notNull())
    .addColumn('first_heard_at', 'text', (made) => made.notNull())
    .addColumn('last_heard_at', 'text', (made) => made.notNull())
    .addColumn('clock_offset', 'bigint', (made) => made.notNull())
    .addColumn('session_id', 'text', (made) => made.notNull())
    .addColumn('revoked_at', 'text')
    .addPrimaryKeyConstraint('device_key', ['community_id', 'account_id', 'id'] as never[])
    .execute();
  await db.schema
    .createTable('account_recipient')
    .addColumn('community_id', 'text', (made) => made.notNull())
    .addColumn('account_id', 'text', (made) => made.notNull())
    .addColumn('resident_id', 'text', (made) => made.notNull())
    .addColumn('from_at', 'text', (made) => made.notNull())
    .addColumn('until_at', 'text')
    .addPrimaryKeyConstraint('account_recipient_key', [
      'community_id',
      'account_id',
      'resident_id',
      'from_at',
    ] as never[])
    .execute();
  await db.schema
    .createIndex('account_recipient_by_resident_id')
    .on('account_recipient')
    .columns(['community_id', 'resident_id'])
    .execute();
  await db.schema
    .alterTable('revision')
    .addColumn('mark', 'text', (made) => made.notNull().defaultTo(''))
    .execute();
  await db.schema.alterTable('revision').addColumn('erased_at', 'text').execute();
}
