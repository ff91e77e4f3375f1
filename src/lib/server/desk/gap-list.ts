/** The doors behind a number: where something is left out in a round, named in the reader's language. */
import type { Locale } from '../../domain/codes/codes';
import { buildingLabel } from '../../domain/door-label';
import type { CoverageFigure } from '../../domain/coverage';
import { gapDoors, type GapDoor } from '../coverage/gap-doors';
import type { Office, SignedIn } from '../office';
import type { Reader } from '../register/read';
import { gridNames } from './grids';
import { roundHead, type RoundHead } from './overview-view';
import { placeTitle } from './titles';

export type GapAsked = { figure: CoverageFigure; round?: string; grid?: string; building?: string; page?: number };
export type GapLine = Pick<
  GapDoor,
  'id' | 'proposedBy' | 'outcome' | 'pending' | 'returned' | 'triedEnough' | 'left' | 'attempts' | 'at' | 'missing'
> & {
  title: string;
  grid: string;
};
export type GapList = {
  round: RoundHead | null;
  /** The grid or building that the list is of; '' for the whole round. */
  place: string;
  lines: GapLine[];
  total: number;
  page: number;
  pages: number;
  counts: Record<CoverageFigure, number>;
};

const pageSize = 50;

export async function gapList(
  office: Office,
  { communityId }: SignedIn,
  { figure, round, grid, building, page = 1 }: GapAsked,
  locale: Locale,
): Promise<GapList> {
  return office.database.read(async (db) => {
    const grids = new Map((await gridNames(db, communityId)).map(({ id, name }) => [id, name]));
    const asked = { gridId: grid, buildingId: building, page, limit: pageSize };
    const found = await gapDoors(db, communityId, round ?? null, figure, asked);
    return {
      round: found.round && roundHead(found.round),
      place: building ? await buildingName(db, communityId, building, locale) : (grids.get(grid ?? '') ?? ''),
      lines: found.rows.map(({ gridId, address, buildingId: _building, ...row }) => ({
        ...row,
        title: placeTitle(address, locale),
        grid: grids.get(gridId) ?? '',
      })),
      total: found.total,
      page: found.page,
      pages: found.pages,
      counts: found.counts,
    };
  });
}

export async function buildingName(db: Reader, communityId: string, id: string, locale: Locale): Promise<string> {
  const row = await db
    .selectFrom('building')
    .select(['compound', 'building'])
    .where('community_id', '=', communityId)
    .where('id', '=', id)
    .executeTakeFirst();
  return row ? buildingLabel(row, locale) : '';
}
