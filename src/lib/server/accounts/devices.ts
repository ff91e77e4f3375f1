/** The phones of an account at the desk: which there are, when they were heard, and shutting one out (SCO-5). */
import type { ReadSnapshot, Transaction } from '../database/open';
import type { Office } from '../office';
import { askRecheckOfAccount } from '../quarantine/ask-recheck';
import { type Actor, managedAccount, noteDone } from './managed';
import { AccountProblem } from './problem';

export type DeviceView = {
  id: string;
  /** Build version of the app. */
  app: string;
  firstHeardAt: string;
  lastHeardAt: string;
  /** Milliseconds that its clock was ahead. */
  clockOffset: number;
  revokedAt: string | null;
};

/** The phones of every account of a community, by account, last heard first. */
export async function devicesByAccount(db: ReadSnapshot, communityId: string): Promise<Map<string, DeviceView[]>> {
  const rows = await db
    .selectFrom('device')
    .selectAll()
    .where('community_id', '=', communityId)
    .orderBy('last_heard_at', 'desc')
    .orderBy('id')
    .execute();
  const views = new Map<string, DeviceView[]>();
  for (const [accountId, own] of Map.groupBy(rows, (row) => row.account_id)) {
    views.set(
      accountId,
      own.map((row) => ({
        id: row.id,
        app: row.app,
        firstHeardAt: row.first_heard_at,
        lastHeardAt: row.last_heard_at,
        clockOffset: row.clock_offset,
        revokedAt: row.revoked_at,
      })),
    );
  }
  return views;
}

/**
 * From its next request on the phone may hand over what it holds, and nothing else; its session opens nothing any more. A phone that was
 * revoked already stays revoked since then. Throws an AccountProblem: `unknown`, `not-allowed`, `device-unknown`.
 */
export async function revokeDevice(
  office: Office,
  communityId: string,
  accountId: string,
  deviceId: string,
  by: Actor = null,
): Promise<void> {
  await office.database.write(async (tx) => {
    await ownDevice(tx, communityId, accountId, deviceId, by);
    const revoked = await tx
      .updateTable('device')
      .set({ revoked_at: new Date(office.world.now()).toISOString() })
      .where('community_id', '=', communityId)
      .where('account_id', '=', accountId)
      .where('id', '=', deviceId)
      .where('revoked_at', 'is', null)
      .returning('id')
      .executeTakeFirst();
    if (revoked) await noteDone(office, tx, communityId, { type: 'device', id: deviceId }, 'device-revoke', by);
  });
}

/** Takes a revocation back: the phone opens again what stayed on it. Throws as `revokeDevice`. */
export async function allowDevice(
  office: Office,
  communityId: string,
  accountId: string,
  deviceId: string,
  by: Actor = null,
): Promise<void> {
  await office.database.write(async (tx) => {
    await ownDevice(tx, communityId, accountId, deviceId, by);
    const allowed = await tx
      .updateTable('device')
      .set({ revoked_at: null })
      .where('community_id', '=', communityId)
      .where('account_id', '=', accountId)
      .where('id', '=', deviceId)
      .where('revoked_at', 'is not', null)
      .returning('id')
      .executeTakeFirst();
    if (!allowed) return;
    await noteDone(office, tx, communityId, { type: 'device', id: deviceId }, 'device-allow', by);
    // What it recorded meanwhile waits in quarantine for its scope (QUA-6).
    await askRecheckOfAccount(tx, communityId, accountId, new Date(office.world.now()).toISOString());
  });
}

/** Own phones are lost too: whoever may change no other account of their own role may shut out a phone of their own. */
async function ownDevice(
  tx: Transaction,
  communityId: string,
  accountId: string,
  deviceId: string,
  by: Actor,
): Promise<void> {
  await managedAccount(tx, communityId, accountId, by?.id === accountId ? null : by);
  const device = await tx
    .selectFrom('device')
    .select('id')
    .where('community_id', '=', communityId)
    .where('account_id', '=', accountId)
    .where('id', '=', deviceId)
    .executeTakeFirst();
  if (!device) throw new AccountProblem('device-unknown');
}
