/** What time it is at the office, as well as the phone can know it: its own clock may be wrong, or have been set right since. */
import type { SyncState } from './phone';

type Known = Pick<SyncState, 'lastSyncedAt' | 'clockAhead'>;

/** A difference that nobody minds: seconds of the line, a slow watch. */
const MINDED_MS = 10 * 60_000;

/** Milliseconds since 1970. Never before the last sync, whatever the phone's clock says. */
export function officeNow({ lastSyncedAt, clockAhead }: Known, now: number): number {
  const last = lastSyncedAt === null ? -Infinity : Date.parse(lastSyncedAt);
  if (now - clockAhead >= last) return now - clockAhead;
  return Math.max(now, last); // set right since then, or set back again
}

/** Milliseconds that the phone's clock is ahead (negative: behind), where that is worth a word; else null. */
export function wrongClock(known: Known, now: number): number | null {
  const ahead = now - officeNow(known, now);
  return Math.abs(ahead) > MINDED_MS ? ahead : null;
}

/**
 * When own work was made, in the office's time, of the time that was written then: by the clock as the last sync found it, or as it was before it
 * was set – whichever is nearer to that sync. All in milliseconds; `clock` and `ahead` are of the last sync. What it says changes with a sync only.
 */
export function madeAt(said: number, last: { clock: number; ahead: number } | null): number {
  if (last === null) return said;
  const corrected = said - last.ahead;
  return Math.abs(corrected - last.clock) <= Math.abs(said - last.clock) ? corrected : said;
}
