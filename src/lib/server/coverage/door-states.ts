/**
 * Coverage 四不漏: where each door stands in each round, worked out anew from its records and the register. What phones are told of a door
 * (outcome, attempts …) is of approved records alone; what counts is also of pending ones.
 */
import type { Insertable } from 'kysely';
import { triedEnough } from '../../domain/attempts';
import { dayOf } from '../../domain/calendar';
import { doorCoverage, type DoorCoverage } from '../../domain/coverage';
import type { DoorLike } from '../../domain/door-like';
import { givenOfDwelling } from '../../domain/given-fields';
import { asRecord, isFilled, recordsOf, textOf } from '../../domain/json';
import { afterKnock, lastVisitAt, noKnock } from '../../domain/knocks';
import { isRetiring, outcomeClass, type VisitOutcome } from '../../domain/outcomes';
import { emptyDwelling } from '../../domain/register';
import { seal } from '../codec';
import type { DoorStateTable } from '../database/tables';
import { buildingAt } from '../register/find-building';
import { loadDoor, loadRecords, wholeOf, type DoorRecords, type Reader } from '../register/read';
import { provenanceOf } from '../register/provenance';
import { livesOn } from '../register/records';
import { recordsOfDoor, type DoorRecord } from './records-of-door';
import { wasOpen, type RoundOfGrids } from './rounds-of';

/** What `door_state.coverage` holds: the four figures of the door, and by which outcome, a pending one too, they came about. */
export type CountedCoverage = DoorCoverage & {
  outcome: VisitOutcome | null;
  /** Tries without an answer, and when somebody was last there (RFC 3339): with pending records, as the phone that made them shows it. */
  attempts: number;
  at: string | null;
  /** The newest record that is not decided is with its worker for correction: the door shows that before anything else. */
  returned: boolean;
  triedEnough: boolean;
  /** Proposed by a record that nobody has decided on: the register lacks the door, which would stand here. */
  proposed: ProposedPlace | null;
};

export type ProposedPlace = { compound: string; building: string; unit: string; floor: number; room: string };

/**
 * `records`: those that count, oldest first. `held`: the register's, also a retired one. `states`: null where there is no such door. `left`: rounds in which
 * it counted until now.
 */
export type DoorStates = {
  records: DoorRecord[];
  held: DoorRecords | null;
  states: Insertable<DoorStateTable>[] | null;
  left: string[];
};

/** One door, by the id that counts for it, in each of `rounds`, those of its community. */
export async function statesOf(
  db: Reader,
  communityId: string,
  id: string,
  rounds: readonly RoundOfGrids[],
): Promise<DoorStates> {
  const said = await recordsOfDoor(db, communityId, id, ['pending', 'approved', 'returned']);
  const all = await withoutStruckOff(db, communityId, id, said);
  const records = all.filter(({ review }) => review !== 'returned');
  const held = await loadDoor(db, communityId, id);
  const door = held && held.dwelling.retiredAt === null ? held : null;
  const place = door ? placeOf(door) : await proposedPlace(db, communityId, id, records);
  if (!place) return { records, held, states: null, left: [] };
  const known = await db
    .selectFrom('door_state')
    .select(['round_id', 'grid_id'])
    .where('community_id', '=', communityId)
    .where('dwelling_id', '=', id)
    .execute();
  const counted = new Map(known.map(({ round_id, grid_id }) => [round_id, grid_id]));
  const states: Insertable<DoorStateTable>[] = [];
  const left: string[] = [];
  for (const round of rounds) {
    const own = records.filter(({ order }) => wasOpen(round, order));
    const since = counted.get(round.id);
    const gridId = gridInRound(round, place, own, since);
    if (gridId === null) {
      if (since !== undefined) left.push(round.id);
      continue;
    }
    const undecided = all.findLast(({ order, review }) => review !== 'approved' && wasOpen(round, order));
    states.push(stateOf(communityId, { ...place, gridId }, door, round, own, undecided?.review === 'returned'));
  }
  return { records, held, states, left };
}

/** Without those that say of a door which was struck off, and found again as this one, that it is not there: of this one they say nothing. */
async function withoutStruckOff(
  db: Reader,
  communityId: string,
  id: string,
  records: readonly DoorRecord[],
): Promise<DoorRecord[]> {
  const retiring = records.filter(({ outcome, revision }) => isRetiring(outcome) && revision.target.id !== id);
  const former = await loadRecords(
    db,
    communityId,
    'dwelling',
    retiring.map(({ revision }) => revision.target.id),
  );
  return records.filter((record) => !retiring.includes(record) || !former.has(record.revision.target.id));
}

/** In which of its grids a round counts the door; null: in none. `since`: where it counted until now. */
function gridInRound(
  round: RoundOfGrids,
  place: Place,
  own: readonly DoorRecord[],
  since: string | undefined,
): string | null {
  const isOver = round.closed_at !== null;
  // A round that was over before the door came to the register has no such door.
  if (isOver && own.length === 0 && (since === undefined || place.proposed)) return null;
  if (round.gridIds.includes(place.gridId)) return place.gridId;
  // Of a round that is over a door does not move away.
  return isOver ? (since ?? null) : null;
}

/** Where a door stands, and as what it is counted. */
type Place = { id: string; gridId: string; buildingId: string; shown: DoorLike; proposed: boolean };

function placeOf(door: DoorRecords): Place {
  const { id, gridId, buildingId } = door.dwelling;
  return { id, gridId, buildingId, shown: wholeOf(door), proposed: false };
}

/** A door that the register lacks counts from the day it was proposed, in the grid that its record names. */
async function proposedPlace(
  db: Reader,
  communityId: string,
  id: string,
  records: readonly DoorRecord[],
): Promise<Place | null> {
  const shown = proposedDoor(id, records);
  if (!shown) return null;
  const { gridId } = shown;
  const building = await buildingAt(db, communityId, gridId, shown);
  return { id, gridId, buildingId: building?.id ?? '', shown, proposed: true };
}

/** The door that `records`, those that count, oldest first, propose to the register, without anybody yet; null where none does. */
export function proposedDoor(id: string, records: readonly DoorRecord[]): DoorLike | null {
  const proposal = records.findLast(({ body }) => isFilled(asRecord(body['dwelling'])?.['gridId']));
  if (!proposal || proposal.review !== 'pending') return null;
  const given = asRecord(proposal.body['dwelling']) ?? {};
  return { ...emptyDwelling, ...givenOfDwelling(given), id, gridId: textOf(given['gridId']), households: [] };
}

function stateOf(
  communityId: string,
  place: Place,
  door: DoorRecords | null,
  round: RoundOfGrids,
  records: readonly DoorRecord[],
  returned: boolean,
): Insertable<DoorStateTable> {
  const counted = records.at(-1) ?? null;
  const approved = records.filter(({ review }) => review === 'approved');
  const told = approved.at(-1) ?? null;
  const isOpen = told !== null && outcomeClass(told.outcome) === 'open';
  const toldOfAll = approved.reduce(afterKnock, noKnock);
  const nextVisit = told && outcomeClass(told.outcome) !== 'settled' ? textOf(told.body['nextVisit']) : '';
  const { attempts, verifiedAt } = records.reduce(afterKnock, noKnock);
  const coverage: CountedCoverage = {
    ...doorCoverage(
      place.shown,
      counted && { outcome: counted.outcome, body: counted.body, isApproved: counted.review === 'approved' },
      dayOf(counted?.order ?? Date.parse(round.started_at)),
      door ? leftSince(door, round) : [],
    ),
    outcome: counted?.outcome ?? null,
    attempts: attempts.length,
    at: lastVisitAt(verifiedAt, attempts.at(-1)?.at ?? null),
    returned,
    triedEnough: counted !== null && outcomeClass(counted.outcome) === 'open' && triedEnough(attempts),
    proposed: place.proposed ? addressOf(place.shown) : null,
  };
  return {
    community_id: communityId,
    round_id: round.id,
    dwelling_id: place.id,
    grid_id: place.gridId,
    building_id: place.buildingId,
    submission_id: counted?.submissionId ?? null,
    review: counted?.review ?? null,
    outcome: told?.outcome ?? 'not-visited',
    changed: told !== null && told.changes > 0 ? 1 : 0,
    coverage: JSON.stringify(coverage),
    verified_at: toldOfAll.verifiedAt,
    attempts: JSON.stringify(toldOfAll.attempts),
    next_visit: nextVisit || null,
    note: seal(isOpen ? textOf(told.body['note']) : ''),
    listed: JSON.stringify(told?.outcome === 'partly-verified' ? listedIn(told.body) : []),
  };
}

function addressOf({ compound, building, unit, floor, room }: DoorLike): ProposedPlace {
  return { compound, building, unit, floor, room };
}

function listedIn(body: Record<string, unknown>): string[] {
  return recordsOf(body['households']).flatMap(({ record }) =>
    recordsOf(record['residents'])
      .filter((resident) => isFilled(resident.record['change']))
      .map((resident) => textOf(resident.record['id'])),
  );
}

/** People whom the register has as moved away or dead since the round began. */
function leftSince(door: DoorRecords, round: RoundOfGrids): string[] {
  return door.residents
    .filter((resident) => !livesOn(resident))
    .filter(({ provenance }) => dayOf(provenanceOf(provenance, 'presence').since) >= round.starts_on)
    .map(({ id }) => id);
}
