/** Who looked at or changed what: one line each, kept with the community. It names ids, never a person's name or number. */
import type { World } from '../../domain/world';
import type { Transaction } from '../database/database';

/** Writes one line, in the transaction of what it is about. `action`: `<room>.<verb>`. */
export async function audit(
  tx: Transaction,
  world: World,
  by: { communityId: string; id: string },
  action: string,
  subject: { type: string; id: string },
): Promise<void> {
  await tx
    .insertInto('audit')
    .values({
      community_id: by.communityId,
      id: world.uuid(),
      at: new Date(world.now()).toISOString(),
      account_id: by.id,
      action,
      subject_type: subject.type,
      subject_id: subject.id,
    })
    .execute();
}
