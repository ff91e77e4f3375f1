/**
 * Who waits for whom where several processes write at once. Locks are taken in the order of this file, each kind by id, and last those of the feeds
 * (`feeds/publish.ts`): so two never wait for each other, and if they do (a door that is only found on the way), one of them is run again.
 * SQLite lets one writer in at a time: there nothing of this asks anything.
 */
import { SqliteAdapter } from 'kysely';
import type { Transaction } from './database';

/**
 * First in whatever the desk, a rule or an import does: one at a time in a community, so that what they looked at is still so when they write.
 * A phone's push goes past it: it writes its own records, and asks that their doors count afterwards.
 */
export async function lockCommunity(tx: Transaction, communityId: string): Promise<void> {
  if (hasOneWriter(tx)) return;
  await tx.selectFrom('community').select('community_id').where('community_id', '=', communityId).forUpdate().execute();
}

/** First in a push: an account's pushes come one after the other, and none while its grids change or it ends. */
export async function lockAccount(tx: Transaction, communityId: string, accountId: string): Promise<void> {
  if (hasOneWriter(tx)) return;
  await tx
    .selectFrom('account')
    .select('id')
    .where('community_id', '=', communityId)
    .where('id', '=', accountId)
    .forUpdate()
    .execute();
}

/** Before anything is decided or stored about them. What is not there yet cannot be held: its first writer wins. */
export async function lockSubmissions(tx: Transaction, communityId: string, ids: readonly string[]): Promise<void> {
  if (hasOneWriter(tx) || ids.length === 0) return;
  await tx
    .selectFrom('submission')
    .select('id')
    .where('community_id', '=', communityId)
    .where('id', 'in', ids)
    .orderBy('id')
    .forUpdate()
    .execute();
}

/**
 * Before it is worked out where a door stands: whoever is there first is seen by the next one. Of an id that was found to be one with another the other
 * is meant; one that the register lacks is passed over.
 */
export async function lockDoors(tx: Transaction, communityId: string, ids: readonly string[]): Promise<void> {
  if (hasOneWriter(tx) || ids.length === 0) return;
  await tx
    .selectFrom('dwelling')
    .select('id')
    .where('community_id', '=', communityId)
    .where((eb) => {
      const same = eb
        .selectFrom('alias')
        .select('same_as')
        .where('community_id', '=', communityId)
        .where('type', '=', 'dwelling')
        .where('id', 'in', ids);
      return eb.or([eb('id', 'in', ids), eb('id', 'in', same)]);
    })
    .orderBy('id')
    .forUpdate()
    .execute();
}

function hasOneWriter(tx: Transaction): boolean {
  return tx.getExecutor().adapter instanceof SqliteAdapter;
}
