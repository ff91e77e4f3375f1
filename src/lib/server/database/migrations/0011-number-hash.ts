/**
 * Who has an identity number, found without opening everybody: a keyed hash of it beside the sealed record (null: not hashed yet), and each
 * community's key.
 */
import type { Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('number_key')
    .addColumn('community_id', 'text', (made) => made.notNull())
    .addColumn('key', 'text', (made) => made.notNull())
    .addPrimaryKeyConstraint('number_key_key', ['community_id'])
    .execute();
  await db.schema.alterTable('resident').addColumn('number_hash', 'text').execute();
  await db.schema.createIndex('resident_number').on('resident').columns(['community_id', 'number_hash']).execute();
}
