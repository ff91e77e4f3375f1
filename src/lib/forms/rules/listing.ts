/** Reads the households of a verification body defensively: any JSON goes in, what can be read comes out with its path. */
import { recordsOf, textOf } from '../../domain/json';
import { findResident, type DoorLike, type HouseholdLike, type ResidentLike } from '../../domain/door-like';

export type Listed = {
  path: (string | number)[];
  id: string;
  change: string;
  body: Record<string, unknown>;
  householdId: string;
  /** As the register has the person at this door. */
  registered: ResidentLike | null;
  registeredHouseholdId: string | null;
};

export type ListedHousehold = {
  path: (string | number)[];
  id: string;
  body: Record<string, unknown>;
  registered: HouseholdLike | null;
  residents: Listed[];
};

/** Households of the body with those who are listed in them; entries that are not objects are left out (the schema reports them). */
export function readListing(body: Record<string, unknown>, door: DoorLike | null): ListedHousehold[] {
  return recordsOf(body['households']).map(({ record: household, index }) => {
    const path = ['households', index];
    const id = textOf(household['id']);
    return {
      path,
      id,
      body: household,
      registered: door?.households.find((known) => known.id === id) ?? null,
      residents: recordsOf(household['residents']).map(({ record: resident, index: at }) => {
        const known = findResident(door, textOf(resident['id']));
        return {
          path: [...path, 'residents', at],
          id: textOf(resident['id']),
          change: textOf(resident['change']),
          body: resident,
          householdId: id,
          registered: known?.resident ?? null,
          registeredHouseholdId: known?.household.id ?? null,
        };
      }),
    };
  });
}

/** Everybody listed, in the body's order. */
export function allListed(listing: ListedHousehold[]): Listed[] {
  return listing.flatMap(({ residents }) => residents);
}

/** No longer of this door by what was found. */
export function hasLeft(change: string): boolean {
  return change === 'moved-away' || change === 'died' || change === 'unknown-here';
}
