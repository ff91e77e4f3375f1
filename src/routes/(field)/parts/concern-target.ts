/** What a concern is about: the door or person it was begun from, else my grid; a volunteer's is about somebody in their care. */
import type { PhoneRegister } from '$lib/device/phone';

export type ConcernTargetId = { type: 'grid' | 'dwelling' | 'resident'; id: string };

export function concernTarget(register: PhoneRegister, query: URLSearchParams): ConcernTargetId | null {
  const record = query.get('record');
  const known = record ? register.record(record)?.target : null;
  if (known && (known.type === 'grid' || known.type === 'dwelling' || known.type === 'resident'))
    return { type: known.type, id: known.id };
  const door = query.get('door');
  if (door) return { type: 'dwelling', id: door };
  const resident = query.get('resident');
  if (resident) return { type: 'resident', id: resident };
  const targets = possibleTargets(register);
  return targets.length === 1 ? (targets[0] ?? null) : null;
}

/** Grids of mine, else the people in my care. */
export function possibleTargets(register: PhoneRegister): ConcernTargetId[] {
  const grids = register.grids();
  if (grids.length) return grids.map(({ id }) => ({ type: 'grid', id }));
  return register.recipients().map(({ id }) => ({ type: 'resident', id }));
}
