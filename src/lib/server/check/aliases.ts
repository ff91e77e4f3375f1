/** Whether every id that is one with another leads to a record of the register (TWO-5): in a loop nothing would be found any more. */
import type { Selectable } from 'kysely';
import { inPages } from '../database/in-pages';
import type { ReadSnapshot } from '../database/open';
import type { Tables } from '../database/tables';
import { isErased } from './erased';
import { page } from './finding';

type Alias = Pick<Selectable<Tables['alias']>, 'type' | 'id' | 'same_as'>;
type Say = (subject: string, what: string) => void;

/** Steps that the office itself follows (`resolveAliases`). */
const longest = 8;

/** Answers how many aliases were looked at. */
export async function checkAliases(db: ReadSnapshot, communityId: string, say: Say): Promise<number> {
  let looked = 0;
  for (const type of ['building', 'dwelling', 'household', 'resident'] as const) {
    const pages = inPages<Alias>(page, (last) =>
      db
        .selectFrom('alias')
        .select(['type', 'id', 'same_as'])
        .where('community_id', '=', communityId)
        .where('type', '=', type)
        .where('id', '>', last?.id ?? '')
        .orderBy('id')
        .limit(page)
        .execute(),
    );
    for await (const aliases of pages) {
      looked += aliases.length;
      const ends = await endsOf(db, communityId, type, aliases);
      const there = await recordsAmong(
        db,
        communityId,
        type,
        [...ends.values()].flatMap((end) => end ?? []),
      );
      const own = await livingAmong(
        db,
        communityId,
        type,
        aliases.map(({ id }) => id),
      );
      for (const { id } of aliases) {
        if (own.has(id)) say(`alias ${id}`, `is a ${type} of the register of its own`);
        const end = ends.get(id) ?? null;
        if (end === null) say(`alias ${id}`, 'leads to no end');
        else if (!there.has(end) && !(type === 'resident' && (await isErased(db, communityId, end))))
          say(`alias ${id}`, `leads to ${type} ${end}, which is not there`);
      }
    }
  }
  return looked;
}

/** Where each alias ends; null where that is not within the steps that anybody follows. */
async function endsOf(
  db: ReadSnapshot,
  communityId: string,
  type: Alias['type'],
  aliases: readonly Alias[],
): Promise<Map<string, string | null>> {
  const ends = new Map<string, string | null>();
  let under: { id: string; at: string }[] = aliases.map(({ id, same_as }) => ({ id, at: same_as }));
  for (let step = 1; under.length > 0 && step < longest; step += 1) {
    const rows = await db
      .selectFrom('alias')
      .select(['id', 'same_as'])
      .where('community_id', '=', communityId)
      .where('type', '=', type)
      .where('id', 'in', [...new Set(under.map(({ at }) => at))])
      .execute();
    const next = new Map(rows.map((row) => [row.id, row.same_as]));
    for (const { id, at } of under) if (!next.has(at)) ends.set(id, at);
    under = under.flatMap(({ id, at }) => {
      const on = next.get(at);
      return on === undefined ? [] : [{ id, at: on }];
    });
  }
  for (const { id } of under) ends.set(id, null);
  return ends;
}

async function recordsAmong(
  db: ReadSnapshot,
  communityId: string,
  type: Alias['type'],
  ids: readonly string[],
): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const rows = await db
    .selectFrom(type)
    .select('id')
    .where('community_id', '=', communityId)
    .where('id', 'in', [...new Set(ids)])
    .execute();
  return new Set(rows.map(({ id }) => id));
}

/** Which of these ids the register has as doors or people that count for themselves: whoever asks for one is led to the other instead. */
async function livingAmong(
  db: ReadSnapshot,
  communityId: string,
  type: Alias['type'],
  ids: readonly string[],
): Promise<Set<string>> {
  if (type !== 'dwelling' && type !== 'resident') return new Set();
  const rows = await db
    .selectFrom(type)
    .select('id')
    .where('community_id', '=', communityId)
    .where('id', 'in', ids)
    .where('retired_at', 'is', null)
    .execute();
  return new Set(rows.map(({ id }) => id));
}
