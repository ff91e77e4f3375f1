/** One phone at rest, beside the office: its register is the office's for its feeds, nothing waits, drafts are there. */
import * as z from 'zod';
import type { ReadSnapshot } from '../../src/lib/server/database/open';
import { feedsOf, scopeOf } from '../../src/lib/server/scope';
import { canonical } from './ledger';
import type { PhoneMachine } from './phone-machine';
import type { Simulation } from './simulation';

const day = 24 * 3600 * 1000;

const ItemRow = z.object({
  feed: z.string(),
  type: z.string(),
  id: z.string(),
  version: z.number(),
  body: z.object({ open: z.object({ json: z.instanceof(Uint8Array) }) }),
});
const CursorRow = z.object({ feed: z.string(), version: z.number() });
const OutboxRow = z.object({ id: z.string(), revision: z.number(), digest: z.string(), state: z.string() });
const MetaRow = z.object({ key: z.string(), value: z.unknown() });

export async function checkPhone(simulation: Simulation, phone: PhoneMachine, account: string): Promise<void> {
  const { office, ledger } = simulation;
  const database = `qiaomen-${account}`;
  const fail = (words: string) => ledger.failures.push(`phone ${phone.number}, ${account}: ${words}`);
  const told = await office.peek((db) => tellAll(db, office.community.id, account, phone, office.now()));
  const rows = phone.disk.rows(database, 'items').map((row) => ItemRow.parse(row));
  const held = new Map(
    rows.map(({ feed, type, id, version, body }) => [
      `${feed} ${type} ${id}`,
      { version, body: canonical(JSON.parse(new TextDecoder().decode(body.open.json))) },
    ]),
  );
  for (const [key, { version, body }] of told.items) {
    const own = held.get(key);
    if (!own) fail(`[FEED-1] lacks ${key}`);
    else if (own.body !== body) fail(`[FEED-1] holds another body of ${key}: ${own.body} instead of ${body}`);
    else if (own.version !== version) fail(`[FEED-1] holds version ${own.version} of ${key} instead of ${version}`);
  }
  for (const key of held.keys())
    if (!told.items.has(key)) fail(`[FEED-5] holds ${key}, which the office does not tell`);
  const cursors = new Map(
    phone.disk.rows(database, 'cursors').map((row) => [CursorRow.parse(row).feed, CursorRow.parse(row).version]),
  );
  if (canonical(Object.fromEntries(cursors)) !== canonical(Object.fromEntries(told.versions))) {
    fail(`cursors ${JSON.stringify([...cursors])} instead of ${JSON.stringify([...told.versions])}`);
  }
  const meta = new Map(
    phone.disk.rows(database, 'meta').map((row) => [MetaRow.parse(row).key, MetaRow.parse(row).value]),
  );
  if (told.epoch !== null && meta.get('epoch') !== told.epoch) fail('[RES-3] is in another epoch');

  const waiting = phone.disk.rows(database, 'outbox').map((row) => OutboxRow.parse(row));
  for (const { id, revision, digest, state } of waiting) {
    const isExpected = ledger.saved.get(digest)?.unsendable && state === 'set-aside';
    if (isExpected) simulation.faults['set aside'] += 1;
    else if (!told.mayPush) continue;
    else fail(`${id}/${revision} is still ${state}`);
  }
  ledger.checkDrafts(phone.number, account, phone.disk);
  checkShown(phone, account, told, fail);
}

type Told = {
  items: Map<string, { version: number; body: string }>;
  versions: Map<string, number>;
  epoch: string | null;
  /** The office takes what this phone has; if it is not open, for 90 days and nothing else (SCO-5). */
  mayPush: boolean;
  isOpen: boolean;
};

/** What the office tells an account, read from its tables. */
async function tellAll(
  db: ReadSnapshot,
  communityId: string,
  account: string,
  { disk, cookie }: PhoneMachine,
  now: number,
): Promise<Told> {
  const meta = disk.rows(`qiaomen-${account}`, 'meta').map((row) => MetaRow.parse(row));
  const id = z.string().parse(meta.find(({ key }) => key === 'deviceId')?.value);
  const scope = await scopeOf(db, communityId, account, { id, session: cookie?.session });
  const { epoch } = await db
    .selectFrom('community')
    .select('epoch')
    .where('community_id', '=', communityId)
    .executeTakeFirstOrThrow();
  if (!scope || scope.closed) {
    const mayPush = scope?.closed !== null && now - Date.parse(scope?.closed.at ?? '') < 90 * day;
    return { items: new Map(), versions: new Map(), epoch: null, mayPush, isOpen: false };
  }
  const feeds = feedsOf(scope);
  const versions = await db
    .selectFrom('feed')
    .select(['id', 'version'])
    .where('community_id', '=', communityId)
    .where('id', 'in', feeds)
    .execute();
  const items = await db
    .selectFrom('feed_item')
    .selectAll()
    .where('community_id', '=', communityId)
    .where('feed_id', 'in', feeds)
    .where('gone', '=', 0)
    .execute();
  const known = new Map(versions.map(({ id, version }) => [id, version]));
  return {
    items: new Map(
      items.map((row) => [
        `${row.feed_id} ${row.type} ${row.item_id}`,
        { version: row.version, body: canonical(JSON.parse(row.body)) },
      ]),
    ),
    versions: new Map(feeds.map((feed) => [feed, known.get(feed) ?? 0])),
    epoch,
    mayPush: true,
    isOpen: true,
  };
}

/** What the screens read: the register as the office has it, and every own record where it stands. */
function checkShown(
  phone: PhoneMachine,
  account: string,
  { items, mayPush, isOpen }: Told,
  fail: (words: string) => void,
): void {
  const opened = phone.tabs.find((tab) => tab.account === account)?.phone;
  if (!opened) return void fail('the app did not open');
  const { phase, waiting } = opened.syncState();
  const resting = isOpen ? 'idle' : 'revoked';
  if (phase !== resting || (mayPush && waiting > 0)) fail(`shows ${phase}, ${waiting} waiting`);
  for (const [key, { body }] of items) {
    const [, type, id] = key.split(' ');
    if (type === 'dwelling' && id) {
      const shown = opened.register.door(id)?.registered;
      if (!shown || canonical(plain(shown)) !== body) fail(`shows the door ${id} otherwise than the office`);
    }
    if (type === 'submission' && id && !opened.register.record(id)) {
      if (JSON.parse(body).kind in kinds) fail(`does not show the record ${id}`);
    }
  }
}

const kinds = { 'household-verification': 0, 'care-visit': 0, concern: 0, 'hand-back': 0 };

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
