/** `dwelling` items: a door with its households and residents and where it stands in the running round. A door is always whole. */
import { maskIdentityNumber } from '../../../domain/identity-number';
import type { WholeDwelling } from '../../../domain/register';
import {
  type DoorState,
  type DwellingItem,
  type HouseholdItem,
  notVisited,
  type ResidentItem,
} from '../../../sync/items';
import { open } from '../../codec';
import type { ReadSnapshot } from '../../database/open';
import type { ProvenanceColumn } from '../../register/provenance';
import { type DoorRecords, loadDoors, wholeOf } from '../../register/read';
import { livesOn, type ResidentRecord } from '../../register/records';
import { runningRounds } from './round';

/** The item of one door; null when the register has none of that id or has retired it. */
export async function dwellingBody(
  db: ReadSnapshot,
  communityId: string,
  dwellingId: string,
): Promise<DwellingItem | null> {
  return (await dwellingBodies(db, communityId, [dwellingId])).get(dwellingId) ?? null;
}

/** Many at once, in a handful of reads; retired ones are not in the map. */
export async function dwellingBodies(
  db: ReadSnapshot,
  communityId: string,
  ids: readonly string[],
): Promise<Map<string, DwellingItem>> {
  const doors = await loadDoors(db, communityId, ids);
  const states = await doorStates(db, communityId, [...doors.values()]);
  const bodies = new Map<string, DwellingItem>();
  for (const [id, door] of doors) {
    if (door.dwelling.retiredAt !== null) continue;
    bodies.set(id, itemOf(door, states.get(id) ?? notVisited(null)));
  }
  return bodies;
}

function itemOf(door: DoorRecords, state: DoorState): DwellingItem {
  const { households, ...dwelling } = wholeOf(door);
  const records = new Map(door.residents.map((record) => [record.id, record]));
  return {
    ...dwelling,
    buildingId: door.dwelling.buildingId,
    households: households.map((household) => householdItem(household, records)),
    state,
  };
}

type WholeHousehold = WholeDwelling['households'][number];

function householdItem(household: WholeHousehold, records: ReadonlyMap<string, ResidentRecord>): HouseholdItem {
  const { residents, dwellingId: _, ...fields } = household;
  return {
    ...fields,
    residents: residents.flatMap((resident) => {
      const record = records.get(resident.id);
      return record && livesOn(record) ? [residentItem(record)] : [];
    }),
  };
}

/** What leaves the office of a person: no whole number (SCO-7), nobody's contacts (they go down to `recipient` only), nobody's consent. */
function residentItem({ id, fields, suggestedCareGroups, provenance }: ResidentRecord): ResidentItem {
  const { idNumber, contacts: _contacts, consent: _consent, ...shown } = fields;
  const confirmedAt = confirmations(provenance);
  return {
    id,
    ...shown,
    idNumberMasked: maskIdentityNumber(idNumber),
    ...(suggestedCareGroups.length > 0 && { suggestedCareGroups }),
    ...(Object.keys(confirmedAt).length > 0 && { confirmedAt }),
  };
}

/** Last confirmation of each field that has one of its own; `*` stands for the rest. */
function confirmations({ default: rest, fields }: ProvenanceColumn): Record<string, string> {
  const confirmed: Record<string, string> = {};
  if (rest.confirmedAt !== null) confirmed['*'] = rest.confirmedAt;
  for (const [field, { confirmedAt }] of Object.entries(fields)) {
    if (confirmedAt !== null && confirmedAt !== rest.confirmedAt) confirmed[field] = confirmedAt;
  }
  return confirmed;
}

/** The state of each door in the round that runs in its grid; a door outside of any round is `not-visited`. */
async function doorStates(
  db: ReadSnapshot,
  communityId: string,
  doors: readonly DoorRecords[],
): Promise<Map<string, DoorState>> {
  const states = new Map<string, DoorState>();
  if (doors.length === 0) return states;
  const rounds = await runningRounds(db, communityId);
  const rows = await db
    .selectFrom('door_state')
    .selectAll()
    .where('community_id', '=', communityId)
    .where(
      'dwelling_id',
      'in',
      doors.map(({ dwelling }) => dwelling.id),
    )
    .execute();
  for (const { dwelling } of doors) {
    const round = rounds.findLast(({ gridIds }) => gridIds.includes(dwelling.gridId));
    if (!round) continue;
    const row = rows.find((state) => state.dwelling_id === dwelling.id && state.round_id === round.id);
    states.set(
      dwelling.id,
      row
        ? {
            outcome: row.outcome as DoorState['outcome'],
            changed: row.changed === 1,
            verifiedAt: row.verified_at,
            attempts: JSON.parse(row.attempts),
            nextVisit: row.next_visit,
            note: open(row.note),
            listed: JSON.parse(row.listed),
            roundId: round.id,
          }
        : notVisited(round.id),
    );
  }
  return states;
}
