/** A new version of the app, as the screens know of it. */
class AppUpdateState {
  waiting = $state(false);
  /** It was to be let in, and something stands on the screen only: it waits until the disk has that. */
  isHeld = $state(false);
  #take: () => void = () => {};
  #keep: () => Promise<boolean> = () => Promise.resolve(true);

  /** Another version is installed and waits; `take` lets it in, with a page that is loaded anew. `keep`: whether all that was typed is on the disk by now. */
  offer(take: () => void, keep: () => Promise<boolean>): void {
    this.#take = take;
    this.#keep = keep;
    this.waiting = true;
  }

  async take(): Promise<void> {
    this.isHeld = !(await this.#keep());
    if (!this.isHeld) this.#take();
  }
}

export const appUpdate = new AppUpdateState();
