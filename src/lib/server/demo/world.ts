/** The demo's world: ids and samples from a seed, so that the same people have the same ids each time, and a clock that is set by hand. */
import { v7 } from 'uuid';
import type { World } from '../../domain/world';
import { makeWorld } from '../world';

export type DemoWorld = World & {
  /** Sets the clock, in milliseconds since 1970. */
  setTime(ms: number): void;
};

/** Every id carries this day, whatever day the demo is made on. */
const idsFrom = Date.UTC(2026, 0, 5);

export function demoWorld(seed: number): DemoWorld {
  const real = makeWorld();
  const random = seeded(seed);
  let time = real.now();
  let made = 0;
  return {
    now: () => time,
    setTime(ms) {
      time = ms;
    },
    random,
    uuid() {
      made += 1;
      const bytes = Uint8Array.from({ length: 16 }, () => Math.floor(random() * 256));
      return v7({ msecs: idsFrom + made, seq: 0, random: bytes });
    },
    // Salts and secrets are nobody's to foresee, not in a demo either.
    randomBytes: (length) => real.randomBytes(length),
    after: (milliseconds, task) => real.after(milliseconds, task),
  };
}

/** Mulberry32: uniform in [0, 1). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
