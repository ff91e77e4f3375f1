/** What has its receipt, and when the phone may let go of it. */
import { Dexie } from './dexie';
import type { PhoneDatabase } from './database';

/**
 * Marks what the account feed holds since its receipt, and removes what that feed let go of (DEV-4); part of the transaction that
 * stored the feed. `toldToEnd` is the present epoch when the feed was told to its end, else null: then nothing is removed.
 * Answers with the submissions removed.
 */
export async function removeUnneededSent(
  database: PhoneDatabase,
  accountFeed: string,
  toldToEnd: string | null,
): Promise<string[]> {
  const items = await database.items
    .where('[feed+type+id]')
    .between([accountFeed, 'submission', Dexie.minKey], [accountFeed, 'submission', Dexie.maxKey])
    .primaryKeys();
  const held = new Set(items.map(([, , id]) => id));
  const unmarked = (await database.sent.where('held').equals(0).toArray()).filter(({ id }) => held.has(id));
  await database.sent.bulkPut(unmarked.map((row) => ({ ...row, held: 1 })));
  if (toldToEnd === null) return [];
  const letGo = (await database.sent.where('held').equals(1).primaryKeys()).filter(([id]) => !held.has(id));
  const rows = (await database.sent.bulkGet(letGo)).filter((row) => row?.epoch === toldToEnd);
  const removed = rows.filter((row) => row !== undefined);
  await database.sent.bulkDelete(removed.map(({ id, revision }): [string, number] => [id, revision]));
  return removed.map(({ id }) => id);
}
