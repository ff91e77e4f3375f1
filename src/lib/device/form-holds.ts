/**
 * A form is open in one window at a time: two that wrote the same draft would each undo the other's words. A window that wants a form
 * held by another is told so, and may ask for it: the other writes what it has to the store and puts it down.
 */
import type { DeviceWorld } from './world';

export type FormHold = {
  /** Answers when another window can have it. */
  release(): Promise<void>;
  /** As long as it is on, no other window gets the form: something of it stands in this window only. */
  guard(on: boolean): void;
};

/** `stolen`: the window was silent and the form is held elsewhere already; it must not write any more. */
type Lost = (stolen: boolean) => Promise<void>;

/** A window that does not answer for so long is asleep; what it had is in the store since it went to the back. */
const SILENT_MS = 2_000;

type Parts = {
  world: Pick<DeviceWorld, 'locks' | 'after'>;
  /** Begins the names of this account's locks. */
  prefix: string;
  /** Asks other windows to put a form down. */
  ask: (form: string) => void;
};

export class FormHolds {
  #parts: Parts;
  #held = new Map<string, { lost: Lost; hold: FormHold }>();
  /** By form: ends its guard, a lock of its own, which a window that is asleep holds as well as one that answers. */
  #guards = new Map<string, () => void>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Null while another window has it. Where the browser has no locks, everybody has it. */
  async take(form: string, lost: Lost): Promise<FormHold | null> {
    return this.#request(form, lost, { ifAvailable: true });
  }

  /** Takes it over from the window that has it; null while that one has something of it that is not in the store. */
  async takeOver(form: string, lost: Lost): Promise<FormHold | null> {
    const aborter = new AbortController();
    const stop = this.#parts.world.after(SILENT_MS, () => aborter.abort());
    this.#parts.ask(form);
    try {
      return await this.#request(form, lost, { signal: aborter.signal });
    } catch {
      return (await this.isGuarded(form)) ? null : await this.#request(form, lost, { steal: true });
    } finally {
      stop();
    }
  }

  /** Whether another window has something of the form that is not in the store. */
  async isGuarded(form: string): Promise<boolean> {
    const { locks } = this.#parts.world;
    return (await locks?.request(this.#guardOf(form), { ifAvailable: true }, (lock) => lock === null)) ?? false;
  }

  /** Another window asks for a form. */
  async asked(form: string): Promise<void> {
    const held = this.#held.get(form);
    if (!held) return;
    await held.lost(false);
    if (!this.#guards.has(form)) await held.hold.release();
  }

  #guardOf(form: string): string {
    return `${this.#parts.prefix}${form} guard`;
  }

  #guard(form: string, on: boolean): void {
    if (on === this.#guards.has(form)) return;
    this.#guards.get(form)?.();
    this.#guards.delete(form);
    if (!on) return;
    const ended = new Promise<void>((end) => this.#guards.set(form, end));
    void this.#parts.world.locks?.request(this.#guardOf(form), {}, () => ended);
  }

  /** Puts every form down. */
  async close(): Promise<void> {
    await Promise.all([...this.#held.values()].map(({ hold }) => hold.release()));
  }

  #request(form: string, lost: Lost, options: LockOptions): Promise<FormHold | null> {
    const { locks } = this.#parts.world;
    if (!locks) return Promise.resolve({ release: () => Promise.resolve(), guard: () => {} });
    return new Promise((resolve, reject) => {
      let letGo = () => {};
      let isMine = false;
      const ended: Promise<unknown> = locks
        .request(`${this.#parts.prefix}${form}`, options, (lock) => {
          if (!lock) return resolve(null);
          isMine = true;
          const released = new Promise<void>((done) => {
            letGo = done;
          });
          const hold: FormHold = {
            release: () => this.#release(form, letGo, ended),
            guard: (on) => this.#guard(form, on),
          };
          this.#held.set(form, { lost, hold });
          resolve(hold);
          return released;
        })
        .catch((error: unknown) => {
          if (!isMine) return reject(error);
          this.#held.delete(form);
          this.#guard(form, false);
          return lost(true);
        });
    });
  }

  async #release(form: string, letGo: () => void, ended: Promise<unknown>): Promise<void> {
    this.#held.delete(form);
    this.#guard(form, false);
    letGo();
    await ended;
  }
}
