/** Whether the register's history is a chain that ends in what the register holds: each change begins where the one before it ended. */
import { canonicalJson } from '../../sync/digest';
import { open } from '../codec';
import type { ReadSnapshot } from '../database/open';
import { loadRecords } from '../register/read';
import { valuesOf } from '../register/records';
import { page, type Finding } from './finding';

const types = ['building', 'dwelling', 'household', 'resident'] as const;

/** Answers how many records were looked at. */
export async function checkHistory(
  db: ReadSnapshot,
  communityId: string,
  found: (finding: Finding) => void,
): Promise<number> {
  let looked = 0;
  for (const type of types) {
    for (let last = ''; ;) {
      const ids = (
        await db
          .selectFrom(type)
          .select('id')
          .where('community_id', '=', communityId)
          .where('id', '>', last)
          .orderBy('id')
          .limit(page)
          .execute()
      ).map(({ id }) => id);
      if (ids.length === 0) break;
      const records = await loadRecords(db, communityId, type, ids);
      const changes = await db
        .selectFrom('register_change')
        .select(['entity_id', 'field', 'before', 'after'])
        .where('community_id', '=', communityId)
        .where('entity_type', '=', type)
        .where('entity_id', 'in', ids)
        // The id names entity, version and field: in its order a later change comes later.
        .orderBy('id')
        .execute();
      const latest = new Map<string, Map<string, string>>();
      for (const { entity_id, field, before, after } of changes) {
        const fields = latest.get(entity_id) ?? new Map<string, string>();
        const known = fields.get(field);
        if (field !== '*' && known !== undefined && known !== open(before)) {
          const subject = `${type} ${entity_id}`;
          found({ check: 'history', communityId, subject, what: `${field} was changed from what it never was` });
        }
        latest.set(entity_id, fields.set(field, open(after)));
      }
      for (const [id, record] of records) {
        const fields = latest.get(id);
        const say = (what: string) => found({ check: 'history', communityId, subject: `${type} ${id}`, what });
        if (!fields?.has('*')) say('its beginning is not in the history');
        const values = valuesOf(record);
        for (const [field, after] of fields ?? []) {
          if (field === '*') continue;
          const now = values[field] === undefined ? 'null' : canonicalJson(values[field]);
          if (now !== after) say(`${field} was last changed to something else`);
        }
      }
      looked += ids.length;
      last = ids.at(-1) ?? '';
    }
  }
  return looked;
}
