/** In which shape a community's feeds were told (`feeds/bodies/shape.ts`); 0 in offices of before there was a number. */
import type { Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('community')
    .addColumn('told_shape', 'integer', (made) => made.notNull().defaultTo(0))
    .execute();
}
