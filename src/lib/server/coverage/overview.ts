/** Coverage of a round by building, grid and community: the four measures as numbers, with what is pending shown apart. */
import { share, sumCoverage, type CoverageFigure, type DoorCoverage, type Figure } from '../../domain/coverage';
import { compareUnits } from '../../domain/address';
import type { Reader } from '../register/read';
import { coveredDoors, type CoveredDoor } from './doors';
import { allRounds, type RoundOfGrids } from './rounds-of';

/** `share`: whole per cent, rounded down; null where there is nothing to cover. `pending`: of `done`, what waits for a decision. */
export type FigureCount = Figure & { share: number | null; pending: number };
export type AreaCoverage = {
  id: string;
  /** A grid's name; of a building compound and number, as `address`. */
  name: string;
  address: { compound: string; building: string } | null;
  figures: Record<CoverageFigure, FigureCount>;
  /** Doors knocked at three times, in two bands, once in the evening or at a weekend: 多次未遇. */
  triedEnough: number;
  peopleByTelephone: number;
  peopleByOthers: number;
  itemsWithReason: number;
  waiting: Waiting;
};
export type Waiting = {
  pending: number;
  quarantined: number;
  returned: number;
  /** What has waited longest for a decision. */
  oldest: { id: string; at: string } | null;
};
export type Overview = {
  round: RoundOfGrids | null;
  rounds: { id: string; name: string; closedAt: string | null }[];
  total: AreaCoverage | null;
  grids: (AreaCoverage & { buildings: AreaCoverage[] })[];
  waiting: Waiting;
};

/** `roundId` null: the newest that runs, else the newest. Without any round there are no figures, and what waits is told all the same. */
export async function overview(db: Reader, communityId: string, roundId: string | null): Promise<Overview> {
  const rounds = await allRounds(db, communityId);
  const round = chosenRound(rounds, roundId);
  const waiting = await waitingBy(db, communityId);
  const told = rounds.map(({ id, name, closed_at }) => ({ id, name, closedAt: closed_at })).reverse();
  const all = waiting.get('') ?? nothingWaits;
  if (!round) return { round: null, rounds: told, total: null, grids: [], waiting: all };
  const { doors, buildings } = await coveredDoors(db, communityId, round);
  const names = await db
    .selectFrom('grid')
    .select(['id', 'name'])
    .where('community_id', '=', communityId)
    .where('id', 'in', round.gridIds)
    .orderBy('position')
    .orderBy('name')
    .execute();
  const byBuilding = Map.groupBy(doors, ({ buildingId }) => buildingId);
  const byGrid = Map.groupBy(doors, ({ gridId }) => gridId);
  return {
    round,
    rounds: told,
    total: area({ id: '', name: '', address: null }, doors, all),
    grids: names.map(({ id, name }) => ({
      ...area({ id, name, address: null }, byGrid.get(id) ?? [], waiting.get(id) ?? nothingWaits),
      buildings: buildings
        .filter(({ gridId }) => gridId === id)
        .sort((a, b) => a.compound.localeCompare(b.compound, 'zh') || compareUnits(a.building, b.building))
        .map(({ id: buildingId, compound, building }) =>
          area(
            { id: buildingId, name: `${compound}${building}`, address: { compound, building } },
            byBuilding.get(buildingId) ?? [],
            waiting.get(buildingId) ?? nothingWaits,
          ),
        ),
    })),
    waiting: all,
  };
}

/** The round asked for; without one the newest that runs, else the newest. */
export function chosenRound(rounds: readonly RoundOfGrids[], roundId: string | null): RoundOfGrids | null {
  if (roundId !== null) return rounds.find(({ id }) => id === roundId) ?? null;
  return rounds.findLast(({ closed_at }) => closed_at === null) ?? rounds.at(-1) ?? null;
}

function area(
  head: Pick<AreaCoverage, 'id' | 'name' | 'address'>,
  doors: readonly CoveredDoor[],
  waiting: Waiting,
): AreaCoverage {
  const sum = sumCoverage(doors.map(({ coverage }) => coverage));
  const pending = sumCoverage(doors.filter((door) => door.pending).map(({ coverage }) => coverage));
  const figure = (name: CoverageFigure): FigureCount => ({
    ...sum[name],
    share: share(sum[name]),
    pending: pending[name].done,
  });
  const { peopleByTelephone, peopleByOthers, itemsWithReason }: DoorCoverage = sum;
  return {
    ...head,
    figures: {
      doors: figure('doors'),
      households: figure('households'),
      people: figure('people'),
      items: figure('items'),
    },
    triedEnough: doors.filter(({ coverage }) => coverage.triedEnough).length,
    peopleByTelephone,
    peopleByOthers,
    itemsWithReason,
    waiting,
  };
}

const nothingWaits: Waiting = { pending: 0, quarantined: 0, returned: 0, oldest: null };

/** What waits, by grid and building id, and of all under ''. */
async function waitingBy(db: Reader, communityId: string): Promise<Map<string, Waiting>> {
  const found = new Map<string, Waiting>();
  for (const review of ['pending', 'quarantined', 'returned'] as const) {
    const rows = await db
      .selectFrom('submission')
      .select((eb) => ['grid_id', 'building_id', eb.fn.countAll().as('n'), eb.fn.min('received_at').as('oldest')])
      .where('community_id', '=', communityId)
      .where('review', '=', review)
      .where('by_rule', '=', 0)
      .groupBy(['grid_id', 'building_id'])
      .execute();
    for (const row of rows) {
      for (const key of new Set(['', row.grid_id ?? '', row.building_id ?? ''])) {
        const waiting = found.get(key) ?? { ...nothingWaits };
        waiting[review] += Number(row.n);
        const isOlder = waiting.oldest === null || row.oldest < waiting.oldest.at;
        if (review === 'pending' && isOlder) waiting.oldest = { id: '', at: row.oldest };
        found.set(key, waiting);
      }
    }
  }
  for (const waiting of found.values()) {
    if (!waiting.oldest) continue;
    const row = await db
      .selectFrom('submission')
      .select('id')
      .where('community_id', '=', communityId)
      .where('review', '=', 'pending')
      .where('by_rule', '=', 0)
      .where('received_at', '=', waiting.oldest.at)
      .orderBy('id')
      .executeTakeFirst();
    if (row) waiting.oldest = { ...waiting.oldest, id: row.id };
  }
  return found;
}
