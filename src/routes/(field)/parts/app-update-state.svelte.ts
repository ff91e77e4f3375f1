/** A new version of the app, as the screens know of it. */
class AppUpdateState {
  waiting = $state(false);
  #take: () => void = () => {};

  /** Another version is installed and waits; `take` lets it in. */
  offer(take: () => void): void {
    this.#take = take;
    this.waiting = true;
  }

  take(): void {
    this.#take();
  }
}

export const appUpdate = new AppUpdateState();
