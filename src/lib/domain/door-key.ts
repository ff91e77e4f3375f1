/** What makes two addresses one door (TWO-5). */
import type { DwellingFields } from './register';

export const addressFields = ['compound', 'building', 'unit', 'floor', 'room'] as const;
export type Address = Pick<DwellingFields, (typeof addressFields)[number]>;

/**
 * The same of two addresses that are one door. A room with a number says which one it is, whatever floor stands beside it: lists seldom name the floor,
 * and people err about it. A compound's name with and without 小区 at its end is one compound.
 */
export function doorKey({ compound, building, unit, floor, room }: Address): string {
  const byFloor = /\d/.test(room) || (unit === '' && room === '') ? '' : String(floor);
  return [buildingKey({ compound, building }), unit, byFloor, room].join('|');
}

/** The same of two addresses that are in one building. */
export function buildingKey({ compound, building }: Pick<Address, 'compound' | 'building'>): string {
  return `${compoundKey(compound.trim())}|${building.trim()}`;
}

/** Of the buildings of a grid the one that an address names: by the very name, or else by one that is the same; undefined where there is none. */
export function buildingNamed<Building extends Pick<Address, 'compound' | 'building'>>(
  buildings: readonly Building[],
  address: Pick<Address, 'compound' | 'building'>,
): Building | undefined {
  const same = buildings.filter((one) => buildingKey(one) === buildingKey(address));
  return same.find(({ compound }) => compound.trim() === address.compound.trim()) ?? same[0];
}

export function compoundKey(compound: string): string {
  return compound.length > 3 ? compound.replace(/小区$/, '') : compound;
}
