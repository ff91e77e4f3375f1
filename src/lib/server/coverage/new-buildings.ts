/** Buildings that the register has just made: open records may have proposed doors in them already. */
import type { Transaction } from '../database/database';
import { proposedInBuildings } from '../review/proposed-doors';
import { recomputeDoors } from './recompute';

/** Has the doors that are proposed in them stand there, in the queue and in the rounds. To be called in the transaction that made them. */
export async function placeProposedDoors(
  tx: Transaction,
  communityId: string,
  buildingIds: readonly string[],
): Promise<void> {
  for (const [buildingId, doors] of await proposedInBuildings(tx, communityId, buildingIds)) {
    await tx
      .updateTable('submission')
      .set({ building_id: buildingId })
      .where('community_id', '=', communityId)
      .where('dwelling_id', 'in', doors)
      .where('building_id', 'is', null)
      .execute();
    await recomputeDoors(tx, communityId, doors);
  }
}
