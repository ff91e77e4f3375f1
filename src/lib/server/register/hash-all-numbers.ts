/** After an update of the office: communities that have no key for numbers yet are given one, and their people are hashed. */
import { lockCommunity } from '../database/locks';
import type { Office } from '../office';
import { keepNumberKey } from './number-hash';
import { hashNumbers } from './rows';

/** A transaction holds few enough that nobody waits for it. */
const atOnce = 200;

export async function hashAllNumbers({ database, world }: Pick<Office, 'database' | 'world'>): Promise<void> {
  const communities = await database.read((db) => db.selectFrom('community').select('community_id').execute());
  for (const { community_id: id } of communities) {
    const isOpen = await database.read((db) =>
      db
        .selectFrom('community')
        .select('community_id')
        .where('community_id', '=', id)
        .where((eb) => {
          const key = eb.selectFrom('number_key').select('community_id').where('community_id', '=', id);
          const people = eb.selectFrom('resident').select('id').where('community_id', '=', id);
          return eb.or([eb.not(eb.exists(key)), eb.exists(people.where('number_hash', 'is', null))]);
        })
        .executeTakeFirst(),
    );
    if (!isOpen) continue;
    await database.write((tx) => keepNumberKey(tx, id, world));
    const hashSome = () =>
      database.write(async (tx) => {
        await lockCommunity(tx, id);
        return hashNumbers(tx, id, atOnce);
      });
    while ((await hashSome()) === atOnce);
  }
}
