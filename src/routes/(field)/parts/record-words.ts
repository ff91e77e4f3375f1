/** What a record is called in lists: by its door or person, never more than the phone already shows. */
import { placeLabel } from '$lib/domain/door-label';
import type { Locale } from '$lib/domain/codes/codes';
import type { PhoneRegister, RecordState, RecordView } from '$lib/device/phone';
import * as m from '$lib/paraglide/messages';

type Target = { type: string; id: string };

/** `金山花园 3号楼 3单元 302`, `张桂兰`, `第三网格`; a plain word where the phone no longer knows the target. */
export function targetTitle(register: PhoneRegister, target: Target, locale: Locale): string {
  if (target.type === 'dwelling') {
    const view = register.door(target.id);
    if (view) return placeLabel(view.door, locale);
  }
  if (target.type === 'resident') {
    const recipient = register.recipient(target.id);
    if (recipient) return recipient.name;
  }
  if (target.type === 'grid') {
    const grid = register.grids().find((one) => one.id === target.id);
    if (grid) return grid.name;
  }
  return m.field_target_elsewhere();
}

export function kindWord(kind: string): string {
  switch (kind) {
    case 'household-verification':
      return m.field_kind_verification();
    case 'care-visit':
      return m.field_kind_visit();
    case 'concern':
      return m.field_kind_concern();
    default:
      return m.field_kind_hand_back();
  }
}

export function recordTitle(register: PhoneRegister, record: RecordView, locale: Locale): string {
  if (record.kind === 'concern' && typeof record.body?.['title'] === 'string' && record.body['title'])
    return record.body['title'];
  return targetTitle(register, record.target, locale);
}

export function stateWord(state: RecordState): string {
  const words: Record<RecordState, () => string> = {
    draft: m.field_state_draft,
    'on-this-phone': m.field_state_on_this_phone,
    sending: m.field_state_sending,
    'at-the-office': m.field_state_at_the_office,
    quarantined: m.field_state_quarantined,
    returned: m.field_state_returned,
    approved: m.field_state_approved,
    voided: m.field_state_voided,
    'set-aside': m.field_state_set_aside,
  };
  return words[state]();
}

/** Where a record stands; a door that was handed back is answered, not approved or put aside. */
export function standingWord({ kind, state }: Pick<RecordView, 'kind' | 'state'>): string {
  if (kind === 'hand-back' && state === 'approved') return m.field_back_approved();
  if (kind === 'hand-back' && state === 'voided') return m.field_back_voided();
  return stateWord(state);
}

export function standingTone({ kind, state }: Pick<RecordView, 'kind' | 'state'>): ReturnType<typeof stateTone> {
  return kind === 'hand-back' && state === 'voided' ? 'changed' : stateTone(state);
}

export function stateTone(state: RecordState): 'none' | 'ok' | 'changed' | 'returned' | 'refused' | 'brand' {
  if (state === 'approved') return 'ok';
  if (state === 'returned') return 'returned';
  if (state === 'on-this-phone' || state === 'sending') return 'changed';
  if (state === 'quarantined' || state === 'set-aside' || state === 'voided') return 'refused';
  return 'none';
}
