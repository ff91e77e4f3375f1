/** Between the register's rows and its records, each way beside the other: the only place that knows which column is sealed. */
import type { Selectable } from 'kysely';
import { open, seal } from '../codec';
import type { BuildingTable, DwellingTable, HouseholdTable, ResidentTable } from '../database/tables';
import type { HashNumber } from './number-hash';
import { BuildingRecord, type DwellingRecord, type HouseholdRecord, type ResidentRecord } from './records';

export function buildingColumns({ gridId, fields, version }: BuildingRecord) {
  return {
    grid_id: gridId,
    compound: fields.compound,
    building: fields.building,
    plan: JSON.stringify(fields.plan),
    no_door: JSON.stringify(fields.noDoor),
    access: fields.access,
    version,
  };
}

export function dwellingColumns({ gridId, buildingId, fields, provenance, version, retiredAt }: DwellingRecord) {
  return {
    grid_id: gridId,
    building_id: buildingId,
    unit: fields.unit,
    floor: fields.floor,
    room: fields.room,
    use: fields.use,
    body: seal(JSON.stringify(fields)),
    provenance: JSON.stringify(provenance),
    version,
    retired_at: retiredAt,
  };
}

export function householdColumns({ dwellingId, fields, provenance, version, endedAt }: HouseholdRecord) {
  return {
    dwelling_id: dwellingId,
    body: seal(JSON.stringify(fields)),
    provenance: JSON.stringify(provenance),
    version,
    ended_at: endedAt,
  };
}

/** `hash`: of the community; null where it has no key yet. */
export function residentColumns(record: ResidentRecord, hash: HashNumber | null) {
  const { householdId, dwellingId, fields, suggestedCareGroups, provenance, version, retiredAt } = record;
  return {
    household_id: householdId,
    dwelling_id: dwellingId,
    name: fields.name,
    presence: fields.presence,
    body: seal(JSON.stringify(fields)),
    provenance: JSON.stringify(provenance),
    suggested_care_groups: JSON.stringify(suggestedCareGroups),
    version,
    retired_at: retiredAt,
    number_hash: hash?.(fields.idNumber) ?? null,
  };
}

export function buildingOf(row: Selectable<BuildingTable>): BuildingRecord {
  return BuildingRecord.parse({
    type: 'building',
    id: row.id,
    gridId: row.grid_id,
    fields: {
      compound: row.compound,
      building: row.building,
      plan: JSON.parse(row.plan),
      noDoor: JSON.parse(row.no_door),
      access: row.access,
    },
    version: row.version,
  });
}

export function dwellingOf(row: Selectable<DwellingTable>): DwellingRecord {
  return {
    type: 'dwelling',
    id: row.id,
    gridId: row.grid_id,
    buildingId: row.building_id,
    fields: JSON.parse(open(row.body)),
    provenance: JSON.parse(row.provenance),
    version: row.version,
    retiredAt: row.retired_at,
  };
}

export function householdOf(row: Selectable<HouseholdTable>): HouseholdRecord {
  return {
    type: 'household',
    id: row.id,
    dwellingId: row.dwelling_id,
    fields: JSON.parse(open(row.body)),
    provenance: JSON.parse(row.provenance),
    version: row.version,
    endedAt: row.ended_at,
  };
}

export function residentOf(row: Selectable<ResidentTable>): ResidentRecord {
  return {
    type: 'resident',
    id: row.id,
    householdId: row.household_id,
    dwellingId: row.dwelling_id,
    fields: JSON.parse(open(row.body)),
    suggestedCareGroups: JSON.parse(row.suggested_care_groups),
    provenance: JSON.parse(row.provenance),
    version: row.version,
    retiredAt: row.retired_at,
  };
}
