/** What of its feeds a device lacks, from one snapshot: within `limit` changes and a number of bytes over all feeds (FEED-4). */
import type { FeedId } from '../../sync/protocol';
import { open } from '../codec';
import type { ReadSnapshot } from '../database/open';
import { jsonOf } from '../readable';

/** A change as it goes on the wire: its body is JSON text already. */
export type ToldChange = { type: string; id: string; version: number; body: string | null };
export type ToldFeed = { id: FeedId; version: number; more: boolean; reset: boolean; changes: ToldChange[] };

export type Question = {
  /** Feeds that the account may read, in the order in which they are told: community, grids, account (FEED-9). */
  scope: readonly FeedId[];
  have: Readonly<Record<string, number>>;
  limit: number;
  /** UTF-8 bytes that changes may take; one change always goes. */
  bytes: number;
  /** The request's epoch is the community's. If not, every feed is told from 0 (RES-3). */
  epochMatches: boolean;
  /** Told of a feed whose cursor is higher than its version in the same epoch: that must never be (RES-3). */
  alarm?: (feed: FeedId) => void;
  /** Told of an item whose body is no JSON any more: it is left out, so that all else reaches the phone. */
  leftOut?: (type: string, id: string) => void;
};

/** Rows a read: an answer that is full by bytes has not fetched thousands for nothing. */
const page = 500;

export async function pull(snapshot: ReadSnapshot, communityId: string, question: Question): Promise<ToldFeed[]> {
  const versions = await feedVersions(snapshot, communityId, question.scope);
  const room = new Room(question.limit, question.bytes);
  const told: ToldFeed[] = [];
  for (const id of question.scope) {
    const version = versions.get(id) ?? 0;
    const held = Object.hasOwn(question.have, id) ? (question.have[id] ?? 0) : 0;
    const ahead = question.epochMatches && held > version;
    if (ahead) question.alarm?.(id);
    const reset = ahead || !question.epochMatches;
    told.push({
      ...(await tellFeed(snapshot, communityId, { id, cursor: reset ? 0 : held, version }, room, question.leftOut)),
      reset,
    });
  }
  return told;
}

/** One row a feed: all that an answer without news costs (FEED-6). */
async function feedVersions(
  snapshot: ReadSnapshot,
  communityId: string,
  scope: readonly FeedId[],
): Promise<Map<string, number>> {
  if (scope.length === 0) return new Map();
  const rows = await snapshot
    .selectFrom('feed')
    .select(['id', 'version'])
    .where('community_id', '=', communityId)
    .where('id', 'in', scope)
    .execute();
  return new Map(rows.map((row) => [row.id, row.version]));
}

async function tellFeed(
  snapshot: ReadSnapshot,
  communityId: string,
  { id, cursor, version }: { id: FeedId; cursor: number; version: number },
  room: Room,
  leftOut: Question['leftOut'],
): Promise<Omit<ToldFeed, 'reset'>> {
  const changes: ToldChange[] = [];
  if (version === cursor) return { id, version, more: false, changes };
  let from = cursor;
  while (!room.full) {
    const wanted = Math.min(page, room.changes + 1);
    const rows = await changesAfter(snapshot, communityId, id, from, wanted, cursor === 0);
    for (const change of rows) {
      if (change.body !== null && jsonOf(change.body) === undefined) {
        leftOut?.(change.type, change.id);
        from = change.version;
        continue;
      }
      if (!room.take(change)) return { id, version: from, more: true, changes };
      changes.push(change);
      from = change.version;
    }
    if (rows.length < wanted) return { id, version, more: false, changes };
  }
  return { id, version: from, more: true, changes };
}

/** `fresh`: the device starts from 0 and need not be told of what is gone (FEED-5). */
async function changesAfter(
  snapshot: ReadSnapshot,
  communityId: string,
  feed: FeedId,
  cursor: number,
  atMost: number,
  fresh: boolean,
): Promise<ToldChange[]> {
  const rows = await snapshot
    .selectFrom('feed_item')
    .select(['type', 'item_id', 'version', 'body', 'gone'])
    .where('community_id', '=', communityId)
    .where('feed_id', '=', feed)
    .where('version', '>', cursor)
    .$if(fresh, (query) => query.where('gone', '=', 0))
    .orderBy('version')
    .limit(atMost)
    .execute();
  return rows.map((row) => ({
    type: row.type,
    id: row.item_id,
    version: row.version,
    body: row.gone ? null : open(row.body),
  }));
}

/** What still goes into the answer. Once a change did not fit, no later feed is told either: a decision never overtakes its change of the register. */
class Room {
  changes: number;
  full = false;
  #bytes: number;
  #any = false;

  constructor(changes: number, bytes: number) {
    this.changes = changes;
    this.#bytes = bytes;
  }

  take(change: ToldChange): boolean {
    const size = Buffer.byteLength(change.body ?? '') + Buffer.byteLength(change.type + change.id) + 80;
    if (this.changes === 0 || (this.#any && size > this.#bytes)) {
      this.full = true;
      return false;
    }
    this.changes -= 1;
    this.#bytes -= size;
    this.#any = true;
    return true;
  }
}
