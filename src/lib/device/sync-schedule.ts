/** When the loop runs: one run at a time in this tab, one tab at a time in this browser (DEV-6), and not before its time. */
import { makeQueue } from './flight';
import type { RunEnd, SyncLoop } from './sync-loop';
import type { DeviceWorld } from './world';

export type Occasion = 'open' | 'save' | 'online' | 'visible' | 'timer' | 'wake' | 'asked';

/** A tab that syncs and was not heard for this long is taken to be gone: nothing it waits for takes longer. */
const SILENT_MS = 45_000;
const ALIVE_EVERY_MS = 10_000;

type Parts = {
  loop: SyncLoop;
  world: Pick<DeviceWorld, 'now' | 'random' | 'after' | 'locks'>;
  lock: string;
  /** Tells other tabs that this one is at it. */
  alive: () => void;
  begun: () => void;
  ended: (end: RunEnd, nextTryAt: number | null) => void;
  /** The store failed under a run. */
  failed: (error: unknown) => void;
};

export class SyncSchedule {
  #parts: Parts;
  #running: Promise<void> | null = null;
  #again = false;
  /** Set from the end of a run until its timer fires: told by no clock, which may jump while it waits. */
  #backoff: { strict: boolean } | null = null;
  #stopTimer = () => {};
  #closed = false;
  /** Set while waiting for another tab; puts off taking over. */
  #heardOther: (() => void) | null = null;
  #lane = makeQueue();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * Asks for a run; answers when a run that began after this call has ended. Saves and the timer wait for a backoff to end;
   * the worker's own wish and a connection that came back do not, but nothing comes before a time that the office named.
   */
  request(occasion: Occasion): Promise<void> {
    if (this.#closed) return Promise.resolve();
    const wait = this.#backoff;
    if (wait && (wait.strict || occasion === 'save' || occasion === 'timer')) return Promise.resolve();
    if (this.#running) {
      this.#again = true;
      return this.#running;
    }
    this.#running = this.#lane(() => this.#runs()).finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  /** Another tab said that it is syncing. */
  heardOther(): void {
    this.#heardOther?.();
  }

  /** Ends for good; waits for the present step. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#stopTimer();
    this.#parts.loop.stop();
    await this.#running;
  }

  async #runs(): Promise<void> {
    do {
      this.#again = false;
      this.#backoff = null;
      this.#stopTimer();
      const end = await this.#locked(() => this.#run());
      if (end) this.#settle(end);
      if (end?.phase !== 'idle') this.#again = false;
    } while (this.#again && !this.#closed);
  }

  async #run(): Promise<RunEnd> {
    if (this.#closed) return { phase: 'idle', againInMs: null, strict: false };
    this.#parts.begun();
    const stopTelling = this.#tellAlive();
    try {
      return await this.#parts.loop.run();
    } catch (error) {
      // The store failed, not the network; what waits is in it. It is tried again like everything else.
      this.#parts.failed(error);
      return { phase: 'trouble', againInMs: ALIVE_EVERY_MS * (1 + this.#parts.world.random()), strict: false };
    } finally {
      stopTelling();
    }
  }

  #settle(end: RunEnd): void {
    const at = end.againInMs === null ? null : this.#parts.world.now() + end.againInMs;
    this.#backoff = at === null ? null : { strict: end.strict };
    if (end.againInMs !== null && !this.#closed) {
      this.#stopTimer = this.#parts.world.after(end.againInMs, () => {
        this.#backoff = null;
        void this.request('timer');
      });
    }
    this.#parts.ended(end, at);
  }

  /** Null when another tab took the lock away in the middle: it goes on there. */
  async #locked(run: () => Promise<RunEnd>): Promise<RunEnd | null> {
    const { lock } = this.#parts;
    const { locks } = this.#parts.world;
    if (!locks) return run();
    const silence = this.#waitForSilence();
    let mine = false;
    const held = () => {
      mine = true;
      silence.over();
      return run();
    };
    try {
      return await locks.request(lock, { signal: silence.signal }, held);
    } catch (error) {
      if (mine || !isAbort(error)) return this.#robbed(error);
    } finally {
      silence.over();
    }
    if (this.#closed) return null;
    try {
      return await locks.request(lock, { steal: true }, run);
    } catch (error) {
      return this.#robbed(error);
    }
  }

  #robbed(error: unknown): null {
    if (!isAbort(error)) throw error;
    this.#parts.loop.stop();
    return null;
  }

  #waitForSilence(): { signal: AbortSignal; over: () => void } {
    const aborter = new AbortController();
    let stop = () => {};
    const wait = () => {
      stop();
      stop = this.#parts.world.after(SILENT_MS, () => aborter.abort());
    };
    wait();
    this.#heardOther = wait;
    return {
      signal: aborter.signal,
      over: () => {
        stop();
        this.#heardOther = null;
      },
    };
  }

  #tellAlive(): () => void {
    let stop = () => {};
    const tell = () => {
      this.#parts.alive();
      stop = this.#parts.world.after(ALIVE_EVERY_MS, tell);
    };
    tell();
    return () => stop();
  }
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}
