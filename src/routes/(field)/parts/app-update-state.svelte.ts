/** A new version of the app, as the screens know of it. */
class AppUpdateState {
  waiting = $state(false);
  /** It was to be let in, and something stands on the screen only: it waits until the disk has that. */
  isHeld = $state(false);
  /** The worker asked for it, so that it may come in over an open form. */
  isAsked = false;
  #take: () => void = () => {};
  #keep: () => Promise<boolean> = () => Promise.resolve(true);

  /** Another version is installed and waits; `take` lets it in. `keep`: whether all that was typed is on the disk by now. */
  offer(take: () => void, keep: () => Promise<boolean>): void {
    this.#take = take;
    this.#keep = keep;
    this.waiting = true;
  }

  /** At the worker's tap. */
  ask(): void {
    this.isAsked = true;
    void this.take();
  }

  take(): Promise<void> {
    return this.whenKept(this.#take);
  }

  async whenKept(task: () => void): Promise<void> {
    this.isHeld = !(await this.#keep());
    if (!this.isHeld) task();
  }
}

export const appUpdate = new AppUpdateState();
