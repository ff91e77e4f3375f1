/** Intake: a push becomes stored revisions and receipts. Every revision is kept, one bad one blocks no other (QUA-1). */
import type { Problem, Receipt } from '../../sync/protocol';
import { DatabaseUnavailableError, type ReadSnapshot, type Transaction } from '../database/open';
import { lockAccount } from '../database/locks';
import { reach } from '../fault-point';
import { publish } from '../feeds/publish';
import { submissionChangesFor } from '../feeds/republish';
import { askPlanning } from '../care/ask-planning';
import { askCounting, askTelling } from '../coverage/ask-counting';
import type { Asker, Office } from '../office';
import { askRecheckOf } from '../quarantine/ask-recheck';
import { type Closed, mayHandOver, type Scope, scopeOf, trueDevice } from '../scope';
import { type Examined } from './examine';
import { judge, type Judged, problem } from './judge';
import { KnownRecords } from './known-records';
import { GatheredReads } from './reads';
import {
  type Delivery,
  type Incoming,
  type Revision,
  storeHeads,
  storeProposals,
  storeRevisions,
  type Submission,
} from './store';
import { wavesOf } from './waves';

/** The community has no such account; or its account or phone was closed so long ago that it may not even hand over. Nothing was stored. */
export class NoScopeError extends Error {
  override name = 'NoScopeError';
  constructor(readonly closed: Closed['why'] | null) {
    super('the account has no scope');
  }
}

/** The scope that a push is judged by. Throws a NoScopeError. */
async function scopeOfPush(
  db: ReadSnapshot,
  { communityId, id, session }: Asker,
  device: { id: string },
  now: number,
): Promise<Scope> {
  const scope = await scopeOf(db, communityId, id, { id: device.id, session });
  if (!scope) throw new NoScopeError(null);
  const { closed } = scope;
  if (closed && !mayHandOver(closed, now)) throw new NoScopeError(closed.why);
  return scope;
}

export type TakenIn = { receipts: Receipt[]; afterwork: boolean };

/**
 * Stores what an account pushed, in the order pushed, and tells the account's own feed; answers after the commit is durable (REC-1).
 * `clockOffset`: milliseconds that the device's clock was ahead (TIME-2). Throws a NoScopeError, or a DatabaseUnavailableError.
 */
export function takeIn(
  office: Office,
  account: Asker,
  device: { id: string },
  push: readonly Examined[],
  clockOffset: number,
): Promise<TakenIn> {
  return office.database.writeTogether(async (tx) => {
    reach('push:begun');
    await lockAccount(tx, account.communityId, account.id);
    const now = office.world.now();
    const scope = await scopeOfPush(tx, account, device, now);
    const delivery = {
      communityId: account.communityId,
      accountId: account.id,
      deviceId: trueDevice(scope, device.id),
      receivedAt: new Date(now).toISOString(),
      clockOffset,
    };
    const intake = new Intake(office, tx, scope, delivery, await KnownRecords.read(tx, account, push));
    const receipts = await intake.take(push);
    await intake.tell();
    reach('push:told');
    return { receipts, afterwork: intake.afterwork };
  });
}

class Intake {
  afterwork = false;
  readonly #office: Office;
  readonly #tx: Transaction;
  readonly #scope: Scope;
  readonly #delivery: Delivery;
  readonly #known: KnownRecords;
  readonly #touched = new Set<string>();
  /** Doors whose records came or went; doors of which phones were told what is open again (TWO-4). */
  readonly #counted = new Set<string>();
  readonly #reopened = new Set<string>();
  /** People in care of whom an approved visit is open again. */
  readonly #visited = new Set<string>();

  constructor(office: Office, tx: Transaction, scope: Scope, delivery: Delivery, known: KnownRecords) {
    this.#office = office;
    this.#tx = tx;
    this.#scope = scope;
    this.#delivery = delivery;
    this.#known = known;
  }

  /** The receipts of all, in the order pushed (REC-4). */
  async take(push: readonly Examined[]): Promise<Receipt[]> {
    for (const wave of wavesOf(push)) {
      const news = wave.filter((examined) => !this.#known.storedAs(examined));
      if (news.length > 0) await this.#store(news);
    }
    return push.map((examined) => {
      const row = this.#known.storedAs(examined);
      if (!row) throw new Error('a revision was taken in and is not known');
      return receiptOf(examined, row);
    });
  }

  /** Own feed only (FEED-10), last in the transaction; what it means for doors comes afterwards. */
  async tell(): Promise<void> {
    const { communityId, id } = this.#scope;
    const { receivedAt } = this.#delivery;
    await askCounting(this.#tx, communityId, [...this.#counted], receivedAt);
    await askTelling(this.#tx, communityId, [...this.#reopened], receivedAt);
    await askPlanning(this.#tx, communityId, [...this.#visited], receivedAt);
    await publish(this.#tx, communityId, submissionChangesFor(this.#tx, communityId, [...this.#touched], id));
  }

  /** Of one wave: none of them rests on another. */
  async #store(news: readonly Examined[]): Promise<void> {
    const { database } = this.#office;
    try {
      this.#keep(news, await database.attempt(this.#tx, () => this.#judgeAndStore(news)));
    } catch (error) {
      if (error instanceof DatabaseUnavailableError) throw error;
      // Our own fault, not the worker's. Each for itself then, so that one takes no other along (QUA-1); that one is kept whole (QUA-7).
      if (news.length > 1) for (const one of news) await this.#store([one]);
      else this.#keep(news, await database.attempt(this.#tx, () => this.#storeAside(news)));
    }
  }

  #keep(news: readonly Examined[], { revisions, heads, counted, reopened, visited, afterwork }: Stored): void {
    this.#known.keep(revisions, heads);
    for (const id of counted) this.#counted.add(id);
    for (const id of reopened) this.#reopened.add(id);
    for (const id of visited) this.#visited.add(id);
    for (const { entry } of news) this.#touched.add(entry.id);
    this.afterwork ||= afterwork;
    reach('push:revision-stored');
  }

  async #judgeAndStore(news: readonly Examined[]): Promise<Stored> {
    const reads = new GatheredReads(this.#tx, this.#scope.communityId);
    const incoming = news.map(async (examined): Promise<Incoming> => {
      const { is, fault } = this.#known.placeOf(examined);
      const judged = fault ? unjudged([fault]) : await judge(reads, this.#scope, examined, this.#delivery);
      return { examined, place: is, judged };
    });
    // None is left asking when another one failed: its transaction goes on, and ends, without it.
    await Promise.allSettled(incoming);
    return this.#write(await Promise.all(incoming));
  }

  #storeAside(news: readonly Examined[]): Promise<Stored> {
    return this.#write(
      news.map((examined) => ({
        examined,
        place: this.#known.placeOf(examined).is,
        judged: unjudged([problem('internal', [])]),
      })),
    );
  }

  async #write(incoming: readonly Incoming[]): Promise<Stored> {
    const { communityId, receivedAt } = this.#delivery;
    const revisions = await storeRevisions(this.#tx, this.#delivery, incoming);
    const whole = incoming.map(({ judged }) => judged).filter(({ problems }) => problems.length === 0);
    const proposed = await storeProposals(this.#tx, this.#delivery, whole);
    const leading = incoming.filter((one) => this.#known.leads(one.examined, one.place));
    const heads = await storeHeads(this.#tx, this.#delivery, leading);
    // After the heads: what waits for these ids may stand before them in the same push (QUA-6).
    const awaited = await askRecheckOf(this.#tx, communityId, proposed, receivedAt);
    const counted: string[] = [];
    const reopened: string[] = [];
    const visited: string[] = [];
    for (const { id, kind, dwelling_id, byRule } of heads.values()) {
      const before = this.#known.head(id);
      // Where an attempt is accepted by rule, that counts its door.
      const door = kind === 'household-verification' && !byRule ? dwelling_id : null;
      counted.push(...[before?.dwelling_id, door].filter((dwelling) => typeof dwelling === 'string'));
      if (before?.review !== 'approved') continue;
      if (before.dwelling_id !== null) reopened.push(before.dwelling_id);
      if (before.kind === 'care-visit') visited.push(before.target_id);
    }
    const byRule = [...heads.values()].some((head) => head.byRule);
    return {
      revisions,
      heads: [...heads.values()],
      counted,
      reopened,
      visited,
      afterwork: byRule || awaited || counted.length + visited.length > 0,
    };
  }
}

/** What a wave left behind; doors of it that count anew, and that are open again; people whose approved visit is open again. */
type Stored = {
  revisions: Revision[];
  heads: Submission[];
  counted: string[];
  reopened: string[];
  visited: string[];
  afterwork: boolean;
};

function unjudged(problems: Problem[]): Judged {
  return { problems, revision: null, place: null, body: {} };
}

/** Names the revision as it was pushed (REC-4), and says what was said the first time (REC-2). */
function receiptOf({ entry }: Examined, { status, problems }: Revision): Receipt {
  return {
    id: entry.id,
    revision: entry.revision,
    digest: entry.digest,
    status,
    ...(problems.length > 0 && { problems }),
  };
}
