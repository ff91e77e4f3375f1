/** Numbers inside words: a phone is told them masked (SCO-7), and sent back so they mean what stands there, as `idNumberMasked` does (DEV-17). */
import type { DoorLike } from './door-like';
import { hasMasked, putNumbersBack } from './identity-number';
import { asRecord, recordsOf, textOf } from './json';

type Body = Record<string, unknown>;

/**
 * The body with the masked numbers in its words made whole by `held`, a body or what the register has in a body's shape: people and households are
 * found by their ids. A number that `held` lacks, or has two of that look alike, stays masked.
 */
export function withNumbersPutBack(body: Body, held: Body): Body {
  // Nearly every record: nothing of it is walked through or copied.
  if (!hasMasked(JSON.stringify(body))) return body;
  const records = recordsOf(held['households']).flatMap(({ record }) => [record, ...residentsOf(record)]);
  const known = new Map(records.map((record) => [textOf(record['id']), record]));
  const whole = (value: unknown, was: unknown): unknown => {
    if (typeof value === 'string') return putNumbersBack(value, textOf(was));
    if (Array.isArray(value)) return value.map((one, at) => whole(one, Array.isArray(was) ? was[at] : undefined));
    const record = asRecord(value);
    return record ? ofRecord(record, known.get(textOf(record['id'])) ?? asRecord(was)) : value;
  };
  const ofRecord = (record: Body, was: Body | null): Body =>
    Object.fromEntries(Object.entries(record).map(([name, value]) => [name, whole(value, was?.[name])]));
  return ofRecord(body, held);
}

/** The same by what the register has of the door; of one that it lacks the body stays as it is. */
export function withNumbersOf(door: DoorLike | null, body: Body): Body {
  return door ? withNumbersPutBack(body, { dwelling: door, households: door.households }) : body;
}

function residentsOf(household: Body): Body[] {
  return recordsOf(household['residents']).map(({ record }) => record);
}
