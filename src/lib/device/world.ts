/** The phone's real clock, randomness, timers, network and locks: the only file of the phone that may touch them. */
import { v7 } from 'uuid';
import type { World } from '../domain/world';

export type DeviceWorld = World & {
  /** The browser's `fetch`. */
  fetch(address: string, init: RequestInit): Promise<Response>;
  /** Web Locks, `null` where the browser has none. */
  locks: LockManager | null;
  /** False only when the browser is sure that there is no network. */
  online(): boolean;
};

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
    online: () => typeof navigator === 'undefined' || navigator.onLine !== false,
  };
}
