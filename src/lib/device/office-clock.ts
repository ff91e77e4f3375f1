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
 * was set – the later of the two that does not lie in the future. All in milliseconds; `clock` and `ahead` are of the last sync.
 */
export function madeAt(said: number, last: { clock: number; ahead: number } | null, now: number): number {
  if (last === null) return said;
  const latest = Math.max(now - last.ahead, last.clock) + MINDED_MS;
  const [earlier, later] = last.ahead > 0 ? [said - last.ahead, said] : [said, said - last.ahead];
  return later <= latest ? later : earlier;
}
