/** The one table of what a door's state looks like: word, symbol and colour; board, lists, desk and legend all read it. */
import { outcomeClass, visitOutcome, type VisitOutcome } from './outcomes';

export type DoorLookState =
  | 'todo'
  | 'verified'
  | 'changed'
  | 'no-one-home'
  | 'postponed'
  | 'refused'
  | 'returned'
  | 'vacant'
  | 'partly'
  | 'no-access'
  | 'handed-over'
  | 'gap';

export type DoorLook = {
  state: DoorLookState;
  /** Name of the Lucide icon; null for the empty frame of a door not visited. */
  symbol: string | null;
  /** Name of the colour token and of the cell's class. */
  tone: 'todo' | 'ok' | 'changed' | 'away' | 'refused' | 'returned' | 'vacant' | 'partly' | 'locked' | 'gap';
  /** Message key of the word. */
  labelKey: string;
};

export const doorLooks: Record<DoorLookState, DoorLook> = {
  todo: { state: 'todo', symbol: null, tone: 'todo', labelKey: 'door_todo' },
  verified: { state: 'verified', symbol: 'check', tone: 'ok', labelKey: 'door_verified' },
  changed: { state: 'changed', symbol: 'pencil', tone: 'changed', labelKey: 'door_changed' },
  'no-one-home': { state: 'no-one-home', symbol: 'circle', tone: 'away', labelKey: 'door_no_one_home' },
  postponed: { state: 'postponed', symbol: 'calendar-clock', tone: 'away', labelKey: 'door_postponed' },
  refused: { state: 'refused', symbol: 'x', tone: 'refused', labelKey: 'door_refused' },
  returned: { state: 'returned', symbol: 'undo-2', tone: 'returned', labelKey: 'door_returned' },
  vacant: { state: 'vacant', symbol: 'minus', tone: 'vacant', labelKey: 'door_vacant' },
  partly: { state: 'partly', symbol: 'contrast', tone: 'partly', labelKey: 'door_partly' },
  'no-access': { state: 'no-access', symbol: 'lock', tone: 'locked', labelKey: 'door_no_access' },
  'handed-over': { state: 'handed-over', symbol: 'hand-helping', tone: 'vacant', labelKey: 'door_handed_over' },
  gap: { state: 'gap', symbol: 'plus', tone: 'gap', labelKey: 'door_gap' },
};

const byOutcome: Record<VisitOutcome, DoorLookState> = {
  verified: 'verified',
  'partly-verified': 'partly',
  'no-one-home': 'no-one-home',
  postponed: 'postponed',
  refused: 'refused',
  'no-access': 'no-access',
  unable: 'no-access',
  vacant: 'vacant',
  'moved-away': 'changed',
  'not-a-dwelling': 'vacant',
  'no-such-door': 'vacant',
};

/**
 * How a door is drawn. `review`: what the office says of its newest own record; a returned one is blue whatever was found. `handedOver`: somebody
 * else goes there, whatever the tries before; only a door that is settled looks as it was found. An outcome that
 * only a newer office knows settles nothing here.
 */
export function doorLook(door: {
  state: { outcome: string; changed: boolean };
  review: string | null;
  handedOver?: boolean;
}): DoorLook {
  if (door.review === 'returned') return doorLooks.returned;
  const outcome = visitOutcome(door.state.outcome);
  const isSettled = outcome !== null && outcomeClass(outcome) === 'settled';
  if (door.handedOver && !isSettled) return doorLooks['handed-over'];
  if (outcome === null) return doorLooks.todo;
  return doorLooks[outcome === 'verified' && door.state.changed ? 'changed' : byOutcome[outcome]];
}
