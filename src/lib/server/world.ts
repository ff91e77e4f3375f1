/** The office's clock, randomness, ids and timers: the one module on this side that touches the real ones. */
import { getRandomValues } from 'node:crypto';
import { v7 } from 'uuid';
import type { World } from '../domain/world';

/** `demoNow` (ms since 1970) is the time that the clock shows at the moment of the call; it runs on from there. */
export type WorldOptions = { demoNow?: number | null };

export function makeWorld({ demoNow }: WorldOptions = {}): World {
  const ahead = typeof demoNow === 'number' ? demoNow - Date.now() : 0;
  const now = () => Date.now() + ahead;
  const randomBytes = (length: number) => getRandomValues(new Uint8Array(length));
  return {
    now,
    randomBytes,
    random: () => new DataView(randomBytes(4).buffer).getUint32(0) / 2 ** 32,
    uuid: ascendingIds(now, randomBytes),
    after(milliseconds, task) {
      const timer = setTimeout(task, milliseconds);
      return () => clearTimeout(timer);
    },
  };
}

/** UUIDv7 that ascend within a millisecond too, and when the clock goes back: rows made in a row sort as they were made. */
function ascendingIds(now: () => number, randomBytes: (length: number) => Uint8Array): () => string {
  let last = -1;
  let sequence = 0;
  return () => {
    const random = randomBytes(16);
    const time = now();
    if (time > last) {
      last = time;
      // The upper half is left free, so that counting on never runs over within a millisecond.
      sequence = new DataView(random.buffer).getUint32(0) >>> 2;
    } else {
      sequence += 1;
    }
    return v7({ msecs: last, seq: sequence, random });
  };
}
