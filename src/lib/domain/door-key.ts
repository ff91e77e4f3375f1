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
  return [compoundKey(compound.trim()), building.trim(), unit, byFloor, room].join('|');
}

export function buildingKey({ compound, building }: { compound: string; building: string }): string {
  return `${compoundKey(compound)}|${building}`;
}

export function compoundKey(compound: string): string {
  return compound.length > 3 ? compound.replace(/小区$/, '') : compound;
}
