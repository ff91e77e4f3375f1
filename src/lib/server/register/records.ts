/** A row of the register as it is worked on: what was sealed or JSON in its columns is open here. */
import * as z from 'zod';
import {
  DwellingFields,
  HouseholdFields,
  PlanPart,
  ResidentFields,
  type Building,
  type Dwelling,
  type EntityType,
  type Household,
  type Resident,
} from '../../domain/register';
import { codeSchema, type Code } from '../../domain/codes/codes';
import { ProvenanceColumn } from './provenance';

const Head = z.object({ id: z.string(), version: z.int() });

export const BuildingRecord = Head.extend({
  type: z.literal('building'),
  gridId: z.string(),
  fields: z.object({
    compound: z.string(),
    building: z.string(),
    plan: z.array(PlanPart),
    noDoor: z.array(z.string()),
    access: z.string(),
  }),
});
export type BuildingRecord = z.infer<typeof BuildingRecord>;

export const DwellingRecord = Head.extend({
  type: z.literal('dwelling'),
  gridId: z.string(),
  buildingId: z.string(),
  fields: DwellingFields,
  provenance: ProvenanceColumn,
  /** Retired doors are kept and shown nowhere. */
  retiredAt: z.string().nullable(),
});
export type DwellingRecord = z.infer<typeof DwellingRecord>;

export const HouseholdRecord = Head.extend({
  type: z.literal('household'),
  dwellingId: z.string(),
  fields: HouseholdFields,
  provenance: ProvenanceColumn,
  endedAt: z.string().nullable(),
});
export type HouseholdRecord = z.infer<typeof HouseholdRecord>;

export const ResidentRecord = Head.extend({
  type: z.literal('resident'),
  householdId: z.string(),
  dwellingId: z.string(),
  fields: ResidentFields,
  suggestedCareGroups: z.array(codeSchema('care-group')),
  provenance: ProvenanceColumn,
  /** Joined to another record, or taken back by an undo. */
  retiredAt: z.string().nullable(),
});
export type ResidentRecord = z.infer<typeof ResidentRecord>;

export const RegisterRecord = z.discriminatedUnion('type', [
  BuildingRecord,
  DwellingRecord,
  HouseholdRecord,
  ResidentRecord,
]);
/** What an undo keeps of a row before a decision, and what `rows.ts` writes. */
export type RegisterRecord = z.infer<typeof RegisterRecord>;
export type RecordOf<Type extends EntityType> = Extract<RegisterRecord, { type: Type }>;

/** Everything of a record whose change is history, by name: its fields and where it stands. */
export function valuesOf(record: RegisterRecord): Record<string, unknown> {
  const { id: _id, type: _type, version: _version, fields, ...rest } = record;
  const { provenance: _provenance, ...place } = { provenance: null, ...rest };
  return { ...place, ...fields };
}

/** True when the person belongs to the household now. */
export function livesOn(record: ResidentRecord): boolean {
  return record.retiredAt === null && record.fields.presence !== 'moved-away' && record.fields.presence !== 'died';
}

export type NewBuilding = Building;
export type NewDwelling = Dwelling & { buildingId: string };
export type NewResident = Resident & { dwellingId: string; suggestedCareGroups?: Code<'care-group'>[] };

export function buildingRecord({ id, gridId, compound, building, plan, noDoor, access }: NewBuilding): BuildingRecord {
  const fields = { compound, building, plan: plan ?? [], noDoor: noDoor ?? [], access: access ?? '' };
  return { type: 'building', id, gridId, fields, version: 1 };
}

export function dwellingRecord(dwelling: NewDwelling, provenance: ProvenanceColumn): DwellingRecord {
  const { id, gridId, buildingId, ...fields } = dwelling;
  return { type: 'dwelling', id, gridId, buildingId, fields, provenance, version: 1, retiredAt: null };
}

export function householdRecord(household: Household, provenance: ProvenanceColumn): HouseholdRecord {
  const { id, dwellingId, ...fields } = household;
  return { type: 'household', id, dwellingId, fields, provenance, version: 1, endedAt: null };
}

export function residentRecord(resident: NewResident, provenance: ProvenanceColumn): ResidentRecord {
  const { id, householdId, dwellingId, suggestedCareGroups = [], ...fields } = resident;
  const place = { householdId, dwellingId, suggestedCareGroups, retiredAt: null };
  return { type: 'resident', id, ...place, fields, provenance, version: 1 };
}
