/** Which rounds a record counts in: those of its grid that were open when it was seen, however late it arrives. */
import * as z from 'zod';
import type { Selectable } from 'kysely';
import { hadBegun } from '../../domain/rounds';
import type { RoundTable } from '../database/tables';
import type { Reader } from '../register/read';

export type RoundOfGrids = Omit<Selectable<RoundTable>, 'grid_ids'> & { gridIds: string[] };

/** Rounds in the order in which they were started, closed ones too. */
export async function allRounds(db: Reader, communityId: string): Promise<RoundOfGrids[]> {
  const rows = await db
    .selectFrom('round')
    .selectAll()
    .where('community_id', '=', communityId)
    .orderBy('started_at')
    .orderBy('id')
    .execute();
  return rows.map(({ grid_ids, ...row }) => ({ ...row, gridIds: z.array(z.string()).parse(JSON.parse(grid_ids)) }));
}

/**
 * Open at a moment (ms since 1970, office time): from the community's day on which it began (`hadBegun`, as on the phone), until somebody
 * closed it.
 */
export function wasOpen(round: Pick<RoundOfGrids, 'starts_on' | 'closed_at'>, at: number): boolean {
  return hadBegun({ startsOn: round.starts_on }, at) && (round.closed_at === null || at <= Date.parse(round.closed_at));
}
