/** The register's history as rows: one a changed value, one with field `*` for a new record. */
import type { Insertable } from 'kysely';
import { canonicalJson } from '../../sync/digest';
import { seal } from '../codec';
import type { Transaction } from '../database/database';
import type { RegisterChangeTable } from '../database/tables';
import type { Origin } from './provenance';
import { valuesOf, type RegisterRecord } from './records';

type Change = Omit<Insertable<RegisterChangeTable>, 'community_id'>;

export function changesOfNew(record: RegisterRecord, origin: Origin): Change[] {
  return [change(record, record.version, '*', undefined, valuesOf(record), origin)];
}

/** That a record was erased: nothing before, nothing after. */
export function changeOfErased(record: RegisterRecord, origin: Origin): Change {
  return change(record, record.version + 1, '*', undefined, undefined, origin);
}

/** What differs between two states of one record; absent, null and an empty list where nothing was are told apart as JSON tells them. */
export function changesBetween(
  before: RegisterRecord,
  after: RegisterRecord,
  version: number,
  originOf: (field: string) => Origin,
): Change[] {
  const was = valuesOf(before);
  const is = valuesOf(after);
  const fields = [...new Set([...Object.keys(was), ...Object.keys(is)])];
  return fields
    .filter((field) => jsonOf(was[field]) !== jsonOf(is[field]))
    .map((field) => change(after, version, field, was[field], is[field], originOf(field)));
}

export async function writeChanges(tx: Transaction, communityId: string, changes: Change[]): Promise<void> {
  if (changes.length === 0) return;
  const rows = changes.map((row) => ({ community_id: communityId, ...row }));
  await tx.insertInto('register_change').values(rows).execute();
}

/** The id is the place in the history: entity, version, field. It needs no randomness and cannot be written twice. */
function change(
  record: RegisterRecord,
  version: number,
  field: string,
  before: unknown,
  after: unknown,
  origin: Origin,
): Change {
  return {
    id: `${record.id}/${String(version).padStart(6, '0')}/${field}`,
    entity_type: record.type,
    entity_id: record.id,
    dwelling_id: dwellingOf(record),
    field,
    before: seal(jsonOf(before)),
    after: seal(jsonOf(after)),
    source: origin.source ?? origin.from,
    decision_id: origin.decisionId ?? null,
    submission_id: origin.submissionId ?? null,
    by_account: origin.by,
    reason: origin.reason ?? '',
    at: origin.at ?? origin.since,
  };
}

function dwellingOf(record: RegisterRecord): string {
  if (record.type === 'dwelling') return record.id;
  return record.type === 'building' ? '' : record.dwellingId;
}

function jsonOf(value: unknown): string {
  return value === undefined ? 'null' : canonicalJson(value);
}
