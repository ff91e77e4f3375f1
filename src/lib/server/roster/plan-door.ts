/** What a roster would change at one door: who is new, which values differ, who is not listed any more. Reads nothing, writes nothing. */
import { partDateAgrees } from '../../domain/part-date';
import type { DwellingFields, EntityType, HouseholdFields, ResidentFields } from '../../domain/register';
import { provenanceOf, type ProvenanceColumn } from '../register/provenance';
import type { DoorRecords } from '../register/read';
import { livesOn, type HouseholdRecord, type ResidentRecord } from '../register/records';
import type { RosterDoor, RosterHousehold } from './build';
import { matchPeople, type ImportedPerson } from './match-people';
import type { RosterPerson } from './person';

export type ChangeKind = 'changed' | 'moved' | 'left' | 'grid' | 'returned';
/** One value that the roster states otherwise. A grid that is yet to be made stands by its name. `held`: verified since it was imported, or more than a list can say by itself (somebody gone, another name), so a person is asked first. */
export type RosterChange = {
  key: string;
  kind: ChangeKind;
  entity: Exclude<EntityType, 'building'>;
  id: string;
  dwellingId: string;
  /** Whose value it is; empty for the door itself. */
  name: string;
  field: string;
  before: unknown;
  after: unknown;
  held: boolean;
};
export type HouseholdPlan = {
  roster: RosterHousehold;
  known: HouseholdRecord | null;
  /** Without those whom an import brought here once and people have moved or joined elsewhere since: the roster has no news of them. */
  people: { person: RosterPerson; known: ResidentRecord | null }[];
};
export type DoorPlan = {
  roster: RosterDoor;
  door: DoorRecords | null;
  households: HouseholdPlan[];
  changes: RosterChange[];
};

/** What a roster's person is compared with beside the people of the door. */
export type Known = {
  elsewhere: (idNumber: string, dwellingId: string | null) => ResidentRecord | undefined;
  imported: readonly ImportedPerson[];
};

export function planDoor(roster: RosterDoor, door: DoorRecords | null, gridId: string | null, known: Known): DoorPlan {
  const dwellingId = door?.dwelling.id ?? null;
  const match = matchPeople(
    roster.households.flatMap(({ people }) => people),
    door?.residents ?? [],
    (idNumber) => known.elsewhere(idNumber, dwellingId),
    known.imported,
  );
  const taken = new Set<HouseholdRecord>();
  const households = roster.households.map((household): HouseholdPlan => {
    const people = household.people
      .filter((person) => !match.settled.has(person))
      .map((person) => ({ person, known: match.known.get(person) ?? null }));
    const registered = door ? knownHousehold(people, door, taken) : null;
    if (registered) taken.add(registered);
    return { roster: household, known: registered, people };
  });
  if (!door) return { roster, door, households, changes: movedHere(households, null) };
  if (door.dwelling.retiredAt !== null) return { roster, door, households, changes: [returnedChange(door)] };
  const changes = [
    ...dwellingChanges(roster, door, gridId),
    ...households.flatMap((plan) => householdChanges(plan, door)),
    ...movedHere(households, door),
    ...match.left.map((resident) => leftChange(resident)),
  ];
  return { roster, door, households, changes };
}

/** The household that most of its people are registered in; for people whom the register lacks, none. */
function knownHousehold(
  people: HouseholdPlan['people'],
  door: DoorRecords,
  taken: ReadonlySet<HouseholdRecord>,
): HouseholdRecord | null {
  const votes = new Map<string, number>();
  for (const { known } of people) if (known) votes.set(known.householdId, (votes.get(known.householdId) ?? 0) + 1);
  const byVotes = door.households
    .filter((household) => votes.has(household.id) && !taken.has(household))
    .sort((a, b) => (votes.get(b.id) ?? 0) - (votes.get(a.id) ?? 0));
  return byVotes[0] ?? null;
}

function dwellingChanges({ stated, place }: RosterDoor, door: DoorRecords, gridId: string | null): RosterChange[] {
  const { dwelling, residents } = door;
  const asked: Partial<DwellingFields> = { ...stated, floor: place.floor };
  // a door whose file says nothing of its use is no news where somebody lives
  if (stated.use === 'vacant' && residents.some(livesOn)) delete asked.use;
  const base = { entity: 'dwelling' as const, id: dwelling.id, dwellingId: dwelling.id, name: '' };
  const changes = fieldChanges(base, asked, dwelling.fields, dwelling.provenance);
  if (gridId !== null && gridId !== dwelling.gridId) {
    const [before, after] = [dwelling.gridId, gridId];
    changes.push(change(base, 'grid', 'gridId', { before, after, held: isVerified(door), stands: before }));
  }
  return changes;
}

function householdChanges({ roster, known, people }: HouseholdPlan, door: DoorRecords): RosterChange[] {
  const dwellingId = door.dwelling.id;
  const changes: RosterChange[] = [];
  if (known) {
    const head = people.find(({ person }) => person === roster.head)?.known;
    const asked: Partial<HouseholdFields> = {
      ...(roster.tenure ? { tenure: roster.tenure } : {}),
      ...(roster.phone ? { phone: roster.phone } : {}),
      ...(head ? { headId: head.id } : {}),
    };
    const base = { entity: 'household' as const, id: known.id, dwellingId, name: roster.head?.name ?? '' };
    changes.push(...fieldChanges(base, asked, known.fields, known.provenance));
  }
  for (const { person, known: resident } of people) {
    // who moves here brings what the roster says along, see `newsOfMoved`
    if (resident?.dwellingId !== dwellingId) continue;
    const base = {
      entity: 'resident' as const,
      id: resident.id,
      dwellingId: resident.dwellingId,
      name: resident.fields.name,
    };
    changes.push(...fieldChanges(base, person.stated, resident.fields, resident.provenance));
    const open = person.careGroups.filter((group) => !resident.fields.careGroups.includes(group));
    const missing = open.filter((group) => !resident.suggestedCareGroups.includes(group));
    if (missing.length > 0) {
      const before = resident.suggestedCareGroups;
      const after = [...before, ...missing];
      changes.push(change(base, 'changed', 'suggestedCareGroups', { before, after, held: false, stands: '' }));
    }
  }
  return changes;
}

/**
 * People whom the register has at another door, or in another household of this one. `after` is null where that is yet to be made.
 * Who moved away or died here, and whose household ended with it, is not called back by a list that still has them.
 */
function movedHere(households: HouseholdPlan[], door: DoorRecords | null): RosterChange[] {
  const dwellingId = door?.dwelling.id ?? null;
  const isEnded = (householdId: string) => !door?.households.some(({ id }) => id === householdId);
  return households.flatMap(({ people, known }) =>
    people.flatMap(({ known: resident }) => {
      if (!resident) return [];
      const base = {
        entity: 'resident' as const,
        id: resident.id,
        dwellingId: resident.dwellingId,
        name: resident.fields.name,
      };
      const held = verifiedSince(resident.provenance, 'presence');
      const stands = `${resident.dwellingId}/${resident.householdId}/${standsSince(resident.provenance, 'presence')}`;
      const moved = (field: string, before: string, after: string | null) =>
        change(base, 'moved', field, { before, after, held, stands });
      if (resident.dwellingId !== dwellingId) {
        return [moved('dwellingId', resident.dwellingId, dwellingId)];
      }
      if (known?.id === resident.householdId) return [];
      if (!livesOn(resident) && isEnded(resident.householdId)) return [];
      return [moved('householdId', resident.householdId, known?.id ?? null)];
    }),
  );
}

/** What the roster says of somebody who moves to its door, as far as nobody verified it since. */
export function newsOfMoved({ stated }: RosterPerson, { fields, provenance }: ResidentRecord): Partial<ResidentFields> {
  const base: Base = { entity: 'resident', id: '', dwellingId: '', name: '' };
  const free = fieldChanges(base, stated, fields, provenance).filter(({ held }) => !held);
  const news = new Set(free.map(({ field }) => field));
  return Object.fromEntries(Object.entries(stated).filter(([field]) => news.has(field)));
}

/** Nobody is struck off because a list does not name them: a person is always asked. */
function leftChange({ id, dwellingId, fields, provenance }: ResidentRecord): RosterChange {
  const base = { entity: 'resident' as const, id, dwellingId, name: fields.name };
  const stands = standsSince(provenance, 'presence');
  return change(base, 'left', 'presence', { before: fields.presence, after: 'moved-away', held: true, stands });
}

/** A door that people found to be none, and the roster still has. */
function returnedChange({ dwelling }: DoorRecords): RosterChange {
  const base = { entity: 'dwelling' as const, id: dwelling.id, dwellingId: dwelling.id, name: '' };
  const before = dwelling.retiredAt;
  return change(base, 'returned', 'retiredAt', { before, after: null, held: true, stands: before ?? '' });
}

type Base = Pick<RosterChange, 'entity' | 'id' | 'dwellingId' | 'name'>;

/** The key of the change of a door's grid; `gridId`: the one where it stands. */
export function gridChangeKey({ id, gridId }: { id: string; gridId: string }): string {
  return keyOf(id, 'grid', 'gridId', gridId);
}

/** Names a change by what stands there now: a yes to it is no yes to what came since. No value: they are somebody's. */
function keyOf(id: string, kind: ChangeKind, field: string, stands: string): string {
  return `${id} ${kind} ${field} ${stands}`;
}

/** What of it is asked about, whatever stands there. */
function matterOf(key: string): string {
  return key.slice(0, key.lastIndexOf(' '));
}

/**
 * Tells of held changes those that nobody had before them who pressed: said yes to while another value stood there or before somebody confirmed it, or plain
 * then and verified since. Made once for an import: `confirmed` and `asked` (keys of all that was asked about) may be as long as the file.
 */
export function overtakenOf(
  confirmed: ReadonlySet<string>,
  asked: ReadonlySet<string>,
): (changes: readonly RosterChange[]) => RosterChange[] {
  const said = new Set([...confirmed].map(matterOf));
  const refused = new Set([...asked].map(matterOf).filter((matter) => !said.has(matter)));
  return (changes) => changes.filter(({ key, held }) => held && !confirmed.has(key) && !refused.has(matterOf(key)));
}

/** Since when a value holds, and since when it was confirmed. */
function standsSince(provenance: ProvenanceColumn, field: string): string {
  const { since, confirmedAt } = provenanceOf(provenance, field);
  return `${since}/${confirmedAt ?? ''}`;
}

/** `stands`: names what stands there, without a space. */
function change(
  base: Base,
  kind: ChangeKind,
  field: string,
  { before, after, held, stands }: Pick<RosterChange, 'before' | 'after' | 'held'> & { stands: string },
): RosterChange {
  return { ...base, key: keyOf(base.id, kind, field, stands), kind, field, before, after, held };
}

function fieldChanges<Fields extends DwellingFields | HouseholdFields | ResidentFields>(
  base: Base,
  stated: Partial<Fields>,
  held: Fields,
  provenance: ProvenanceColumn,
): RosterChange[] {
  return Object.entries(stated).flatMap(([field, after]) => {
    const before: unknown = Object.entries(held).find(([name]) => name === field)?.[1];
    if (after === undefined || saysNothingNew(field, before, after)) return [];
    const [isHeld, stands] = [verifiedSince(provenance, field), standsSince(provenance, field)];
    return [change(base, 'changed', field, { before: before ?? null, after, held: isHeld, stands })];
  });
}

/** A month where the register knows the day is no news, nor is a head who moves from `null` to nobody. */
function saysNothingNew(field: string, before: unknown, after: unknown): boolean {
  if (JSON.stringify(before ?? null) === JSON.stringify(after)) return true;
  if (
    (field === 'birthDate' || field === 'since') &&
    typeof before === 'string' &&
    typeof after === 'string' &&
    before !== ''
  ) {
    return after.length <= before.length && partDateAgrees(after, before);
  }
  return field === 'sex' && after === '0';
}

/** Somebody recorded, corrected or confirmed the value after an import brought it. */
function verifiedSince(provenance: ProvenanceColumn, field: string): boolean {
  const { from, confirmedAt } = provenanceOf(provenance, field);
  return from !== 'import' || confirmedAt !== null;
}

/** Somebody recorded, corrected or confirmed anything of the door or its people. */
function isVerified({ dwelling, households, residents }: DoorRecords): boolean {
  return [dwelling, ...households, ...residents].some(({ provenance }) =>
    [provenance.default, ...Object.values(provenance.fields)].some(
      ({ from, confirmedAt }) => from !== 'import' || confirmedAt !== null,
    ),
  );
}
