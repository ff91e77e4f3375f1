/** What is left to do at a door. */
import { dayOf, hourBand } from '../domain/calendar';
import { outcomeClass, visitOutcome, type OutcomeClass } from '../domain/outcomes';
import type { DoorView } from './phone';

/** Null for a door not visited in the round, and for an outcome that this version does not know. */
export function doorClass(outcome: string): OutcomeClass | null {
  const known = visitOutcome(outcome);
  return known && outcomeClass(known);
}

/** Still to do: not settled, not with the worker for correction, and not somebody else's by now. */
export function isToDo(view: DoorView): boolean {
  return doorClass(view.door.state.outcome) !== 'settled' && view.record?.state !== 'returned' && !view.handedOver;
}

/** Under which filter of the board a door stands: once, as the figures of its building count it. */
export function filterOf(view: DoorView, inRound: boolean): 'open' | 'returned' | 'done' {
  if (view.record?.state === 'returned') return 'returned';
  return inRound && isToDo(view) ? 'open' : 'done';
}

/** Worth a knock now: not tried in this hour band of this day (it would be the same attempt), not asked for a later day. */
export function isDue(view: DoorView, now: number): boolean {
  const { attempts, nextVisit } = view.door.state;
  if (nextVisit !== null && nextVisit > dayOf(now)) return false;
  return !attempts.some(({ at }) => dayOf(at) === dayOf(now) && hourBand(at) === hourBand(now));
}
