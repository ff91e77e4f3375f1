/** When the head of a household changed, everybody's relation is asked again. */
import type { House, Person, Verification } from './verification.svelte';

const leaving: readonly string[] = ['moved-away', 'died', 'unknown-here'];

export type OpenRelations = {
  house: House;
  staying: Person[];
  /** The register's head is gone or another one was named. */ open: Person[];
};

/** Households that lack a head, or whose members' relation to the new head was not told yet. */
export function needsRelations(verification: Verification): OpenRelations[] {
  return verification.houses.flatMap((house) => {
    const staying = house.people.filter((person) => !person.entry || !leaving.includes(person.entry.change));
    if (staying.length === 0 || verification.kindOf(house) !== 'family') return [];
    const head = verification.headOf(house);
    const headStays = staying.some(({ id }) => id === head);
    const changed =
      !headStays ||
      (house.registered !== null &&
        house.entry?.headId !== undefined &&
        house.entry.headId !== house.registered.headId);
    const fresh = house.registered === null;
    if (!changed && !fresh) return [];
    const open = headStays ? staying.filter((person) => !person.entry?.relation && person.id !== head) : staying;
    return !headStays || open.length > 0 ? [{ house, staying, open }] : [];
  });
}
