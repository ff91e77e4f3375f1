/**
 * The clock and the scheduler of the simulated world. Whatever is asynchronous – a step of IndexedDB, a query, a message under way, a digest of the
 * thread pool – ends as a task here and goes on when the dice pick it, one at a time. What finishes outside of the event loop is waited
 * for before each pick, so that which tasks are ready never depends on how fast the machine was.
 */
import { createHash } from 'node:crypto';
import type { Chance } from './chance';
import { hash } from './chance';
import { inLife, type Life, lifeHere, outsideOfLife } from './life';

type Task = { life: Life; label: string; lane: string; run: () => void };
type Timer = { at: number; order: number; task: Task };
/** Work outside of the event loop. `isBlocked`: it waits for something that only another task can end. */
type Outside = { life: Life; order: number; blocked: boolean; isBlocked: (() => Promise<boolean>) | null };

type How = { isBlocked?: () => Promise<boolean>; isFree?: boolean; frees?: boolean };

/** The dice of one step of the story: which task goes on, and whom this step favours. */
export type Dice = { chance: Chance; favour: number };

/** How long work outside is waited for before it is asked whether it is blocked. */
const PATIENCE_MS = 3;
const realTimeout = globalThis.setTimeout;
const realImmediate = globalThis.setImmediate;
const loopTurn = () => new Promise<void>((resolve) => void realImmediate(resolve));

export class Clockwork {
  /** Milliseconds since 1970: what an exact clock would show. */
  now: number;
  turns = 0;
  /** Told of each task that went on; null keeps the digest alone. */
  lines: string[] | null;
  #ready: Task[] = [];
  #timers: Timer[] = [];
  #outside = new Set<Outside>();
  #arrived: { order: number; isFree: boolean; task: Task }[] = [];
  #busy = 0;
  #heard = () => {};
  #order = 0;
  #digest = createHash('sha256');

  constructor(now: number, keepLines: boolean) {
    this.now = now;
    this.lines = keepLines ? [] : null;
  }

  /** Digest of every task that went on, in order: equal for two runs of one seed. */
  trace(): string {
    return this.#digest.copy().digest('hex');
  }

  /** Resolves when the dice pick it; never in a life that has ended. Outside of any life: at once. */
  gate(label: string): Promise<void> {
    const life = lifeHere();
    if (!life) return Promise.resolve();
    return new Promise((resolve) => this.post(life, label, resolve));
  }

  /** A task for the dice. Tasks of one lane go in the order in which they came; without one it stands by itself. */
  post(life: Life, label: string, run: () => void, lane?: string): void {
    if (life.dead) return;
    this.#ready.push({ life, label, run, lane: lane ?? `#${++this.#order}` });
  }

  /** A task for a later time; the returned function takes it back. */
  later(life: Life, milliseconds: number, label: string, run: () => void): () => void {
    if (life.dead) return () => {};
    const order = ++this.#order;
    const timer: Timer = {
      at: this.now + Math.max(0, milliseconds),
      order,
      task: { life, label, run, lane: `#${order}` },
    };
    const place = this.#timers.findIndex((other) => other.at > timer.at);
    this.#timers.splice(place === -1 ? this.#timers.length : place, 0, timer);
    return () => {
      const index = this.#timers.indexOf(timer);
      if (index >= 0) this.#timers.splice(index, 1);
      else timer.task.run = () => {};
    };
  }

  /**
   * Runs what finishes outside of the event loop; its result is let in as a task. Never resolves in a life that has ended.
   * `isBlocked`: whether it waits for something that only another task can end. `isFree`: it goes on as soon as it is there, and no dice are thrown.
   * `frees`: what waits for something may go on after it.
   */
  outside<T>(label: string, start: () => Promise<T>, how: How = {}): Promise<T> {
    const life = lifeHere();
    if (!life) return start();
    if (life.dead) return new Promise(() => {});
    const own: Outside = { life, order: ++this.#order, blocked: false, isBlocked: how.isBlocked ?? null };
    this.#outside.add(own);
    return new Promise<T>((resolve, reject) => {
      const arrive = (run: () => void) => {
        if (!this.#outside.delete(own)) return;
        this.#heard();
        if (how.frees) for (const other of this.#outside) other.blocked = false;
        const task = { life, label, run, lane: `#${own.order}` };
        this.#arrived.push({ order: own.order, isFree: how.isFree ?? false, task });
      };
      start().then(
        (value) => arrive(() => resolve(value)),
        (error: unknown) => arrive(() => reject(error)),
      );
    });
  }

  /** Nothing is picked until the returned function is called: for work that takes turns of the real loop and nothing else. */
  busy(): () => void {
    this.#busy += 1;
    let over = false;
    return () => {
      if (!over) this.#busy -= 1;
      over = true;
    };
  }

  /** Lets one task go on; false when none is ready. */
  async turn(dice: Dice): Promise<boolean> {
    await this.#settle();
    this.#wake();
    const heads = this.#heads();
    if (heads.length === 0) return false;
    const task = pick(heads, dice);
    this.#ready.splice(this.#ready.indexOf(task), 1);
    this.turns += 1;
    this.#note(`${this.now} ${task.life.name} ${task.label}`);
    inLife(task.life, task.run);
    return true;
  }

  /** So many tasks at most; answers how many went on. */
  async run(turns: number, dice: Dice): Promise<number> {
    let done = 0;
    while (done < turns && (await this.turn(dice))) done += 1;
    await this.#settle();
    return done;
  }

  /** As `run`, until something is so; false when it never was. */
  async runUntil(isSo: () => boolean, turns: number, dice: Dice): Promise<boolean> {
    for (let done = 0; done < turns && !isSo(); done += 1) if (!(await this.turn(dice))) break;
    return isSo();
  }

  /** Lets time pass: everything that is ready goes on, then the next timer rings, until the time is over. False where the tasks ran out first. */
  async pass(milliseconds: number, dice: Dice, mostTurns: number): Promise<boolean> {
    const end = this.now + milliseconds;
    let left = mostTurns;
    for (;;) {
      left -= await this.run(left, dice);
      const next = this.#timers.find(({ task }) => !task.life.dead);
      if (left <= 0 || !next || next.at > end) break;
      this.now = Math.max(this.now, next.at);
    }
    this.now = Math.max(this.now, end);
    return left > 0;
  }

  /** A life has ended: what it waited for outside is nobody's any more. */
  forget(life: Life): void {
    for (const own of this.#outside) {
      if (own.life === life) this.#outside.delete(own);
      own.blocked = false;
    }
  }

  /** Waits for all that the machine does meanwhile. */
  async #settle(): Promise<void> {
    for (;;) {
      await this.#machineRests();
      const arrived = this.#arrived.filter(({ task }) => !task.life.dead).sort((one, other) => one.order - other.order);
      this.#arrived = [];
      const free = arrived.filter(({ isFree }) => isFree);
      for (const { isFree, task } of arrived) if (!isFree) this.#ready.push(task);
      for (const { task } of free) inLife(task.life, task.run);
      if (free.length === 0) return;
    }
  }

  async #machineRests(): Promise<void> {
    const works = () => [...this.#outside].some(({ blocked }) => !blocked);
    await outsideOfLife(loopTurn);
    while (this.#busy > 0 || works()) {
      // Asleep, not in a loop: what is waited for may need this very processor.
      if (this.#busy === 0) await outsideOfLife(() => this.#arrivalOrPatience());
      await outsideOfLife(loopTurn);
    }
  }

  /** Until something arrives; what takes long is asked whether it is blocked. */
  async #arrivalOrPatience(): Promise<void> {
    const isOver = await new Promise<boolean>((resolve) => {
      const timer = realTimeout(() => resolve(true), PATIENCE_MS);
      this.#heard = () => {
        clearTimeout(timer);
        resolve(false);
      };
    });
    this.#heard = () => {};
    if (isOver) await this.#askBlocked();
  }

  async #askBlocked(): Promise<void> {
    for (const own of [...this.#outside]) {
      if (!own.blocked && own.isBlocked && (await own.isBlocked()) && this.#outside.has(own)) own.blocked = true;
    }
  }

  /** What is due by now. */
  #wake(): void {
    while (this.#timers[0] && this.#timers[0].at <= this.now) {
      const timer = this.#timers.shift();
      if (timer && !timer.task.life.dead) this.#ready.push(timer.task);
    }
  }

  #heads(): Task[] {
    this.#ready = this.#ready.filter(({ life }) => !life.dead);
    const lanes = new Set<string>();
    return this.#ready.filter(({ lane }) => !lanes.has(lane) && lanes.add(lane));
  }

  #note(line: string): void {
    this.#digest.update(line).update('\n');
    this.lines?.push(line);
  }
}

/** Each step favours some lives over others, so that runs are found in which one side is far ahead. */
function pick(heads: readonly Task[], { chance, favour }: Dice): Task {
  const weights = heads.map(({ life }) => [1, 1, 2, 12][hash(favour, life.name) % 4] ?? 1);
  let left = chance.next() * weights.reduce((sum, weight) => sum + weight, 0);
  for (const [index, weight] of weights.entries()) {
    left -= weight;
    const task = heads[index];
    if (left < 0 && task) return task;
  }
  return heads[heads.length - 1] as Task;
}
