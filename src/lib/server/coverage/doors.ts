/** Every door of a round with what its record covers, and the places of the plans where no door is known. */
import type { Selectable } from 'kysely';
import { gapCoverage } from '../../domain/coverage';
import type { PlanPart } from '../../domain/register';
import { planGaps } from '../../domain/plan-gaps';
import type { BuildingTable } from '../database/tables';
import { buildingOf } from '../register/columns';
import type { Reader } from '../register/read';
import type { CountedCoverage, ProposedPlace } from './door-states';
import type { RoundOfGrids } from './rounds-of';

export type CoveredDoor = {
  /** Null at a place of the plan that no dwelling fills. */
  id: string | null;
  gridId: string;
  buildingId: string;
  address: ProposedPlace;
  /** What counts waits for a decision. */
  pending: boolean;
  coverage: CountedCoverage;
};

export type Area = { gridId?: string; buildingId?: string };
export type BuildingName = { id: string; gridId: string; compound: string; building: string };

/** All doors of the round's grids, or of one grid or building of them, in no order. Of a round that is over they stay where they were counted. */
export async function coveredDoors(
  db: Reader,
  communityId: string,
  round: RoundOfGrids,
  area: Area = {},
): Promise<{ doors: CoveredDoor[]; buildings: BuildingName[] }> {
  const grids = area.gridId === undefined ? round.gridIds : round.gridIds.filter((id) => id === area.gridId);
  const places = await placesOf(db, communityId, round.id);
  const states = await db
    .selectFrom('door_state')
    .select(['dwelling_id', 'grid_id', 'building_id', 'review', 'coverage'])
    .where('community_id', '=', communityId)
    .where('round_id', '=', round.id)
    .$if(area.buildingId !== undefined, (query) => query.where('building_id', '=', area.buildingId ?? ''))
    .execute();
  const buildings = await buildingsOf(db, communityId, round, { grids, buildingId: area.buildingId, states });
  const names = new Map(buildings.map((row) => [row.id, row]));
  const inArea = new Set(grids);
  const doors = states.flatMap((row): CoveredDoor[] => {
    if (!inArea.has(row.grid_id)) return [];
    const coverage: CountedCoverage = JSON.parse(row.coverage);
    const place = places.get(row.dwelling_id) ?? coverage.proposed;
    if (!place) return [];
    const { compound = '', building = '' } = names.get(row.building_id) ?? {};
    return [
      {
        id: row.dwelling_id,
        gridId: row.grid_id,
        buildingId: row.building_id,
        address: { compound, building, ...place },
        pending: row.review === 'pending',
        coverage,
      },
    ];
  });
  const inBuilding = Map.groupBy(doors, ({ buildingId }) => buildingId);
  const gaps = buildings.flatMap((row) => gapsOf(row, inBuilding.get(row.id) ?? []));
  return {
    doors: [...doors, ...gaps],
    buildings: buildings.map(({ id, grid_id, compound, building }) => ({ id, gridId: grid_id, compound, building })),
  };
}

function gapsOf(row: Selectable<BuildingTable>, doors: readonly CoveredDoor[]): CoveredDoor[] {
  const { fields, gridId, id } = buildingOf(row);
  const plan: PlanPart[] = fields.plan;
  return planGaps(
    plan,
    fields.noDoor,
    doors.map(({ address }) => address),
  ).map(({ unit, floor, position }) => ({
    id: null,
    gridId,
    buildingId: id,
    address: {
      compound: fields.compound,
      building: fields.building,
      unit,
      floor,
      room: `${floor}${String(position).padStart(2, '0')}`,
    },
    pending: false,
    coverage: {
      ...gapCoverage,
      outcome: null,
      attempts: 0,
      at: null,
      returned: false,
      triedEnough: false,
      proposed: null,
    },
  }));
}

/**
 * The buildings of the grids. A round that is over has those of its doors, where they were counted, and of the others those that hold no door: one
 * that came to the grid since is not its own.
 */
async function buildingsOf(
  db: Reader,
  communityId: string,
  round: RoundOfGrids,
  {
    grids,
    buildingId,
    states,
  }: { grids: readonly string[]; buildingId: string | undefined; states: readonly Counted[] },
): Promise<Selectable<BuildingTable>[]> {
  if (grids.length === 0) return [];
  const isOver = round.closed_at !== null;
  const gridOf = new Map(isOver ? states.map(({ building_id, grid_id }) => [building_id, grid_id]) : []);
  const rows = await db
    .selectFrom('building')
    .selectAll('building')
    .where('building.community_id', '=', communityId)
    .where((eb) => {
      const inGrids = eb('building.grid_id', 'in', grids);
      if (!isOver) return inGrids;
      const doors = eb
        .selectFrom('dwelling')
        .select('dwelling.id')
        .whereRef('dwelling.community_id', '=', 'building.community_id')
        .whereRef('dwelling.building_id', '=', 'building.id');
      return eb.or([eb('building.id', 'in', [...gridOf.keys(), '']), eb.and([inGrids, eb.not(eb.exists(doors))])]);
    })
    .$if(buildingId !== undefined, (query) => query.where('building.id', '=', buildingId ?? ''))
    .execute();
  return rows
    .map((row) => ({ ...row, grid_id: gridOf.get(row.id) ?? row.grid_id }))
    .filter(({ grid_id }) => grids.includes(grid_id));
}

type Counted = { building_id: string; grid_id: string };
type DoorPlace = { unit: string; floor: number; room: string };

/** Where each dwelling of the register stands that the round counts; retired ones are not among them. */
async function placesOf(db: Reader, communityId: string, roundId: string): Promise<Map<string, DoorPlace>> {
  const rows = await db
    .selectFrom('dwelling')
    .innerJoin('door_state', (join) =>
      join
        .onRef('door_state.community_id', '=', 'dwelling.community_id')
        .onRef('door_state.dwelling_id', '=', 'dwelling.id'),
    )
    .select(['dwelling.id', 'dwelling.unit', 'dwelling.floor', 'dwelling.room'])
    .where('dwelling.community_id', '=', communityId)
    .where('door_state.round_id', '=', roundId)
    .where('dwelling.retired_at', 'is', null)
    .execute();
  return new Map(rows.map(({ id, unit, floor, room }) => [id, { unit, floor, room }]));
}
