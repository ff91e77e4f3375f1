/** What a door or a person went through: every change of a value with who, when, why and what it was before. */
import type { EntityType, Provenance } from '../../domain/register';
import { open } from '../codec';
import { idsOf, loadRecords, type Reader } from './read';
import { provenanceOf } from './provenance';
import { valuesOf } from './records';

export type HistoryEntry = {
  id: string;
  entityType: EntityType;
  entityId: string;
  /** A field's name, or `*` for a record that was new. */
  field: string;
  before: unknown;
  after: unknown;
  source: 'import' | 'submission' | 'correction' | 'undo';
  submissionId: string | null;
  decisionId: string | null;
  /** Name of the account whose word it was, and of the coordinator who decided; the id where the account is not known here. */
  by: string;
  decidedBy: string | null;
  reason: string;
  at: string;
};

/** One value as the register holds it, with where it came from and when it was last confirmed. */
export type HeldValue = { field: string; value: unknown; provenance: Provenance };

/** Changes of one record, newest first; those of records that were joined to it are among them. */
export async function historyOf(
  db: Reader,
  communityId: string,
  type: EntityType,
  id: string,
  limit = 500,
): Promise<HistoryEntry[]> {
  const ids = await idsOf(db, communityId, type, id);
  const rows = await changes(db, communityId)
    .where('register_change.entity_type', '=', type)
    .where('register_change.entity_id', 'in', ids)
    .limit(limit)
    .execute();
  return rows.map(entryOf);
}

/** Changes of a door with all its households and people, newest first; that somebody went from it to another door is among them. */
export async function historyOfDoor(
  db: Reader,
  communityId: string,
  dwellingId: string,
  limit = 500,
): Promise<HistoryEntry[]> {
  const ids = await idsOf(db, communityId, 'dwelling', dwellingId);
  const rows = await changes(db, communityId).where('register_change.dwelling_id', 'in', ids).limit(limit).execute();
  const own = rows.map(entryOf);
  const went = await wentFrom(db, communityId, ids, limit);
  return [...own, ...went]
    .sort((a, b) => (a.at === b.at ? (a.id < b.id ? 1 : -1) : a.at < b.at ? 1 : -1))
    .slice(0, limit);
}

/** Moves of people to another door: written at the door that they came to. Where they came from stands in the value, which no query can read. */
async function wentFrom(
  db: Reader,
  communityId: string,
  ids: readonly string[],
  limit: number,
): Promise<HistoryEntry[]> {
  const rows = await changes(db, communityId)
    .where('register_change.entity_type', '=', 'resident')
    .where('register_change.field', '=', 'dwellingId')
    .where('register_change.dwelling_id', 'not in', ids)
    .where('register_change.entity_id', 'in', (query) =>
      query
        .selectFrom('register_change as stood')
        .select('stood.entity_id')
        .where('stood.community_id', '=', communityId)
        .where('stood.entity_type', '=', 'resident')
        .where('stood.dwelling_id', 'in', ids),
    )
    .limit(limit)
    .execute();
  return rows.map(entryOf).filter(({ before }) => typeof before === 'string' && ids.includes(before));
}

/** Those that were written at `since` (RFC 3339, UTC, milliseconds) or after it, newest first; whose word they were stays out. */
export async function changesOfDoorSince(
  db: Reader,
  communityId: string,
  dwellingId: string,
  since: string,
): Promise<Pick<HistoryEntry, 'entityType' | 'entityId' | 'field' | 'before' | 'after' | 'submissionId'>[]> {
  const ids = await idsOf(db, communityId, 'dwelling', dwellingId);
  const rows = await db
    .selectFrom('register_change')
    .select(['entity_type', 'entity_id', 'field', 'before', 'after', 'submission_id'])
    .where('community_id', '=', communityId)
    .where('dwelling_id', 'in', ids)
    .where('at', '>=', since)
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .execute();
  return rows.map((row) => ({
    entityType: row.entity_type,
    entityId: row.entity_id,
    field: row.field,
    before: JSON.parse(open(row.before)),
    after: JSON.parse(open(row.after)),
    submissionId: row.submission_id,
  }));
}

/** Every value of one record with its provenance; null when the register has none of that id. */
export async function heldValues(
  db: Reader,
  communityId: string,
  type: 'dwelling' | 'household' | 'resident',
  id: string,
): Promise<HeldValue[] | null> {
  const record = (await loadRecords(db, communityId, type, [id])).get(id);
  if (!record) return null;
  const values = valuesOf(record);
  return Object.keys(record.fields).map((field) => ({
    field,
    value: values[field],
    provenance: provenanceOf(record.provenance, field),
  }));
}

function changes(db: Reader, communityId: string) {
  return db
    .selectFrom('register_change')
    .leftJoin('account', (join) =>
      join
        .onRef('account.community_id', '=', 'register_change.community_id')
        .onRef('account.id', '=', 'register_change.by_account'),
    )
    .leftJoin('decision', (join) =>
      join
        .onRef('decision.community_id', '=', 'register_change.community_id')
        .onRef('decision.id', '=', 'register_change.decision_id'),
    )
    .leftJoin('account as decider', (join) =>
      join.onRef('decider.community_id', '=', 'decision.community_id').onRef('decider.id', '=', 'decision.by_account'),
    )
    .selectAll('register_change')
    .select(['account.name as by_name', 'decider.name as decider_name'])
    .where('register_change.community_id', '=', communityId)
    .orderBy('register_change.at', 'desc')
    .orderBy('register_change.id', 'desc');
}

function entryOf(row: Awaited<ReturnType<ReturnType<typeof changes>['execute']>>[number]): HistoryEntry {
  return {
    id: row.id,
    entityType: row.entity_type,
    entityId: row.entity_id,
    field: row.field,
    before: JSON.parse(open(row.before)),
    after: JSON.parse(open(row.after)),
    source: row.source,
    submissionId: row.submission_id,
    decisionId: row.decision_id,
    by: row.by_name ?? row.by_account,
    decidedBy: row.decider_name ?? null,
    reason: row.reason,
    at: row.at,
  };
}
