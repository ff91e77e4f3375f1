/** People who may be the same: all that a phone can compare without carrying anybody's number (product.md, found at the door). */
import { doorLabel } from '../domain/door-label';
import { isObject } from './door-head';
import type { Doors } from './doors';
import type { PossibleDuplicate } from './phone';

/** Residents with the same birth date and the same last four of the identity number; none for a number of less than four signs. */
export function findDuplicates(
  doors: Doors,
  { birthDate, idNumber, exceptId }: { birthDate: string; idNumber: string; exceptId: string },
): PossibleDuplicate[] {
  const lastFour = idNumber.slice(-4).toUpperCase();
  if (birthDate === '' || lastFour.length < 4) return [];
  const found: PossibleDuplicate[] = [];
  for (const dwellingId of doors.ids()) {
    for (const { id, name, born, number } of peopleOf(doors.surface(dwellingId))) {
      if (id === exceptId || born !== birthDate || number.slice(-4).toUpperCase() !== lastFour) continue;
      const view = doors.view(dwellingId);
      if (view) found.push({ residentId: id, name, dwellingId, label: doorLabel(view.door) });
    }
  }
  return found;
}

function* peopleOf(door: unknown): Generator<{ id: string; name: string; born: string; number: string }> {
  const households = isObject(door) && Array.isArray(door.households) ? door.households.filter(isObject) : [];
  for (const { residents } of households) {
    for (const person of Array.isArray(residents) ? residents.filter(isObject) : []) {
      const { id, name, birthDate, idNumberMasked } = person;
      if (typeof id !== 'string' || typeof name !== 'string') continue;
      if (typeof birthDate !== 'string' || typeof idNumberMasked !== 'string') continue;
      yield { id, name, born: birthDate, number: idNumberMasked };
    }
  }
}
