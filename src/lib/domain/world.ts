/**
 * What both sides take from outside: clock, randomness, timers, locks. Each side has one module that makes the real one
 * (`device/world.ts`, `server/world.ts`); a simulation passes its own, so that a run can be repeated from its seed.
 */
export type World = {
  /** Milliseconds since 1970 by this side's clock. */
  now(): number;
  /** `length` random bytes, for ids and secrets. */
  randomBytes(length: number): Uint8Array;
  /** Uniform in [0, 1), for jitter and samples. */
  random(): number;
  /** A new UUIDv7 (RFC 9562) of this side's clock and randomness. */
  uuid(): string;
  /** Runs `task` after `milliseconds`; the returned function takes it back. */
  after(milliseconds: number, task: () => void): () => void;
};
