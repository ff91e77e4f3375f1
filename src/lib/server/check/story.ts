/** The history of one record, told from its beginning. */
import type { Selectable } from 'kysely';
import { asRecord } from '../../domain/json';
import { open } from '../codec';
import type { RegisterChangeTable, Sealed } from '../database/tables';
import { canonicalText } from '../intake/examine';
import { jsonOf } from './readable';

export type Change = Pick<
  Selectable<RegisterChangeTable>,
  'id' | 'entity_id' | 'field' | 'before' | 'after' | 'decision_id'
>;
/** Values by field, as canonical JSON; null where one cannot be read. A field that is not there was never said: `null`. */
export type Values = ReadonlyMap<string, string | null>;

/** How the record stood before a decision changed it, and the version that the decision made of it; `values` is null where it made the record. */
export type StoodBefore = { values: Values | null; version: number };

export type Story = {
  /** It is known what the record began as. */
  begins: boolean;
  end: Values;
  /** Of the last change; 0 where there is none. */
  lastVersion: number;
  stoodBefore: ReadonlyMap<string, StoodBefore>;
  faults: string[];
};

/** `decided`: the decisions of which is to be known how the record stood before. */
export function storyOf(changes: readonly Change[], decided: ReadonlySet<string>): Story {
  const told = changes.map((change) => ({ ...change, version: versionOf(change) })).sort(byVersion);
  const begins = told[0]?.field === '*';
  const values = new Map<string, string | null>();
  const stoodBefore = new Map<string, StoodBefore>();
  const faults: string[] = [];
  for (const { field, before, after, decision_id, version } of told) {
    if (decision_id !== null && decided.has(decision_id) && !stoodBefore.has(decision_id))
      stoodBefore.set(decision_id, { values: field === '*' ? null : new Map(values), version });
    if (field === '*') {
      const all = asRecord(jsonOf(open(after))) ?? {};
      for (const [name, value] of Object.entries(all)) values.set(name, canonicalText(value));
      continue;
    }
    const known = values.has(field) ? values.get(field) : begins ? 'null' : undefined;
    const from = canonicalOf(before);
    if (known !== undefined && known !== null && from !== null && known !== from)
      faults.push(`${field} was changed from what it never was`);
    values.set(field, canonicalOf(after));
  }
  return { begins, end: values, lastVersion: told.at(-1)?.version ?? 0, stoodBefore, faults };
}

function canonicalOf(text: Sealed): string | null {
  const value = jsonOf(open(text));
  return value === undefined ? null : canonicalText(value);
}

/** The id names entity, version and field. */
function versionOf({ id }: Pick<Change, 'id'>): number {
  return Number(id.split('/')[1] ?? '0');
}

function byVersion(one: { version: number; field: string }, other: { version: number; field: string }): number {
  return one.version - other.version || (one.field < other.field ? -1 : 1);
}
