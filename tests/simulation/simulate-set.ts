/** Many seeds, one after the other: the sums, which faults struck, and the first story that failed, made short. */
import { faultNames, type Fault, type Tally, emptyTally } from './faults';
import { shrink, tellFailure } from './shrink';
import { type EngineName, openEngine } from './engines';
import { simulate, type Outcome, type SimulateOptions } from './simulate';

export type SetOptions = {
  engine: EngineName;
  /** The first of them; each further one is one higher. Or these, and no others. */
  seed: number | readonly number[];
  /** Ends after so many runs, or when the time is over, whichever comes first. */
  runs?: number;
  /** Goes on after that until every fault struck, with stories that look for the missing ones, at most so many runs in all. */
  untilAll?: number;
  minutes?: number;
  steps?: number;
  /** Faults that every story looks for. */
  towards?: readonly Fault[];
  ran?: (outcome: Outcome) => void;
};

export type SetOutcome = {
  engine: EngineName;
  runs: number;
  tried: number;
  lost: number;
  doubled: number;
  faults: Tally;
  /** Faults that never struck: what these runs have not tried. */
  missing: Fault[];
  /** The first failure as a story, null when all is right. */
  failure: string | null;
};

export async function simulateSet(options: SetOptions): Promise<SetOutcome> {
  const { seed, minutes = Infinity, steps, towards = [], ran, untilAll = 0 } = options;
  const seedOf = (run: number) => (typeof seed === 'number' ? seed + run : (seed[run] ?? 0));
  const runs = typeof seed === 'number' ? (options.runs ?? Infinity) : seed.length;
  const engine = await openEngine(options.engine);
  const end = performance.now() + minutes * 60_000;
  const sums = { runs: 0, tried: 0, lost: 0, doubled: 0 };
  const faults = emptyTally();
  let failure: string | null = null;
  try {
    const isTime = () => sums.runs < runs && performance.now() < end;
    const isUntried = () => sums.runs < untilAll && missingOf(faults).length > 0;
    while (failure === null && (isTime() || isUntried())) {
      const looksFor = isTime() ? towards : missingOf(faults);
      const own = { seed: seedOf(sums.runs), engine, towards: looksFor };
      const one: SimulateOptions = { ...own, ...(steps !== undefined && { steps }) };
      const outcome = await simulate(one);
      sums.runs += 1;
      for (const name of ['tried', 'lost', 'doubled'] as const) sums[name] += outcome[name];
      for (const name of faultNames) faults[name] += outcome.faults[name];
      ran?.(outcome);
      if (outcome.failures.length > 0) failure = `${tellFailure(await shrink(outcome, one))}${toHear(looksFor, steps)}`;
    }
  } finally {
    await engine.stop();
  }
  return { engine: options.engine, ...sums, faults, missing: missingOf(faults), failure };
}

/** What `npm run simulate` has to be told beside the seed. */
function toHear(towards: readonly Fault[], steps: number | undefined): string {
  return towards.length > 0
    ? `\n  drawn with ${steps === undefined ? '' : `--steps ${steps} `}--towards "${towards.join(',')}"`
    : '';
}

const missingOf = (faults: Tally) => faultNames.filter((name) => faults[name] === 0);
