/** Which phones an account has, as they were heard: noted together after the answers went out, and only where there is something to note. */
import type { ReadSnapshot, Transaction } from '../database/open';
import { DatabaseUnavailableError } from '../database/open';
import type { Office } from '../office';

export type Heard = {
  communityId: string;
  accountId: string;
  deviceId: string;
  /** Build version of the app. */
  app: string;
  /** Milliseconds that its clock was ahead. */
  clockOffset: number;
  /** Of the session through which it spoke; empty without one. */
  session: string;
  /** RFC 3339, UTC. */
  at: string;
};

/** A phone that says nothing new about itself is noted again after this long: an idle sync costs no write. */
const againAfterMs = 10 * 60_000;
/** Clocks drift and networks are slow: only more than this is another offset. */
const sameClockMs = 30_000;

/** An account has so many phones at most: whoever calls itself another one each time fills no table. */
const phonesEach = 20;

/** Held for the moments until they are written, so that many phones share a commit; what a crash loses here, the next sync says again. */
const waiting = new WeakMap<Office, Map<string, Heard>>();

/** Whether there is something to note of what a phone just said. */
export async function isNews(db: ReadSnapshot, heard: Heard): Promise<boolean> {
  const known = await db
    .selectFrom('device')
    .select(['app', 'clock_offset', 'session_id', 'last_heard_at'])
    .where('community_id', '=', heard.communityId)
    .where('account_id', '=', heard.accountId)
    .where('id', '=', heard.deviceId)
    .executeTakeFirst();
  return (
    !known ||
    known.app !== heard.app ||
    known.session_id !== heard.session ||
    Math.abs(known.clock_offset - heard.clockOffset) > sameClockMs ||
    Date.parse(heard.at) - Date.parse(known.last_heard_at) >= againAfterMs
  );
}

/** Keeps it for `writeHeard`. */
export function heardFrom(office: Office, heard: Heard): void {
  const held = waiting.get(office) ?? new Map<string, Heard>();
  waiting.set(office, held.set(`${heard.accountId} ${heard.deviceId}`, heard));
}

/** Notes what was heard since the last time, in one transaction. Throws a DatabaseUnavailableError; it is noted the next time then. */
export async function writeHeard(office: Office): Promise<void> {
  const held = waiting.get(office);
  if (!held || held.size === 0) return;
  waiting.delete(office);
  try {
    await office.database.write(async (tx) => {
      for (const key of [...held.keys()].sort()) {
        const heard = held.get(key);
        if (heard) await write(tx, heard);
      }
    });
  } catch (error) {
    if (!(error instanceof DatabaseUnavailableError)) throw error;
    waiting.set(office, new Map([...held, ...(waiting.get(office) ?? [])]));
    throw error;
  }
}

async function write(tx: Transaction, heard: Heard): Promise<void> {
  const said = {
    app: heard.app,
    last_heard_at: heard.at,
    clock_offset: heard.clockOffset,
    session_id: heard.session,
  };
  await tx
    .insertInto('device')
    .values({
      community_id: heard.communityId,
      account_id: heard.accountId,
      id: heard.deviceId,
      ...said,
      first_heard_at: heard.at,
      revoked_at: null,
    })
    .onConflict((conflict) => conflict.columns(['community_id', 'account_id', 'id']).doUpdateSet(said))
    .execute();
  await forgetOldest(tx, heard);
}

/** Those that were not heard for the longest go; one that was revoked stays, so that it stays revoked. */
async function forgetOldest(tx: Transaction, { communityId, accountId }: Heard): Promise<void> {
  const rows = await tx
    .selectFrom('device')
    .select('id')
    .where('community_id', '=', communityId)
    .where('account_id', '=', accountId)
    .where('revoked_at', 'is', null)
    .orderBy('last_heard_at', 'desc')
    .orderBy('id', 'desc')
    .execute();
  const old = rows.slice(phonesEach).map(({ id }) => id);
  if (old.length === 0) return;
  await tx
    .deleteFrom('device')
    .where('community_id', '=', communityId)
    .where('account_id', '=', accountId)
    .where('id', 'in', old)
    .execute();
}
