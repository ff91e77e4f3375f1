/**
 * The few values of a door that counting needs, read from the item as it came, without checking the whole of it:
 * a board of 10,000 people must not wait until 3,600 doors went through a schema. Who shows a door parses it.
 */
export type DoorHead = {
  buildingId: string;
  outcome: string;
  changed: boolean;
  verifiedAt: string | null;
  lastAttemptAt: string | null;
};

/** Null for what is no door. */
export function doorHead(body: unknown): DoorHead | null {
  if (!isObject(body) || typeof body.buildingId !== 'string' || !isObject(body.state)) return null;
  const { outcome, changed, verifiedAt, attempts } = body.state;
  if (typeof outcome !== 'string') return null;
  const last: unknown = Array.isArray(attempts) ? attempts.at(-1) : undefined;
  return {
    buildingId: body.buildingId,
    outcome,
    changed: changed === true,
    verifiedAt: typeof verifiedAt === 'string' ? verifiedAt : null,
    lastAttemptAt: isObject(last) && typeof last.at === 'string' ? last.at : null,
  };
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
