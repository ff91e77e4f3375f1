/** What the overview and the lists of gaps show, from what coverage counted. */
import type { Locale } from '../../domain/codes/codes';
import { buildingLabel } from '../../domain/door-label';
import type { CoverageFigure } from '../../domain/coverage';
import { overview, type AreaCoverage, type FigureCount, type Waiting } from '../coverage/overview';
import type { RoundOfGrids } from '../coverage/rounds-of';
import type { Office, SignedIn } from '../office';
import { type SilentWorker, silentWorkers } from './phones';

export type Area = { id: string; name: string; figures: Record<CoverageFigure, FigureCount>; triedEnough: number };
export type GridArea = Area & { buildings: Area[] };
export type RoundHead = { id: string; name: string; kind: string; startsOn: string; closesOn: string; closed: boolean };

export type OverviewView = {
  round: RoundHead | null;
  rounds: { id: string; name: string }[];
  total: Area | null;
  beside: { byTelephone: number; byOthers: number; withReason: number } | null;
  grids: GridArea[];
  waiting: Waiting;
  /** Doors that were handed back and have no answer yet. */
  handedBack: number;
  /** Dwellings of the register; 0 is an office that has imported nothing yet. */
  dwellings: number;
  /** Whose phone was not heard of for three days. */
  silent: SilentWorker[];
};

/** Coverage of a round (null: the newest that runs) and what waits, named in the reader's language. */
export async function overviewView(
  office: Office,
  { communityId }: SignedIn,
  roundId: string | null,
  locale: Locale,
): Promise<OverviewView> {
  return office.database.read(async (db) => {
    const { round, rounds, total, grids, waiting } = await overview(db, communityId, roundId);
    const dwellings = await db
      .selectFrom('dwelling')
      .select((eb) => eb.fn.countAll().as('n'))
      .where('community_id', '=', communityId)
      .where('retired_at', 'is', null)
      .executeTakeFirst();
    const handedBack = await db
      .selectFrom('submission')
      .select((eb) => eb.fn.countAll().as('n'))
      .where('community_id', '=', communityId)
      .where('review', '=', 'pending')
      .where('by_rule', '=', 0)
      .where('kind', '=', 'hand-back')
      .executeTakeFirst();
    return {
      round: round && roundHead(round),
      rounds: rounds.map(({ id, name }) => ({ id, name })),
      total: total && areaOf(total, locale),
      beside: total && {
        byTelephone: total.peopleByTelephone,
        byOthers: total.peopleByOthers,
        withReason: total.itemsWithReason,
      },
      grids: grids.map((grid) => ({
        ...areaOf(grid, locale),
        buildings: grid.buildings.map((building) => areaOf(building, locale)),
      })),
      waiting,
      handedBack: Number(handedBack?.n ?? 0),
      dwellings: Number(dwellings?.n ?? 0),
      silent: await silentWorkers(db, communityId, office.world.now()),
    };
  });
}

export function roundHead({ id, name, kind, starts_on, closes_on, closed_at }: RoundOfGrids): RoundHead {
  return { id, name, kind, startsOn: starts_on, closesOn: closes_on, closed: closed_at !== null };
}

function areaOf({ id, name, address, figures, triedEnough }: AreaCoverage, locale: Locale): Area {
  return { id, name: address ? buildingLabel(address, locale) : name, figures, triedEnough };
}
