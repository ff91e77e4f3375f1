/** Group commit: what arrives while a transaction runs goes together into the next one, each in a savepoint of its own. */
import type { Transaction } from './database';

type Member = {
  run: (tx: Transaction) => Promise<unknown>;
  resolve: (value: unknown) => void;
  reject: (error: unknown) => void;
};
type Ground = {
  write<T>(run: (tx: Transaction) => Promise<T>): Promise<T>;
  attempt<T>(tx: Transaction, run: () => Promise<T>): Promise<T>;
};

/** At most so many share one commit: other writers wait for it. */
const atMost = 20;

export class GroupCommit {
  readonly #ground: Ground;
  #waiting: Member[] = [];
  #running = false;

  constructor(ground: Ground) {
    this.#ground = ground;
  }

  /** The promise resolves after the shared commit; what `run` throws takes back its own savepoint and nothing else. */
  join<T>(run: (tx: Transaction) => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ run, resolve: (value) => resolve(value as T), reject });
      if (!this.#running) void this.#drain();
    });
  }

  async #drain(): Promise<void> {
    this.#running = true;
    while (this.#waiting.length > 0) {
      // Taken when the writing connection is free, so that whoever came until then is on board.
      let members: Member[] = [];
      const answers: (() => void)[] = [];
      try {
        await this.#ground.write(async (tx) => {
          members = this.#waiting.splice(0, atMost);
          for (const { run, resolve, reject } of members) {
            try {
              const value = await this.#ground.attempt(tx, () => run(tx));
              answers.push(() => resolve(value));
            } catch (error) {
              answers.push(() => reject(error));
            }
          }
        });
        for (const answer of answers) answer();
      } catch (error) {
        // Nothing of the group is durable; a group that could not even begin is whoever waits now.
        if (members.length === 0) members = this.#waiting.splice(0, atMost);
        for (const { reject } of members) reject(error);
      }
    }
    this.#running = false;
  }
}
