/**
 * What a renewal (`feeds/renew.ts`), or the telling of a round, mends by itself: how an older version of the office told things, or what it made of
 * records, is no damage.
 */
import type { Finding } from './finding';

export const toldAnew = {
  otherwise: 'is told otherwise than the office has it',
  unreadable: 'its body cannot be read',
} as const;

/** What was worked out of records, and is not what they say. */
export const workedOut = {
  door: 'stands in a round otherwise than its records say',
  plan: 'the next visit is planned otherwise than the visits say',
} as const;

export function isRenewed({ check, subject, what }: Finding): boolean {
  if (check === 'feeds') return what === toldAnew.unreadable;
  if (check === 'care') return what === workedOut.plan;
  if (check !== 'told' && check !== 'doors') return false;
  // Forms and code lists come and go with a version.
  return what === toldAnew.otherwise || what === workedOut.door || subject.startsWith('community/');
}
