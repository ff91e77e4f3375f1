/** Key pairs for rescue files: unsent work of a phone that only its community's office can open. */
import type { Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('rescue_key')
    .addColumn('community_id', 'text', (made) => made.notNull())
    .addColumn('id', 'text', (made) => made.notNull())
    .addColumn('public_key', 'text', (made) => made.notNull())
    .addColumn('private_key', 'text', (made) => made.notNull())
    .addColumn('made_at', 'text', (made) => made.notNull())
    .addPrimaryKeyConstraint('rescue_key_key', ['community_id', 'id'])
    .execute();
}
