/** `POST /api/sync`: one request pushes and pulls (protocol.md). All of it but HTTP's own part, so that tests and simulations call it as it is. */
import { limits, PROTOCOL, type Receipt } from '../../sync/protocol';
import { DatabaseUnavailableError } from '../database/open';
import { reach } from '../fault-point';
import { pull } from '../feeds/pull';
import { NoScopeError, takeIn } from '../intake/take-in';
import { log, plainError } from '../log';
import type { Office, SignedIn } from '../office';
import { feedsOf, scopeOf } from '../scope';
import { afterPush } from './afterwork';
import { missing } from './offers';
import { compressed } from './compress';
import { type AskedBy, readQuestion } from './question';
import { Refusal, refusalResponse } from './refusal';
import { render } from './render';
import { unpack } from './unpack';

type Account = Pick<SignedIn, 'communityId' | 'id'>;

/** Seconds after which a device tries again: its own jitter comes on top. */
const retryAfter = 2;
/** Beyond this an offset says nothing but that the device has no clock. */
const longestOffset = 100 * 365 * 24 * 3600 * 1000;

/**
 * Answers one sync. `bytes` is the request's body as it came (packed, if the headers say so); `account` is who the session says, null without one.
 * Never throws: what cannot be answered is a refusal with `protocol` and `error`.
 */
export async function answerSync(
  office: Office,
  account: Account | null,
  bytes: Uint8Array,
  headers: Headers,
): Promise<Response> {
  try {
    const question = readQuestion(await unpack(bytes, headers.get('content-encoding')), account);
    reach('push:unpacked');
    const text = await answer(office, question);
    reach('push:answered');
    return await compressed(text, headers.get('accept-encoding'));
  } catch (error) {
    return refusalResponse(asRefusal(error));
  }
}

async function answer(office: Office, question: AskedBy<Account>): Promise<string> {
  const { account, push, device } = question;
  let receipts: Receipt[] = [];
  if (push.length > 0) {
    const taken = await takeIn(office, account, device, push, offsetOf(device.clock, office.world.now()));
    reach('push:committed');
    receipts = taken.receipts;
    if (taken.afterwork) afterPush(office);
  }
  return told(office, question, receipts);
}

/** One snapshot of epoch, scope, feeds and items, begun after the push was committed (FEED-9). */
function told(office: Office, question: AskedBy<Account>, receipts: Receipt[]): Promise<string> {
  const { communityId, id } = question.account;
  return office.database.read(async (snapshot) => {
    const scope = await scopeOf(snapshot, communityId, id);
    if (!scope || scope.ended) throw new NoScopeError(scope !== null);
    const { epoch } = await snapshot
      .selectFrom('community')
      .select('epoch')
      .where('community_id', '=', communityId)
      .executeTakeFirstOrThrow();
    const feeds = feedsOf(scope);
    const head = {
      protocol: PROTOCOL,
      account: id,
      epoch,
      clock: office.world.now(),
      receipts,
      wanted: await missing(snapshot, scope, question.offer),
      left: Object.keys(question.have).filter((feed) => !feeds.includes(feed)),
    } as const;
    const framed = Buffer.byteLength(JSON.stringify(head)) + feeds.length * 200;
    const changes = await pull(snapshot, communityId, {
      scope: feeds,
      have: question.have,
      limit: question.limit,
      bytes: Math.max(0, limits.answerBytes - framed),
      epochMatches: question.epoch === epoch,
      alarm: (feed) => log({ event: 'alarm', reason: 'cursor ahead of feed', feed: feed.split('/')[0] ?? '' }),
    });
    return render(head, changes);
  });
}

function offsetOf(clock: number, now: number): number {
  return Math.round(Math.max(-longestOffset, Math.min(longestOffset, clock - now)));
}

function asRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof NoScopeError) {
    return error.ended ? new Refusal(403, 'account ended', { revoked: true }) : new Refusal(401, 'unknown account');
  }
  if (error instanceof DatabaseUnavailableError) {
    log({ event: 'database', code: error.code });
    return new Refusal(503, 'busy', { retryAfter });
  }
  log({ event: 'error', route: 'sync', ...plainError(error) });
  return new Refusal(500, 'internal error');
}
