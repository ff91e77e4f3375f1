/** What leaves the office for a desk page: no identity number stands there whole. */
import type { Difference } from '../../domain/differences';
import type { DoorLike } from '../../domain/door-like';
import { maskIdentityNumber } from '../../domain/identity-number';
import { asRecord } from '../../domain/json';
import type { Compared } from '../../domain/sides';
import { masked, maskedAt } from '../feeds/bodies/mask';
import type { CameFrom } from './came-from';
import type { StoredRevision } from './revision';
import type { DecisionTold } from './taken';

/** A revision's text for the desk; `body` with every identity number masked. */
export type RevisionTold = Pick<
  StoredRevision,
  | 'revision'
  | 'digest'
  | 'form'
  | 'target'
  | 'recordedAt'
  | 'receivedAt'
  | 'clockOffset'
  | 'secondsOpen'
  | 'location'
  | 'body'
  | 'status'
  | 'problems'
>;

export function told({
  submissionId: _id,
  accountId: _account,
  kind: _kind,
  basis: _basis,
  accepted: _accepted,
  ...rest
}: StoredRevision): RevisionTold {
  return { ...rest, body: asRecord(masked(rest.body)) ?? {} };
}

export function maskedDecision(decision: DecisionTold): DecisionTold {
  return {
    ...decision,
    corrections: decision.corrections.map(({ path, value }) => ({ path, value: maskedAt(path, value) })),
  };
}

export function maskedDifference(difference: Difference): Difference {
  if (difference.field !== 'idNumber') return difference;
  const hide = (value: unknown) => (typeof value === 'string' ? maskIdentityNumber(value) : value);
  return { ...difference, before: hide(difference.before), after: hide(difference.after) };
}

export function maskedComparison(compared: Compared): Compared {
  if (compared.field !== 'idNumber') return compared;
  const hide = (value: unknown) => (typeof value === 'string' ? maskIdentityNumber(value) : value);
  const { basis, now, proposed } = compared;
  const seen = basis.known ? { known: true as const, value: hide(basis.value) } : basis;
  return { ...compared, basis: seen, now: hide(now), proposed: hide(proposed) };
}

export function maskedOrigin(origin: CameFrom): CameFrom {
  const { resident } = origin;
  return { ...origin, resident: { ...resident, idNumber: maskIdentityNumber(resident.idNumber ?? '') } };
}

export function maskedDoor(door: DoorLike): DoorLike {
  return {
    ...door,
    households: door.households.map((household) => ({
      ...household,
      residents: household.residents.map((resident) => ({
        ...resident,
        idNumber: maskIdentityNumber(resident.idNumber ?? ''),
      })),
    })),
  };
}
