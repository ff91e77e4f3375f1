/** Who is told when the phone changed: at once of what a worker did, and a few times a second of what a sync brings. */
import type { World } from '../domain/world';

/** Screens drawn so often while much is sent or received seem alive; drawn at every change they cost more than the sync itself. Milliseconds. */
const SYNC_TOLD_EVERY_MS = 200;

export class Audience {
  #world: Pick<World, 'after'>;
  #listeners = new Set<() => void>();
  #telling = false;
  #untold = false;
  #stopResting: (() => void) | null = null;
  #closed = false;

  constructor(world: Pick<World, 'after'>) {
    this.#world = world;
  }

  /** Calls `listener` after changes until the answered function is called. */
  join(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Tells once, of all that changed in this turn. */
  tell(): void {
    this.#untold = false;
    if (this.#telling || this.#closed) return;
    this.#telling = true;
    queueMicrotask(() => {
      this.#telling = false;
      for (const listener of this.#listeners) listener();
    });
  }

  /** Tells at once where nothing was told like this just now, and of all that follows together a little later. */
  tellOfSync(): void {
    if (this.#stopResting) {
      this.#untold = true;
      return;
    }
    this.tell();
    if (this.#closed) return;
    this.#stopResting = this.#world.after(SYNC_TOLD_EVERY_MS, () => {
      this.#stopResting = null;
      if (this.#untold) this.tellOfSync();
    });
  }

  close(): void {
    this.#closed = true;
    this.#stopResting?.();
    this.#listeners.clear();
  }
}
