/** What only the desk's screens ask: the frame around them and readings that put several rooms together. */
import { toTimestamp } from '$lib/domain/calendar';
import type { Office } from '../office';
import { countCases } from '../quarantine/cases';

/** `now`: RFC 3339 with the community's offset, so that the page says "today" as the office's clock does. */
export type DeskHead = { community: string; waiting: number; quarantined: number; now: string };

/** Whose desk this is, how many submissions wait for a decision (attempts need none), and how many cases in quarantine. */
export async function deskHead(office: Office, communityId: string): Promise<DeskHead> {
  return office.database.read(async (db) => {
    const community = await db
      .selectFrom('community')
      .select('name')
      .where('community_id', '=', communityId)
      .executeTakeFirst();
    const waiting = await db
      .selectFrom('submission')
      .select((eb) => eb.fn.countAll().as('n'))
      .where('community_id', '=', communityId)
      .where('review', '=', 'pending')
      .where('by_rule', '=', 0)
      .executeTakeFirst();
    return {
      community: community?.name ?? '',
      waiting: Number(waiting?.n ?? 0),
      quarantined: await countCases(db, communityId),
      now: toTimestamp(office.world.now()),
    };
  });
}
