/** 户不漏人: everybody registered is accounted for, everybody listed once, and each change carries what it may. */
import type { Finding } from '../finding';
import { asRecord, isFilled, textOf } from '../../domain/json';
import { residentFieldNames } from '../definitions/register-fields';
import { isRegistered, registeredResidents, type DoorLike } from '../../domain/door-like';
import { allListed, type Listed, type ListedHousehold } from './listing';

const wholeFields = ['name', 'sex', 'relation', 'residence', 'birthDate'] as const;
/** A register without these would be no register: they can be corrected, not taken away. */
const neverEmptied = ['name', 'sex', 'presence'] as const;

/** Who must be listed and is not; nobody may be left out of `verified`, at least one must stand in `partly-verified`. */
export function checkAccounted(outcome: string, listing: ListedHousehold[], door: DoorLike | null): Finding[] {
  const listed = new Set(allListed(listing).flatMap(({ id, body }) => [id, String(body['sameAs'] ?? '')]));
  if (outcome === 'partly-verified') return listed.size > 0 ? [] : [{ path: ['households'], code: 'nobody_listed' }];
  return registeredResidents(door)
    .filter(({ id }) => !listed.has(id))
    .map(({ name }) => ({ path: ['households'], code: 'resident_not_accounted_for', params: { name } }));
}

/** A household that the register lacks comes whole: what kind it is, and who lives in it. Each is told of once. */
export function checkHouseholds(listing: ListedHousehold[]): Finding[] {
  const seen = new Set<string>();
  return listing.flatMap(({ path, id, body, registered, residents }) => {
    if (id !== '' && seen.has(id)) return [{ path: [...path, 'id'], code: 'household_listed_twice' }];
    seen.add(id);
    if (registered) return [];
    const findings: Finding[] = isFilled(body['kind']) ? [] : [{ path: [...path, 'kind'], code: 'required' }];
    if (residents.length === 0) findings.push({ path: [...path, 'residents'], code: 'required' });
    return findings;
  });
}

export function checkListedOnce(listing: ListedHousehold[]): Finding[] {
  const seen = new Set<string>();
  return allListed(listing)
    .filter(({ id }) => id !== '' && (seen.has(id) || !seen.add(id)))
    .map(({ path }) => ({ path: [...path, 'id'], code: 'resident_listed_twice' }));
}

/** What each change may and must carry. */
export function checkChange(listed: Listed, door: DoorLike | null, byOutsider: boolean): Finding[] {
  const { path, body, change, registered } = listed;
  const given = residentFieldNames.filter((name) => isFilled(body[name]));
  switch (change) {
    case 'unchanged':
      if (!registered && door) return [{ path: [...path, 'change'], code: 'resident_not_registered' }];
      return given.map((name) => ({ path: [...path, name], code: 'unchanged_with_fields' }));
    case 'corrected':
      if (!registered && door && !isFilled(body['sameAs']))
        return [{ path: [...path, 'change'], code: 'resident_not_registered' }];
      if (!carriesCorrection(listed)) return [{ path: [...path, 'change'], code: 'corrected_without_change' }];
      return neverEmptied
        .filter((name) => body[name] === '' || body[name] === null)
        .map((name) => ({ path: [...path, name], code: 'required' }));
    case 'moved-in':
    case 'born':
      if (registered && isRegistered(registered)) return [{ path: [...path, 'id'], code: 'id_not_new' }];
      if (isFilled(body['presence']) && !isRegistered({ presence: textOf(body['presence']) }))
        return [{ path: [...path, 'presence'], code: 'presence_of_newcomer' }];
      return isFilled(body['sameAs']) ? [] : missingOfWhole(listed, byOutsider);
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

/** Of a whole new resident: a value, or a reason in `missing`. Nobody is asked for a birth date that is not theirs to tell. */
function missingOfWhole({ path, body }: Listed, byOutsider: boolean): Finding[] {
  const missing = asRecord(body['missing']) ?? {};
  return wholeFields
    .filter((name) => !isFilled(body[name]) && !(isFilled(missing[name]) && name !== 'name'))
    .filter((name) => !(byOutsider && name === 'birthDate'))
    .map((name) => ({ path: [...path, name], code: 'required' }));
}
