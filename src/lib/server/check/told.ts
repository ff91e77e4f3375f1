/** Whether phones are told what the office holds of everything but doors (`doors.ts`): grids, buildings, the community, accounts, people in care, records. */
import type { ItemType } from '../../sync/items';
import type { FeedId } from '../../sync/protocol';
import type { ReadSnapshot } from '../database/open';
import { profileBody } from '../feeds/bodies/account';
import { codeListBodies, communityBody, formBodies } from '../feeds/bodies/community';
import { buildingBody, gridBody } from '../feeds/bodies/grid';
import { carersOf, recipientBody } from '../feeds/bodies/recipient';
import { submissionBodies } from '../feeds/bodies/submission';
import { page, type Finding } from './finding';
import { isToldSo } from './is-told-so';

/** `mayBeGone`: what an account keeps for a while only; where it stands it must be right. */
type Standing = { feed: FeedId; type: ItemType; id: string; body: object | null; mayBeGone?: boolean };

/** Answers how many items were looked at. */
export async function checkTold(
  db: ReadSnapshot,
  communityId: string,
  found: (finding: Finding) => void,
): Promise<number> {
  let looked = 0;
  const batch: (Standing & { body: object })[] = [];
  for await (const { feed, type, id, body, mayBeGone } of standings(db, communityId)) {
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
      } else if (!isToldSo(item, body)) say('is told otherwise than the office has it');
    }
  }
}

async function* standings(db: ReadSnapshot, communityId: string): AsyncGenerator<Standing> {
  const community: FeedId = `community/${communityId}`;
  yield { feed: community, type: 'community', id: communityId, body: await communityBody(db, communityId) };
  for (const form of await formBodies(db, communityId)) yield { feed: community, type: 'form', ...form };
  for (const list of codeListBodies()) yield { feed: community, type: 'code-list', ...list };

  const ids = (table: 'grid' | 'account') =>
    db.selectFrom(table).select('id').where('community_id', '=', communityId).orderBy('id').execute();
  for (const { id } of await ids('grid')) {
    yield { feed: `grid/${id}`, type: 'grid', id, body: await gridBody(db, communityId, id) };
  }
  const buildings = await db
    .selectFrom('building')
    .select(['id', 'grid_id'])
    .where('community_id', '=', communityId)
    .orderBy('id')
    .execute();
  for (const { id, grid_id } of buildings) {
    yield { feed: `grid/${grid_id}`, type: 'building', id, body: await buildingBody(db, communityId, id) };
  }
  for (const { id } of await ids('account')) {
    yield { feed: `account/${id}`, type: 'profile', id, body: await profileBody(db, communityId, id) };
  }
  const plans = await db
    .selectFrom('care_plan')
    .select('resident_id')
    .where('community_id', '=', communityId)
    .execute();
  for (const { resident_id: id } of plans) {
    for (const account of await carersOf(db, communityId, id)) {
      const body = await recipientBody(db, communityId, id, account);
      yield { feed: `account/${account}`, type: 'recipient', id, body };
    }
  }
  yield* submissions(db, communityId);
}

async function* submissions(db: ReadSnapshot, communityId: string): AsyncGenerator<Standing> {
  for (let last = ''; ;) {
    const rows = await db
      .selectFrom('submission')
      .select(['id', 'account_id', 'review'])
      .where('community_id', '=', communityId)
      .where('id', '>', last)
      .orderBy('id')
      .limit(500)
      .execute();
    for (const [account, own] of Map.groupBy(rows, (row) => row.account_id)) {
      const ids = own.map(({ id }) => id);
      const bodies = await submissionBodies(db, communityId, ids, account);
      for (const { id, review } of own) {
        const mayBeGone = review === 'approved' || review === 'voided';
        yield { feed: `account/${account}`, type: 'submission', id, body: bodies.get(id) ?? null, mayBeGone };
      }
    }
    const end = rows.at(-1);
    if (!end) return;
    last = end.id;
  }
}
