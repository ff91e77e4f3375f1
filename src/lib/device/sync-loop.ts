/**
 * The device's loop (protocol.md): what is asked, what an answer means, how far to go and when to try again.
 * It knows neither browser nor database: `send`, `world` and `store` come in, so that a simulation runs this very code.
 */
import type { SyncResponse } from '../sync/protocol';
import { HandingAhead, type Ahead } from './handing-ahead';
import {
  fill,
  PAGES,
  questionText,
  theOnlyOne,
  type Asked,
  type Handed,
  type Offered,
  type Question,
  type Queued,
  type Send,
  type SendOutcome,
} from './question';
import type { DeviceWorld } from './world';

/** What an answer says of time. The device's own clock may be a day wrong: nothing that lasts is told by it. */
export type OfficeTime = {
  /** Milliseconds since 1970, the office's clock. */
  clock: number;
  /** Milliseconds that the device's clock was ahead of it. */
  ahead: number;
};

/** What became of the news in an answer; `stored`: items. */
export type Taken = { moved: boolean; stored: number; stale: boolean };

export type SyncStore = {
  /** What there is to ask: at most three requests' worth of the queue and one more, oldest first; `waiting`: how many there are in all, with those set aside. */
  plan(): Promise<{
    epoch: string | null;
    have: Record<string, number>;
    queue: Queued[];
    waiting: number;
    offer: Offered[];
  }>;
  /** Writes that these go to a request now, durably (DEV-15); answers with those that are still in the outbox. */
  handOver(queued: Queued[]): Promise<Handed[]>;
  /** First transaction of an answer: receipts and `wanted` (DEV-1). Answers with the number of revisions that moved. */
  settle(question: Question, answer: SyncResponse): Promise<number>;
  /** Second transaction: items, cursors, `left`, epoch; nothing when epoch or cursors are no longer the question's (DEV-12). */
  take(question: Question, answer: SyncResponse): Promise<Taken>;
  setAside(revision: Queued): Promise<void>;
  /** To the end of the queue (DEV-14). */
  sendLast(revision: Queued): Promise<void>;
  /**
   * The office revoked this device (403): the register goes, and what was sent; drafts and unsent work stay. What was sent in another epoch than
   * the office's present one waits again, for a restored backup may lack it; null: it told none.
   */
  erase(epoch: string | null): Promise<void>;
  /** All is exchanged. */
  finished(at: OfficeTime): Promise<void>;
};

/** How a run ended, and when the next one is due by itself; null: at the next occasion. */
export type RunEnd = {
  phase: 'idle' | 'offline' | 'signed-out' | 'revoked' | 'upgrade' | 'busy' | 'trouble';
  againInMs: number | null;
  /** The office named the time: no occasion comes before it. */
  strict: boolean;
};

/** Told while a run goes on. */
export type RunReport =
  | { kind: 'asking'; sending: Handed[] }
  /** `sending`: what other requests still carry. */
  | { kind: 'answered'; sending: Handed[]; receipts: number; received: number; time: OfficeTime }
  /** The store did not take what came; the loop goes on with what it can. */
  | { kind: 'failed'; error: unknown };

/** News amid a queue are asked for with every third request from its end: the two after one are made ready before its answer is stored. */
const EVERY_THIRD = 3;
const BACKOFF_BASE_MS = 2_000;
const BACKOFF_MAX_MS = 5 * 60_000;

type Parts = {
  send: Send;
  world: DeviceWorld;
  store: SyncStore;
  accountId: string;
  deviceId: string;
  /** Build version of the app. */
  app: string;
  /** Revisions in one request at most: LIM-1's number, or fewer. */
  pushAtMost: number;
  report?: (report: RunReport) => void;
};

export class SyncLoop {
  #parts: Parts;
  #batch: number;
  #page: number = PAGES.usual;
  #failures = 0;
  #stopped = false;
  /** A revision that failed alone: the next question is the same without it (DEV-10). */
  #suspect: Queued | null = null;
  /** When the latest question went, and how long the latest answer was waited for, in ms by the device's clock. */
  #askedAt = 0;
  #turn = 0;
  /** The office answered in this run. */
  #answeredOnce = false;
  /** Where the browser says that there is no connection nothing is handed over, until an answer shows that it is wrong: it may be thrown away (DEV-15). */
  #reached = false;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#batch = parts.pushAtMost;
  }

  /** The run under way ends after its present step; what is stored is whole. */
  stop(): void {
    this.#stopped = true;
  }

  /** Pushes and pulls until nothing is left, or something is in the way. Never rejects for what the network does. */
  async run(): Promise<RunEnd> {
    const { store, world, report } = this.#parts;
    this.#suspect = null;
    this.#answeredOnce = false;
    this.#reached = world.online();
    this.#stopped = false;
    const ahead: HandingAhead = new HandingAhead({
      ask: (asked) => this.#ask(asked),
      settle: (asked, outcome) => this.#settleAhead(asked, outcome, ahead),
      world,
    });
    while (!this.#stopped) {
      const cursorsMove = ahead.asksForNews;
      const plan = await store.plan();
      const queue = ahead.without(plan.queue);
      const queued = this.#suspect || !this.#reached ? [] : fill(queue, this.#batch);
      const { epoch, have, offer } = plan;
      const question: Question = { epoch, have, offer, push: await store.handOver(queued) };
      const left = queue.length > queued.length;
      const isAhead = queued.length > 0 && left && this.#isSwift(offer);
      // News amid a long queue, so that the last answer is short. Its answer moves the cursors that the last question has to name.
      const underWay = plan.queue.length - queue.length;
      const requestsLeft = Math.ceil((plan.waiting - underWay - queued.length) / this.#batch);
      const asksForNews = !isAhead || (!cursorsMove && requestsLeft > 0 && requestsLeft % EVERY_THIRD === 0);
      const asked: Asked = { question, queued, page: asksForNews ? this.#page : PAGES.none };

      // Made ready while two are under way, it goes at the answer of the first, whose receipts are stored meanwhile.
      const first = await ahead.room();
      if (first && (await first.outcome).kind !== 'answer') {
        const end = await this.#cutShort(await first.came, ahead);
        if (end) return end;
        continue;
      }
      const settling = first?.question.push ?? [];
      report?.({ kind: 'asking', sending: [...settling, ...ahead.handed, ...question.push] });
      if (isAhead) {
        await ahead.go(asked, this.#halfATurn());
        const early = await first?.came;
        if (!early || early.receipts === early.question.push.length) continue;
        const end = await this.#cutShort(early, ahead);
        if (end) return end;
        continue;
      }

      const [outcome, before, beside] = await Promise.all([this.#ask(asked), first?.came, ahead.settled()]);
      const early = before ? [before, ...beside] : beside;
      const end = await this.#came(asked, outcome, { left, early });
      if (end) return end;
      for (const one of early) {
        if (one.outcome.kind === 'answer') continue;
        const end = await this.#came(one, one.outcome, { left, early: [] });
        if (end) return end;
      }
    }
    await ahead.settled();
    return { phase: 'idle', againInMs: null, strict: false };
  }

  /** One that was handed ahead brought less than its receipts: what is beside it is settled, and nothing follows it ahead. */
  async #cutShort(early: Ahead, ahead: HandingAhead): Promise<RunEnd | null> {
    await ahead.settled();
    // What is left goes alone from here, so that an answer without receipts is waited out (DEV-7).
    this.#answeredOnce = false;
    return early.outcome.kind === 'answer' ? null : this.#came(early, early.outcome, { left: true, early: [] });
  }

  /**
   * Two questions at once: while the phone stores the receipts of one that only hands over, the office works at the next. Only where the last answer
   * came well, so that a weak connection carries one (DEV-14) and nothing more is handed over than need be (DEV-15).
   */
  #isSwift(offer: Offered[]): boolean {
    return this.#answeredOnce && this.#batch === this.#parts.pushAtMost && offer.length === 0;
  }

  /** What is left of half the time that the latest answer took, from when the latest question went; ms. */
  #halfATurn(): number {
    return Math.max(this.#turn / 2 - (this.#parts.world.now() - this.#askedAt), 0);
  }

  async #ask(asked: Asked): Promise<SendOutcome> {
    const { send, world, accountId, deviceId, app } = this.#parts;
    const clock = world.now();
    this.#askedAt = clock;
    const outcome = await send(questionText(asked, { accountId, deviceId, app, clock }));
    this.#turn = world.now() - clock;
    return outcome;
  }

  /** Of one that only hands over the receipts alone are stored: another brings the news, with the same cursors (DEV-12). */
  async #settleAhead(asked: Asked, outcome: SendOutcome, ahead: HandingAhead): Promise<number> {
    const { question, page } = asked;
    const { store, world, report, accountId } = this.#parts;
    if (outcome.kind !== 'answer' || outcome.answer.account !== accountId) return 0;
    const receipts = await store.settle(question, outcome.answer);
    const taken = page === PAGES.none ? null : await this.#take(question, outcome.answer);
    const { clock } = outcome.answer;
    const time: OfficeTime = { clock, ahead: world.now() - clock };
    report?.({
      kind: 'answered',
      sending: ahead.handedBeside(asked),
      receipts,
      received: taken?.stored ?? 0,
      time,
    });
    return receipts;
  }

  /** Null where the store does not take it: a full disk here never holds up the receipts, which are stored already (DEV-1). */
  async #take(question: Question, answer: SyncResponse): Promise<Taken | null> {
    try {
      return await this.#parts.store.take(question, answer);
    } catch (error) {
      this.#parts.report?.({ kind: 'failed', error });
      return null;
    }
  }

  /** What an outcome means. Null: go on at once. */
  async #came(
    asked: Asked,
    outcome: SendOutcome,
    { left, early }: { left: boolean; early: Ahead[] },
  ): Promise<RunEnd | null> {
    const { store } = this.#parts;
    const { question, queued } = asked;
    const alone = theOnlyOne(asked);
    switch (outcome.kind) {
      case 'answer':
        return this.#answered(question, outcome.answer, { left, early });
      case 'refused': {
        if (outcome.status === 400 || outcome.status === 413) {
          if (question.push.length === 0) return this.#later('trouble');
          if (alone) this.#suspect = alone;
          else this.#batch = half(question.push.length, 1);
          return null;
        }
        if (outcome.status >= 500) {
          this.#batch = half(question.push.length || this.#batch, 1);
          if (alone) await store.sendLast(alone);
        }
        const busy = outcome.status === 429 || outcome.status === 503;
        return this.#later(busy ? 'busy' : 'trouble', outcome.retryAfterMs);
      }
      case 'broke-off':
        this.#batch = half(question.push.length || this.#batch, 1);
        this.#page = half(this.#page, PAGES.least);
        if (alone) await store.sendLast(alone);
        return this.#later('offline');
      case 'no-connection':
        return this.#later('offline');
      case 'revoked': {
        await store.erase(outcome.epoch);
        // It is said to a question with nothing to push: that the suspect fails by itself is shown (DEV-10), and what waits is still taken (SCO-5).
        if (this.#suspect) await store.setAside(this.#suspect);
        const unasked = this.#suspect !== null || (!this.#reached && (left || queued.length > 0));
        this.#suspect = null;
        this.#reached = true;
        return unasked ? null : { phase: 'revoked', againInMs: null, strict: false };
      }
      case 'signed-out':
      case 'upgrade':
        return { phase: outcome.kind, againInMs: null, strict: false };
      default:
        return outcome satisfies never;
    }
  }

  async #answered(
    question: Question,
    answer: SyncResponse,
    { left, early }: { left: boolean; early: Ahead[] },
  ): Promise<RunEnd | null> {
    const { store, world, report, accountId, pushAtMost } = this.#parts;
    // Somebody else signed in here meanwhile: nothing of this answer is for this database (DEV-13).
    if (answer.account !== accountId) return { phase: 'signed-out', againInMs: null, strict: false };
    const suspect = this.#suspect;
    const isFirst = !this.#reached;
    const receipts = await store.settle(question, answer);
    const handedOver = receipts + sum(early, (one) => one.receipts);
    if (suspect) await store.setAside(suspect);
    this.#suspect = null;
    this.#reached = true;
    this.#answeredOnce = true;
    this.#batch = Math.min(pushAtMost, this.#batch * 2);
    this.#page = Math.min(PAGES.usual, this.#page * 2);
    const taken = await this.#take(question, answer);
    const time: OfficeTime = { clock: answer.clock, ahead: world.now() - answer.clock };
    report?.({ kind: 'answered', sending: [], receipts, received: taken?.stored ?? 0, time });

    const more =
      answer.feeds.some((feed) => feed.more) ||
      left ||
      question.push.length + sum(early, (one) => one.question.push.length) > handedOver ||
      suspect !== null ||
      question.offer.length > 0 ||
      // Out of use, and all is handed over: the next question, with nothing to push, is told so (SCO-5).
      answer.feeds.length === 0 ||
      (question.epoch !== null && question.epoch !== answer.epoch) || // what was sent before is offered next (RES-2)
      taken?.stale === true ||
      !tellsOf(
        answer,
        early.flatMap((one) => one.question.push),
      );
    const progress = handedOver > 0 || suspect !== null || isFirst || (taken?.moved ?? false);
    if (!taken && !(handedOver > 0 && left)) return this.#later('trouble');
    // Another tab moved the cursors under this question: what came is asked again, a little later.
    if (taken?.stale && handedOver === 0) return this.#later('idle');
    if (more && !progress) return this.#later('trouble');
    this.#failures = 0;
    if (more) return null;
    await store.finished(time);
    return { phase: 'idle', againInMs: null, strict: false };
  }

  /** Full jitter: uniform in 0..min(5 min, 2 s · 2^n); after the time that the office named, where it named one. */
  #later(phase: RunEnd['phase'], retryAfterMs: number | null = null): RunEnd {
    const span = Math.min(BACKOFF_MAX_MS, BACKOFF_BASE_MS * 2 ** this.#failures);
    this.#failures += 1;
    const againInMs = (retryAfterMs ?? 0) + this.#parts.world.random() * span;
    return { phase, againInMs, strict: retryAfterMs !== null };
  }
}

/** False where the office may have answered before it knew of all of these. */
function tellsOf(answer: SyncResponse, pushed: Handed[]): boolean {
  const told = new Set(answer.feeds.flatMap((feed) => feed.changes.map(({ id }) => id)));
  return pushed.every(({ id }) => told.has(id));
}

function sum<One>(many: One[], count: (one: One) => number): number {
  return many.reduce((total, one) => total + count(one), 0);
}

function half(count: number, least: number): number {
  return Math.max(least, Math.floor(count / 2));
}
