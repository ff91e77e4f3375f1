/** Where a door stands after the knocks at it: one account of it for the phone, the list of gaps and the register. */
import { countAttempts, type AttemptLike } from './attempts';
import { hourBand, isWeekend } from './calendar';
import { outcomeClass, type VisitOutcome } from './outcomes';

export type Knock = { outcome: VisitOutcome; at: string };
/** Outcomes and bands of others are as they were told: one may be new to this version. */
export type KnockAttempt = AttemptLike & { outcome: string };
export type KnockState = {
  /** `not-visited`, or how the last knock ended. */
  outcome: string;
  /** The last visit that told something of the register, RFC 3339. */
  verifiedAt: string | null;
  /** Counted once a band of a day, oldest first. */
  attempts: KnockAttempt[];
};

export const noKnock: KnockState = { outcome: 'not-visited', verifiedAt: null, attempts: [] };

/** The newest knock gives the outcome; one that stays open is an attempt more. */
export function afterKnock({ verifiedAt, attempts }: KnockState, { outcome, at }: Knock): KnockState {
  if (outcomeClass(outcome) !== 'open') return { outcome, verifiedAt: at, attempts };
  const attempt = { at, outcome, band: hourBand(at), weekend: isWeekend(at) };
  return { outcome, verifiedAt, attempts: countAttempts([...attempts, attempt]) };
}

/** When somebody was last at the door, whatever came of it; null where nobody was. */
export function lastVisitAt(verifiedAt: string | null, lastAttemptAt: string | null): string | null {
  if (verifiedAt === null || lastAttemptAt === null) return verifiedAt ?? lastAttemptAt;
  return Date.parse(verifiedAt) < Date.parse(lastAttemptAt) ? lastAttemptAt : verifiedAt;
}
