/** What a renewal of feeds (`feeds/renew.ts`), or the telling of a round, mends by itself: how an older version of the office told things is no damage. */
import type { Finding } from './finding';

export const toldAnew = {
  otherwise: 'is told otherwise than the office has it',
  unreadable: 'its body cannot be read',
} as const;

export function isRenewed({ check, subject, what }: Finding): boolean {
  if (check === 'feeds') return what === toldAnew.unreadable;
  if (check !== 'told' && check !== 'doors') return false;
  // Forms and code lists come and go with a version.
  return what === toldAnew.otherwise || subject.startsWith('community/');
}
