/** Who is due for a visit, and when; words about a person in care. */
import { daysBetween } from '$lib/domain/calendar';
import type { PhoneRegister } from '$lib/device/phone';
import type { RecipientItem } from '$lib/sync/items';
import * as m from '$lib/paraglide/messages';
import { codeWord } from './code-words';
import { ageWords, dayWords } from './words';

/** Days until the next visit, negative when it is overdue; null where no day is set or the plan rests. */
export function daysUntilVisit(recipient: RecipientItem, today: string): number | null {
  const { nextOn, pausedUntil } = recipient.plan;
  if (pausedUntil && pausedUntil > today) return null;
  return nextOn ? daysBetween(today, nextOn) : null;
}

/** Overdue first, then by day; who rests comes last. */
export function byDueDay(recipients: readonly RecipientItem[], today: string): RecipientItem[] {
  const rank = (recipient: RecipientItem) => daysUntilVisit(recipient, today) ?? 10_000;
  return [...recipients].sort((one, other) => rank(one) - rank(other));
}

/** Somebody in my care; or somebody of whom I have a visit that is not decided, though they left my care since (DEV-4). */
export function isToVisit(register: Pick<PhoneRegister, 'recipient' | 'records'>, id: string): boolean {
  return (
    register.recipient(id) !== null ||
    register
      .records()
      .some(
        ({ kind, target, state }) =>
          kind === 'care-visit' && target.id === id && state !== 'approved' && state !== 'voided',
      )
  );
}

export function dueWords(
  recipient: RecipientItem,
  today: string,
): { text: string; tone: 'none' | 'changed' | 'refused' | 'ok' } {
  const { pausedUntil, nextOn } = recipient.plan;
  if (pausedUntil && pausedUntil > today)
    return { text: m.field_care_paused({ day: dayWords(pausedUntil, today) }), tone: 'none' };
  const days = daysUntilVisit(recipient, today);
  if (days === null || !nextOn) return { text: m.field_care_no_day(), tone: 'none' };
  if (days < 0) return { text: m.field_care_overdue({ days: -days }), tone: 'refused' };
  if (days === 0) return { text: m.field_care_due_today(), tone: 'changed' };
  return { text: m.field_care_due({ day: dayWords(nextOn, today) }), tone: days <= 3 ? 'changed' : 'none' };
}

/** `82 岁 · 独居老人`. */
export function aboutWords(recipient: RecipientItem, today: string): string {
  return [
    ageWords(recipient.birthDate, today),
    ...recipient.careGroups.map((group) => codeWord('care-group', group).replace(/（.*?）/, '')),
  ]
    .filter(Boolean)
    .join(' · ');
}

/** `上次 9 天前`. */
export function lastVisitWords(recipient: RecipientItem, today: string): string {
  const last = recipient.visits[0];
  return last ? m.field_care_last({ when: dayWords(last.at.slice(0, 10), today) }) : m.field_care_never();
}
