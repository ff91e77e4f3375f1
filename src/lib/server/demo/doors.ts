/** The demo's doors as phones hold them, in the order in which a worker walks. */
import { compareRooms, compareUnits } from '../../domain/door-order';
import type { DwellingItem } from '../../sync/items';
import { dwellingBodies } from '../feeds/bodies/dwelling';
import type { Office } from '../office';

export type DemoDoor = {
  item: DwellingItem;
  /** Name of its grid. */
  grid: string;
  /** Version in its grid's feed: what a form names as its basis. */
  version: number;
};

export async function allDoors(office: Office, communityId: string): Promise<DemoDoor[]> {
  return office.database.read(async (db) => {
    const rows = await db
      .selectFrom('dwelling')
      .innerJoin('grid', (join) =>
        join.onRef('grid.community_id', '=', 'dwelling.community_id').onRef('grid.id', '=', 'dwelling.grid_id'),
      )
      .innerJoin('feed_item', (join) =>
        join
          .onRef('feed_item.community_id', '=', 'dwelling.community_id')
          .onRef('feed_item.item_id', '=', 'dwelling.id')
          .on('feed_item.type', '=', 'dwelling'),
      )
      .select(['dwelling.id', 'grid.name', 'grid.position', 'feed_item.version'])
      .where('dwelling.community_id', '=', communityId)
      .where('dwelling.retired_at', 'is', null)
      .execute();
    const items = await dwellingBodies(
      db,
      communityId,
      rows.map(({ id }) => id),
    );
    return rows
      .flatMap(({ id, name, version }) => {
        const item = items.get(id);
        return item ? [{ item, grid: name, version }] : [];
      })
      .sort((a, b) => compareDoors(a, b));
  });
}

const plain = new Intl.Collator('zh-CN', { numeric: true });

function compareDoors(a: DemoDoor, b: DemoDoor): number {
  return (
    plain.compare(a.grid, b.grid) ||
    plain.compare(a.item.compound, b.item.compound) ||
    plain.compare(a.item.building, b.item.building) ||
    compareUnits(a.item.unit, b.item.unit) ||
    a.item.floor - b.item.floor ||
    compareRooms(a.item.room, b.item.room)
  );
}
