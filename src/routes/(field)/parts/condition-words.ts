/** How a person is, in four things and five steps from worrying to good. */
import * as m from '$lib/paraglide/messages';

export const conditions = ['mood', 'mobility', 'eating', 'home'] as const;
export type Condition = (typeof conditions)[number];

export function conditionWord(name: Condition): string {
  const words = { mood: m.field_mood, mobility: m.field_mobility, eating: m.field_eating, home: m.field_home_state };
  return words[name]();
}

export function scaleWord(value: number): string {
  const words = [m.field_scale_1, m.field_scale_2, m.field_scale_3, m.field_scale_4, m.field_scale_5];
  return words[value - 1]?.() ?? '';
}

export function scaleChoices(): { value: number; label: string }[] {
  return [1, 2, 3, 4, 5].map((value) => ({ value, label: scaleWord(value) }));
}
