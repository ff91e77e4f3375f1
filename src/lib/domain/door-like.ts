/** A door with all who live there, as the phone's item and the office's whole dwelling both have it. */
import type { ToldDwelling, ToldHousehold, ToldResident } from './told';

export type ResidentLike = ToldResident & {
  id: string;
  idNumber?: string;
  idNumberMasked?: string;
};
export type HouseholdLike = ToldHousehold & { id: string; residents: ResidentLike[] };
export type DoorLike = ToldDwelling & { id: string; gridId: string; households: HouseholdLike[] };

/** Belongs to the door: neither moved away nor dead. */
export function isRegistered(resident: { presence: string }): boolean {
  return resident.presence !== 'moved-away' && resident.presence !== 'died';
}

export function findResident(
  door: { households: HouseholdLike[] } | null,
  id: string,
): { household: HouseholdLike; resident: ResidentLike } | null {
  for (const household of door?.households ?? []) {
    const resident = household.residents.find((known) => known.id === id);
    if (resident) return { household, resident };
  }
  return null;
}

/** Everybody who must be accounted for at a door (户不漏人). */
export function registeredResidents(door: { households: HouseholdLike[] } | null): ResidentLike[] {
  return (door?.households ?? []).flatMap(({ residents }) => residents.filter(isRegistered));
}
