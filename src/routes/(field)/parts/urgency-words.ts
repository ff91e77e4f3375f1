/** How soon, short enough for three buttons in a row. */
import type { Code } from '$lib/domain/codes/codes';
import * as m from '$lib/paraglide/messages';

export function urgencyChoices(): { value: Code<'urgency'>; label: string }[] {
  return [
    { value: 'now', label: m.field_urgency_now() },
    { value: 'week', label: m.field_urgency_week() },
    { value: 'month', label: m.field_urgency_month() },
  ];
}
