/** The word and the tone of each state of a roster on its way in. */
import * as m from '$lib/paraglide/messages';
import type { JobState } from '$lib/server/roster/jobs';

type Look = { tone: 'none' | 'ok' | 'changed' | 'returned' | 'refused'; word: string };

export function stateLook(state: JobState): Look {
  switch (state) {
    case 'reading':
      return { tone: 'none', word: m.desk_roster_state_reading() };
    case 'read':
      return { tone: 'changed', word: m.desk_roster_state_read() };
    case 'importing':
      return { tone: 'returned', word: m.desk_roster_state_importing() };
    case 'done':
      return { tone: 'ok', word: m.desk_roster_state_done() };
    case 'refused':
      return { tone: 'refused', word: m.desk_roster_state_refused() };
    case 'failed':
      return { tone: 'refused', word: m.desk_roster_state_failed() };
  }
}
