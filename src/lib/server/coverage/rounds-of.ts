/** Which rounds a record counts in: those of its grid that were open when it was seen, however late it arrives. */
import * as z from 'zod';
import type { Selectable } from 'kysely';
import { hadBegun } from '../../domain/rounds';
import type { RoundTable } from '../database/tables';
import { jsonOf } from '../readable';
import type { Reader } from '../register/read';

export type RoundOfGrids = Omit<Selectable<RoundTable>, 'grid_ids'> & { gridIds: string[] };

/** Rounds in the order in which they were started, closed ones too. One whose grids cannot be read is left as it stands: `check` names it. */
export async function allRounds(db: Reader, communityId: string): Promise<RoundOfGrids[]> {
  const rows = await db
    .selectFrom('round')
    .selectAll()
    .where('community_id', '=', communityId)
    .orderBy('started_at')
    .orderBy('id')
    .execute();
  return rows.flatMap(({ grid_ids, ...row }) => {
    const gridIds = gridIdsIn(grid_ids);
    return gridIds ? [{ ...row, gridIds }] : [];
  });
}

/** The grids of a round as its row has them; null where that cannot be read. */
export function gridIdsIn(text: string): string[] | null {
  return GridIds.safeParse(jsonOf(text)).data ?? null;
}

const GridIds = z.array(z.string());

/**
 * Open at a moment (ms since 1970, office time): from the community's day on which it began (`hadBegun`, as on the phone), until somebody
 * closed it.
 */
export function wasOpen(round: Pick<RoundOfGrids, 'starts_on' | 'closed_at'>, at: number): boolean {
  return hadBegun({ startsOn: round.starts_on }, at) && (round.closed_at === null || at <= Date.parse(round.closed_at));
}
