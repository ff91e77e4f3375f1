/** The epoch: what tells phones that the office may lack what it once had (protocol.md, Restore). */
import type { World } from '../../domain/world';
import type { Transaction } from '../database/open';

/** So far ahead that no feed has reached it in the life of a backup (RES-4). */
const leap = 2 ** 32;
/** One backup may be put back twice, and the second time nothing is known of the first: how many leaps is of chance. 4,000 restores fit a number. */
const mostLeaps = 1024;

/** Random, from no seed: a phone that met another making of the same community has to begin anew. */
export function makeEpoch(world: World): string {
  return Buffer.from(world.randomBytes(16)).toString('base64url');
}

/**
 * Begins a new epoch of a community, after whatever may have lost a commit – a backup that was put back, a replica that lagged and took
 * over: phones are told their feeds from 0 and give back what they sent (RES-1, RES-3), and no version ever means two things (RES-4).
 * Answers the epoch.
 */
export async function newEpoch(tx: Transaction, communityId: string, world: World): Promise<string> {
  const epoch = makeEpoch(world);
  await tx.updateTable('community').set({ epoch }).where('community_id', '=', communityId).execute();
  const ahead = leap * (1 + Math.floor(world.random() * mostLeaps));
  await tx
    .updateTable('feed')
    .set((set) => ({ version: set('version', '+', ahead) }))
    .where('community_id', '=', communityId)
    .execute();
  return epoch;
}
