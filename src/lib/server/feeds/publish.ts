/** Feeds: what phones may read, each its own small log with versions of its own (protocol.md, A feed on the server). */
import type { Selectable } from 'kysely';
import type { ItemType } from '../../sync/items';
import type { FeedId } from '../../sync/protocol';
import { open, seal } from '../codec';
import type { Transaction } from '../database/open';
import type { FeedItemTable } from '../database/tables';
import { jsonOf } from '../readable';
import { toldText } from './bodies/mask';

export type FeedChange = { feed: FeedId; type: ItemType; id: string } & (
  | {
      /** What is told; a function is called after the feeds' rows are locked (FEED-8). */ body:
        Body | (() => Promise<Body>);
    }
  | { gone: true }
);
type Body = object;
/** An item as it is to stand in its feed: JSON text, null where it left. */
type Standing = { feed: FeedId; type: ItemType; id: string; version: number; text: string | null };

/** Rows a statement: far below SQLite's and PostgreSQL's bounds on parameters. */
const atOnce = 200;
/** Of these a replaced body stays under its version: the basis of TWO-2. */
const keptPast: ReadonlySet<ItemType> = new Set<ItemType>(['dwelling']);

/**
 * Tells feeds of changes: the last thing a transaction does, after all its other writes. An item named twice counts once, as named last; a body that
 * says nothing new keeps its version; what never was in the feed does not leave it.
 */
export async function publish(tx: Transaction, communityId: string, changes: readonly FeedChange[]): Promise<void> {
  const byFeed = groupByFeed(changes);
  const feeds = [...byFeed.keys()].sort();
  const versions = new Map<FeedId, number>();
  for (const feed of feeds) {
    versions.set(feed, await takeVersions(tx, communityId, feed, byFeed.get(feed)?.length ?? 0));
  }
  for (const feed of feeds) {
    const own = byFeed.get(feed) ?? [];
    const last = versions.get(feed) ?? 0;
    const standings: Standing[] = [];
    for (const [index, change] of own.entries()) {
      standings.push({
        feed,
        type: change.type,
        id: change.id,
        version: last - own.length + 1 + index,
        text: 'gone' in change ? null : toldText(await read(change.body)),
      });
    }
    for (let from = 0; from < standings.length; from += atOnce) {
      await write(tx, communityId, feed, standings.slice(from, from + atOnce));
    }
  }
}

function groupByFeed(changes: readonly FeedChange[]): Map<FeedId, FeedChange[]> {
  const unique = new Map<string, FeedChange>();
  for (const change of changes) {
    const key = `${change.feed} ${change.type} ${change.id}`;
    unique.delete(key);
    unique.set(key, change);
  }
  return Map.groupBy(unique.values(), (change) => change.feed);
}

const read = (body: Body | (() => Promise<Body>)) => (typeof body === 'function' ? body() : body);

/** Locks the feed's row, raises its version by `count` and gives back the new one. Feeds are locked in the order of their ids. */
async function takeVersions(tx: Transaction, communityId: string, feed: FeedId, count: number): Promise<number> {
  const row = await tx
    .insertInto('feed')
    .values({ community_id: communityId, id: feed, version: count })
    .onConflict((conflict) =>
      conflict.columns(['community_id', 'id']).doUpdateSet((set) => ({ version: set('feed.version', '+', count) })),
    )
    .returning('version')
    .executeTakeFirstOrThrow();
  return row.version;
}

async function write(tx: Transaction, communityId: string, feed: FeedId, standings: Standing[]): Promise<void> {
  const before = await itemsBefore(tx, communityId, feed, standings);
  const news = standings.filter(({ type, id, text }) => {
    const was = before.get(`${type} ${id}`);
    return text === null ? was?.gone === 0 : was?.gone !== 0 || open(was.body) !== text;
  });
  if (news.length === 0) return;

  const past = news.flatMap(({ type, id }) => {
    const was = before.get(`${type} ${id}`);
    const isKept = was?.gone === 0 && keptPast.has(type) && jsonOf(open(was.body)) !== undefined;
    return isKept ? [was] : [];
  });
  if (past.length > 0) {
    await tx
      .insertInto('feed_past')
      .values(past.map(({ gone: _, ...row }) => row))
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
  await tx
    .insertInto('feed_item')
    .values(
      news.map(({ type, id, version, text }) => ({
        community_id: communityId,
        feed_id: feed,
        type,
        item_id: id,
        version,
        body: seal(text ?? ''),
        gone: text === null ? (1 as const) : (0 as const),
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(['community_id', 'feed_id', 'type', 'item_id']).doUpdateSet((set) => ({
        version: set.ref('excluded.version'),
        body: set.ref('excluded.body'),
        gone: set.ref('excluded.gone'),
      })),
    )
    .execute();
}

async function itemsBefore(
  tx: Transaction,
  communityId: string,
  feed: FeedId,
  standings: Standing[],
): Promise<Map<string, Selectable<FeedItemTable>>> {
  const rows = await tx
    .selectFrom('feed_item')
    .selectAll()
    .where('community_id', '=', communityId)
    .where('feed_id', '=', feed)
    .where('type', 'in', [...new Set(standings.map(({ type }) => type))])
    .where('item_id', 'in', [...new Set(standings.map(({ id }) => id))])
    .execute();
  return new Map(rows.map((row) => [`${row.type} ${row.item_id}`, row]));
}
