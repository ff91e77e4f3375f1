/** The register's doors as a list, and the grids and buildings to go through it by. */
import { compareUnits } from '../../domain/address';
import type { Locale } from '../../domain/codes/codes';
import { buildingLabel } from '../../domain/door-label';
import type { Office, SignedIn } from '../office';
import { browse, type BrowseRow } from '../register/browse';
import type { Reader } from '../register/read';
import { gridNames } from './grids';
import { placeTitle } from './titles';

export type ListAsked = { grid?: string; building?: string; gone?: boolean; page?: number; text?: string };
export type DoorLine = Pick<BrowseRow, 'id' | 'use' | 'people' | 'retired'> & { title: string; grid: string };
export type DoorList = { doors: DoorLine[]; total: number; page: number; pages: number };
type CountedPlace = { id: string; name: string; dwellings: number };
export type GridPlace = CountedPlace & { buildings: CountedPlace[] };

export async function doorList(
  office: Office,
  { communityId }: SignedIn,
  { grid, building, gone, page, text }: ListAsked,
  locale: Locale,
): Promise<DoorList> {
  return office.database.read(async (db) => {
    const asked = { text, gridId: grid, buildingId: building, retired: gone, page, limit: 50 };
    const found = await browse(db, communityId, asked);
    const grids = new Map((await gridNames(db, communityId)).map(({ id, name }) => [id, name]));
    return {
      doors: found.rows.map(({ id, use, people, retired, gridId, address }) => ({
        id,
        use,
        people,
        retired,
        title: placeTitle(address, locale),
        grid: grids.get(gridId) ?? '',
      })),
      total: found.total,
      page: found.page,
      pages: found.pages,
    };
  });
}

/** How many doors were taken out of the register. */
export async function goneDoors(office: Office, { communityId }: SignedIn): Promise<number> {
  const { n } = await office.database.read((db) =>
    db
      .selectFrom('dwelling')
      .select((eb) => eb.fn.countAll().as('n'))
      .where('community_id', '=', communityId)
      .where('retired_at', 'is not', null)
      .executeTakeFirstOrThrow(),
  );
  return Number(n);
}

/** Every grid with its buildings, each with how many dwellings it has. */
export async function placesToBrowse(office: Office, { communityId }: SignedIn, locale: Locale): Promise<GridPlace[]> {
  return office.database.read(async (db) => {
    const buildings = await countedBuildings(db, communityId);
    buildings.sort((a, b) => a.compound.localeCompare(b.compound, 'zh') || compareUnits(a.building, b.building));
    return (await gridNames(db, communityId)).map((grid) => {
      const own = buildings.filter((building) => building.gridId === grid.id);
      return {
        ...grid,
        dwellings: own.reduce((sum, { dwellings }) => sum + dwellings, 0),
        buildings: own.map(({ id, dwellings, ...place }) => ({ id, dwellings, name: buildingLabel(place, locale) })),
      };
    });
  });
}

async function countedBuildings(db: Reader, communityId: string) {
  const rows = await db
    .selectFrom('building')
    .leftJoin('dwelling', (join) =>
      join
        .onRef('dwelling.community_id', '=', 'building.community_id')
        .onRef('dwelling.building_id', '=', 'building.id')
        .on('dwelling.retired_at', 'is', null),
    )
    .select((eb) => [
      'building.id',
      'building.grid_id as gridId',
      'building.compound',
      'building.building',
      eb.fn.count('dwelling.id').as('n'),
    ])
    .where('building.community_id', '=', communityId)
    .groupBy(['building.id', 'building.grid_id', 'building.compound', 'building.building'])
    .execute();
  return rows.map(({ n, ...row }) => ({ ...row, dwellings: Number(n) }));
}
