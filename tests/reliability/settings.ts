/** What a run was asked for: `npm run reliability -- --minutes N --seed S --database sqlite|postgres|both --bodies N`, handed on by environment. */
export type Engine = 'sqlite' | 'postgres';

/** A run's own chance: printed with it, and enough to repeat it. */
export const seed = Number(process.env.RELIABILITY_SEED ?? 1);
/** How long the simulation runs, on all databases together; the other cases try more with it, too. 0: the short form. */
export const minutes = Number(process.env.RELIABILITY_MINUTES ?? 0);
/** Generated bodies to each endpoint; null: as many as the run's length says. */
export const bodies = process.env.RELIABILITY_BODIES ? Number(process.env.RELIABILITY_BODIES) : null;
const asked = process.env.RELIABILITY_DATABASE ?? 'both';
export const engines: Engine[] =
  asked === 'both' ? ['sqlite', 'postgres'] : [asked === 'postgres' ? 'postgres' : 'sqlite'];
/** Cases to which the database behind the office is the lesser part: as a part of `npm test` the one that the seed says, else each. */
export const enginesInTurn =
  process.env.RELIABILITY_BRIEF === '1' ? engines.slice(seed % engines.length).slice(0, 1) : engines;

/** Uniform in [0, 1), from a seed (mulberry32). */
export function chanceOf(from: number): () => number {
  let state = from >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
