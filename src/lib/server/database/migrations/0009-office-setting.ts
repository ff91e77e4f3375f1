/** What belongs to the whole office and every process of it has to know alike: the secret that signs sessions, where nobody gave one. */
import type { Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('office_setting')
    // Empty: the setting is of no community.
    .addColumn('community_id', 'text', (made) => made.notNull())
    .addColumn('name', 'text', (made) => made.notNull())
    .addColumn('value', 'text', (made) => made.notNull())
    .addPrimaryKeyConstraint('office_setting_key', ['community_id', 'name'])
    .execute();
}
