/** How the phone says days, times and numbers. */
import { ageOn, isPartDate } from '$lib/domain/part-date';
import { addDays, dayOf, daysBetween } from '$lib/domain/calendar';
import * as m from '$lib/paraglide/messages';
import { getLocale } from '$lib/paraglide/runtime';

/** By language and parts: making one costs more than a hundred uses of it, and a list says a time in each of its rows. */
const formatters = new Map<string, Intl.DateTimeFormat>();

/** A date in the community's zone. */
function formatDate(locale: string, parts: Intl.DateTimeFormatOptions, date: Date): string {
  const key = `${locale} ${JSON.stringify(parts)}`;
  let formatter = formatters.get(key);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat(locale, { timeZone: 'Asia/Shanghai', ...parts });
    formatters.set(key, formatter);
  }
  return formatter.format(date);
}

/** `今天`, `昨天`, `明天`, else `10月16日 周四`; another year's with the year. */
export function dayWords(day: string, today: string): string {
  const distance = daysBetween(today, day);
  if (distance === 0) return m.field_today();
  if (distance === -1) return m.field_yesterday();
  if (distance === 1) return m.field_tomorrow();
  const sameYear = day.slice(0, 4) === today.slice(0, 4);
  const locale = getLocale();
  const at = new Date(`${day}T12:00:00+08:00`);
  const month = locale === 'en' ? 'short' : 'long';
  const date = formatDate(locale, { year: sameYear ? undefined : 'numeric', month, day: 'numeric' }, at);
  return sameYear ? `${date} ${formatDate(locale, { weekday: 'short' }, at)}` : date;
}

/** As far as a part date says it: `2026年10月16日`, `2026年10月`, `2026年`. What is no date stays as it was typed. */
export function partDateWords(date: string): string {
  const [year, month, day] = isPartDate(date) ? date.split('-') : [];
  if (!year) return date;
  const locale = getLocale();
  const parts: Intl.DateTimeFormatOptions = {
    year: 'numeric',
    month: month === undefined ? undefined : locale === 'en' ? 'short' : 'long',
    day: day === undefined ? undefined : 'numeric',
  };
  return formatDate(locale, parts, new Date(`${year}-${month ?? '07'}-${day ?? '15'}T12:00:00+08:00`));
}

/** `14:30` of a timestamp, at the community. */
export function clockWords(timestamp: string): string {
  return formatDate('en-GB', { hour: '2-digit', minute: '2-digit' }, new Date(timestamp));
}

/** `今天 14:30`, `10月16日 周四 14:30`. */
export function timeWords(timestamp: string, today: string): string {
  return `${dayWords(dayOf(timestamp), today)} ${clockWords(timestamp)}`;
}

/** `82 岁`; nothing when the birth date does not say. */
export function ageWords(birthDate: string, today: string): string {
  const age = birthDate ? ageOn(birthDate, today) : null;
  return age === null ? '' : m.field_age({ age });
}

/** `1 天`, `3 小时`, `25 分钟`: a span in its largest unit. */
export function spanWords(milliseconds: number): string {
  const minutes = Math.round(milliseconds / 60_000);
  if (minutes < 90) return m.field_span_minutes({ count: minutes });
  const hours = Math.round(minutes / 60);
  return hours < 36 ? m.field_span_hours({ count: hours }) : m.field_span_days({ count: Math.round(hours / 24) });
}

/** The last four of a masked number as people say it: `尾号 123X`. */
export function tailWords(masked: string): string {
  return masked ? m.field_number_tail({ tail: masked.slice(-4) }) : '';
}

/** `6207 9919 9804 0339 7X` as it is typed: groups as people read them. */
export function groupIdentity(text: string): string {
  return text.replace(/\s/g, '').replace(/(.{4})(?=.)/g, '$1 ');
}

/** Days offered for a next visit: tomorrow, in three days, in a week, in two weeks. */
export function proposedDays(today: string): string[] {
  return [1, 3, 7, 14].map((days) => addDays(today, days));
}
