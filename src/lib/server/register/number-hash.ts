/**
 * Identity numbers as an index can hold them: HMAC-SHA-256 under a key of the community's own, made once and kept with its data, so that no
 * other secret of the office makes an answer wrong. A row without a hash is opened instead: hashes make a search fast, never right.
 */
import { createHmac } from 'node:crypto';
import type { World } from '../../domain/world';
import { open, seal } from '../codec';
import type { Transaction } from '../database/database';
import type { Reader } from './read';

/** What stands in the index for a number; for no number ''. */
export type HashNumber = (number: string) => string;

/** Null where the community has no key yet. */
export async function numberHash(db: Reader, communityId: string): Promise<HashNumber | null> {
  const row = await db
    .selectFrom('number_key')
    .select('key')
    .where('community_id', '=', communityId)
    .executeTakeFirst();
  if (!row) return null;
  const key = Buffer.from(open(row.key), 'base64url');
  return (number) => (number === '' ? '' : createHmac('sha256', key).update(number).digest('base64url').slice(0, 22));
}

/** Makes the key where there is none; whoever comes first keeps theirs. */
export async function keepNumberKey(
  tx: Transaction,
  communityId: string,
  world: Pick<World, 'randomBytes'>,
): Promise<void> {
  const key = Buffer.from(world.randomBytes(32)).toString('base64url');
  await tx
    .insertInto('number_key')
    .values({ community_id: communityId, key: seal(key) })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
