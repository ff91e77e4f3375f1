/** Two records of one door beside each other, each against the register. */
import type { Difference } from '../../domain/differences';
import { textOf } from '../../domain/json';
import type { Reader } from '../register/read';
import { savedAt } from '../review/revision';
import { openSubmission, type ReviewCase } from '../review/open';

/** What one of the two says of a value: a value, that it is as registered, or nothing. */
export type Said = { kind: 'value'; value: unknown } | { kind: 'same' } | { kind: 'nothing' };
export type BesideRow = {
  entity: Difference['entity'];
  name: string;
  field: string;
  now: unknown;
  mine: Said;
  theirs: Said;
  /** Both say something, and not the same. */
  differs: boolean;
};
export type BesideView = { id: string; by: string; at: string; rows: BesideRow[] };

/** Null where the other is not a record of the same door. */
export async function besideView(
  db: Reader,
  communityId: string,
  opened: ReviewCase,
  otherId: string,
): Promise<BesideView | null> {
  if (!opened.atThisDoor.some(({ id }) => id === otherId)) return null;
  const other = await openSubmission(db, communityId, otherId);
  if (!other) return null;
  const keys = new Map<string, Difference>();
  for (const difference of [...opened.differences, ...other.differences]) {
    if (isWorthSaying(difference) && !keys.has(keyOf(difference))) keys.set(keyOf(difference), difference);
  }
  const rows = byPerson([...keys]).map(([key, difference]): BesideRow => {
    const [mine, theirs] = [saidIn(opened, key, difference), saidIn(other, key, difference)];
    const { entity, name, field, before } = difference;
    const differs = mine.kind === 'value' && theirs.kind === 'value' && plain(mine) !== plain(theirs);
    return { entity, name, field, now: before, mine, theirs, differs };
  });
  return { id: otherId, by: other.row.worker.name, at: savedAt(other.shown), rows };
}

/** Of somebody new the name stands beside; how they came and when they were born tells them apart. */
function isWorthSaying({ kind, entity, field }: Difference): boolean {
  if (kind === 'confirmed') return false;
  return kind !== 'new' || entity !== 'resident' || ['change', 'birthDate', 'phone', 'relation'].includes(field);
}

/** What is said of one stands together. */
function byPerson(entries: [string, Difference][]): [string, Difference][] {
  const order = [...new Set(entries.map(([, { entityId }]) => entityId))];
  return entries.sort(([, a], [, b]) => order.indexOf(a.entityId) - order.indexOf(b.entityId));
}

/** A door that the register lacks has an id of its own in each record. */
function keyOf({ entity, entityId, field }: Difference): string {
  return entity === 'dwelling' ? `dwelling/${field}` : `${entityId}/${field}`;
}

function saidIn({ differences }: ReviewCase, key: string, { entity, entityId }: Difference): Said {
  const found = differences.find((difference) => keyOf(difference) === key);
  if (found) return { kind: 'value', value: found.after };
  const isListed = differences.some((one) => one.entity === entity && one.entityId === entityId);
  return isListed && entity === 'resident' ? { kind: 'same' } : { kind: 'nothing' };
}

function plain({ value }: { value: unknown }): string {
  return textOf(value) || JSON.stringify(value);
}
