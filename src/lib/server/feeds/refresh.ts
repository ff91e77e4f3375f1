/**
 * After an update of the office: what its new version says to everybody – forms, code lists – is told where it differs from what stands;
 * a community that has no key for rescue files yet is given one.
 */
import type { Office } from '../office';
import type { ReadSnapshot } from '../database/open';
import { lockCommunity } from '../database/locks';
import { open } from '../codec';
import { codeListBodies, formBodies } from './bodies/community';
import { keepRescueKey, newRescueKey, publicRescueKey } from '../rescue/keys';
import { republishCommunity } from './republish';

export async function refreshCommunities({ database, world }: Pick<Office, 'database' | 'world'>): Promise<void> {
  const stale = await database.read(async (db) => {
    const communities = await db.selectFrom('community').select('community_id').execute();
    const found: string[] = [];
    for (const { community_id } of communities) if (await isStale(db, community_id)) found.push(community_id);
    return found;
  });
  for (const id of stale) {
    const key = (await database.read((db) => publicRescueKey(db, id))) ? null : await newRescueKey(world);
    await database.write(async (tx) => {
      await lockCommunity(tx, id);
      if (key) await keepRescueKey(tx, id, key);
      await republishCommunity(tx, id);
    });
  }
}

async function isStale(db: ReadSnapshot, communityId: string): Promise<boolean> {
  if (!(await publicRescueKey(db, communityId))) return true;
  const rows = await db
    .selectFrom('feed_item')
    .select(['type', 'item_id', 'body'])
    .where('community_id', '=', communityId)
    .where('feed_id', '=', `community/${communityId}`)
    .where('type', 'in', ['form', 'code-list'])
    .where('gone', '=', 0)
    .execute();
  const told = new Map(rows.map((row) => [`${row.type} ${row.item_id}`, open(row.body)]));
  const now = [
    ...(await formBodies(db, communityId)).map(({ id, body }) => [`form ${id}`, JSON.stringify(body)] as const),
    ...codeListBodies().map(({ id, body }) => [`code-list ${id}`, JSON.stringify(body)] as const),
  ];
  return told.size !== now.length || now.some(([key, text]) => told.get(key) !== text);
}
