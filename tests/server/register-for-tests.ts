/** What a decision did to the whole register, in names that people read; its history must say exactly the same. */
import { expect } from 'vitest';
import { isFilled } from '../../src/lib/domain/json';
import { canonicalJson } from '../../src/lib/sync/digest';
import type { EntityType } from '../../src/lib/domain/register';
import { historyOf, heldValues } from '../../src/lib/server/register/history';
import { loadRecords } from '../../src/lib/server/register/read';
import { valuesOf } from '../../src/lib/server/register/records';
import type { TestOffice } from './office-for-tests';

type Values = Record<string, unknown>;
type Entry = { type: EntityType; values: Values };
export type Register = ReadonlyMap<string, Entry>;

const types = ['dwelling', 'household', 'resident'] as const;

/** Every dwelling, household and resident of the community, those that ended or were retired too. */
export function readRegister({ office, communityId }: TestOffice): Promise<Register> {
  return office.database.read(async (db) => {
    const register = new Map<string, Entry>();
    for (const type of types) {
      const rows = await db.selectFrom(type).select('id').where('community_id', '=', communityId).execute();
      const ids = rows.map(({ id }) => id);
      for (const record of (await loadRecords(db, communityId, type, ids)).values())
        register.set(record.id, { type, values: valuesOf(record) });
    }
    return register;
  });
}

/**
 * What differs between two states of the register: `李秀英 phone` → its value now, `+ 未取名` → a new record's values. Ids are said as
 * names: a household's is its head's. The history of `submissionId` holds the same changes with the same values, and no other.
 */
export async function changesOf(
  at: TestOffice,
  before: Register,
  after: Register,
  submissionId: string,
): Promise<Values> {
  const changes: Values = {};
  const told: [string, string, unknown, unknown][] = [];
  for (const [id, { values }] of after) {
    const was = before.get(id);
    const name = nameOf(after, id);
    if (!was) {
      changes[`+ ${name}`] = shown(after, values);
      told.push([id, '*', null, withoutUndefined(values)]);
      continue;
    }
    for (const field of new Set([...Object.keys(was.values), ...Object.keys(values)])) {
      if (same(was.values[field], values[field])) continue;
      changes[`${name} ${field}`] = isMoment(field) ? 'now' : said(after, values[field]);
      told.push([id, field, was.values[field] ?? null, values[field] ?? null]);
    }
  }
  expect(sorted(await historyBy(at, after, submissionId))).toEqual(sorted(told));
  return changes;
}

/** Fields of a person that were confirmed at a visit, however they came to be. */
export async function confirmedFields({ office, communityId }: TestOffice, residentId: string): Promise<string[]> {
  const values = await office.database.read((db) => heldValues(db, communityId, 'resident', residentId));
  return (values ?? []).filter(({ provenance }) => provenance.confirmedAt !== null).map(({ field }) => field);
}

async function historyBy(
  { office, communityId }: TestOffice,
  register: Register,
  submissionId: string,
): Promise<[string, string, unknown, unknown][]> {
  return office.database.read(async (db) => {
    const found = new Map<string, [string, string, unknown, unknown]>();
    for (const [id, { type }] of register)
      for (const entry of await historyOf(db, communityId, type, id))
        if (entry.submissionId === submissionId)
          found.set(entry.id, [entry.entityId, entry.field, entry.before, entry.after]);
    return [...found.values()];
  });
}

function nameOf(register: Register, id: string): string {
  const entry = register.get(id);
  if (!entry) return id;
  const { values } = entry;
  if (entry.type === 'dwelling') return `door ${String(values['room'])}`;
  if (entry.type === 'resident') return String(values['name']);
  const head = values['headId'];
  return `household of ${typeof head === 'string' ? nameOf(register, head) : 'nobody'}`;
}

function said(register: Register, value: unknown): unknown {
  return typeof value === 'string' && register.has(value) ? nameOf(register, value) : value;
}

function shown(register: Register, values: Values): Values {
  const filled = Object.entries(values).filter(([name, value]) => isFilled(value) && name !== 'buildingId');
  return Object.fromEntries(filled.map(([name, value]) => [name, said(register, value)]));
}

function isMoment(field: string): boolean {
  return field === 'retiredAt' || field === 'endedAt';
}

function withoutUndefined(values: Values): Values {
  return JSON.parse(JSON.stringify(values));
}

function same(a: unknown, b: unknown): boolean {
  return canonicalJson(a ?? null) === canonicalJson(b ?? null);
}

function sorted<T>(list: T[]): string[] {
  return list.map((entry) => canonicalJson(entry)).sort();
}
