/** When two answers are one: however their keys are ordered, and all ways of saying nothing alike. */
import { asRecord, isFilled } from './json';

/** Lists that are sets: their order says nothing. */
const sets = new Set(['careGroups']);

/** Whether two values of a field say the same; missing, null, '', an empty list and an empty object are all no answer. */
export function isSameAnswer(field: string, a: unknown, b: unknown): boolean {
  if (isNothing(a) || isNothing(b)) return isNothing(a) && isNothing(b);
  return plain(inOrder(field, a)) === plain(inOrder(field, b));
}

export function isNothing(value: unknown): boolean {
  const record = asRecord(value);
  return !isFilled(value) || (record !== null && Object.keys(record).length === 0);
}

function inOrder(field: string, value: unknown): unknown {
  return sets.has(field) && Array.isArray(value) ? value.map(plain).sort() : value;
}

/** JSON with the keys in order. */
function plain(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(plain).join(',')}]`;
  const record = asRecord(value);
  if (!record) return JSON.stringify(value) ?? '';
  const keys = Object.keys(record).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${plain(record[key])}`).join(',')}}`;
}
