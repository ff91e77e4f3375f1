/** The doors behind a number of the overview: where to go next. Each is listed once, at the highest measure in which it has a gap. */
import { coverageFigures, gapOf, type CoverageFigure } from '../../domain/coverage';
import { compareRooms, compareUnits } from '../../domain/address';
import type { VisitOutcome } from '../../domain/outcomes';
import type { Reader } from '../register/read';
import { coveredDoors, type Area, type CoveredDoor } from './doors';
import { chosenRound } from './overview';
import { allRounds, type RoundOfGrids } from './rounds-of';

export type GapDoor = {
  /** Null at a place of the plan where no dwelling is known. */
  id: string | null;
  gridId: string;
  buildingId: string;
  address: CoveredDoor['address'];
  outcome: VisitOutcome | null;
  pending: boolean;
  triedEnough: boolean;
  /** How many households, people or items of this door are left out; 1 at a door. */
  left: number;
  attempts: number;
  /** The last try or visit that was told, RFC 3339. */
  at: string | null;
};
export type GapDoors = {
  round: RoundOfGrids | null;
  rows: GapDoor[];
  total: number;
  /** Doors listed under each measure, in this area. */
  counts: Record<CoverageFigure, number>;
};

/** One page of the doors listed under a measure, along the stairs. `page` from 1, 50 rows unless `limit` says otherwise. */
export async function gapDoors(
  db: Reader,
  communityId: string,
  roundId: string | null,
  figure: CoverageFigure,
  { page = 1, limit = 50, ...area }: Area & { page?: number; limit?: number } = {},
): Promise<GapDoors> {
  const round = chosenRound(await allRounds(db, communityId), roundId);
  const counts: GapDoors['counts'] = { doors: 0, households: 0, people: 0, items: 0 };
  if (!round) return { round, rows: [], total: 0, counts };
  const { doors } = await coveredDoors(db, communityId, round, area);
  const byGap = Map.groupBy(doors, ({ coverage }) => gapOf(coverage));
  for (const name of coverageFigures) counts[name] = byGap.get(name)?.length ?? 0;
  const listed = (byGap.get(figure) ?? []).sort(alongTheStairs);
  const start = (Math.max(1, page) - 1) * limit;
  const shown = listed.slice(start, start + limit);
  const tries = await triesAt(
    db,
    communityId,
    round.id,
    shown.flatMap(({ id }) => id ?? []),
  );
  const rows = shown.map(({ coverage, ...door }): GapDoor => {
    const { attempts, at } = (door.id !== null && tries.get(door.id)) || { attempts: 0, at: null };
    const { of, done } = coverage[figure];
    const { outcome, triedEnough } = coverage;
    return { ...door, outcome, triedEnough, left: of - done, attempts, at };
  });
  return { round, rows, total: listed.length, counts };
}

function alongTheStairs(
  { address: a, gridId: gridA }: CoveredDoor,
  { address: b, gridId: gridB }: CoveredDoor,
): number {
  return (
    (gridA === gridB ? 0 : gridA < gridB ? -1 : 1) ||
    a.compound.localeCompare(b.compound, 'zh') ||
    compareUnits(a.building, b.building) ||
    compareUnits(a.unit, b.unit) ||
    a.floor - b.floor ||
    compareRooms(a.room, b.room)
  );
}

async function triesAt(
  db: Reader,
  communityId: string,
  roundId: string,
  ids: readonly string[],
): Promise<Map<string, { attempts: number; at: string | null }>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('door_state')
    .select(['dwelling_id', 'attempts', 'verified_at'])
    .where('community_id', '=', communityId)
    .where('round_id', '=', roundId)
    .where('dwelling_id', 'in', ids)
    .execute();
  return new Map(
    rows.map((row) => {
      const attempts: { at: string }[] = JSON.parse(row.attempts);
      return [row.dwelling_id, { attempts: attempts.length, at: attempts.at(-1)?.at ?? row.verified_at }];
    }),
  );
}
