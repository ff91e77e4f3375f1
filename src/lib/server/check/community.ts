/** Whether the community has what everything else hangs on: an epoch, and key pairs that open what was sealed to them. */
import { open } from '../codec';
import type { ReadSnapshot } from '../database/open';
import { openRescue, sealRescue } from '../../sync/rescue-seal';
import type { Finding } from './finding';

/** Answers how many rows were looked at. */
export async function checkCommunity(
  db: ReadSnapshot,
  communityId: string,
  found: (finding: Finding) => void,
): Promise<number> {
  const say = (subject: string, what: string) => found({ check: 'community', communityId, subject, what });
  const { epoch } = await db
    .selectFrom('community')
    .select('epoch')
    .where('community_id', '=', communityId)
    .executeTakeFirstOrThrow();
  if (epoch === '') say(`community ${communityId}`, 'has no epoch');
  const keys = await db.selectFrom('rescue_key').selectAll().where('community_id', '=', communityId).execute();
  for (const { id, public_key: publicKey, private_key } of keys) {
    const isPair = await sealRescue({ community: communityId, id, publicKey }, 'probe')
      .then((file) => openRescue(open(private_key), file))
      .then(
        (text) => text === 'probe',
        () => false,
      );
    if (!isPair) say(`rescue_key ${id}`, 'its halves are not of one pair');
  }
  return 1 + keys.length;
}
