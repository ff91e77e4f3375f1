/** Who is at the door while the form is open: the register's people and those whom the form has added, each where it has put them. */
import { findResident, isRegistered, type DoorLike } from '../domain/door-like';
import type { Change, FillingBody, HouseholdEntry, ResidentEntry } from './verification-body';

type HouseOf<D extends DoorLike> = D['households'][number];

export type Person<D extends DoorLike = DoorLike> = {
  id: string;
  householdId: string;
  registered: HouseOf<D>['residents'][number] | null;
  entry: ResidentEntry | null;
};
export type House<D extends DoorLike = DoorLike> = {
  id: string;
  registered: HouseOf<D> | null;
  entry: HouseholdEntry | null;
  people: Person<D>[];
};

const leaving: readonly Change[] = ['moved-away', 'died', 'unknown-here'];

/** Lives here after this form: not said to have left, to be dead or unknown. */
export function stays({ entry }: Pick<Person, 'entry'>): boolean {
  return !entry || !leaving.includes(entry.change);
}

/** Said to be as registered; or asked only for the relation to another head, which is what it was: nothing to tell of either. */
export function isConfirmed(door: DoorLike, { id, householdId, registered, entry }: Person): boolean {
  if (!entry || !registered || entry.change !== 'corrected') return entry?.change === 'unchanged';
  const isHere = findResident(door, id)?.household.id === householdId;
  const { id: _id, change: _change, relation, ...others } = entry;
  return isHere && relation === registered.relation && Object.values(others).every((value) => value === undefined);
}

/** Everybody registered here who has not moved away or died, then those who were found. */
export function peopleOf<D extends DoorLike>(door: D, body: FillingBody): Person<D>[] {
  const entries = body.households.flatMap((household) =>
    household.residents.map((entry) => ({ entry, householdId: household.id })),
  );
  const households: HouseOf<D>[] = door.households;
  const known = households.flatMap((household) =>
    household.residents.filter(isRegistered).map((registered) => ({ registered, householdId: household.id })),
  );
  const found = known.map(({ registered, householdId }) => {
    const listed = entries.find(({ entry }) => entry.id === registered.id);
    return {
      id: registered.id,
      householdId: listed?.householdId ?? householdId,
      registered,
      entry: listed?.entry ?? null,
    };
  });
  const added = entries
    .filter(({ entry }) => !known.some(({ registered }) => registered.id === entry.id))
    .map(({ entry, householdId }) => ({ id: entry.id, householdId, registered: null, entry }));
  return [...found, ...added];
}

/** The register's households, then the new ones; each person where this form has put them. */
export function housesOf<D extends DoorLike>(door: D, body: FillingBody): House<D>[] {
  const registered: HouseOf<D>[] = door.households;
  const people = peopleOf(door, body);
  const ids = [...registered.map(({ id }) => id), ...body.households.map(({ id }) => id)];
  return [...new Set(ids)].map((id) => ({
    id,
    registered: registered.find((one) => one.id === id) ?? null,
    entry: body.households.find((one) => one.id === id) ?? null,
    people: people.filter((person) => person.householdId === id),
  }));
}

/** Of whom nothing was said yet. */
export function waitingOf<D extends DoorLike>(door: D, body: FillingBody): Person<D>[] {
  return peopleOf(door, body).filter(({ entry }) => entry === null);
}

/** Households that the register lacks at this door, with somebody in them: of these it has no answer yet. */
export function newHousesOf<D extends DoorLike>(door: D, body: FillingBody): House<D>[] {
  return housesOf(door, body).filter(({ registered, people }) => registered === null && people.some(stays));
}

export function headOf({ entry, registered }: Pick<House, 'entry' | 'registered'>): string | null {
  return entry?.headId !== undefined ? entry.headId : (registered?.headId ?? null);
}

export function kindOf({ entry, registered }: Pick<House, 'entry' | 'registered'>): string {
  return entry?.kind ?? registered?.kind ?? 'family';
}

export type OpenRelations<D extends DoorLike = DoorLike> = {
  house: House<D>;
  staying: Person<D>[];
  /** Whose relation to the head was not told yet. */
  open: Person<D>[];
};

/** Families that lack a head, or whose members' relation to the new head was not told yet: it is asked again of everybody. */
export function openRelations<D extends DoorLike>(door: D, body: FillingBody): OpenRelations<D>[] {
  return housesOf(door, body).flatMap((house) => {
    const staying = house.people.filter(stays);
    if (staying.length === 0 || kindOf(house) !== 'family') return [];
    const head = headOf(house);
    const headStays = staying.some(({ id }) => id === head);
    const isAsked = !headStays || house.registered === null || house.registered.headId !== head;
    if (!isAsked) return [];
    const open = headStays ? staying.filter(({ id, entry }) => !entry?.relation && id !== head) : staying;
    return !headStays || open.length > 0 ? [{ house, staying, open }] : [];
  });
}
