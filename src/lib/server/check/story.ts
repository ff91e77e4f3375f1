/** The history of one record, told from its beginning. */
import type { Selectable } from 'kysely';
import { asRecord } from '../../domain/json';
import { open } from '../codec';
import type { RegisterChangeTable, Sealed } from '../database/tables';
import { canonicalText } from '../intake/examine';
import { jsonOf } from '../readable';

export type Change = Pick<
  Selectable<RegisterChangeTable>,
  'id' | 'entity_id' | 'dwelling_id' | 'field' | 'before' | 'after' | 'decision_id'
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
  /** As it stood from that version on; null where there was no record yet. */
  stoodAt: (version: number) => Values | null;
  faults: string[];
};

/** `decided`: the decisions of which is to be known how the record stood before. */
export function storyOf(changes: readonly Change[], decided: ReadonlySet<string>): Story {
  const told = changes.map((change) => ({ ...change, version: versionOf(change) })).sort(byVersion);
  const begins = told[0]?.field === '*';
  const values = new Map<string, string | null>();
  const stoodBefore = new Map<string, StoodBefore>();
  const stages: { version: number; values: Values }[] = [];
  const faults: string[] = [];
  for (const [version, together] of Map.groupBy(told, (change) => change.version)) {
    for (const { field, before, after, decision_id } of together) {
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
    if (!isAtItsDoor(together, values.get('dwellingId'))) faults.push('was changed at a door where it was not');
    stages.push({ version, values: new Map(values) });
  }
  const stoodAt = (version: number) => stages.findLast((stage) => stage.version <= version)?.values ?? null;
  return { begins, end: values, lastVersion: told.at(-1)?.version ?? 0, stoodBefore, stoodAt, faults };
}

/** `door`: where the record stands from these changes on, as canonical JSON. Doors and buildings stand at none. */
function isAtItsDoor(changes: readonly Change[], door: string | null | undefined): boolean {
  if (door === undefined || door === null || door === 'null') return true;
  return changes.every(({ dwelling_id }) => canonicalText(dwelling_id) === door);
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
