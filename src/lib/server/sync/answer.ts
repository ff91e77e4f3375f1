/** `POST /api/sync`: one request pushes and pulls (protocol.md). All of it but HTTP's own part, so that tests and simulations call it as it is. */
import { limits, PROTOCOL, type Receipt } from '../../sync/protocol';
import { DatabaseUnavailableError, type ReadSnapshot } from '../database/open';
import { reach } from '../fault-point';
import { pull } from '../feeds/pull';
import { clockOffset } from '../intake/clock-offset';
import { NoScopeError, takeIn } from '../intake/take-in';
import { log, plainError } from '../log';
import { countAlarm, countReceipts } from '../metrics/metrics';
import type { Asker, Office } from '../office';
import { feedsOf, mayHandOver, type Scope, scopeOf, trueDevice } from '../scope';
import { heardFrom, isNews } from '../accounts/heard';
import { afterPush } from './afterwork';
import { lineOf } from './line';
import { missing } from './offers';
import { compressed } from './compress';
import { type AskedBy, readQuestion } from './question';
import { Refusal, refusalResponse } from './refusal';
import { render } from './render';
import { unpack } from './unpack';

/** Seconds after which a device tries again: its own jitter comes on top. */
const retryAfter = 2;
/** Whoever hands over so many records has more of them. */
const muchAtOnce = 50;

/**
 * Answers one sync. `bytes` is the request's body as it came (packed, if the headers say so); `account` is who the session says, null without one.
 * Never throws: what cannot be answered is a refusal with `protocol` and `error`.
 */
export async function answerSync(
  office: Office,
  account: Asker | null,
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
    return refusalResponse(await refusalFor(error, office, account));
  }
}

async function answer(office: Office, question: AskedBy<Asker>): Promise<string> {
  const { account, push, device } = question;
  let receipts: Receipt[] = [];
  if (push.length > 0) {
    const taken = await takeIn(office, account, device, push, clockOffset(device.clock - office.world.now()));
    reach('push:committed');
    receipts = taken.receipts;
    countReceipts(receipts);
    if (taken.afterwork) {
      if (push.length >= muchAtOnce) lineOf(office).awaitMore();
      afterPush(office);
    }
  }
  return told(office, question, receipts);
}

/** One snapshot of epoch, scope, feeds and items, begun after the push was committed (FEED-9). */
function told(office: Office, question: AskedBy<Asker>, receipts: Receipt[]): Promise<string> {
  const { communityId, id, session } = question.account;
  return office.database.read(async (snapshot) => {
    const scope = await scopeOf(snapshot, communityId, id, { id: question.device.id, session });
    if (!scope) throw new NoScopeError(null);
    await note(office, snapshot, question, scope);
    const epoch = await epochOf(snapshot, communityId);
    if (scope.closed && !givesBack(question, epoch, mayHandOver(scope.closed, office.world.now()))) {
      throw new NoScopeError(scope.closed.why);
    }
    const feeds = scope.closed ? [] : feedsOf(scope);
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
      alarm: (feed) => {
        countAlarm('cursor ahead of feed');
        log({ event: 'alarm', reason: 'cursor ahead of feed', feed: feed.split('/')[0] ?? '' });
      },
      leftOut: (type, item) => {
        countAlarm('unreadable item');
        log({ event: 'left-out', work: 'sync', type, id: item });
      },
    });
    return render(head, changes);
  });
}

/**
 * Whether a phone that is out of use is heard once more (SCO-5): it pushed, and has its receipts; or a backup was put back since it last
 * asked, and it gives back what that one lacks (RES-2). After that there is nothing for it.
 */
function givesBack(question: AskedBy<Asker>, epoch: string, mayHandOver: boolean): boolean {
  if (question.push.length > 0) return true;
  const newEpoch = question.epoch !== null && question.epoch !== epoch;
  return mayHandOver && (newEpoch || question.offer.length > 0);
}

/** What the phone said about itself, if there is news in it. */
async function note(
  office: Office,
  db: ReadSnapshot,
  { account, device }: AskedBy<Asker>,
  scope: Scope,
): Promise<void> {
  const now = office.world.now();
  const heard = {
    communityId: account.communityId,
    accountId: account.id,
    deviceId: trueDevice(scope, device.id),
    app: device.app,
    clockOffset: clockOffset(device.clock - now),
    session: account.session ?? '',
    at: new Date(now).toISOString(),
  };
  if (!(await isNews(db, heard))) return;
  heardFrom(office, heard);
  afterPush(office);
}

/** Whoever is out of use is told the epoch, so that the phone keeps what a restored backup may lack (SCO-5). */
async function refusalFor(error: unknown, office: Office, account: Asker | null): Promise<Refusal> {
  if (!(error instanceof NoScopeError) || error.closed === null || account === null) return asRefusal(error);
  const words = error.closed === 'account-ended' ? 'account ended' : 'device revoked';
  try {
    const epoch = await office.database.read((snapshot) => epochOf(snapshot, account.communityId));
    return new Refusal(403, words, { revoked: true, epoch });
  } catch (failure) {
    return asRefusal(failure);
  }
}

async function epochOf(db: ReadSnapshot, communityId: string): Promise<string> {
  const { epoch } = await db
    .selectFrom('community')
    .select('epoch')
    .where('community_id', '=', communityId)
    .executeTakeFirstOrThrow();
  return epoch;
}

function asRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof NoScopeError) return new Refusal(401, 'unknown account');
  if (error instanceof DatabaseUnavailableError) {
    log({ event: 'database', code: error.code });
    return new Refusal(503, 'busy', { retryAfter });
  }
  log({ event: 'error', route: 'sync', ...plainError(error) });
  return new Refusal(500, 'internal error');
}
