/** What tabs of one browser share beside its disk: channels, and locks of which one tab has each. */
import * as z from 'zod';
import { type Life, lifeHere } from './life';

type Listener = (event: MessageEvent<unknown>) => void;

/** BroadcastChannel between the tabs of one browser: what is said reaches the others in order, later. */
export class Channels {
  #open = new Set<TabChannel>();

  open(name: string): TabChannel {
    const life = lifeHere();
    if (!life) throw new Error('a channel outside of any tab');
    const channel = new TabChannel(name, life, this.#open);
    this.#open.add(channel);
    return channel;
  }
}

class TabChannel {
  onmessage: Listener | null = null;
  constructor(
    readonly name: string,
    readonly life: Life,
    readonly open: Set<TabChannel>,
  ) {}

  postMessage(value: unknown): void {
    for (const other of this.open) {
      if (other.life.dead) this.open.delete(other);
      if (other === this || other.name !== this.name || other.life.dead) continue;
      const data: unknown = structuredClone(value);
      const hear = () => other.onmessage?.(new MessageEvent('message', { data }));
      other.life.clockwork.post(
        other.life,
        'heard another tab',
        hear,
        `channel ${this.life.name} to ${other.life.name}`,
      );
    }
  }

  close(): void {
    this.open.delete(this);
  }
}

type Held = { life: Life; lost: (error: unknown) => void; over: boolean };
type Waiting = { life: Life; grant: () => void };

const Manager = z.custom<LockManager>((manager) => typeof manager === 'object');

/** Web Locks of one browser, as far as the app asks: exclusive, with a signal, and to steal. */
export class Locks {
  #held = new Map<string, Held>();
  #waiting = new Map<string, Waiting[]>();

  /** What a tab sees as `navigator.locks`; the app always names options. */
  manager(): LockManager {
    const request = (name: string, options: LockOptions, run: (lock: Lock | null) => unknown): Promise<unknown> =>
      this.#request(name, options, run);
    return Manager.parse({ request });
  }

  /** What the dead held goes to who waits. */
  release(lives: readonly Life[]): void {
    for (const [name, queue] of this.#waiting)
      this.#waiting.set(
        name,
        queue.filter(({ life }) => !lives.includes(life)),
      );
    for (const [name, held] of [...this.#held]) if (lives.includes(held.life)) this.#next(name, held);
  }

  #request(name: string, { signal, steal }: LockOptions, run: (lock: Lock | null) => unknown): Promise<unknown> {
    const life = lifeHere();
    if (!life) throw new Error('a lock outside of any tab');
    return new Promise((resolve, reject) => {
      const grant = () => {
        const held: Held = { life, lost: reject, over: false };
        this.#held.set(name, held);
        const work = async () => run({ name, mode: 'exclusive' });
        life.clockwork.post(life, 'lock', () => {
          const end = () => this.#next(name, held);
          work().then(
            (value) => (end(), resolve(value)),
            (error: unknown) => (end(), reject(error)),
          );
        });
      };
      if (steal) {
        const robbed = this.#held.get(name);
        if (robbed) {
          robbed.over = true;
          robbed.life.clockwork.post(robbed.life, 'robbed', () =>
            robbed.lost(new DOMException('stolen', 'AbortError')),
          );
        }
        return grant();
      }
      if (!this.#held.has(name)) return grant();
      const waiting: Waiting = { life, grant };
      this.#waiting.set(name, [...(this.#waiting.get(name) ?? []), waiting]);
      signal?.addEventListener('abort', () => {
        const queue = this.#waiting.get(name) ?? [];
        if (!queue.includes(waiting)) return;
        this.#waiting.set(
          name,
          queue.filter((other) => other !== waiting),
        );
        reject(new DOMException('aborted', 'AbortError'));
      });
    });
  }

  #next(name: string, held: Held): void {
    if (held.over || this.#held.get(name) !== held) return;
    held.over = true;
    this.#held.delete(name);
    const [first, ...rest] = (this.#waiting.get(name) ?? []).filter(({ life }) => !life.dead);
    this.#waiting.set(name, rest);
    first?.grant();
  }
}
