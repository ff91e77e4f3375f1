/** Rounds that are open: what doors and grids tell of them. */
import type { RoundItem } from '../../../sync/items';
import { gridIdsIn } from '../../coverage/rounds-of';
import type { ReadSnapshot } from '../../database/open';

export type RunningRound = RoundItem & { gridIds: string[] };

/** Rounds not closed yet, in the order in which they were started: of several in one grid the last is its running round. */
export async function runningRounds(db: ReadSnapshot, communityId: string): Promise<RunningRound[]> {
  const rows = await db
    .selectFrom('round')
    .selectAll()
    .where('community_id', '=', communityId)
    .where('closed_at', 'is', null)
    .orderBy('started_at')
    .orderBy('id')
    .execute();
  return rows.flatMap((row) => {
    const gridIds = gridIdsIn(row.grid_ids);
    if (!gridIds) return [];
    return [
      {
        ...{ id: row.id, name: row.name, kind: row.kind },
        ...{ startsOn: row.starts_on, closesOn: row.closes_on, gridIds },
      },
    ];
  });
}
