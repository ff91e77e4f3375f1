/** The face of a door's state: its icon and its word, from the one table in `domain/door-look.ts`. */
import CalendarClock from '@lucide/svelte/icons/calendar-clock';
import Check from '@lucide/svelte/icons/check';
import CircleHelp from '@lucide/svelte/icons/circle-question-mark';
import Circle from '@lucide/svelte/icons/circle';
import Contrast from '@lucide/svelte/icons/contrast';
import HandHelping from '@lucide/svelte/icons/hand-helping';
import Lock from '@lucide/svelte/icons/lock';
import Minus from '@lucide/svelte/icons/minus';
import Pencil from '@lucide/svelte/icons/pencil';
import Plus from '@lucide/svelte/icons/plus';
import Undo from '@lucide/svelte/icons/undo-2';
import X from '@lucide/svelte/icons/x';
import { countAttempts } from '$lib/domain/attempts';
import { doorLook, doorLooks, type DoorLook, type DoorLookState } from '$lib/domain/door-look';
import type { DoorView } from '$lib/device/phone';
import * as m from '$lib/paraglide/messages';

type Icon = typeof Check;
export type DoorFace = { state: DoorLookState; tone: DoorLook['tone']; icon: Icon | null; word: string; count: number };

const icons: Record<DoorLookState, Icon | null> = {
  todo: null,
  verified: Check,
  changed: Pencil,
  'no-one-home': Circle,
  postponed: CalendarClock,
  refused: X,
  returned: Undo,
  vacant: Minus,
  partly: Contrast,
  'no-access': Lock,
  'handed-over': HandHelping,
  gap: Plus,
};
const words: Record<DoorLookState, () => string> = {
  todo: m.door_todo,
  verified: m.door_verified,
  changed: m.door_changed,
  'no-one-home': m.door_no_one_home,
  postponed: m.door_postponed,
  refused: m.door_refused,
  returned: m.door_returned,
  vacant: m.door_vacant,
  partly: m.door_partly,
  'no-access': m.door_no_access,
  'handed-over': m.door_handed_over,
  gap: m.door_gap,
};

export function doorFace(view: DoorView): DoorFace {
  const { state } = view.door;
  const { handedOver } = view;
  const look = doorLook({ state, review: view.record?.state === 'returned' ? 'returned' : null, handedOver });
  // How the visit ended only a newer app can say; that somebody was there is no empty frame.
  if (look.state === 'todo' && state.outcome !== 'not-visited')
    return { state: look.state, tone: look.tone, icon: CircleHelp, word: m.field_code_newer(), count: 0 };
  const count = look.state === 'no-one-home' ? countAttempts(state.attempts).length : 0;
  const word = count > 0 ? m.field_look_times({ word: words[look.state](), count }) : words[look.state]();
  return { state: look.state, tone: look.tone, icon: icons[look.state], word, count };
}

/** Every state with its sign, in the order of the table. */
export function legend(): { word: string; tone: DoorLook['tone']; icon: Icon | null }[] {
  return Object.values(doorLooks).map(({ state, tone }) => ({ word: words[state](), tone, icon: icons[state] }));
}
