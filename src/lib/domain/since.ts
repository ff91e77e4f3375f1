/** What a door's register got since it was told to the one who wrote a record: the changes that the writer did not see. */
import { type DoorLike, isRegistered, type ResidentLike } from './door-like';
import { maskIdentityNumber, maskNumbersIn } from './identity-number';
import { textOf } from './json';
import { isSameAnswer } from './same-answer';

/** A value of the register that is not what the worker saw. Identity numbers are masked. */
export type SinceChange = {
  entity: 'dwelling' | 'household' | 'resident';
  entityId: string;
  name: string;
  /** `*`: the record came (`before` undefined) or went (`now` undefined) as a whole. */
  field: string;
  /** As the worker saw it; undefined where the basis is not held any more or the record was not there. */
  before: unknown;
  now: unknown;
};

/** A door as a feed told it: more fields than these may be there. */
export type SeenDoor = Record<string, unknown> & { households: SeenHousehold[] };
type SeenHousehold = Record<string, unknown> & { id: string; residents: SeenResident[] };
type SeenResident = Record<string, unknown> & { id: string };

/** What stands beside the answers, or only in feeds, or never in them. */
const notAnswers = new Set([
  'id',
  'gridId',
  'buildingId',
  'dwellingId',
  'householdId',
  'state',
  'households',
  'residents',
  'confirmedAt',
  'suggestedCareGroups',
  'contacts',
  'consent',
  'idNumber',
]);

type Elsewhere = ReadonlyMap<string, { householdId: string; resident: ResidentLike }>;

/**
 * The differences between a door as it was seen and as it is; `ended`: households of `now` that ended; `elsewhere`: people who stand at
 * another door now. Who was gone before, and a household that had ended, was not told and is no news.
 */
export function changesSince(
  seen: SeenDoor,
  now: DoorLike,
  ended: ReadonlySet<string> = new Set(),
  elsewhere: Elsewhere = new Map(),
): SinceChange[] {
  const seenHouseholds = new Map(seen.households.map((household) => [household.id, household]));
  const seenResidents = new Map(
    seen.households.flatMap(({ id, residents }) => residents.map((resident) => [resident.id, { resident, in: id }])),
  );
  const changes = between('dwelling', now.id, doorName(now), seen, now);
  for (const household of now.households) {
    const was = seenHouseholds.get(household.id);
    seenHouseholds.delete(household.id);
    if (was) changes.push(...between('household', household.id, '', was, household));
    else if (!ended.has(household.id)) changes.push(whole('household', household.id, '', undefined, 'here'));
    for (const resident of household.residents) {
      const known = seenResidents.get(resident.id);
      seenResidents.delete(resident.id);
      changes.push(...ofResident(resident, household.id, known));
    }
  }
  for (const id of seenHouseholds.keys()) changes.push(whole('household', id, '', 'here', undefined));
  for (const [id, known] of seenResidents) {
    const { resident } = known;
    const there = elsewhere.get(id);
    if (there) changes.push(...ofResident(there.resident, there.householdId, known));
    else changes.push(whole('resident', id, textOf(resident['name']), textOf(resident['presence']), undefined));
  }
  return changes;
}

function ofResident(
  resident: ResidentLike,
  householdId: string,
  known: { resident: SeenResident; in: string } | undefined,
): SinceChange[] {
  const { id, name, presence } = resident;
  if (!known) return isRegistered(resident) ? [whole('resident', id, name, undefined, presence)] : [];
  const number = resident.idNumber === undefined ? {} : { idNumberMasked: maskIdentityNumber(resident.idNumber) };
  const changes = between('resident', id, name, known.resident, { ...resident, ...number });
  if (known.in === householdId) return changes;
  const moved = { entity: 'resident', entityId: id, name, field: 'householdId' } as const;
  return [...changes, { ...moved, before: known.in, now: householdId }];
}

function between(
  entity: SinceChange['entity'],
  entityId: string,
  name: string,
  seen: Record<string, unknown>,
  now: object,
): SinceChange[] {
  const was = asTold(seen);
  const is = asTold(now);
  return [...new Set([...Object.keys(was), ...Object.keys(is)])]
    .filter((field) => !notAnswers.has(field) && !isSameAnswer(field, was[field], is[field]))
    .map((field) => ({ entity, entityId, name, field, before: was[field], now: is[field] }));
}

/** The worker saw no number that stands in a note; what an older office told whole is no news either. */
function asTold(values: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([field, value]: [string, unknown]) => [
      field,
      typeof value === 'string' ? maskNumbersIn(value) : value,
    ]),
  );
}

function whole(
  entity: SinceChange['entity'],
  entityId: string,
  name: string,
  before: unknown,
  now: unknown,
): SinceChange {
  return { entity, entityId, name, field: '*', before, now };
}

function doorName({ unit, room }: { unit: string; room: string }): string {
  return [unit, room].filter(Boolean).join('-');
}
