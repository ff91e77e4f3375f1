/** The phone's real clock, randomness, timers, network and locks: the only file of the phone that may touch them. */
import { v7 } from 'uuid';
import type { World } from '../domain/world';

export type DeviceWorld = World & {
  /** The browser's `fetch`. */
  fetch(address: string, init: RequestInit): Promise<Response>;
  /** Web Locks, `null` where the browser has none. */
  locks: LockManager | null;
  /** A short text that outlives the store, by its name: a cookie. */
  cookie: (name: string) => Marker;
  /** False only when the browser is sure that there is no network. */
  online(): boolean;
};

export type Marker = { read(): string | null; write(text: string | null): void };

/** The world of this browser. Made once by the screens' entry point; tests and simulations bring their own. */
export function makeWorld(): DeviceWorld {
  const randomBytes = (length: number) => crypto.getRandomValues(new Uint8Array(length));
  return {
    now: () => Date.now(),
    randomBytes,
    random: () => Math.random(),
    uuid: () => v7({ msecs: Date.now(), random: randomBytes(16) }),
    after(milliseconds, task) {
      const timer = setTimeout(task, milliseconds);
      return () => clearTimeout(timer);
    },
    fetch: (address, init) => fetch(address, init),
    locks: typeof navigator !== 'undefined' && 'locks' in navigator ? navigator.locks : null,
    cookie,
    online: () => typeof navigator === 'undefined' || navigator.onLine !== false,
  };
}

function cookie(name: string): Marker {
  const key = `${name}=`;
  const isHere = typeof document !== 'undefined';
  return {
    read() {
      const held = isHere ? document.cookie.split('; ').find((one) => one.startsWith(key)) : null;
      return held?.slice(key.length) ?? null;
    },
    /** For 400 days, the longest that browsers keep a cookie. */
    write(text) {
      if (!isHere) return;
      const secure = location.protocol === 'https:' ? '; Secure' : '';
      const age = text === null ? 0 : 400 * 24 * 3600;
      document.cookie = `${key}${text ?? ''}; Path=/; Max-Age=${age}; SameSite=Strict${secure}`;
    },
  };
}
