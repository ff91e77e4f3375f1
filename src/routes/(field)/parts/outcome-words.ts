/** What the wide button says that it will do, for each outcome without an answer at the door. */
import { countAttempts } from '$lib/domain/attempts';
import { hourBand, isWeekend } from '$lib/domain/calendar';
import * as m from '$lib/paraglide/messages';
import { codeWord } from './code-words';
import type { FieldApp } from './field-app.svelte';
import type { Verification } from './verification.svelte';
import { dayWords } from './words';

export function outcomeButton(app: FieldApp, verification: Verification): string {
  const { outcome, nextVisit } = verification.body;
  const day = nextVisit ? dayWords(nextVisit, app.officeDay()) : '';
  if (outcome === 'no-one-home') {
    const now = app.officeTime();
    const before = app.register.door(verification.door.id)?.door.state.attempts ?? verification.door.state.attempts;
    const here = { at: now, outcome, band: hourBand(now), weekend: isWeekend(now) } as const;
    const count = countAttempts([...before, here]).length;
    return m.field_save_no_one({ count });
  }
  if (outcome === 'postponed') return day ? m.field_save_postponed({ day }) : m.field_save_postponed_open();
  const words = codeWord('visit-outcome', outcome);
  return day ? m.field_save_outcome_day({ outcome: words, day }) : m.field_save_outcome({ outcome: words });
}
