/** A door that was handed back, and the office agreed that somebody else goes: it is not this worker's to do any more. */
import { hadBegun } from '../domain/rounds';
import type { RoundItem } from '../sync/items';
import type { Standing } from './record-standing';

/**
 * Whether it is so now. It lasts for the round in which the office agreed, and ends where the worker records a visit after that, or the office takes
 * its word back. `rounds`: those that run in the door's grid; `madeAt`: when own work was made, in the office's time, of the time written (ms).
 */
export function isHandedOver(
  standings: readonly Standing[],
  rounds: () => readonly RoundItem[],
  madeAt: (said: number) => number,
): boolean {
  const agreed = standings.flatMap(({ view }) =>
    view.kind === 'hand-back' && view.state === 'approved' && view.decidedAt !== null
      ? [Date.parse(view.decidedAt)]
      : [],
  );
  if (agreed.length === 0) return false;
  const at = Math.max(...agreed);
  const wentSince = standings.some(
    ({ view }) =>
      view.kind === 'household-verification' && view.state !== 'voided' && madeAt(Date.parse(view.recordedAt)) > at,
  );
  const running = rounds();
  return !wentSince && (running.length === 0 || running.some((round) => hadBegun(round, at)));
}
