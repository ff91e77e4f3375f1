/** `grid` and `building` items: the frame in which doors stand. */
import type { BuildingItem, GridItem } from '../../../sync/items';
import type { ReadSnapshot } from '../../database/open';
import { loadRecords } from '../../register/read';
import type { BuildingRecord } from '../../register/records';
import { runningRounds } from './round';

export async function gridBody(db: ReadSnapshot, communityId: string, gridId: string): Promise<GridItem | null> {
  const grid = await db
    .selectFrom('grid')
    .select(['id', 'name'])
    .where('community_id', '=', communityId)
    .where('id', '=', gridId)
    .executeTakeFirst();
  if (!grid) return null;
  const rounds = await runningRounds(db, communityId);
  return {
    ...grid,
    rounds: rounds.filter(({ gridIds }) => gridIds.includes(gridId)).map(({ gridIds: _, ...round }) => round),
  };
}

export async function buildingBody(
  db: ReadSnapshot,
  communityId: string,
  buildingId: string,
): Promise<BuildingItem | null> {
  const record = (await loadRecords(db, communityId, 'building', [buildingId])).get(buildingId);
  return record ? buildingItem(record) : null;
}

export function buildingItem({ id, gridId, fields }: BuildingRecord): BuildingItem {
  return { id, gridId, ...fields };
}
