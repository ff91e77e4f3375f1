/** The door that a draft's form was prefilled from: it stays readable when the register has gone on, or never knew it. */
import { placeLabel } from '$lib/domain/door-label';
import type { Locale } from '$lib/domain/codes/codes';
import type { Draft } from '$lib/device/phone';
import { DwellingItem } from '$lib/sync/items';

/** The copy in the draft, when it is a whole door. */
export function prefilledDoor(draft: Draft): DwellingItem | null {
  const parsed = DwellingItem.safeParse(draft.prefilledFrom);
  return parsed.success ? parsed.data : null;
}

/** `金山花园 3号楼 3单元 302`, or null for a form about something else. */
export function doorOfDraft(draft: Draft, locale: Locale): string | null {
  if (draft.target.type !== 'dwelling') return null;
  const door = prefilledDoor(draft);
  return door && placeLabel(door, locale);
}
