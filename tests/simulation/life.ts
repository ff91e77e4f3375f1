/** Lives: what dies together. A tab of a phone and a process of the office are one life each; what is asynchronous knows whose it is. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Clockwork } from './clockwork';

export type Life = {
  readonly name: string;
  readonly kind: 'tab' | 'office' | 'network';
  readonly clockwork: Clockwork;
  /** The phone that a tab runs on, by its number; −1 elsewhere. */
  readonly device: number;
  /** From here on nothing of it runs any more. */
  dead: boolean;
  /** Told of what it writes on standard output or the console. */
  readonly said: (line: string) => void;
};

const lives = new AsyncLocalStorage<Life>();

/** Whose code is running; undefined outside of the simulated world. */
export function lifeHere(): Life | undefined {
  return lives.getStore();
}

/** Runs `run`, and all that it awaits, as part of this life. */
export function inLife<T>(life: Life, run: () => T): T {
  return lives.run(life, run);
}

/** Runs `run` as part of no life: the machinery of the simulation itself. */
export function outsideOfLife<T>(run: () => T): T {
  return lives.exit(run);
}
