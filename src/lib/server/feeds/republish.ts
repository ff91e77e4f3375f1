/** Says anew what feeds hold about a thing of the office, after the thing changed: the last step of the transaction that changed it. */
import type { ItemType } from '../../sync/items';
import type { FeedId } from '../../sync/protocol';
import type { Transaction } from '../database/open';
import { profileBody } from './bodies/account';
import { codeListBodies, communityBody, formBodies } from './bodies/community';
import { dwellingBodies } from './bodies/dwelling';
import { buildingBody, gridBody } from './bodies/grid';
import { carersOf, recipientBody } from './bodies/recipient';
import { submissionBodies } from './bodies/submission';
import { type FeedChange, publish } from './publish';

/** Doors in the feeds of their grids; a retired one leaves, and one that moved leaves the feed it was in (DEV-16). */
export async function republishDoors(tx: Transaction, communityId: string, ids: readonly string[]): Promise<void> {
  await publish(tx, communityId, await doorChanges(tx, communityId, ids));
}

/** As `republishDoors`, for a caller that publishes other changes with it: all of a transaction's changes go in one `publish`. */
export async function doorChanges(tx: Transaction, communityId: string, ids: readonly string[]): Promise<FeedChange[]> {
  const asked = [...new Set(ids)];
  if (asked.length === 0) return [];
  const rows = await tx
    .selectFrom('dwelling')
    .select(['id', 'grid_id', 'retired_at'])
    .where('community_id', '=', communityId)
    .where('id', 'in', asked)
    .execute();
  const feeds = new Map<string, FeedId>(
    rows.flatMap((row) => (row.retired_at === null ? [[row.id, `grid/${row.grid_id}`] as const] : [])),
  );
  const bodyOf = together((known) => dwellingBodies(tx, communityId, known), [...feeds.keys()]);
  const told = [...feeds].map(([id, feed]): FeedChange => ({ feed, type: 'dwelling', id, body: () => bodyOf(id) }));
  return [...(await departures(tx, communityId, 'dwelling', asked, feeds)), ...told];
}

/** A grid with its buildings; its doors are `republishDoors`. */
export async function republishGrid(tx: Transaction, communityId: string, gridId: string): Promise<void> {
  await publish(tx, communityId, await gridChanges(tx, communityId, gridId));
}

async function gridChanges(tx: Transaction, communityId: string, gridId: string): Promise<FeedChange[]> {
  const buildings = await tx
    .selectFrom('building')
    .select('id')
    .where('community_id', '=', communityId)
    .where('grid_id', '=', gridId)
    .orderBy('id')
    .execute();
  return [
    ...(await gridItem(tx, communityId, gridId)),
    ...(await buildingChanges(
      tx,
      communityId,
      buildings.map(({ id }) => id),
    )),
  ];
}

/** A grid without its buildings: its name, and the rounds that run in it. None where there is no such grid. */
export async function gridItem(tx: Transaction, communityId: string, gridId: string): Promise<FeedChange[]> {
  const body = await gridBody(tx, communityId, gridId);
  if (!body) return [];
  const about = { feed: `grid/${gridId}`, type: 'grid', id: gridId } as const;
  return [{ ...about, body: () => there(gridBody(tx, communityId, gridId)) }];
}

/** Buildings alone: a plan that was corrected, a building that moved to another grid. */
export async function buildingChanges(
  tx: Transaction,
  communityId: string,
  ids: readonly string[],
): Promise<FeedChange[]> {
  if (ids.length === 0) return [];
  const rows = await tx
    .selectFrom('building')
    .select(['id', 'grid_id'])
    .where('community_id', '=', communityId)
    .where('id', 'in', ids)
    .execute();
  const feeds = new Map<string, FeedId>(rows.map((row) => [row.id, `grid/${row.grid_id}`]));
  const told = [...feeds].map(([id, feed]): FeedChange => ({
    feed,
    type: 'building',
    id,
    body: () => there(buildingBody(tx, communityId, id)),
  }));
  return [...(await departures(tx, communityId, 'building', ids, feeds)), ...told];
}

/** Where a submission stands, to its author and to whoever else pushed revisions of it. */
export async function republishSubmission(tx: Transaction, communityId: string, id: string): Promise<void> {
  await publish(tx, communityId, await submissionChanges(tx, communityId, id));
}

export async function submissionChanges(tx: Transaction, communityId: string, id: string): Promise<FeedChange[]> {
  const row = await tx
    .selectFrom('submission')
    .select('account_id')
    .where('community_id', '=', communityId)
    .where('id', '=', id)
    .executeTakeFirst();
  const foreign = await tx
    .selectFrom('revision')
    .select('account_id')
    .distinct()
    .where('community_id', '=', communityId)
    .where('submission_id', '=', id)
    .where('place', '=', 'foreign')
    .execute();
  const accounts = [...(row ? [row] : []), ...foreign].map(({ account_id }) => account_id);
  return [...new Set(accounts)].flatMap((account) => submissionChangesFor(tx, communityId, [id], account));
}

/** The items of submissions in one account's feed: all that a push may change (FEED-10). */
export function submissionChangesFor(
  tx: Transaction,
  communityId: string,
  ids: readonly string[],
  account: string,
): FeedChange[] {
  const bodyOf = together((asked) => submissionBodies(tx, communityId, asked, account), ids);
  return ids.map((id): FeedChange => ({ feed: `account/${account}`, type: 'submission', id, body: () => bodyOf(id) }));
}

/** Bodies that are read once for all, on the first call, which comes after the feeds were locked (FEED-8). */
function together<T extends object>(
  read: (ids: readonly string[]) => Promise<ReadonlyMap<string, T>>,
  ids: readonly string[],
): (id: string) => Promise<T> {
  let reading: ReturnType<typeof read> | undefined;
  return async (id) => {
    reading ??= read(ids);
    const body = (await reading).get(id);
    if (!body) throw new Error(`published what is not there: ${id}`);
    return body;
  };
}

/** An account's own feed: its profile and the people in its care. */
export async function republishAccount(tx: Transaction, communityId: string, accountId: string): Promise<void> {
  const { profile, people } = await accountItems(tx, communityId, accountId);
  const recipients = await Promise.all(people.map((id) => recipientChange(tx, communityId, id, accountId)));
  await publish(tx, communityId, [profile, ...recipients]);
}

/** The same, and to everybody who cares for one of these people with the account: their phones name it. */
export async function republishAccountAndCarers(
  tx: Transaction,
  communityId: string,
  accountId: string,
): Promise<void> {
  const { profile, people } = await accountItems(tx, communityId, accountId);
  const recipients: FeedChange[] = [];
  for (const id of people) recipients.push(...(await recipientChanges(tx, communityId, id)));
  await publish(tx, communityId, [profile, ...recipients]);
}

async function accountItems(
  tx: Transaction,
  communityId: string,
  accountId: string,
): Promise<{ profile: FeedChange; people: string[] }> {
  const feed: FeedId = `account/${accountId}`;
  const profile: FeedChange = {
    feed,
    type: 'profile',
    id: accountId,
    body: () => there(profileBody(tx, communityId, accountId)),
  };
  const plans = await tx
    .selectFrom('care_plan')
    .select(['resident_id', 'by_accounts'])
    .where('community_id', '=', communityId)
    .where('by_accounts', 'like', `%${JSON.stringify(accountId)}%`)
    .execute();
  const told = await itemsIn(tx, communityId, feed, 'recipient');
  return { profile, people: [...new Set([...plans.map((plan) => plan.resident_id), ...told])] };
}

/** A person in care, to everybody who cares for them now; it leaves the feeds of those who did before. */
export async function republishRecipient(tx: Transaction, communityId: string, residentId: string): Promise<void> {
  await publish(tx, communityId, await recipientChanges(tx, communityId, residentId));
}

export async function recipientChanges(
  tx: Transaction,
  communityId: string,
  residentId: string,
): Promise<FeedChange[]> {
  const now = await carersOf(tx, communityId, residentId);
  const before = await feedsWith(tx, communityId, 'recipient', [residentId]);
  const accounts = new Set([...now, ...before.map(({ feed_id }) => feed_id.slice('account/'.length))]);
  return Promise.all([...accounts].map((account) => recipientChange(tx, communityId, residentId, account)));
}

async function recipientChange(
  tx: Transaction,
  communityId: string,
  residentId: string,
  accountId: string,
): Promise<FeedChange> {
  const head = { feed: `account/${accountId}`, type: 'recipient', id: residentId } as const;
  const read = () => recipientBody(tx, communityId, residentId, accountId);
  return (await read()) ? { ...head, body: () => there(read()) } : { ...head, gone: true };
}

/** What everybody in the community may see; forms and code lists that the office does not know any more leave. */
export async function republishCommunity(tx: Transaction, communityId: string): Promise<void> {
  const feed: FeedId = `community/${communityId}`;
  const items = [
    ...(await formBodies(tx, communityId)).map((form) => ({ feed, type: 'form' as const, ...form })),
    ...codeListBodies().map((list) => ({ feed, type: 'code-list' as const, ...list })),
  ];
  const known = new Set(items.map(({ type, id }) => `${type} ${id}`));
  const gone: FeedChange[] = [];
  for (const type of ['form', 'code-list'] as const) {
    for (const id of await itemsIn(tx, communityId, feed, type)) {
      if (!known.has(`${type} ${id}`)) gone.push({ feed, type, id, gone: true });
    }
  }
  const community: FeedChange = {
    feed,
    type: 'community',
    id: communityId,
    body: () => there(communityBody(tx, communityId)),
  };
  await publish(tx, communityId, [community, ...items, ...gone]);
}

async function there<T extends object>(body: Promise<T | null>): Promise<T> {
  const read = await body;
  if (!read) throw new Error('published what is not there');
  return read;
}

/** `gone` for each feed that still tells an item which stands in another one now, or in none. */
async function departures(
  tx: Transaction,
  communityId: string,
  type: ItemType,
  ids: readonly string[],
  feeds: ReadonlyMap<string, FeedId>,
): Promise<FeedChange[]> {
  const told = await feedsWith(tx, communityId, type, ids);
  return told
    .filter(({ feed_id, item_id }) => feeds.get(item_id) !== feed_id)
    .map(({ feed_id, item_id }) => ({ feed: feed_id, type, id: item_id, gone: true }));
}

function feedsWith(tx: Transaction, communityId: string, type: ItemType, ids: readonly string[]) {
  return tx
    .selectFrom('feed_item')
    .select(['feed_id', 'item_id'])
    .where('community_id', '=', communityId)
    .where('type', '=', type)
    .where('item_id', 'in', ids)
    .where('gone', '=', 0)
    .execute();
}

async function itemsIn(tx: Transaction, communityId: string, feed: FeedId, type: ItemType): Promise<string[]> {
  const rows = await tx
    .selectFrom('feed_item')
    .select('item_id')
    .where('community_id', '=', communityId)
    .where('feed_id', '=', feed)
    .where('type', '=', type)
    .where('gone', '=', 0)
    .execute();
  return rows.map((row) => row.item_id);
}
