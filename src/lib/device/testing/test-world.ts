/** A world for tests: a clock that moves when told to, timers that run then, chance from a seed. */
import type { DeviceWorld, Marker } from '../world';

export type TestWorld = DeviceWorld & {
  /** Moves the clock on, and runs what became due, in order. */
  advance(milliseconds: number): Promise<void>;
  /** Milliseconds until each timer. */
  pending(): number[];
  setOnline(online: boolean): void;
  /** Sets the clock forward or back, as a person or the network does: timers go on as they were. */
  jump(milliseconds: number): void;
};

/** 2026-11-23, a Monday, 10:00 in the community. */
export const START = Date.parse('2026-11-23T10:00:00+08:00');

export function makeTestWorld(seed = 1, fetch: DeviceWorld['fetch'] = noNetwork): TestWorld {
  let now = START;
  let skew = 0;
  const cookies = new Map<string, Marker>();
  let online = true;
  let state = seed >>> 0;
  const timers = new Set<{ at: number; task: () => void }>();
  const random = () => {
    // mulberry32
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const randomBytes = (length: number) => Uint8Array.from({ length }, () => Math.floor(random() * 256));
  return {
    now: () => now + skew,
    random,
    randomBytes,
    uuid: () => uuidV7(now + skew, randomBytes(10)),
    after(milliseconds, task) {
      const timer = { at: now + milliseconds, task };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    fetch,
    locks: null,
    online: () => online,
    cookie(name) {
      const held = cookies.get(name) ?? cookie();
      cookies.set(name, held);
      return held;
    },
    async advance(milliseconds) {
      const end = now + milliseconds;
      for (;;) {
        const next = [...timers].filter(({ at }) => at <= end).sort((one, other) => one.at - other.at)[0];
        if (!next) break;
        timers.delete(next);
        now = Math.max(now, next.at);
        next.task();
        await settled();
      }
      now = end;
    },
    pending: () => [...timers].map(({ at }) => at - now).sort((one, other) => one - other),
    jump(milliseconds) {
      skew += milliseconds;
    },
    setOnline: (value) => {
      online = value;
    },
  };
}

/** Lets promises and fake-indexeddb (which takes its turns by setImmediate) go as far as they can. */
export async function settled(turns = 60): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    // A digest under way is in the thread pool, which no turn of the loop waits for: one of our own queues behind it (the pool has one thread here).
    if (turn % 4 === 0) await crypto.subtle.digest('SHA-256', new Uint8Array(64));
  }
}

function uuidV7(now: number, bytes: Uint8Array): string {
  const time = now.toString(16).padStart(12, '0');
  const rest = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${rest.slice(0, 3)}-8${rest.slice(3, 6)}-${rest.slice(6, 18)}`;
}

function noNetwork(): Promise<Response> {
  return Promise.reject(new TypeError('no network in this test'));
}

function cookie(): Marker {
  let held: string | null = null;
  return {
    read: () => held,
    write(text) {
      held = text;
    },
  };
}
