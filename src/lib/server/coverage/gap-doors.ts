/** The doors behind a number of the overview: where to go next. Each is listed once, at the highest measure in which it has a gap. */
import { dayOf } from '../../domain/calendar';
import { coverageFigures, gapOf, missingItems, type CoverageFigure, type MissingItems } from '../../domain/coverage';
import { compareRooms, compareUnits } from '../../domain/address';
import type { VisitOutcome } from '../../domain/outcomes';
import { pageWithin } from '../page-within';
import { loadDoors, type Reader, wholeOf } from '../register/read';
import { proposedDoor } from './door-states';
import { coveredDoors, type Area, type CoveredDoor } from './doors';
import { chosenRound } from './overview';
import { recordsOfDoor } from './records-of-door';
import { allRounds, type RoundOfGrids } from './rounds-of';

export type GapDoor = {
  /** Null at a place of the plan where no dwelling is known. */
  id: string | null;
  /** The record that proposes the door and waits: the register lacks it until that is decided. */
  proposedBy: string | null;
  gridId: string;
  buildingId: string;
  address: CoveredDoor['address'];
  outcome: VisitOutcome | null;
  pending: boolean;
  /** With its worker for correction: said in place of the outcome. */
  returned: boolean;
  triedEnough: boolean;
  /** How many households, people or items of this door are left out; 1 at a door. */
  left: number;
  attempts: number;
  /** The last try or visit that was told, RFC 3339. */
  at: string | null;
  /** Under *items*: which, of whom. */
  missing: MissingItems[];
};
export type GapDoors = {
  round: RoundOfGrids | null;
  rows: GapDoor[];
  total: number;
  page: number;
  pages: number;
  /** Doors listed under each measure, in this area. */
  counts: Record<CoverageFigure, number>;
};

/** One page of the doors listed under a measure, along the stairs: the last where there are fewer. `page` from 1, 50 rows unless `limit` says otherwise. */
export async function gapDoors(
  db: Reader,
  communityId: string,
  roundId: string | null,
  figure: CoverageFigure,
  { page: asked, limit = 50, ...area }: Area & { page?: number; limit?: number } = {},
): Promise<GapDoors> {
  const round = chosenRound(await allRounds(db, communityId), roundId);
  const counts: GapDoors['counts'] = { doors: 0, households: 0, people: 0, items: 0 };
  if (!round) return { round, rows: [], total: 0, page: 1, pages: 1, counts };
  const { doors } = await coveredDoors(db, communityId, round, area);
  const byGap = Map.groupBy(doors, ({ coverage }) => gapOf(coverage));
  for (const name of coverageFigures) counts[name] = byGap.get(name)?.length ?? 0;
  const listed = (byGap.get(figure) ?? []).sort(alongTheStairs);
  const { page, pages } = pageWithin(listed.length, limit, asked);
  const shown = listed.slice((page - 1) * limit, page * limit);
  const ids = shown.flatMap(({ id }) => id ?? []);
  const proposals = await proposalsOf(db, communityId, shown);
  const missing = figure === 'items' ? await missingAt(db, communityId, round.id, ids) : new Map();
  const rows = shown.map(({ coverage, ...door }): GapDoor => {
    const { of, done } = coverage[figure];
    const { outcome, attempts, at, returned, triedEnough } = coverage;
    const left = of - done;
    const proposedBy = proposals.get(door.id) ?? null;
    return {
      ...door,
      proposedBy,
      outcome,
      attempts,
      at,
      returned,
      triedEnough,
      left,
      missing: missing.get(door.id) ?? [],
    };
  });
  return { round, rows, total: listed.length, page, pages, counts };
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

/** By the door, which record proposes it. */
async function proposalsOf(
  db: Reader,
  communityId: string,
  doors: readonly CoveredDoor[],
): Promise<Map<string | null, string>> {
  const found = new Map<string | null, string>();
  for (const { id, coverage } of doors) {
    if (!id || !coverage.proposed) continue;
    const records = await recordsOfDoor(db, communityId, id, ['pending']);
    const newest = records.at(-1);
    if (newest) found.set(id, newest.submissionId);
  }
  return found;
}

/** What each of these doors lacks, by the record that counts in the round. */
async function missingAt(
  db: Reader,
  communityId: string,
  roundId: string,
  ids: readonly string[],
): Promise<Map<string | null, MissingItems[]>> {
  const found = new Map<string | null, MissingItems[]>();
  if (ids.length === 0) return found;
  const doors = await loadDoors(db, communityId, ids);
  const states = await db
    .selectFrom('door_state')
    .select(['dwelling_id', 'submission_id'])
    .where('community_id', '=', communityId)
    .where('round_id', '=', roundId)
    .where('dwelling_id', 'in', ids)
    .execute();
  for (const { dwelling_id: id, submission_id } of states) {
    const held = doors.get(id);
    const records = await recordsOfDoor(db, communityId, id);
    const record = records.find(({ submissionId }) => submissionId === submission_id);
    // A door that the register lacks is the one that a record proposes.
    const door = held?.dwelling.retiredAt === null ? wholeOf(held) : proposedDoor(id, records);
    if (!door || !record) continue;
    const { outcome, body, review } = record;
    found.set(id, missingItems(door, { outcome, body, isApproved: review === 'approved' }, dayOf(record.order)));
  }
  return found;
}
