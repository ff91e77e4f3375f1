/** Whether every feed is a log that phones can follow: no version beyond the feed's own, none twice, every body readable. */
import { sql } from 'kysely';
import { itemSchemas } from '../../sync/items';
import { open } from '../codec';
import type { ReadSnapshot } from '../database/open';
import type { Sealed } from '../database/tables';
import { jsonOf } from '../readable';
import { page, type Finding } from './finding';
import { toldAnew } from './renewed';

/** Answers how many items were looked at. */
export async function checkFeeds(db: ReadSnapshot, found: (finding: Finding) => void): Promise<number> {
  const beyond = await db
    .selectFrom('feed_item')
    .innerJoin('feed', (join) =>
      join.onRef('feed.community_id', '=', 'feed_item.community_id').onRef('feed.id', '=', 'feed_item.feed_id'),
    )
    .select(['feed_item.community_id', 'feed_item.feed_id', 'feed_item.type', 'feed_item.item_id'])
    .where((eb) => eb.or([eb('feed_item.version', '>', eb.ref('feed.version')), eb('feed_item.version', '<', 1)]))
    .limit(100)
    .execute();
  for (const row of beyond) {
    found({
      check: 'feeds',
      communityId: row.community_id,
      subject: `${row.feed_id} ${row.type} ${row.item_id}`,
      what: 'its version is not one of its feed’s',
    });
  }
  const { rows: twice } = await sql<{ community_id: string; feed_id: string; version: number }>`
    SELECT community_id, feed_id, version FROM feed_item GROUP BY community_id, feed_id, version HAVING count(*) > 1 LIMIT 100`.execute(
    db,
  );
  for (const row of twice) {
    found({
      check: 'feeds',
      communityId: row.community_id,
      subject: row.feed_id,
      what: `version ${row.version} stands for two items`,
    });
  }
  return checkBodies(db, found);
}

async function checkBodies(db: ReadSnapshot, found: (finding: Finding) => void): Promise<number> {
  const schemas: Record<string, { safeParse(value: unknown): { success: boolean } } | undefined> = itemSchemas;
  let looked = 0;
  for (let last: string[] = ['', '', '', '']; ;) {
    const { rows } = await sql<{
      community_id: string;
      feed_id: string;
      type: string;
      item_id: string;
      gone: number;
      body: Sealed;
    }>`
      SELECT community_id, feed_id, type, item_id, gone, body FROM feed_item
      WHERE (community_id, feed_id, type, item_id) > (${sql.join(last)})
      ORDER BY community_id, feed_id, type, item_id LIMIT ${sql.lit(page)}`.execute(db);
    for (const row of rows) {
      const subject = `${row.feed_id} ${row.type} ${row.item_id}`;
      const body = open(row.body);
      if (row.gone === 1) {
        if (body !== '')
          found({ check: 'feeds', communityId: row.community_id, subject, what: 'is gone and keeps a body' });
        continue;
      }
      const value = jsonOf(body);
      if (value === undefined || schemas[row.type]?.safeParse(value).success === false) {
        found({ check: 'feeds', communityId: row.community_id, subject, what: toldAnew.unreadable });
      }
    }
    looked += rows.length;
    const end = rows.at(-1);
    if (!end || rows.length < page) return looked;
    last = [end.community_id, end.feed_id, end.type, end.item_id];
  }
}
