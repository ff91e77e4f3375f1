/** Days and hours of the community: Asia/Shanghai, which is UTC+8 all year since 1992, whatever the machine's zone. */
import type { Code } from './codes/codes';

const offsetMs = 8 * 3600 * 1000;
const dayMs = 24 * 3600 * 1000;

/** Shifts a moment so that the UTC getters of the result read the community's clock. */
function local(timestamp: string | number): Date {
  const ms = typeof timestamp === 'number' ? timestamp : Date.parse(timestamp);
  if (!Number.isFinite(ms)) throw new RangeError('not a time');
  return new Date(ms + offsetMs);
}

/** The community's day `YYYY-MM-DD` of a time (RFC 3339, or milliseconds since 1970). */
export function dayOf(timestamp: string | number): string {
  return local(timestamp).toISOString().slice(0, 10);
}

/** RFC 3339 with `+08:00`, to the second. */
export function toTimestamp(ms: number): string {
  return `${local(ms).toISOString().slice(0, 19)}+08:00`;
}

/** The day `n` days after a day (negative: before). */
export function addDays(day: string, n: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + n * dayMs).toISOString().slice(0, 10);
}

/** Whole days from `a` to `b`; negative where `b` is earlier. */
export function daysBetween(a: string, b: string): number {
  return Math.round((Date.parse(`${b}T00:00:00Z`) - Date.parse(`${a}T00:00:00Z`)) / dayMs);
}

/** Morning to 12:00, midday to 14:00, afternoon to 18:00, evening. */
export function hourBand(timestamp: string | number): Code<'hour-band'> {
  const hour = local(timestamp).getUTCHours();
  if (hour < 12) return 'morning';
  if (hour < 14) return 'midday';
  return hour < 18 ? 'afternoon' : 'evening';
}

/** Saturday or Sunday. */
export function isWeekend(timestamp: string | number): boolean {
  return local(timestamp).getUTCDay() % 6 === 0;
}
