/** Whether phones are told what the office holds of everything but doors (`doors.ts`): grids, buildings, the community, accounts, people in care, records. */
import type { ItemType } from '../../sync/items';
import type { FeedId } from '../../sync/protocol';
import { waitForPlanning } from '../care/ask-planning';
import type { ReadSnapshot } from '../database/open';
import { profileBody } from '../feeds/bodies/account';
import { codeListBodies, communityBody, formBodies } from '../feeds/bodies/community';
import { buildingBody, gridBody } from '../feeds/bodies/grid';
import { recipientBody } from '../feeds/bodies/recipient';
import { isUnreadable } from '../readable';
import { page, type Finding } from './finding';
import { isToldSo } from './is-told-so';
import { namesOf } from './readable';
import { toldAnew } from './renewed';
import { recordsTold } from './told-records';

/** `mayBeGone`: what an account keeps for a while only; where it stands it must be right. */
export type Standing = { feed: FeedId; type: ItemType; id: string; body: object | null; mayBeGone?: boolean };
export type Unreadable = (what: Pick<Standing, 'feed' | 'type' | 'id'>) => void;

/** Answers how many items were looked at. `before`: as `recordsTold` has it. */
export async function checkTold(
  db: ReadSnapshot,
  communityId: string,
  found: (finding: Finding) => void,
  before: string,
): Promise<number> {
  let looked = 0;
  const unreadable: Unreadable = ({ feed, type, id }) => {
    const what = 'what the office holds of it cannot be read';
    found({ check: 'told', communityId, subject: `${feed} ${type} ${id}`, what });
  };
  const batch: (Standing & { body: object })[] = [];
  for await (const { feed, type, id, body, mayBeGone } of standings(db, communityId, before, unreadable)) {
    if (body === null) continue;
    looked += 1;
    batch.push({ feed, type, id, body, ...(mayBeGone && { mayBeGone }) });
    if (batch.length === page) await compare(db, communityId, batch.splice(0), found);
  }
  await compare(db, communityId, batch, found);
  return looked;
}

/** Reads the items of many at once. */
async function compare(
  db: ReadSnapshot,
  communityId: string,
  batch: readonly (Standing & { body: object })[],
  found: (finding: Finding) => void,
): Promise<void> {
  for (const [type, standing] of Map.groupBy(batch, (one) => one.type)) {
    const rows = await db
      .selectFrom('feed_item')
      .select(['feed_id', 'item_id', 'body'])
      .where('community_id', '=', communityId)
      .where('type', '=', type)
      .where(
        'item_id',
        'in',
        standing.map(({ id }) => id),
      )
      .where('gone', '=', 0)
      .execute();
    const told = new Map(rows.map(({ feed_id, item_id, body }) => [`${feed_id} ${item_id}`, body]));
    for (const { feed, id, body, mayBeGone } of standing) {
      const say = (what: string) => found({ check: 'told', communityId, subject: `${feed} ${type} ${id}`, what });
      const item = told.get(`${feed} ${id}`);
      if (item === undefined) {
        if (!mayBeGone) say('is not told');
      } else if (!isToldSo(item, body)) say(toldAnew.otherwise);
    }
  }
}

async function* standings(
  db: ReadSnapshot,
  communityId: string,
  before: string,
  unreadable: Unreadable,
): AsyncGenerator<Standing> {
  /** Nothing where it cannot be read. */
  const read = async (what: Pick<Standing, 'feed' | 'type' | 'id'>, body: () => Promise<object | null>) => {
    try {
      return { ...what, body: await body() };
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      unreadable(what);
      return { ...what, body: null };
    }
  };
  const feed: FeedId = `community/${communityId}`;
  yield await read({ feed, type: 'community', id: communityId }, () => communityBody(db, communityId));
  yield* await formsTold(db, communityId, feed, unreadable);
  for (const list of codeListBodies()) yield { feed, type: 'code-list', ...list };

  const ids = (table: 'grid' | 'account') =>
    db.selectFrom(table).select('id').where('community_id', '=', communityId).orderBy('id').execute();
  for (const { id } of await ids('grid')) {
    yield await read({ feed: `grid/${id}`, type: 'grid', id }, () => gridBody(db, communityId, id));
  }
  const buildings = await db
    .selectFrom('building')
    .select(['id', 'grid_id'])
    .where('community_id', '=', communityId)
    .orderBy('id')
    .execute();
  for (const { id, grid_id } of buildings) {
    yield await read({ feed: `grid/${grid_id}`, type: 'building', id }, () => buildingBody(db, communityId, id));
  }
  for (const { id } of await ids('account')) {
    yield await read({ feed: `account/${id}`, type: 'profile', id }, () => profileBody(db, communityId, id));
  }
  yield* recipientsTold(db, communityId, read);
  yield* recordsTold(db, communityId, before, unreadable);
}

async function formsTold(
  db: ReadSnapshot,
  communityId: string,
  feed: FeedId,
  unreadable: Unreadable,
): Promise<Standing[]> {
  try {
    return (await formBodies(db, communityId)).map((form) => ({ feed, type: 'form', ...form }));
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    unreadable({ feed, type: 'form', id: '*' });
    return [];
  }
}

async function* recipientsTold(
  db: ReadSnapshot,
  communityId: string,
  read: (what: Pick<Standing, 'feed' | 'type' | 'id'>, body: () => Promise<object | null>) => Promise<Standing>,
): AsyncGenerator<Standing> {
  const plans = await db
    .selectFrom('care_plan')
    .select(['resident_id', 'by_accounts'])
    .where('community_id', '=', communityId)
    .execute();
  const waiting = await waitForPlanning(db, communityId);
  for (const { resident_id: id, by_accounts } of plans) {
    // What rests on a visit that is open again is told in a moment.
    if (waiting.has(id)) continue;
    for (const account of namesOf(by_accounts)) {
      yield await read({ feed: `account/${account}`, type: 'recipient', id }, () =>
        recipientBody(db, communityId, id, account),
      );
    }
  }
}
