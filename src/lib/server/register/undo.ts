/** Taking back what a decision did to the register: values go back, with history, and nothing that was built on them since is harmed. */
import * as z from 'zod';
import { addressFields } from '../../domain/door-key';
import type { EntityType } from '../../domain/register';
import type { Transaction } from '../database/database';
import { moveCarers } from '../care/carers';
import { open } from '../codec';
import type { DecisionEffect } from './draft';
import { otherDoorAt } from './find-door';
import type { Origin } from './provenance';
import { loadRecords, resolveAlias } from './read';
import { RegisterRecord, livesOn } from './records';
import { writeRecord } from './rows';

export type UndoCause = { by: string; at: string; decisionId: string; submissionId: string; reason?: string };
type Entity = { entityType: EntityType; entityId: string };
export type Undone =
  | { undone: true; doors: string[]; residents: string[] }
  /** What somebody built on since: rows whose version moved on, or that others now stand in. */
  | { undone: false; builtUpon: Entity[] };

/**
 * Puts back every row that `decisionId` touched, as a change of its own (source `undo`). Rows that it made are retired, not deleted;
 * aliases that it made go; a building that it made stays, empty. Refused whole where something was built on it since.
 */
export async function undoEffects(
  tx: Transaction,
  communityId: string,
  decisionId: string,
  cause: UndoCause,
): Promise<Undone> {
  const effects = await effectsOf(tx, communityId, decisionId);
  const now = await recordsNow(tx, communityId, effects);
  const movedOn = effects.filter(({ entityId, versionAfter }) => (now.get(entityId)?.version ?? 0) !== versionAfter);
  const back = new Map<string, RegisterRecord>();
  for (const { entityId, before } of effects) {
    const record = now.get(entityId);
    if (record) back.set(entityId, before ? { ...before, version: record.version } : retired(record, cause.at));
  }
  const builtUpon =
    movedOn.length > 0
      ? movedOn.map(entityOf)
      : [
          ...(await leftWithoutPlace(tx, communityId, back, now)),
          ...(await takenMeanwhile(tx, communityId, back, now)),
        ];
  if (builtUpon.length > 0) return { undone: false, builtUpon };
  const origin: Origin = {
    since: cause.at,
    from: 'correction',
    source: 'undo',
    confirmedAt: null,
    confirmedBy: null,
    how: null,
    ...cause,
  };
  const doors = new Set<string>();
  for (const effect of effects) {
    const record = now.get(effect.entityId);
    const target = back.get(effect.entityId);
    const other = await removeAlias(tx, communityId, effect, cause.at);
    if (other !== null && effect.entityType === 'dwelling') doors.add(other);
    if (!record || !target) continue;
    const written = await writeRecord(tx, communityId, record, target, origin, { provenance: 'as-given' });
    await settleEarlier(tx, communityId, effect, written.version);
    for (const touched of [record, target]) {
      if (touched.type !== 'building') doors.add(touched.type === 'dwelling' ? touched.id : touched.dwellingId);
    }
  }
  const residents = effects.filter(({ entityType }) => entityType === 'resident').map(({ entityId }) => entityId);
  return { undone: true, doors: [...doors].sort(), residents };
}

/** Doors that stand by now where one would stand again, or that one counts for since it was struck off. */
async function takenMeanwhile(
  tx: Transaction,
  communityId: string,
  back: ReadonlyMap<string, RegisterRecord>,
  now: ReadonlyMap<string, RegisterRecord>,
): Promise<Entity[]> {
  const taken: Entity[] = [];
  for (const [id, record] of back) {
    const is = now.get(id);
    if (record.type !== 'dwelling' || record.retiredAt !== null || is?.type !== 'dwelling') continue;
    const isThere = is.retiredAt === null && addressFields.every((field) => is.fields[field] === record.fields[field]);
    const other = isThere ? null : await otherDoorAt(tx, communityId, record.gridId, record.fields, id);
    const one = await resolveAlias(tx, communityId, 'dwelling', id);
    if (other !== null || one !== id) taken.push({ entityType: 'dwelling', entityId: other ?? one });
  }
  return taken;
}

/** Who would stand nowhere after the undo: people of a household that is gone, households and people of a door that is gone. */
async function leftWithoutPlace(
  tx: Transaction,
  communityId: string,
  back: ReadonlyMap<string, RegisterRecord>,
  now: ReadonlyMap<string, RegisterRecord>,
): Promise<Entity[]> {
  const records = [...back.values()];
  const households = records.filter((record) => record.type === 'household');
  const dwellings = records.filter((record) => record.type === 'dwelling');
  const people = records.filter((record) => record.type === 'resident');
  const gone = households.filter(({ endedAt }) => endedAt !== null).map(({ id }) => id);
  const goneDoors = dwellings.filter((door) => door.retiredAt !== null && stands(now.get(door.id))).map(({ id }) => id);
  const lost: Entity[] = [];
  const others = await standingIn(tx, communityId, gone, goneDoors);
  for (const { type, id, people: holdsPeople } of others) {
    if (!back.has(id) && holdsPeople) lost.push({ entityType: type, entityId: id });
  }
  const homes = people.filter((person) => livesOn(person)).map(({ householdId }) => householdId);
  const outside = [...new Set(homes)].filter((id) => !back.has(id));
  for (const home of (await loadRecords(tx, communityId, 'household', outside)).values()) {
    if (home.endedAt !== null) lost.push({ entityType: 'household', entityId: home.id });
  }
  return lost;
}

/** A door that was struck off before, and only counted for another one, goes nowhere. */
function stands(record: RegisterRecord | undefined): boolean {
  return record?.type === 'dwelling' && record.retiredAt === null;
}

async function standingIn(
  tx: Transaction,
  communityId: string,
  households: string[],
  dwellings: string[],
): Promise<{ type: EntityType; id: string; people: boolean }[]> {
  if (households.length === 0 && dwellings.length === 0) return [];
  // PostgreSQL takes no empty list; no id is empty.
  const named = (ids: string[]) => (ids.length > 0 ? ids : ['']);
  const residents = await tx
    .selectFrom('resident')
    .select(['id', 'presence'])
    .where('community_id', '=', communityId)
    .where((eb) => eb.or([eb('household_id', 'in', named(households)), eb('dwelling_id', 'in', named(dwellings))]))
    .where('retired_at', 'is', null)
    .execute();
  const homes = await tx
    .selectFrom('household')
    .select('id')
    .where('community_id', '=', communityId)
    .where('dwelling_id', 'in', named(dwellings))
    .where('ended_at', 'is', null)
    .execute();
  return [
    ...residents.map(({ id, presence }) => ({
      type: 'resident' as const,
      id,
      people: presence !== 'moved-away' && presence !== 'died',
    })),
    ...homes.map(({ id }) => ({ type: 'household' as const, id, people: true })),
  ];
}

function entityOf({ entityType, entityId }: DecisionEffect): Entity {
  return { entityType, entityId };
}

async function effectsOf(tx: Transaction, communityId: string, decisionId: string): Promise<DecisionEffect[]> {
  const rows = await tx
    .selectFrom('decision_effect')
    .selectAll()
    .where('community_id', '=', communityId)
    .where('decision_id', '=', decisionId)
    .orderBy('entity_id')
    .execute();
  const own = rows.filter((row) => row.entity_type !== 'building');
  return own.map((row) => {
    const held: unknown = JSON.parse(open(row.before));
    const planMoved = z.object({ planMoved: z.literal(true) }).safeParse(held).success;
    const record = RegisterRecord.safeParse(held);
    return {
      entityType: row.entity_type,
      entityId: row.entity_id,
      before: record.success ? record.data : null,
      versionAfter: row.version_after,
      planMoved,
    };
  });
}

async function recordsNow(
  tx: Transaction,
  communityId: string,
  effects: DecisionEffect[],
): Promise<Map<string, RegisterRecord>> {
  const now = new Map<string, RegisterRecord>();
  for (const type of ['building', 'dwelling', 'household', 'resident'] as const) {
    const ids = effects.filter(({ entityType }) => entityType === type).map(({ entityId }) => entityId);
    for (const [id, record] of await loadRecords(tx, communityId, type, ids)) now.set(id, record);
  }
  return now;
}

/** A row that the decision made: kept for its history, shown nowhere. */
function retired(record: RegisterRecord, at: string): RegisterRecord {
  switch (record.type) {
    case 'building':
      return record;
    case 'household':
      return { ...record, endedAt: at };
    case 'dwelling':
    case 'resident':
      return { ...record, retiredAt: at };
  }
}

/** The id that it was found to be one with: records counted for that. Null where it was nobody's alias. */
async function removeAlias(
  tx: Transaction,
  communityId: string,
  { entityType, entityId, planMoved }: DecisionEffect,
  at: string,
): Promise<string | null> {
  const alias = await tx
    .selectFrom('alias')
    .select('same_as')
    .where('community_id', '=', communityId)
    .where('type', '=', entityType)
    .where('id', '=', entityId)
    .executeTakeFirst();
  if (!alias) return null;
  await tx
    .deleteFrom('alias')
    .where('community_id', '=', communityId)
    .where('type', '=', entityType)
    .where('id', '=', entityId)
    .execute();
  if (!planMoved) return alias.same_as;
  await tx
    .updateTable('care_plan')
    .set({ resident_id: entityId })
    .where('community_id', '=', communityId)
    .where('resident_id', '=', alias.same_as)
    .execute();
  await moveCarers(tx, communityId, alias.same_as, entityId, at);
  return alias.same_as;
}

/** The decision before this one left the row as it stands again: its own undo is open once more. */
async function settleEarlier(
  tx: Transaction,
  communityId: string,
  { entityType, entityId, before }: DecisionEffect,
  version: number,
): Promise<void> {
  if (!before) return;
  await tx
    .updateTable('decision_effect')
    .set({ version_after: version })
    .where('community_id', '=', communityId)
    .where('entity_type', '=', entityType)
    .where('entity_id', '=', entityId)
    .where('version_after', '=', before.version)
    .execute();
}
