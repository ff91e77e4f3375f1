/** What a record was prefilled from against what the register holds now: whether its basis has grown old, and by which values. */
import { createHash } from 'node:crypto';
import * as z from 'zod';
import { maskIdentityNumber } from '../../domain/identity-number';
import { canonicalJson } from '../../sync/digest';
import { open } from '../codec';
import { historyOfDoor } from '../register/history';
import { loadDoor, resolveAlias, wholeOf, type DoorRecords, type Reader } from '../register/read';
import { officeTime, type StoredRevision } from './revision';

/** A value of the register that is not what the worker saw. Identity numbers are masked. */
export type SinceChange = {
  entity: 'dwelling' | 'household' | 'resident';
  entityId: string;
  name: string;
  field: string;
  /** As the worker saw it; undefined where the basis is not held any more or the record was not there. */
  before: unknown;
  now: unknown;
};

export type Standing = { stale: boolean; since: SinceChange[] };
const fresh: Standing = { stale: false, since: [] };

/** Names the values of a door as they stand in the register: what a desk page carries, so that a decision says what its maker saw. */
export function registerVersion(door: DoorRecords | null): string | null {
  return (
    door &&
    createHash('sha256')
      .update(canonicalJson(wholeOf(door)))
      .digest('base64url')
      .slice(0, 22)
  );
}

/** Whether the basis of a verification is older than the register in any value; only doors that the register has can be. */
export async function standingOf(
  db: Reader,
  communityId: string,
  revision: StoredRevision,
  door: DoorRecords | null,
): Promise<Standing> {
  if (!door || revision.kind !== 'household-verification') return fresh;
  const seen = await basisBody(db, communityId, revision, door.dwelling.id);
  const since = seen ? differencesSince(seen, door) : await changesSince(db, communityId, revision, door);
  return { stale: since.length > 0, since };
}

const Entity = z.record(z.string(), z.unknown());
const Basis = z.looseObject({
  households: z.array(z.looseObject({ id: z.string(), residents: z.array(z.looseObject({ id: z.string() })) })),
});
type Basis = z.infer<typeof Basis>;

/** The door as the feed told it under the version that the basis names; null when that is not held, or held in two feeds. */
async function basisBody(
  db: Reader,
  communityId: string,
  { basis, target }: StoredRevision,
  dwellingId: string,
): Promise<Basis | null> {
  const version = basis[dwellingId] ?? basis[target.id];
  if (version === undefined) return null;
  const item = (table: 'feed_item' | 'feed_past') =>
    db
      .selectFrom(table)
      .select(['version', 'body'])
      .where('community_id', '=', communityId)
      .where('type', '=', 'dwelling')
      .where('item_id', 'in', [dwellingId, target.id])
      .where('version', '=', version)
      .execute();
  const current = await item('feed_item');
  const past = await item('feed_past');
  if (current.length + past.length !== 1) return null;
  const [told] = [...current, ...past];
  const body = Basis.safeParse(told ? JSON.parse(open(told.body)) : null);
  return body.success ? body.data : null;
}

/** Fields that feeds add for the phone, or that the desk alone writes: no answer depends on them. */
const notAnswers = new Set([
  'id',
  'gridId',
  'buildingId',
  'dwellingId',
  'householdId',
  'state',
  'households',
  'residents',
]);
const ofFeedsOnly = new Set(['confirmedAt', 'suggestedCareGroups', 'contacts', 'idNumber']);

function differencesSince(seen: Basis, door: DoorRecords): SinceChange[] {
  const now = wholeOf(door);
  const changes = between('dwelling', now.id, doorName(now), seen, now);
  const seenHouseholds = new Map(seen.households.map((household) => [household.id, household]));
  const seenResidents = new Map(
    seen.households.flatMap(({ id, residents }) => residents.map((resident) => [resident.id, { resident, in: id }])),
  );
  for (const household of now.households) {
    const was = seenHouseholds.get(household.id);
    seenHouseholds.delete(household.id);
    if (was) changes.push(...between('household', household.id, '', was, household));
    else changes.push(wholeChange('household', household.id, '', undefined, 'here'));
    for (const resident of household.residents) {
      const known = seenResidents.get(resident.id);
      seenResidents.delete(resident.id);
      if (!known && (resident.presence === 'moved-away' || resident.presence === 'died')) continue;
      if (!known) {
        changes.push(wholeChange('resident', resident.id, resident.name, undefined, resident.presence));
        continue;
      }
      const masked = { ...resident, idNumberMasked: maskIdentityNumber(resident.idNumber) };
      changes.push(...between('resident', resident.id, resident.name, known.resident, masked));
      if (known.in !== household.id) {
        changes.push({
          ...head('resident', resident.id, resident.name),
          field: 'householdId',
          before: known.in,
          now: household.id,
        });
      }
    }
  }
  for (const id of seenHouseholds.keys()) changes.push(wholeChange('household', id, '', 'here', undefined));
  for (const [id, { resident }] of seenResidents) {
    changes.push(wholeChange('resident', id, text(resident['name']), text(resident['presence']), undefined));
  }
  return changes;
}

function between(
  entity: SinceChange['entity'],
  entityId: string,
  name: string,
  seen: object,
  now: object,
): SinceChange[] {
  const was = Entity.parse(seen);
  const is = Entity.parse(now);
  return [...new Set([...Object.keys(was), ...Object.keys(is)])]
    .filter((field) => !notAnswers.has(field) && !ofFeedsOnly.has(field))
    .filter((field) => plain(was[field]) !== plain(is[field]))
    .map((field) => ({ ...head(entity, entityId, name), field, before: was[field], now: is[field] }));
}

/** The basis is gone: what the register wrote about this door since the record was made. */
async function changesSince(
  db: Reader,
  communityId: string,
  revision: StoredRevision,
  door: DoorRecords,
): Promise<SinceChange[]> {
  const names = new Map(door.residents.map(({ id, fields }) => [id, fields.name]));
  const entries = await historyOfDoor(db, communityId, door.dwelling.id);
  const made = officeTime({ ...revision, body: {} });
  return entries.flatMap((entry): SinceChange[] => {
    if (entry.entityType === 'building' || entry.submissionId === revision.submissionId) return [];
    if (Date.parse(entry.at) < made) return [];
    const hidden = entry.field === 'idNumber' || entry.field === '*';
    return [
      {
        ...head(entry.entityType, entry.entityId, names.get(entry.entityId) ?? ''),
        field: entry.field,
        before: hidden ? undefined : entry.before,
        now: hidden ? undefined : entry.after,
      },
    ];
  });
}

function wholeChange(
  entity: SinceChange['entity'],
  entityId: string,
  name: string,
  before: unknown,
  now: unknown,
): SinceChange {
  return { ...head(entity, entityId, name), field: '*', before, now };
}

function head(entity: SinceChange['entity'], entityId: string, name: string) {
  return { entity, entityId, name };
}

function plain(value: unknown): string {
  const empty = value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
  return empty ? '' : canonicalJson(value);
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function doorName({ unit, room }: { unit: string; room: string }): string {
  return [unit, room].filter(Boolean).join('-');
}

/** The door that a submission is about, whatever id it was proposed under. */
export async function doorOf(db: Reader, communityId: string, dwellingId: string | null): Promise<DoorRecords | null> {
  if (dwellingId === null) return null;
  const door = await loadDoor(db, communityId, await resolveAlias(db, communityId, 'dwelling', dwellingId));
  return door && door.dwelling.retiredAt === null ? door : null;
}
