/** Chance from a seed: the same numbers in the same order each time. Streams of different seeds know nothing of each other. */
export type Chance = {
  /** Uniform in [0, 1). */
  next(): number;
  /** A whole number in 0 … n − 1. */
  below(n: number): number;
  happens(probability: number): boolean;
  /** Throws where there is nothing to pick. */
  pick<T>(choices: readonly T[]): T;
  bytes(length: number): Uint8Array;
};

/** A stream of its own for each row of numbers and words (mulberry32 over their hash). */
export function chance(...seed: (number | string)[]): Chance {
  let state = hash(...seed);
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const below = (n: number) => Math.floor(next() * n);
  return {
    next,
    below,
    happens: (probability) => next() < probability,
    pick<T>(choices: readonly T[]): T {
      if (choices.length === 0) throw new Error('nothing to pick from');
      return choices[below(choices.length)] as T;
    },
    bytes: (length) => Uint8Array.from({ length }, () => below(256)),
  };
}

/** 32 bits of numbers and words (FNV-1a, then mixed: neighbours give nothing alike). */
export function hash(...parts: (number | string)[]): number {
  let state = 0x811c9dc5;
  for (const character of parts.join('|')) state = Math.imul(state ^ character.charCodeAt(0), 0x01000193);
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
  return (state ^ (state >>> 16)) >>> 0;
}
