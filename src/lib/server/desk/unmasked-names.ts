/** Masked numbers on a screen. */
import { asRecord } from '../../domain/json';

/** A masked number stands under the field's own name, where its label, its comment and its correction belong. */
export function unmaskedNames(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unmaskedNames);
  const record = asRecord(value);
  if (!record) return value;
  return Object.fromEntries(
    Object.entries(record).map(([name, held]) => [name === 'idNumberMasked' ? 'idNumber' : name, unmaskedNames(held)]),
  );
}
