/** What somebody sent, as a page can carry and label it. */
import { asRecord } from '../../domain/json';

/**
 * A masked number stands under the field's own name, where its label, its comment and its correction belong. A member of the name `__proto__`, which
 * no form has, is left out: what a page is told of (SvelteKit's devalue) refuses it. It stands in the text as it came.
 */
export function unmaskedNames(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unmaskedNames);
  const record = asRecord(value);
  if (!record) return value;
  return Object.fromEntries(
    Object.entries(record)
      .filter(([name]) => name !== '__proto__')
      .map(([name, held]) => [name === 'idNumberMasked' ? 'idNumber' : name, unmaskedNames(held)]),
  );
}
