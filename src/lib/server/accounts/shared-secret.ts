/** The secret that signs sessions, where several processes share a database and nobody gave them one. */
import type { World } from '../../domain/world';
import type { Database, ReadSnapshot } from '../database/open';

const key = { community_id: '', name: 'auth-secret' } as const;

/** Made by whoever comes first, and kept in the database: a session made at one process is good at every other, and after a restart. */
export async function sharedSecret(database: Database, world: World): Promise<string> {
  const kept = await database.read(find);
  if (kept !== null) return kept;
  const value = Buffer.from(world.randomBytes(32)).toString('base64url');
  return database.write(async (tx) => {
    await tx
      .insertInto('office_setting')
      .values({ ...key, value })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    return (await find(tx)) ?? value;
  });
}

async function find(db: ReadSnapshot): Promise<string | null> {
  const row = await db
    .selectFrom('office_setting')
    .select('value')
    .where('community_id', '=', key.community_id)
    .where('name', '=', key.name)
    .executeTakeFirst();
  return row?.value ?? null;
}
