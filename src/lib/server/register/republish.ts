/** Tells the feeds what a change of the register touched: doors, buildings that came into being, people in somebody's care. */
import type { Transaction } from '../database/database';
import { publish, type FeedChange } from '../feeds/publish';
import { buildingChanges, doorChanges, recipientChanges } from '../feeds/republish';

export type TouchedByChange = { doors: readonly string[]; buildings: readonly string[]; residents: readonly string[] };

/** Last in the transaction that made the change, in one `publish` with what else it tells (FEED-8). */
export async function republishTouched(
  tx: Transaction,
  communityId: string,
  { doors, buildings, residents }: TouchedByChange,
  others: readonly FeedChange[] = [],
): Promise<void> {
  const recipients: FeedChange[] = [];
  for (const id of await inCare(tx, communityId, doors, residents)) {
    recipients.push(...(await recipientChanges(tx, communityId, id)));
  }
  await publish(tx, communityId, [
    ...(await buildingChanges(tx, communityId, buildings)),
    ...(await doorChanges(tx, communityId, doors)),
    ...recipients,
    ...others,
  ]);
}

/** The named people, and those of the doors (whose address or telephone may have changed), as far as anybody cares or cared for them. */
async function inCare(
  tx: Transaction,
  communityId: string,
  doors: readonly string[],
  residents: readonly string[],
): Promise<string[]> {
  if (doors.length === 0 && residents.length === 0) return [];
  const plans = await tx
    .selectFrom('care_plan')
    .innerJoin('resident', (join) =>
      join
        .onRef('resident.community_id', '=', 'care_plan.community_id')
        .onRef('resident.id', '=', 'care_plan.resident_id'),
    )
    .select('resident.id')
    .where('resident.community_id', '=', communityId)
    .where('resident.dwelling_id', 'in', doors.length > 0 ? doors : [''])
    .execute();
  const asked = [...new Set([...residents, ...plans.map(({ id }) => id)])];
  if (asked.length === 0) return [];
  const told = await tx
    .selectFrom('feed_item')
    .select('item_id')
    .where('community_id', '=', communityId)
    .where('type', '=', 'recipient')
    .where('item_id', 'in', asked)
    .where('gone', '=', 0)
    .execute();
  const known = new Set([...plans.map(({ id }) => id), ...told.map(({ item_id }) => item_id)]);
  const planned = await tx
    .selectFrom('care_plan')
    .select('resident_id')
    .where('community_id', '=', communityId)
    .where('resident_id', 'in', asked)
    .execute();
  for (const { resident_id } of planned) known.add(resident_id);
  return asked.filter((id) => known.has(id));
}
