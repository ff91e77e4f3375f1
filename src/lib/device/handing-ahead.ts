/** Questions that hand over, asked before the ones before them are settled: two under way and no more (decision 28). */
import { revisionKey } from './own-revision';
import { PAGES, type Asked, type Handed, type Queued, type SendOutcome } from './question';
import type { DeviceWorld } from './world';

/** What came of one, and how many revisions its receipts moved. */
export type Ahead = Asked & { outcome: SendOutcome; receipts: number };
/** One on its way: its outcome, and then what came of it, once its receipts are stored. */
export type Flying = Asked & { outcome: Promise<SendOutcome>; came: Promise<Ahead> };

const AT_MOST = 2;
/** However long the answers take. */
const APART_AT_MOST_MS = 1_000;

type Parts = {
  ask: (asked: Asked) => Promise<SendOutcome>;
  /** Stores the receipts, and the news where it asked for them; answers with how many revisions the receipts moved. */
  settle: (asked: Asked, outcome: SendOutcome) => Promise<number>;
  world: Pick<DeviceWorld, 'after'>;
};

export class HandingAhead {
  #parts: Parts;
  /** Oldest first. */
  #flying: Flying[] = [];

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** All that is under way. */
  get handed(): Handed[] {
    return this.#flying.flatMap(({ question }) => question.push);
  }

  /** What is under way beside this one. */
  handedBeside({ question }: Asked): Handed[] {
    return this.#flying.flatMap((one) => (one.question === question ? [] : one.question.push));
  }

  /** One that is under way asks for news: cursors that are read now are others when its answer is stored (DEV-12). */
  get asksForNews(): boolean {
    return this.#flying.some(({ page }) => page !== PAGES.none);
  }

  /** What of the queue is not under way. */
  without(queue: Queued[]): Queued[] {
    const gone = new Set(this.#flying.flatMap(({ queued }) => queued.map(revisionKey)));
    return queue.filter((one) => !gone.has(revisionKey(one)));
  }

  /** Waits until another may go. Answers with the one that made room for it, which is the caller's from here: answered, not yet settled. */
  async room(): Promise<Flying | null> {
    if (this.#flying.length < AT_MOST) return null;
    const first = this.#flying.shift();
    await first?.outcome;
    return first ?? null;
  }

  /**
   * Asks. A second one goes `apart` ms after the first: one is then on the line while the office works at the other. Together they would share the
   * line, come to the office together and be answered together, and each of the three would wait for the others in turn.
   */
  async go(asked: Asked, apart: number): Promise<void> {
    const { ask, settle, world } = this.#parts;
    const pause = Math.min(apart, APART_AT_MOST_MS);
    if (this.#flying.length > 0 && pause > 0) await new Promise<void>((passed) => world.after(pause, passed));
    const outcome = ask(asked);
    const came = outcome.then(async (outcome) => ({ ...asked, outcome, receipts: await settle(asked, outcome) }));
    // Awaited later; where the store fails first, nobody is left to hear of this.
    came.catch(() => undefined);
    this.#flying.push({ ...asked, outcome, came });
  }

  /** Waits until all are settled; none is under way then. */
  async settled(): Promise<Ahead[]> {
    const flying = this.#flying;
    this.#flying = [];
    return Promise.all(flying.map(({ came }) => came));
  }
}
