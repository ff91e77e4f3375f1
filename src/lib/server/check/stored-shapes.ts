/** Which columns hold JSON, and of which shape; revisions' texts, feeds' bodies and what an undo puts back have checks of their own. */
import * as z from 'zod';
import { codeSchema } from '../../domain/codes/codes';
import { DwellingFields, HouseholdFields, PlanPart, ResidentFields } from '../../domain/register';
import { Attempt, Correction, ReviewComment } from '../../sync/items';
import { Problem } from '../../sync/protocol';
import { CarePlan } from '../care/plans';
import type { Tables } from '../database/tables';
import { ProvenanceColumn } from '../register/provenance';

type Schema = { safeParse(value: unknown): { success: boolean } };
/**
 * `key`: the columns that name a row, in the order of its primary key, of which the first `named` are ids that may be told. `copied`: columns that say
 * again what stands in the JSON of the column `from`, under the same name.
 */
export type StoredShape = {
  table: keyof Tables;
  key: string[];
  named?: number;
  columns: Record<string, Schema>;
  copied?: { from: string; names: string[] };
};

const ids = z.array(z.string());
const object = z.record(z.string(), z.unknown());
const record = { body: object, provenance: ProvenanceColumn };

export const storedShapes: StoredShape[] = [
  { table: 'building', key: ['id'], columns: { plan: z.array(PlanPart), no_door: ids } },
  {
    table: 'dwelling',
    key: ['id'],
    columns: { ...record, body: DwellingFields },
    copied: { from: 'body', names: ['unit', 'floor', 'room', 'use'] },
  },
  { table: 'household', key: ['id'], columns: { ...record, body: HouseholdFields } },
  {
    table: 'resident',
    key: ['id'],
    columns: { ...record, body: ResidentFields, suggested_care_groups: z.array(codeSchema('care-group')) },
    copied: { from: 'body', names: ['name', 'presence'] },
  },
  { table: 'register_change', key: ['id'], columns: { before: z.unknown(), after: z.unknown() } },
  {
    table: 'revision',
    key: ['submission_id', 'revision', 'account_id', 'digest', 'pushed_digest'],
    named: 2,
    columns: { problems: z.array(Problem), checked: z.array(Problem) },
  },
  {
    table: 'decision',
    key: ['id'],
    columns: {
      comments: z.array(ReviewComment),
      corrections: z.array(Correction),
      head_before: z.object({ revision: z.int(), digest: z.string() }),
    },
  },
  { table: 'round', key: ['id'], columns: { grid_ids: ids } },
  {
    table: 'door_state',
    key: ['round_id', 'dwelling_id'],
    columns: { coverage: object, attempts: z.array(Attempt), listed: ids },
  },
  { table: 'care_plan', key: ['resident_id'], columns: { by_accounts: ids, body: CarePlan } },
  {
    table: 'form_version',
    key: ['id', 'version'],
    columns: { definition: z.looseObject({ id: z.string() }) },
    copied: { from: 'definition', names: ['id', 'version'] },
  },
  { table: 'roster_import', key: ['id'], columns: { mapping: object, summary: object } },
  { table: 'bulk_sample', key: ['id'], columns: { members: z.array(object), sample: ids, opened: ids } },
];
