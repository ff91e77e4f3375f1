/** Whether earlier bodies of doors are what a feed once told: older than what replaced them, under versions of their own, readable. */
import { sql } from 'kysely';
import { asRecord } from '../../domain/json';
import { open } from '../codec';
import { inPages } from '../database/in-pages';
import type { ReadSnapshot } from '../database/open';
import type { Sealed } from '../database/tables';
import { jsonOf } from '../readable';
import { page, type Finding } from './finding';

/** Answers how many earlier bodies were looked at. */
export async function checkPast(
  db: ReadSnapshot,
  communityId: string,
  found: (finding: Finding) => void,
): Promise<number> {
  const say = (row: Key, what: string) => {
    const subject = `${row.feed_id} ${row.type} ${row.item_id}, version ${row.version}`;
    found({ check: 'past', communityId, subject, what });
  };
  const { rows: misplaced } = await sql<Key & { replaced: number | null }>`
    SELECT past.feed_id, past.type, past.item_id, past.version, item.version AS replaced FROM feed_past AS past
    LEFT JOIN feed_item AS item ON item.community_id = past.community_id AND item.feed_id = past.feed_id
      AND item.type = past.type AND item.item_id = past.item_id
    WHERE past.community_id = ${communityId} AND (item.version IS NULL OR item.version <= past.version)
    LIMIT 100`.execute(db);
  for (const row of misplaced)
    say(row, row.replaced === null ? 'nothing stands in the place of it' : 'what replaced it is not newer');
  const { rows: twice } = await sql<Key>`
    SELECT past.feed_id, past.type, past.item_id, past.version FROM feed_past AS past
    JOIN feed_item AS item ON item.community_id = past.community_id AND item.feed_id = past.feed_id AND item.version = past.version
    WHERE past.community_id = ${communityId} AND item.item_id <> past.item_id
    LIMIT 100`.execute(db);
  for (const row of twice) say(row, 'its version stands for another item too');
  return checkBodies(db, communityId, say);
}

type Key = { feed_id: string; type: string; item_id: string; version: number };

async function checkBodies(
  db: ReadSnapshot,
  communityId: string,
  say: (row: Key, what: string) => void,
): Promise<number> {
  let looked = 0;
  const pages = inPages<Key & { body: Sealed }>(page, async (last) => {
    const after = last ? [last.feed_id, last.type, last.item_id, last.version] : ['', '', '', 0];
    const { rows } = await sql<Key & { body: Sealed }>`
      SELECT feed_id, type, item_id, version, body FROM feed_past
      WHERE community_id = ${communityId} AND (feed_id, type, item_id, version) > (${sql.join(after)})
      ORDER BY feed_id, type, item_id, version LIMIT ${sql.lit(page)}`.execute(db);
    return rows;
  });
  for await (const rows of pages) {
    for (const row of rows) {
      const body = asRecord(jsonOf(open(row.body)));
      if (!body) say(row, 'its body cannot be read');
      // Of an older version of the office it may have another shape; whose it is it says in each.
      else if (body['id'] !== row.item_id) say(row, 'its body is of another door');
    }
    looked += rows.length;
  }
  return looked;
}
