/** Given values over those held, with the reasons for missing answers that stand beside them. */
import { isFilled } from '../../domain/json';
import type { Missing } from '../../domain/register';

type WithReasons = { missing?: Missing | undefined };

/** A reason for a missing answer goes when the answer came; reasons for other fields stay. */
export function withGiven<Fields extends WithReasons>(held: Fields, given: Partial<Fields>): Fields {
  const left = Object.entries({ ...held.missing, ...given.missing }).filter(
    ([field]) => given.missing?.[field] !== undefined || !isFilled(valueOf(given, field)),
  );
  const fields: Fields = { ...held, ...given };
  if (left.length > 0) return { ...fields, missing: Object.fromEntries(left) };
  delete fields.missing;
  return fields;
}

export function valueOf(fields: object, field: string): unknown {
  return Object.entries(fields).find(([name]) => name === field)?.[1];
}
