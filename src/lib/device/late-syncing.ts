/** Syncing whose code comes after the first frame: what is asked for before it is here waits for it. */
import type { Occasion, SyncSchedule } from './sync-schedule';

type Parts = {
  load: () => Promise<SyncSchedule>;
  /** The code did not come: told each time, and tried again at the next occasion. */
  failed: (error: unknown) => void;
};

export class LateSyncing {
  #parts: Parts;
  #coming: Promise<SyncSchedule | null> | null = null;
  #here: SyncSchedule | null = null;
  #closed = false;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** As `SyncSchedule.request`; without a run where the code does not come. */
  async request(occasion: Occasion): Promise<void> {
    if (this.#closed) return;
    const schedule = this.#here ?? (await this.#load());
    await schedule?.request(occasion);
  }

  heardOther(): void {
    this.#here?.heardOther();
  }

  async close(): Promise<void> {
    this.#closed = true;
    const schedule = await this.#coming;
    await schedule?.close();
  }

  #load(): Promise<SyncSchedule | null> {
    this.#coming ??= this.#parts.load().then(
      (schedule) => (this.#here = schedule),
      (error: unknown) => {
        this.#coming = null;
        this.#parts.failed(error);
        return null;
      },
    );
    return this.#coming;
  }
}
