/** Part dates: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`, as far as a document or a person tells it. */

/** `YYYY-MM-DD` of a day that exists in the Gregorian calendar. */
export function isDay(text: string): boolean {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!match) return false;
  const [year, month, day] = match.slice(1).map(Number) as [number, number, number];
  return month >= 1 && month <= 12 && day >= 1 && day <= daysOfMonth(year, month);
}

export function isPartDate(text: string): boolean {
  if (/^\d{4}$/.test(text)) return true;
  if (/^\d{4}-\d{2}$/.test(text)) return isDay(`${text}-01`);
  return isDay(text);
}

/** Orders by what both tell: `1998` and `1998-04` are equal (0). */
export function comparePartDates(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  const [left, right] = [a.slice(0, length), b.slice(0, length)];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Whether a part date says nothing against a full one. */
export function partDateAgrees(part: string, full: string): boolean {
  return comparePartDates(part, full) === 0;
}

/** Completed years on a day (`YYYY-MM-DD`); a year or a month alone counts as if born on its first day. Null where nothing is known. */
export function ageOn(partDate: string, day: string): number | null {
  if (!isPartDate(partDate) || !isDay(day)) return null;
  const years = Number(day.slice(0, 4)) - Number(partDate.slice(0, 4));
  if (partDate.length === 4) return years;
  const passed = day.slice(5, partDate.length) >= partDate.slice(5);
  return passed ? years : years - 1;
}

function daysOfMonth(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}
