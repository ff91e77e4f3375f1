/** What a record was prefilled from: the door as its feed told it then, and what the register got since. */
import { isSameAnswer } from '../../domain/same-answer';
import type { SinceChange } from '../../domain/since';
import { versionIn } from '../intake/basis';
import { changesOfDoorSince, type HistoryEntry } from '../register/history';
import { type DoorRecords, type Reader } from '../register/read';
import { livesOn } from '../register/records';
import { officeTime, type StoredRevision } from './revision';
import type { Basis, WeighingReads } from './weighing-reads';

/** The door under the version that the record names; null where that is not held, or held in two feeds (a door that moved). */
export async function basisOf(
  reads: WeighingReads,
  { basis, target }: StoredRevision,
  dwellingId: string,
): Promise<Basis | null> {
  const version = versionIn(basis, dwellingId) ?? versionIn(basis, target.id);
  return version === undefined ? null : reads.told({ version, dwellingId, targetId: target.id });
}

/**
 * The basis is gone: what differs in the register from how it stood when the record was made. Who came or went in between does so as a whole
 * (field `*`); what was taken back again is no news. Numbers stay untold.
 */
export async function writtenSince(
  db: Reader,
  communityId: string,
  revision: StoredRevision,
  door: DoorRecords,
): Promise<SinceChange[]> {
  const names = new Map(door.residents.map(({ id, fields }) => [id, fields.name]));
  const made = new Date(officeTime({ ...revision, body: {} })).toISOString();
  const entries = await changesOfDoorSince(db, communityId, door.dwelling.id, made);
  const changes = entries.flatMap((entry): SinceChange[] => {
    if (entry.entityType === 'building' || entry.submissionId === revision.submissionId) return [];
    const { entityType: entity, entityId, field } = entry;
    const about = { entity, entityId, name: names.get(entityId) ?? '' };
    const whole = asWhole(entry);
    if (whole) return [{ ...about, field: '*', ...whole }];
    return [{ ...about, field, before: entry.before, now: entry.after }];
  });
  const together = [...Map.groupBy(changes, ({ entityId, field }) => `${entityId}/${field}`).values()].flatMap(folded);
  const cameOrWent = new Set(together.filter(({ field }) => field === '*').map(({ entityId }) => entityId));
  return together
    .filter(({ entityId, field }) => field === '*' || !cameOrWent.has(entityId))
    .map((change) => (change.field === 'idNumber' ? { ...change, before: undefined, now: undefined } : change));
}

/** Somebody or something that came to the register, or left it; null of a value. A door that was struck off is asked about by itself. */
function asWhole({
  entityType,
  field,
  after,
}: Pick<HistoryEntry, 'entityType' | 'field' | 'after'>): Pick<SinceChange, 'before' | 'now'> | null {
  const leaves = entityType !== 'dwelling' && (field === 'retiredAt' || field === 'endedAt');
  // Of an erased one the history keeps nothing after.
  const came = field === '*' ? after !== null : leaves && after === null;
  if (field !== '*' && !leaves) return null;
  return came ? { before: undefined, now: 'here' } : { before: 'here', now: undefined };
}

/** Changes of one value, newest first, as one; none where it is what it was. */
function folded(changes: readonly SinceChange[]): SinceChange[] {
  const [newest, oldest] = [changes[0], changes.at(-1)];
  if (!newest || !oldest || isSameAnswer(newest.field, oldest.before, newest.now)) return [];
  return [{ ...newest, before: oldest.before }];
}

/** The worker knew of no such door: all that is there now came without them. */
export function allOfDoor({ dwelling, households, residents }: DoorRecords): SinceChange[] {
  const came = { field: '*', before: undefined };
  return [
    { ...came, entity: 'dwelling', entityId: dwelling.id, name: '', now: 'here' },
    ...households
      .filter(({ endedAt }) => endedAt === null)
      .map(({ id }) => ({ ...came, entity: 'household' as const, entityId: id, name: '', now: 'here' })),
    ...residents.filter(livesOn).map(({ id, fields }) => ({
      ...{ ...came, entity: 'resident' as const, entityId: id, name: fields.name, now: fields.presence },
    })),
  ];
}
