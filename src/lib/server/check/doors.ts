/** Whether phones are told of every door what the register holds of it now, in the feed of its grid and in no other. */
import type { Selectable } from 'kysely';
import { inPages } from '../database/in-pages';
import type { ReadSnapshot } from '../database/open';
import type { DwellingTable } from '../database/tables';
import { dwellingBodies } from '../feeds/bodies/dwelling';
import { page, type Finding } from './finding';
import { isToldSo } from './is-told-so';
import { readEach } from './readable';
import { toldAnew } from './renewed';

/** Answers how many doors were looked at. */
export async function checkDoors(
  db: ReadSnapshot,
  communityId: string,
  found: (finding: Finding) => void,
): Promise<number> {
  let looked = 0;
  const pages = inPages<Pick<Selectable<DwellingTable>, 'id' | 'grid_id' | 'retired_at'>>(page, (last) =>
    db
      .selectFrom('dwelling')
      .select(['id', 'grid_id', 'retired_at'])
      .where('community_id', '=', communityId)
      .where('id', '>', last?.id ?? '')
      .orderBy('id')
      .limit(page)
      .execute(),
  );
  for await (const doors of pages) {
    const ids = doors.map(({ id }) => id);
    const unreadable = new Set<string>();
    const bodies = await readEach(
      ids,
      (some) => dwellingBodies(db, communityId, some),
      (id) => unreadable.add(id),
    );
    const told = await db
      .selectFrom('feed_item')
      .select(['feed_id', 'item_id', 'body'])
      .where('community_id', '=', communityId)
      .where('type', '=', 'dwelling')
      .where('item_id', 'in', ids)
      .where('gone', '=', 0)
      .execute();
    for (const { id, grid_id, retired_at } of doors) {
      const say = (what: string) => found({ check: 'doors', communityId, subject: `dwelling ${id}`, what });
      const items = told.filter(({ item_id }) => item_id === id);
      if (unreadable.has(id)) {
        say('what the register holds of it cannot be read');
        continue;
      }
      const body = bodies.get(id);
      if (retired_at !== null || !body) {
        if (items.length > 0) say('is retired and still told');
        continue;
      }
      const [only, ...more] = items;
      if (!only || more.length > 0 || only.feed_id !== `grid/${grid_id}`)
        say('is not told in the feed of its grid alone');
      else if (!isToldSo(only.body, body)) say(toldAnew.otherwise);
    }
    looked += doors.length;
  }
  return looked;
}
