/** The line in which syncs wait for their answers: whom it would come too late is told at once when to come again (LIM-2). One a process. */
import type { World } from '../../domain/world';
import type { Office } from '../office';
import { Refusal } from './refusal';

/**
 * Longer than this nobody is let wait. A phone gives up after 30 s without a byte (DEV-14) and then sends all of it again, which costs the office
 * twice: a third of that leaves room for a weak line, and for what is only guessed here.
 */
export const longestWaitMs = 10_000;
/**
 * Until the office knows its own pace: somewhat slower than two cores answered a thousand phones with twenty records each (`npm run bench`). Three
 * times slower, and who is let in on this guess still has the answer before giving up; a slower guess leaves the office idle between those who were sent away.
 */
const firstPaceMs = 20;
/** How much one more answer says about the pace. Commits are shared by up to twenty, so answers come in bursts. */
const weight = 1 / 32;
/** Bodies that are held at once, whoever sends them; and of one account, whose phones send one after the other. */
const mostBytes = 128 * 1024 * 1024;
const mostBytesEach = 8 * 1024 * 1024;
/** A phone with much to hand over sends the next part when it has the answer to this one: so long it is waited for, milliseconds. */
const nextPartMs = 300;
/** What waits for a lull waits no longer, milliseconds. */
const longestLullMs = 3000;
/** Longer than this nobody is sent away: by then all has changed. */
const longestAwaySeconds = 300;

export class Line {
  readonly #world: Pick<World, 'now' | 'after'>;
  /** Who waits for a lull. */
  readonly #patient = new Set<() => void>();
  /** Syncs that wait for their answer, their bodies read. */
  #standing = 0;
  #bytes = 0;
  readonly #bytesOf = new Map<string, number>();
  /** Milliseconds from one answer to the next while somebody stands here. */
  #paceMs = firstPaceMs;
  /** When an answer last went out, or the first one took its place. */
  #movedAt = 0;
  /** Up to when turns were promised to those who were sent away. */
  #promisedUntil = 0;
  /** Up to when somebody is awaited who was here just now. */
  #awaitedUntil = 0;
  #stopAwaiting = () => {};

  constructor(world: Pick<World, 'now' | 'after'>) {
    this.#world = world;
  }

  /** Whoever stands here now will be back at once. */
  awaitMore(): void {
    this.#awaitedUntil = this.#world.now() + nextPartMs;
  }

  /** When nobody stands here or is awaited; on a busy day some time later all the same, so that what is not urgent is not put off for ever. */
  async lull(): Promise<void> {
    if (this.#isQuiet()) return;
    await new Promise<void>((resolve) => {
      const go = () => {
        stop();
        this.#patient.delete(go);
        resolve();
      };
      const stop = this.#world.after(longestLullMs, go);
      this.#patient.add(go);
      this.#rest();
    });
  }

  #isQuiet(): boolean {
    return this.#standing === 0 && this.#awaitedMs() === 0;
  }

  /** How long somebody is still awaited; after a clock was put back, nobody is. */
  #awaitedMs(): number {
    const wait = this.#awaitedUntil - this.#world.now();
    return wait > nextPartMs ? 0 : Math.max(0, wait);
  }

  /** Nobody stands here: those who wait for it go on, now or when nobody is awaited any more. */
  #rest(): void {
    if (this.#standing > 0) return;
    this.#stopAwaiting();
    if (this.#patient.size === 0) return;
    const wait = this.#awaitedMs();
    if (wait === 0) for (const go of [...this.#patient]) go();
    else this.#stopAwaiting = this.#world.after(wait, () => this.#rest());
  }

  /**
   * Runs `read`, which brings the body of so many bytes from `who`, and then, if the answer would not come too late, `run`. Throws a Refusal 503
   * with `Retry-After` before either; what was let in is never sent away. Nobody takes more than a share: one who sends many slow bodies is sent
   * away alone.
   */
  async pass<Body, Answer>(
    who: string,
    bytes: number,
    read: () => Promise<Body>,
    run: (body: Body) => Promise<Answer>,
  ): Promise<Answer> {
    const own = this.#bytesOf.get(who) ?? 0;
    // Who holds too much alone makes nobody else come later.
    if (own + bytes > mostBytesEach) throw busy(this.#waitMs());
    if (this.#bytes + bytes > mostBytes) throw this.#away();
    this.#hold(who, bytes);
    try {
      const body = await read();
      if (this.#waitMs() > longestWaitMs) throw this.#away();
      return await this.#stand(() => run(body));
    } finally {
      this.#hold(who, -bytes);
    }
  }

  #hold(who: string, bytes: number): void {
    this.#bytes += bytes;
    const own = (this.#bytesOf.get(who) ?? 0) + bytes;
    if (own === 0) this.#bytesOf.delete(who);
    else this.#bytesOf.set(who, own);
  }

  async #stand<Answer>(run: () => Promise<Answer>): Promise<Answer> {
    if (this.#standing === 0) this.#movedAt = this.#world.now();
    this.#standing += 1;
    try {
      return await run();
    } finally {
      const now = this.#world.now();
      // A clock that jumped says nothing about the pace.
      const since = Math.min(longestWaitMs, Math.max(0, now - this.#movedAt));
      this.#paceMs += (since - this.#paceMs) * weight;
      this.#movedAt = now;
      this.#standing -= 1;
      this.#rest();
    }
  }

  /** What a newcomer would wait: those before, at the pace of late, and all the time that the line has not moved. */
  #waitMs(): number {
    return this.#standing === 0 ? 0 : this.#standing * this.#paceMs + (this.#world.now() - this.#movedAt);
  }

  /** Each is told a time after those who were sent away before, so that they do not all come back at once; the phone's own jitter comes on top. */
  #away(): Refusal {
    const now = this.#world.now();
    this.#promisedUntil = Math.max(this.#promisedUntil, now + this.#waitMs()) + this.#paceMs;
    return busy(this.#promisedUntil - now);
  }
}

function busy(milliseconds: number): Refusal {
  const retryAfter = Math.min(longestAwaySeconds, Math.max(1, Math.ceil(milliseconds / 1000)));
  return new Refusal(503, 'busy', { retryAfter });
}

const lines = new WeakMap<Office, Line>();

/** The line of this process. */
export function lineOf(office: Office): Line {
  const known = lines.get(office) ?? new Line(office.world);
  lines.set(office, known);
  return known;
}
