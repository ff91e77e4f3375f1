/** A community's key pair for rescue files: made once, told to phones with the community, its private half behind the codec. */
import { createHash } from 'node:crypto';
import type { Insertable } from 'kysely';
import type { World } from '../../domain/world';
import type { RescueKey } from '../../sync/rescue';
import { makeRescueKeyPair } from '../../sync/rescue-seal';
import { open, seal } from '../codec';
import type { ReadSnapshot, Transaction } from '../database/database';
import type { RescueKeyTable } from '../database/tables';

export type NewRescueKey = Omit<Insertable<RescueKeyTable>, 'community_id'>;

/** To be made before the transaction that keeps it: no writer waits for a key. */
export async function newRescueKey(world: Pick<World, 'randomBytes' | 'now'>): Promise<NewRescueKey> {
  const { publicKey, privateKey } = await makeRescueKeyPair(world.randomBytes(32));
  return {
    id: createHash('sha256').update(publicKey).digest('base64url').slice(0, 16),
    public_key: publicKey,
    private_key: seal(privateKey),
    made_at: new Date(world.now()).toISOString(),
  };
}

export async function keepRescueKey(tx: Transaction, communityId: string, key: NewRescueKey): Promise<void> {
  await tx
    .insertInto('rescue_key')
    .values({ ...key, community_id: communityId })
    .execute();
}

/** The key that phones are told; null where none was made yet. Of two that were made at once both open what was sealed to them. */
export async function publicRescueKey(db: ReadSnapshot, communityId: string): Promise<RescueKey | null> {
  const row = await db
    .selectFrom('rescue_key')
    .select(['id', 'public_key'])
    .where('community_id', '=', communityId)
    .orderBy('made_at')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst();
  return row ? { id: row.id, publicKey: row.public_key } : null;
}

/** Null for a key that this community does not have. */
export async function privateRescueKey(db: ReadSnapshot, communityId: string, id: string): Promise<string | null> {
  const row = await db
    .selectFrom('rescue_key')
    .select('private_key')
    .where('community_id', '=', communityId)
    .where('id', '=', id)
    .executeTakeFirst();
  return row ? open(row.private_key) : null;
}
