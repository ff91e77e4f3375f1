/** Whether intervals of grids and of care (SCO-4) run forward, and have begun. */
import type { ReadSnapshot } from '../database/open';
import type { Finding } from './finding';

/** A clock that was a day ahead and is a day behind by now has moved by less. */
const clocksMs = 3 * 24 * 3600 * 1000;

/** `now`: milliseconds since 1970. Answers how many such intervals were looked at. */
export async function checkIntervals(
  db: ReadSnapshot,
  communityId: string,
  now: number,
  found: (finding: Finding) => void,
): Promise<number> {
  const soon = new Date(now + clocksMs).toISOString();
  const odd = (table: 'account_grid' | 'account_recipient') =>
    db
      .selectFrom(table)
      .select(['account_id', 'from_at', 'until_at'])
      .where('community_id', '=', communityId)
      .where((eb) => eb.or([eb('until_at', '<', eb.ref('from_at')), eb('from_at', '>', soon)]))
      .execute();
  const grids = await odd('account_grid');
  const people = await odd('account_recipient');
  const say = (rows: typeof grids, of: string) => {
    for (const { account_id, from_at, until_at } of rows) {
      const subject = `account ${account_id}`;
      const tell = (what: string) => found({ check: 'accounts', communityId, subject, what: `its time ${of} ${what}` });
      if (from_at > soon) tell('has not begun yet');
      else if (Date.parse(from_at) - Date.parse(until_at ?? from_at) > clocksMs) tell('ended before it began');
    }
  };
  say(grids, 'in a grid');
  say(people, 'of care');
  return grids.length + people.length;
}
