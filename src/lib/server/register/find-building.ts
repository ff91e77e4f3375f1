/** Buildings found by what an address calls them. */
import type { Selectable } from 'kysely';
import { buildingNamed, type Address } from '../../domain/door-key';
import type { BuildingTable } from '../database/tables';
import type { Reader } from './read';

/** The building of the grid in which a door of this address stands, whether its compound is written with 小区 or without; undefined where there is none. */
export async function buildingAt(
  db: Reader,
  communityId: string,
  gridId: string,
  address: Pick<Address, 'compound' | 'building'>,
): Promise<Selectable<BuildingTable> | undefined> {
  const rows = await db
    .selectFrom('building')
    .selectAll()
    .where('community_id', '=', communityId)
    .where('grid_id', '=', gridId)
    .where('building', '=', address.building.trim())
    .orderBy('id')
    .execute();
  return buildingNamed(rows, address);
}
