/** Writes what was planned for some doors, in the transaction of the caller. */
import type { World } from '../../domain/world';
import type { Household } from '../../domain/register';
import type { Transaction } from '../database/database';
import type { Origin } from '../register/provenance';
import type { NewDwelling, NewResident } from '../register/records';
import {
  insertDwellings,
  insertHouseholds,
  insertResidents,
  updateDwelling,
  updateHousehold,
  updateResident,
} from '../register/rows';
import type { LeftDoor } from './moving-buildings';
import { newDwelling, newHousehold, newResident } from './new-records';
import type { RosterPerson } from './person';
import { newsOfMoved, type DoorPlan, type HouseholdPlan, type RosterChange } from './plan-door';

/** Doors, and people who moved between them, that phones and coverage must hear of. */
export type Touched = { doors: Set<string>; residents: Set<string>; left: LeftDoor[] };
type Home = { gridId: string; buildingId: string };
type Writing = {
  world: World;
  origin: Origin;
  isWanted: (change: RosterChange) => boolean;
  /** Null where its grid or building was not made: then a door stays where it is. */
  homeOf: (plan: DoorPlan) => Home | null;
};

export async function writeDoors(
  tx: Transaction,
  communityId: string,
  plans: DoorPlan[],
  writing: Writing,
): Promise<Touched> {
  const { world, origin } = writing;
  const touched: Touched = { doors: new Set(), residents: new Set(), left: [] };
  const dwellings: NewDwelling[] = [];
  const households: Household[] = [];
  const residents: NewResident[] = [];
  const updates: (() => Promise<unknown>)[] = [];
  for (const plan of plans) {
    const home = writing.homeOf(plan);
    const changes = plan.changes.filter(
      (change) => (!change.held || writing.isWanted(change)) && (change.kind !== 'grid' || home !== null),
    );
    // a door that people retired stays retired, with all that a roster says of it, until a person takes it back
    if (plan.door?.dwelling.retiredAt && !changes.some(({ kind }) => kind === 'returned')) continue;
    const dwellingId = plan.door?.dwelling.id ?? world.uuid();
    if (!plan.door) {
      if (!home) throw new Error('a building was not made');
      dwellings.push(newDwelling(plan.roster, { id: dwellingId, ...home }));
      touched.doors.add(dwellingId);
    }
    const moving = new Set(changes.flatMap(({ kind, id }) => (kind === 'moved' ? [id] : [])));
    for (const household of plan.households) {
      addHousehold(household, dwellingId, moving);
    }
    for (const change of changes) {
      if (change.kind === 'moved') continue;
      touched.doors.add(change.dwellingId);
      if (change.kind === 'grid' && plan.door && plan.door.dwelling.buildingId !== home?.buildingId) {
        const { buildingId, fields } = plan.door.dwelling;
        touched.left.push({ buildingId, unit: fields.unit, floor: fields.floor, room: fields.room });
      }
      updates.push(() => writeChange(tx, communityId, change, home, origin));
    }
  }
  await insertDwellings(tx, communityId, dwellings, origin);
  await insertHouseholds(tx, communityId, households, origin);
  await insertResidents(tx, communityId, residents, origin);
  for (const update of updates) await update();
  return touched;

  function addHousehold(
    { roster, known, people }: HouseholdPlan,
    dwellingId: string,
    moving: ReadonlySet<string>,
  ): void {
    const coming = people.filter((one) => !one.known || moving.has(one.known.id));
    if (coming.length === 0) return;
    touched.doors.add(dwellingId);
    const householdId = known?.id ?? world.uuid();
    let headId: string | null = null;
    for (const { person, known: resident } of coming) {
      const id = resident?.id ?? world.uuid();
      if (person === roster.head) headId = id;
      if (!resident) {
        residents.push(newResident(person, { id, dwellingId, householdId }));
        continue;
      }
      touched.doors.add(resident.dwellingId);
      touched.residents.add(id);
      const leaving = resident.householdId;
      updates.push(() =>
        updateResident(
          tx,
          communityId,
          id,
          { place: { householdId, dwellingId }, fields: newsOfMoved(person, resident) },
          origin,
        ),
      );
      updates.push(() => endEmptyHousehold(tx, communityId, leaving, origin));
    }
    if (!known) {
      households.push(newHousehold(roster, { id: householdId, dwellingId }, headId));
      // a list may hold who died or moved away and nobody else of a household
      if (coming.every(({ person }) => isGone(person)))
        updates.push(() => endEmptyHousehold(tx, communityId, householdId, origin));
    }
    if (known && headId !== null) {
      const head = headId;
      updates.push(() => updateHousehold(tx, communityId, householdId, { fields: { headId: head } }, origin));
    }
  }
}

async function writeChange(
  tx: Transaction,
  communityId: string,
  change: RosterChange,
  home: Home | null,
  origin: Origin,
): Promise<void> {
  const { kind, entity, id, field, after } = change;
  if (kind === 'grid') {
    if (home) await updateDwelling(tx, communityId, id, { place: home }, origin);
  } else if (kind === 'returned') await updateDwelling(tx, communityId, id, { place: { retiredAt: null } }, origin);
  else if (field === 'suggestedCareGroups' && Array.isArray(after)) {
    await updateResident(tx, communityId, id, { place: { suggestedCareGroups: after } }, origin);
  } else if (entity === 'dwelling') await updateDwelling(tx, communityId, id, { fields: { [field]: after } }, origin);
  else if (entity === 'household') await updateHousehold(tx, communityId, id, { fields: { [field]: after } }, origin);
  else {
    const resident = await updateResident(tx, communityId, id, { fields: { [field]: after } }, origin);
    if (field === 'presence') await endEmptyHousehold(tx, communityId, resident.householdId, origin);
  }
}

function isGone({ stated }: RosterPerson): boolean {
  return stated.presence === 'died' || stated.presence === 'moved-away';
}

/** A household left with nobody ends by itself. */
async function endEmptyHousehold(
  tx: Transaction,
  communityId: string,
  householdId: string,
  origin: Origin,
): Promise<void> {
  const somebody = await tx
    .selectFrom('resident')
    .select('id')
    .where('community_id', '=', communityId)
    .where('household_id', '=', householdId)
    .where('retired_at', 'is', null)
    .where('presence', 'not in', ['moved-away', 'died'])
    .executeTakeFirst();
  if (!somebody) await updateHousehold(tx, communityId, householdId, { place: { endedAt: origin.since } }, origin);
}
