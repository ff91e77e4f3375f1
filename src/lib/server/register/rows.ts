/**
 * The one place that writes building, dwelling, household and resident rows. A row never changes without its history:
 * every function here writes the row, its query columns, the provenance of its values and `register_change`.
 * Each change makes `version` one higher: what an undo compares, and what history rows are numbered by.
 */
import type { UpdateResult } from 'kysely';
import type { Household } from '../../domain/register';
import { ConflictError, type Transaction } from '../database/database';
import { buildingColumns, dwellingColumns, householdColumns, residentColumns, residentOf } from './columns';
import { changeOfErased, changesOfNew, changesBetween, writeChanges } from './changes';
import { provenanceOfNew, withProvenance, type Origin, type ProvenanceColumn } from './provenance';
import {
  buildingRecord,
  dwellingRecord,
  householdRecord,
  residentRecord,
  type BuildingRecord,
  type DwellingRecord,
  type HouseholdRecord,
  type NewBuilding,
  type NewDwelling,
  type NewResident,
  type RecordOf,
  type RegisterRecord,
  type ResidentRecord,
} from './records';
import { numberHash } from './number-hash';
import { loadRecords } from './read';

/** Rows of one statement: SQLite takes 32,766 values in one, the widest row has 13. */
const CHUNK = 500;

export type GridRow = { id: string; name: string; position: number };

/** Adds grids; `position` is their order on every list. */
export async function insertGrids(tx: Transaction, communityId: string, grids: GridRow[]): Promise<void> {
  for (const part of chunks(grids)) {
    await tx
      .insertInto('grid')
      .values(part.map((grid) => ({ ...grid, community_id: communityId })))
      .execute();
  }
}

/** Adds buildings, hundreds in one statement. */
export async function insertBuildings(
  tx: Transaction,
  communityId: string,
  buildings: NewBuilding[],
  origin: Origin,
): Promise<void> {
  await insertRecords(tx, communityId, buildings.map(buildingRecord), origin);
}

/** Adds dwellings, hundreds in one statement; each names its building. */
export async function insertDwellings(
  tx: Transaction,
  communityId: string,
  dwellings: NewDwelling[],
  origin: Origin,
): Promise<void> {
  const provenance = provenanceOfNew(origin);
  await insertRecords(
    tx,
    communityId,
    dwellings.map((dwelling) => dwellingRecord(dwelling, provenance)),
    origin,
  );
}

/** Adds households, hundreds in one statement. */
export async function insertHouseholds(
  tx: Transaction,
  communityId: string,
  households: Household[],
  origin: Origin,
): Promise<void> {
  const provenance = provenanceOfNew(origin);
  await insertRecords(
    tx,
    communityId,
    households.map((household) => householdRecord(household, provenance)),
    origin,
  );
}

/** Adds residents, hundreds in one statement; each names its household and the dwelling of that. */
export async function insertResidents(
  tx: Transaction,
  communityId: string,
  residents: NewResident[],
  origin: Origin,
): Promise<void> {
  const provenance = provenanceOfNew(origin);
  await insertRecords(
    tx,
    communityId,
    residents.map((resident) => residentRecord(resident, provenance)),
    origin,
  );
}

/** Takes people out of the register for good (REC-11): the history says when, and nothing of what was there. */
export async function forgetResidents(
  tx: Transaction,
  communityId: string,
  residents: ResidentRecord[],
  origin: Origin,
): Promise<void> {
  if (residents.length === 0) return;
  await tx
    .deleteFrom('resident')
    .where('community_id', '=', communityId)
    .where(
      'id',
      'in',
      residents.map(({ id }) => id),
    )
    .execute();
  await writeChanges(
    tx,
    communityId,
    residents.map((resident) => changeOfErased(resident, origin)),
  );
}

/** What an update may say: new values, fields confirmed without a change, where the record stands. */
export type Update<Type extends RegisterRecord['type']> = {
  fields?: Partial<RecordOf<Type>['fields']>;
  confirm?: readonly string[] | 'all';
  place?: Partial<Omit<RecordOf<Type>, 'type' | 'id' | 'version' | 'fields' | 'provenance'>>;
};

/**
 * Changes one building, dwelling, household or resident. Values equal to those held are no change; a confirmation alone moves
 * `confirmedAt` and the version. Answers the record as it stands now; throws when the register has no such row.
 */
export async function updateBuilding(
  tx: Transaction,
  communityId: string,
  id: string,
  update: Update<'building'>,
  origin: Origin,
): Promise<BuildingRecord> {
  const before = await held(tx, communityId, 'building', id);
  const after = { ...before, ...update.place, fields: merged(before.fields, update.fields) };
  return writeRecord(tx, communityId, before, after, origin);
}

export async function updateDwelling(
  tx: Transaction,
  communityId: string,
  id: string,
  update: Update<'dwelling'>,
  origin: Origin,
): Promise<DwellingRecord> {
  const before = await held(tx, communityId, 'dwelling', id);
  const after = { ...before, ...update.place, fields: merged(before.fields, update.fields) };
  return writeRecord(tx, communityId, before, after, origin, { confirm: update.confirm });
}

export async function updateHousehold(
  tx: Transaction,
  communityId: string,
  id: string,
  update: Update<'household'>,
  origin: Origin,
): Promise<HouseholdRecord> {
  const before = await held(tx, communityId, 'household', id);
  const after = { ...before, ...update.place, fields: merged(before.fields, update.fields) };
  return writeRecord(tx, communityId, before, after, origin, { confirm: update.confirm });
}

export async function updateResident(
  tx: Transaction,
  communityId: string,
  id: string,
  update: Update<'resident'>,
  origin: Origin,
): Promise<ResidentRecord> {
  const before = await held(tx, communityId, 'resident', id);
  const after = { ...before, ...update.place, fields: merged(before.fields, update.fields) };
  return writeRecord(tx, communityId, before, after, origin, { confirm: update.confirm });
}

/** Adds whole records of any kind; `version` is taken as it stands in them (1 for new ones). */
export async function insertRecords(
  tx: Transaction,
  communityId: string,
  records: RegisterRecord[],
  origin: Origin,
): Promise<void> {
  for (const part of chunks(records)) {
    const buildings = part.filter((record) => record.type === 'building');
    const dwellings = part.filter((record) => record.type === 'dwelling');
    const households = part.filter((record) => record.type === 'household');
    const residents = part.filter((record) => record.type === 'resident');
    const key = (record: RegisterRecord) => ({ community_id: communityId, id: record.id });
    if (buildings.length > 0) {
      const rows = buildings.map((record) => ({ ...key(record), ...buildingColumns(record) }));
      await tx.insertInto('building').values(rows).execute();
    }
    if (dwellings.length > 0) {
      const rows = dwellings.map((record) => ({ ...key(record), ...dwellingColumns(record) }));
      await tx.insertInto('dwelling').values(rows).execute();
    }
    if (households.length > 0) {
      const rows = households.map((record) => ({ ...key(record), ...householdColumns(record) }));
      await tx.insertInto('household').values(rows).execute();
    }
    if (residents.length > 0) {
      const hash = await numberHash(tx, communityId);
      const rows = residents.map((record) => ({ ...key(record), ...residentColumns(record, hash) }));
      await tx.insertInto('resident').values(rows).execute();
    }
    await writeChanges(
      tx,
      communityId,
      part.flatMap((record) => changesOfNew(record, origin)),
    );
  }
}

/** Beside new values: fields said again without a change, all of them but `except`; or that `after` brings its own provenance (an undo puts the old one back). */
export type Writing = { confirm?: readonly string[] | 'all'; except?: readonly string[]; provenance?: 'as-given' };

/**
 * Writes `after` in the place of `before`, one version higher, with a history row for each value that differs. Where nothing differs
 * and nothing was confirmed nothing is written, and `before` is answered.
 */
export async function writeRecord<R extends RegisterRecord>(
  tx: Transaction,
  communityId: string,
  before: R,
  after: R,
  origin: Origin | ((field: string) => Origin),
  { confirm = [], except, provenance }: Writing = {},
): Promise<R> {
  const originOf = (field: string) => (typeof origin === 'function' ? origin(field) : origin);
  const version = before.version + 1;
  const changes = changesBetween(before, after, version, originOf);
  if (changes.length === 0 && confirm.length === 0 && !provenance) return before;
  const written: R = { ...after, version };
  if ('provenance' in written && !provenance) {
    let column: ProvenanceColumn = withProvenance(written.provenance, originOf('*'), [], confirm, except);
    for (const { field } of changes) column = withProvenance(column, originOf(field), [field], []);
    written.provenance = column;
  }
  await updateColumns(tx, communityId, written);
  await writeChanges(tx, communityId, changes);
  return written;
}

/** Throws a ConflictError where the row is no longer the one that `record` was made from. */
async function updateColumns(tx: Transaction, communityId: string, record: RegisterRecord): Promise<void> {
  const { numUpdatedRows } = await updateRow(tx, communityId, record);
  if (numUpdatedRows === 0n) throw new ConflictError('version');
}

async function updateRow(tx: Transaction, communityId: string, record: RegisterRecord): Promise<UpdateResult> {
  const before = record.version - 1;
  switch (record.type) {
    case 'building':
      return tx
        .updateTable('building')
        .set(buildingColumns(record))
        .where('community_id', '=', communityId)
        .where('id', '=', record.id)
        .where('version', '=', before)
        .executeTakeFirstOrThrow();
    case 'dwelling':
      return tx
        .updateTable('dwelling')
        .set(dwellingColumns(record))
        .where('community_id', '=', communityId)
        .where('id', '=', record.id)
        .where('version', '=', before)
        .executeTakeFirstOrThrow();
    case 'household':
      return tx
        .updateTable('household')
        .set(householdColumns(record))
        .where('community_id', '=', communityId)
        .where('id', '=', record.id)
        .where('version', '=', before)
        .executeTakeFirstOrThrow();
    case 'resident':
      return tx
        .updateTable('resident')
        .set(residentColumns(record, await numberHash(tx, communityId)))
        .where('community_id', '=', communityId)
        .where('id', '=', record.id)
        .where('version', '=', before)
        .executeTakeFirstOrThrow();
  }
}

async function held<Type extends RegisterRecord['type']>(
  tx: Transaction,
  communityId: string,
  type: Type,
  id: string,
): Promise<RecordOf<Type>> {
  const record = (await loadRecords(tx, communityId, type, [id])).get(id);
  if (!record) throw new Error(`the register has no ${type} ${id}`);
  return record;
}

function merged<Fields extends object>(fields: Fields, change: Partial<Fields> | undefined): Fields {
  return { ...fields, ...change };
}

function* chunks<T>(list: T[]): Generator<T[]> {
  for (let start = 0; start < list.length; start += CHUNK) yield list.slice(start, start + CHUNK);
}

/**
 * Hashes the numbers of those of these people who came before their community had a key. Values stay as they are, so it is no change of the register.
 */
export async function hashNumbers(tx: Transaction, communityId: string, ids: readonly string[]): Promise<void> {
  const hash = await numberHash(tx, communityId);
  if (!hash) return;
  const rows = await tx
    .selectFrom('resident')
    .selectAll()
    .where('community_id', '=', communityId)
    .where('number_hash', 'is', null)
    .where('id', 'in', ids)
    .orderBy('id')
    .forUpdate()
    .execute();
  for (const row of rows) {
    await tx
      .updateTable('resident')
      .set({ number_hash: hash(residentOf(row).fields.idNumber) })
      .where('community_id', '=', communityId)
      .where('id', '=', row.id)
      .execute();
  }
}
