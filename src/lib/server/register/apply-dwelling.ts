/** Steps about the door itself: new, changed, retired. */
import { type Address, addressFields, buildingKey, buildingNamed } from '../../domain/door-key';
import type { RegisterStep } from '../../domain/verification';
import { RegisterRefusal, type StepContext } from './cause';
import { provenanceOfNew } from './provenance';
import { buildingOf } from './columns';
import { buildingAt } from './find-building';
import { otherDoorAt, struckOffAt } from './find-door';
import { withGiven } from './given';
import { dwellingRecord, type BuildingRecord, type DwellingRecord } from './records';

type DwellingStep = Extract<RegisterStep, { type: `${string}-dwelling` }>;

export async function applyDwellingStep(context: StepContext, step: DwellingStep): Promise<void> {
  switch (step.type) {
    case 'create-dwelling':
      return createDwelling(context, step.dwelling);
    case 'set-dwelling':
      return setDwelling(context, step.fields, step.except);
    case 'retire-dwelling': {
      const door = await theDoor(context);
      if (door.retiredAt === null) context.draft.set({ ...door, retiredAt: context.cause.at });
      return;
    }
    case 'restore-dwelling': {
      const door = await theDoor(context);
      if (door.retiredAt === null) return;
      await aloneThere(context, door, door.fields);
      context.draft.set({ ...door, retiredAt: null });
      return;
    }
    default:
      step satisfies never;
  }
}

/**
 * A door that the register lacked. Where one of that address stands in the grid the record was weighed against it and makes none (TWO-5): only an address
 * that the coordinator corrected leads here to another's. One that was struck off there counts for the one that is found now. A door that an undo took
 * back comes back under its own id, as what is said of it now.
 */
async function createDwelling(
  context: StepContext,
  proposed: Extract<RegisterStep, { type: 'create-dwelling' }>['dwelling'],
): Promise<void> {
  const { draft, origin } = context;
  const { id, gridId, ...fields } = proposed;
  const known = await draft.findOne('dwelling', id);
  if (known && known.retiredAt === null) return setDwelling(context, fields);
  await aloneThere(context, proposed, fields);
  const building = await theBuilding(context, gridId, fields);
  context.dwellingId = id;
  draft.add(dwellingRecord({ ...proposed, buildingId: building.id }, provenanceOfNew(origin)));
  const struckOff = await struckOffAt(context.tx, context.communityId, gridId, fields, id);
  for (const former of struckOff) draft.addAlias('dwelling', former, id);
}

async function setDwelling(
  context: StepContext,
  fields: Partial<DwellingRecord['fields']>,
  except: readonly string[] = [],
): Promise<void> {
  const door = await theDoor(context);
  const merged = withGiven(door.fields, fields);
  if (addressFields.some((field) => merged[field] !== door.fields[field])) await aloneThere(context, door, merged);
  const moved = buildingKey(merged) !== buildingKey(door.fields);
  const buildingId = moved ? (await theBuilding(context, door.gridId, merged)).id : door.buildingId;
  context.draft.set({ ...door, buildingId, fields: merged });
  if (context.cause.confirms) context.draft.confirm(door.id, 'all', except);
}

/** An address is one door: where another stands there, which of the two it is has to be said at the door. */
async function aloneThere(
  { tx, communityId }: StepContext,
  door: { id: string; gridId: string },
  address: Address,
): Promise<void> {
  const other = await otherDoorAt(tx, communityId, door.gridId, address, door.id);
  if (other !== null) throw new RegisterRefusal('door_there', other);
}

async function theDoor(context: StepContext): Promise<DwellingRecord> {
  const door = await context.draft.find('dwelling', context.dwellingId);
  if (!door) throw new RegisterRefusal('unknown_dwelling', context.dwellingId);
  return door;
}

/** The building of that name in the grid, made where there is none. */
async function theBuilding(
  context: StepContext,
  gridId: string,
  address: Pick<Address, 'compound' | 'building'>,
): Promise<BuildingRecord> {
  const { tx, communityId, draft, cause } = context;
  const row = await buildingAt(tx, communityId, gridId, address);
  if (row) return buildingOf(row);
  const made = draft.all('building').filter((record) => record.gridId === gridId);
  const same = buildingNamed(
    made.map((record) => ({ ...record.fields, record })),
    address,
  );
  if (same) return same.record;
  const grid = await tx
    .selectFrom('grid')
    .select('id')
    .where('community_id', '=', communityId)
    .where('id', '=', gridId)
    .executeTakeFirst();
  if (!grid) throw new RegisterRefusal('unknown_grid', gridId);
  const [compound, building] = [address.compound.trim(), address.building.trim()];
  const fields = { compound, building, plan: [], noDoor: [], access: '' };
  const record: BuildingRecord = { type: 'building', id: cause.newId(), gridId, fields, version: 1 };
  draft.add(record);
  return record;
}
