/** A value that an earlier import said already, and people changed since, is no news when a roster says it again. */
import * as z from 'zod';
import { asRecord } from '../../domain/json';
import { open } from '../codec';
import type { Reader } from '../register/read';
import type { ImportedPerson } from './match-people';
import type { RosterChange } from './plan-door';

const CHUNK = 500;

/**
 * Leaves out what is no news: values that the last import of that field stated too, and the absence of people whom no import brought to
 * this door. So the same file again changes nothing and asks nothing.
 */
export async function withoutKnownNews(
  db: Reader,
  communityId: string,
  changes: RosterChange[],
): Promise<RosterChange[]> {
  const doubtful = changes.filter(({ held, field }) => held || field === 'suggestedCareGroups');
  if (doubtful.length === 0) return changes;
  const last = await lastImported(db, communityId, [...new Set(doubtful.map(({ id }) => id))]);
  const known = new Set(
    doubtful.filter(({ id, field, kind, after, dwellingId }) => {
      if (kind === 'left') return last.get(`${id} dwellingId`) !== JSON.stringify(dwellingId);
      // a door that came with an import and was retired since: that a list still has it is no news
      if (kind === 'returned') return last.has(`${id} *`);
      return last.get(`${id} ${field}`) === JSON.stringify(after);
    }),
  );
  // a relation is one to the head of a household: who is to be somebody else's goes there, or neither is asked
  const related = new Set(changes.flatMap((change) => (isRelation(change) && !known.has(change) ? [change.id] : [])));
  return changes.filter((change) => !known.has(change) || (change.field === 'householdId' && related.has(change.id)));
}

function isRelation({ entity, field }: RosterChange): boolean {
  return entity === 'resident' && field === 'relation';
}

/** Who was brought to each of these doors by imports, as they were then. */
export async function importedPeople(
  db: Reader,
  communityId: string,
  dwellingIds: readonly string[],
): Promise<Map<string, ImportedPerson[]>> {
  const people = new Map<string, ImportedPerson[]>();
  for (let start = 0; start < dwellingIds.length; start += CHUNK) {
    const rows = await db
      .selectFrom('register_change')
      .select(['entity_id', 'dwelling_id', 'after'])
      .where('community_id', '=', communityId)
      .where('dwelling_id', 'in', dwellingIds.slice(start, start + CHUNK))
      .where('entity_type', '=', 'resident')
      .where('source', '=', 'import')
      .where('field', '=', '*')
      .orderBy('id')
      .execute();
    for (const { entity_id: id, dwelling_id: dwelling, after } of rows) {
      const was = Imported.parse(JSON.parse(open(after)));
      if (was) people.set(dwelling, [...(people.get(dwelling) ?? []), { id, ...was }]);
    }
  }
  return people;
}

/** Null of who was erased since (REC-11): a roster that lists them brings somebody new. */
const Imported = z.object({ name: z.string(), idNumber: z.string(), birthDate: z.string() }).nullable();

/** By record and field, as JSON; `*` where a record came with an import. */
async function lastImported(db: Reader, communityId: string, ids: string[]): Promise<Map<string, string>> {
  const said = new Map<string, string>();
  for (let start = 0; start < ids.length; start += CHUNK) {
    const rows = await db
      .selectFrom('register_change')
      .select(['entity_id', 'field', 'after', 'id'])
      .where('community_id', '=', communityId)
      .where('entity_id', 'in', ids.slice(start, start + CHUNK))
      .where('source', '=', 'import')
      .orderBy('id')
      .execute();
    for (const { entity_id: entity, field, after } of rows) {
      said.set(`${entity} ${field}`, open(after));
      if (field !== '*') continue;
      for (const [name, value] of Object.entries(asRecord(JSON.parse(open(after))) ?? {}))
        said.set(`${entity} ${name}`, JSON.stringify(value));
    }
  }
  return said;
}
