/** What can go wrong in the simulated world, by name. A set of runs in which one of these never struck has not tried it. */
export const faultNames = [
  'request lost',
  'request doubled',
  'request late',
  'answer lost',
  'answer late',
  'answer cut short',
  'portal',
  'proxy refuses',
  'error before',
  'error after',
  'busy',
  'too large',
  'office down',
  'office killed',
  'office killed in a transaction',
  'office killed after a commit',
  'office killed amid a push',
  'office clock moved',
  'restored',
  'phone killed',
  'phone killed in a transaction',
  'phone killed at a commit',
  'tab killed',
  'tab opened',
  'connection closed under the app',
  'phone clock moved',
  'changed hands',
  'signed out',
  'grid taken',
  'grid given',
  'account ended',
  'phone revoked',
  'phone allowed again',
  'new app',
  'discarded',
  'put back',
  'quarantined',
  'set aside',
  'decided twice',
  'same number twice',
  'long sleep',
] as const;
export type Fault = (typeof faultNames)[number];

export type Tally = Record<Fault, number>;

export function emptyTally(): Tally {
  return Object.fromEntries(faultNames.map((name) => [name, 0])) as Tally;
}
