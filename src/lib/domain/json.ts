/** Reading JSON that somebody else wrote: what is there, and what counts as an answer. */

/** A plain JSON object, or null. */
export function asRecord(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}

/** The objects of a list, each with its place; what is no list has none. */
export function recordsOf(value: unknown): { record: Record<string, unknown>; index: number }[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((entry: unknown, index) => {
    const record = asRecord(entry);
    return record ? [{ record, index }] : [];
  });
}

/** Whether an optional answer was given: missing, null, empty text and an empty list are all *not given*. */
export function isFilled(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return false;
  return !(Array.isArray(value) && value.length === 0);
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
