/** 户不漏人: everybody registered is accounted for, everybody listed once, and each change carries what it may. */
import type { Finding } from '../check';
import { isFilled } from '../../domain/json';
import { residentFieldNames } from '../definitions/register-fields';
import { registeredResidents, type DoorLike } from '../../domain/door-like';
import { allListed, type Listed, type ListedHousehold } from './listing';

const wholeFields = ['name', 'sex', 'relation', 'residence', 'birthDate'] as const;

/** Who must be listed and is not; nobody may be left out of `verified`, at least one must stand in `partly-verified`. */
export function checkAccounted(outcome: string, listing: ListedHousehold[], door: DoorLike | null): Finding[] {
  const listed = new Set(allListed(listing).flatMap(({ id, body }) => [id, String(body['sameAs'] ?? '')]));
  if (outcome === 'partly-verified') return listed.size > 0 ? [] : [{ path: ['households'], code: 'nobody_listed' }];
  return registeredResidents(door)
    .filter(({ id }) => !listed.has(id))
    .map(({ name }) => ({ path: ['households'], code: 'resident_not_accounted_for', params: { name } }));
}

export function checkListedOnce(listing: ListedHousehold[]): Finding[] {
  const seen = new Set<string>();
  return allListed(listing)
    .filter(({ id }) => id !== '' && (seen.has(id) || !seen.add(id)))
    .map(({ path }) => ({ path: [...path, 'id'], code: 'resident_listed_twice' }));
}

/** What each change may and must carry. */
export function checkChange(listed: Listed, door: DoorLike | null): Finding[] {
  const { path, body, change, registered } = listed;
  const given = residentFieldNames.filter((name) => isFilled(body[name]));
  switch (change) {
    case 'unchanged':
      if (!registered && door) return [{ path: [...path, 'change'], code: 'resident_not_registered' }];
      return given.map((name) => ({ path: [...path, name], code: 'unchanged_with_fields' }));
    case 'corrected':
      if (!registered && door && !isFilled(body['sameAs']))
        return [{ path: [...path, 'change'], code: 'resident_not_registered' }];
      return carriesCorrection(listed) ? [] : [{ path: [...path, 'change'], code: 'corrected_without_change' }];
    case 'moved-in':
    case 'born':
      return isFilled(body['sameAs']) ? [] : missingOfWhole(listed);
    default:
      return !registered && door && !isFilled(body['sameAs'])
        ? [{ path: [...path, 'change'], code: 'resident_not_registered' }]
        : [];
  }
}

/** A correction may also be a field emptied, a reason for a missing answer, a move to another household, or a joined record. */
function carriesCorrection({ body, householdId, registeredHouseholdId }: Listed): boolean {
  const named = [...residentFieldNames, 'missing', 'sameAs'].some((name) => body[name] !== undefined);
  return named || (registeredHouseholdId !== null && registeredHouseholdId !== householdId);
}

/** Of a whole new resident: a value, or a reason in `missing`. */
function missingOfWhole({ path, body }: Listed): Finding[] {
  const missing = typeof body['missing'] === 'object' && body['missing'] !== null ? body['missing'] : {};
  return wholeFields
    .filter((name) => !isFilled(body[name]) && !(name in missing && name !== 'name'))
    .map((name) => ({ path: [...path, name], code: 'required' }));
}
