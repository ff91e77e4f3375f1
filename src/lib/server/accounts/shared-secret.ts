/** The secret that signs sessions, where several processes share a database: made where nobody gave one, and seen where it is another than before. */
import { createHmac } from 'node:crypto';
import type { World } from '../../domain/world';
import { authSecret } from '../configuration';
import type { Database, ReadSnapshot, Transaction } from '../database/open';
import { countAlarm } from '../metrics/metrics';
import { log } from '../log';
import type { Office } from '../office';

/** Settings of the whole office: the secret itself, and what it is known by without being told. */
type Setting = 'auth-secret' | 'auth-secret-mark';

/** Made by whoever comes first, and kept in the database: a session made at one process is good at every other, and after a restart. */
export async function sharedSecret(database: Database, world: World): Promise<string> {
  const kept = await database.read((db) => find(db, 'auth-secret'));
  if (kept !== null) return kept;
  const value = Buffer.from(world.randomBytes(32)).toString('base64url');
  return database.write(async (tx) => {
    await keepFirst(tx, 'auth-secret', value);
    return (await find(tx, 'auth-secret')) ?? value;
  });
}

/**
 * A process that serves begins: where the one before had another secret, sessions of one are nothing to the other. That may be meant; where several
 * processes share a database it is a mistake that shows only as people who are signed out now and then, so it is logged and raises an alarm.
 * Answers whether the secret is another.
 */
export async function noteSecret({ database, configuration, world }: Office): Promise<boolean> {
  const mark = createHmac('sha256', authSecret(configuration, world)).update('mark').digest('base64url').slice(0, 22);
  const before = await database.write(async (tx) => {
    await keepFirst(tx, 'auth-secret-mark', mark);
    const kept = await find(tx, 'auth-secret-mark');
    if (kept !== mark) {
      await tx
        .updateTable('office_setting')
        .set({ value: mark })
        .where('community_id', '=', '')
        .where('name', '=', 'auth-secret-mark')
        .execute();
    }
    return kept;
  });
  if (before === mark) return false;
  countAlarm('another secret');
  log({ event: 'alarm', reason: 'AUTH_SECRET is not that of the process before: its sessions are not known here' });
  return true;
}

async function keepFirst(tx: Transaction, name: Setting, value: string): Promise<void> {
  await tx
    .insertInto('office_setting')
    .values({ community_id: '', name, value })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

async function find(db: ReadSnapshot, name: Setting): Promise<string | null> {
  const row = await db
    .selectFrom('office_setting')
    .select('value')
    .where('community_id', '=', '')
    .where('name', '=', name)
    .executeTakeFirst();
  return row?.value ?? null;
}
