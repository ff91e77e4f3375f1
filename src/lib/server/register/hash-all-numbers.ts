/** After an update of the office: communities that have no key for numbers yet are given one, and their people are hashed. */
import { inPages } from '../database/in-pages';
import { lockCommunity } from '../database/locks';
import type { Office } from '../office';
import { eachReadable, logLeftOut } from '../readable';
import { keepNumberKey } from './number-hash';
import { hashNumbers } from './rows';

/** A transaction holds few enough that nobody waits for it. */
const atOnce = 200;

/** Who cannot be read has no hash; the log says who. */
export async function hashAllNumbers({ database, world }: Pick<Office, 'database' | 'world'>): Promise<void> {
  const communities = await database.read((db) => db.selectFrom('community').select('community_id').execute());
  for (const { community_id: id } of communities) {
    const hasKey = await database.read((db) =>
      db.selectFrom('number_key').select('community_id').where('community_id', '=', id).executeTakeFirst(),
    );
    if (!hasKey) await database.write((tx) => keepNumberKey(tx, id, world));
    const hashSome = (ids: readonly string[]) =>
      database.write(async (tx) => {
        await lockCommunity(tx, id);
        await hashNumbers(tx, id, ids);
      });
    const pages = inPages<{ id: string }>(atOnce, (last) =>
      database.read((db) =>
        db
          .selectFrom('resident')
          .select('id')
          .where('community_id', '=', id)
          .where('number_hash', 'is', null)
          .where('id', '>', last?.id ?? '')
          .orderBy('id')
          .limit(atOnce)
          .execute(),
      ),
    );
    for await (const people of pages) {
      await eachReadable(
        people.map((person) => person.id),
        hashSome,
        logLeftOut('hash', 'resident'),
      );
    }
  }
}
