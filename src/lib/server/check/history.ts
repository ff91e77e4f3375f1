/**
 * Whether the register's history is a chain from what each record began as to what the register holds: each change begins where the one before it
 * ended, and what a decision would put back when undone is how the record stood before it.
 */
import type { EntityType } from '../../domain/register';
import { inPages } from '../database/in-pages';
import type { ReadSnapshot } from '../database/open';
import { canonicalText } from '../intake/examine';
import { loadRecords } from '../register/read';
import { valuesOf, type RegisterRecord } from '../register/records';
import { checkEffect, type Effect } from './effects';
import { page, type Check, type Finding } from './finding';
import { readEach } from './readable';
import { storyOf, type Change } from './story';

const types = ['building', 'dwelling', 'household', 'resident'] as const;

/** Answers how many records were looked at. */
export async function checkHistory(
  db: ReadSnapshot,
  communityId: string,
  found: (finding: Finding) => void,
): Promise<number> {
  let looked = 0;
  for (const type of types) {
    for await (const rows of idPages(db, communityId, type)) {
      const ids = rows.map(({ id }) => id);
      const say = (id: string, what: string, check: Check = 'history') =>
        found({ check, communityId, subject: `${type} ${id}`, what });
      const records = await readEach(
        ids,
        (some) => loadRecords<EntityType>(db, communityId, type, some),
        (id) => say(id, 'what the register holds of it cannot be read'),
      );
      const changes = Map.groupBy(await changesOf(db, communityId, type, ids), (row) => row.entity_id);
      const effects = Map.groupBy(await effectsOn(db, communityId, type, ids), (row) => row.entity_id);
      for (const [id, record] of records) {
        const own = effects.get(id) ?? [];
        checkRecord(record, changes.get(id) ?? [], own, (what, check) => say(id, what, check));
      }
      looked += ids.length;
    }
  }
  return looked;
}

type Say = (what: string, check?: Check) => void;

function checkRecord(record: RegisterRecord, changes: readonly Change[], effects: readonly Effect[], say: Say): void {
  const decided = new Set(effects.map(({ decision_id }) => decision_id));
  const { begins, end, lastVersion, stoodBefore, stoodAt, faults } = storyOf(changes, decided);
  for (const fault of faults) say(fault);
  if (!begins) say('its beginning is not in the history');
  if (lastVersion > record.version) say('its version is older than its history');
  // Who took back what was only confirmed left no other trace.
  const known = Math.max(lastVersion, ...effects.map(({ version_after }) => version_after));
  const untold = effects.filter(({ undone_at }) => undone_at !== null).length;
  if (begins && record.version > known + untold) say('its version is newer than all that was done to it');
  const values = valuesOf(record);
  for (const field of new Set([...end.keys(), ...(begins ? Object.keys(values) : [])])) {
    const told = end.has(field) ? end.get(field) : 'null';
    const now = values[field] === undefined ? 'null' : canonicalText(values[field]);
    if (told !== null && told !== now) say(`${field} was last changed to something else`);
  }
  for (const effect of effects) {
    const { decision_id, version_after: version } = effect;
    const changed = stoodBefore.get(decision_id);
    // It confirmed what stood there, and changed nothing of it.
    const confirmed = begins && version > 0 ? { values: stoodAt(version), version } : undefined;
    for (const what of checkEffect(record, effect, changed ?? confirmed)) say(what, 'effects');
  }
}

function idPages(db: ReadSnapshot, communityId: string, type: EntityType) {
  return inPages<{ id: string }>(page, (last) =>
    db
      .selectFrom(type)
      .select('id')
      .where('community_id', '=', communityId)
      .where('id', '>', last?.id ?? '')
      .orderBy('id')
      .limit(page)
      .execute(),
  );
}

function changesOf(db: ReadSnapshot, communityId: string, type: EntityType, ids: readonly string[]) {
  return db
    .selectFrom('register_change')
    .select(['id', 'entity_id', 'dwelling_id', 'field', 'before', 'after', 'decision_id'])
    .where('community_id', '=', communityId)
    .where('entity_type', '=', type)
    .where('entity_id', 'in', ids)
    .execute();
}

function effectsOn(db: ReadSnapshot, communityId: string, type: EntityType, ids: readonly string[]) {
  return db
    .selectFrom('decision_effect')
    .leftJoin('decision', (join) =>
      join
        .onRef('decision.community_id', '=', 'decision_effect.community_id')
        .onRef('decision.id', '=', 'decision_effect.decision_id'),
    )
    .selectAll('decision_effect')
    .select('decision.undone_at')
    .where('decision_effect.community_id', '=', communityId)
    .where('decision_effect.entity_type', '=', type)
    .where('decision_effect.entity_id', 'in', ids)
    .execute();
}
