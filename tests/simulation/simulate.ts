/** One seed, from the first tap to the last check: what whoever runs the scoreboard calls. */
import { checkOffice, type Count } from './check-office';
import type { Engine } from './engines';
import type { Fault, Tally } from './faults';
import type { Grain } from './gated-database';
import { rest } from './quiet';
import { Simulation } from './simulation';
import { type Story, storyOf } from './story';

export type SimulateOptions = {
  seed: number;
  engine: Engine;
  /** Of the seed's own story; 160 where it is not said. */
  steps?: number;
  /** Faults that the seed's story looks for. */
  towards?: readonly Fault[];
  /** Another story than the seed's own: a shortened one. */
  story?: Story;
  grain?: Grain;
  /** Keeps a line for each task that went on, to compare two runs. */
  keepLines?: boolean;
};

/** `tried`: revisions that a phone called saved and nobody threw away. */
export type Outcome = Count & {
  seed: number;
  story: Story;
  /** What is wrong, in words; empty when all is right. */
  failures: string[];
  /** How often each fault struck. */
  faults: Tally;
  /** Digest of each task that went on, in order: equal for two runs of one story on one engine. */
  trace: string;
  lines: string[];
  /** What somebody who watches would tell: saves, receipts, decisions. */
  told: string[];
  /** Tasks that went on. */
  turns: number;
};

export async function simulate(options: SimulateOptions): Promise<Outcome> {
  const { seed, steps = 160, towards = [], grain = 'query', keepLines = false } = options;
  const story = options.story ?? storyOf(seed, steps, towards);
  const simulation = new Simulation(story, { engine: options.engine, grain, keepLines });
  const { ledger, clockwork, faults, told } = simulation;
  const { failures } = ledger;
  let count: Count = { tried: 0, lost: 0, doubled: 0 };
  try {
    await simulation.begin();
    for (const step of story.steps) {
      await simulation.step(step);
      if (failures.length > 0) break;
    }
    if (failures.length === 0) await rest(simulation);
    if (failures.length === 0) count = await checkOffice(simulation);
  } finally {
    await simulation.end();
  }
  const lines = clockwork.lines ?? [];
  return { seed, story, ...count, failures, faults, trace: clockwork.trace(), lines, told, turns: clockwork.turns };
}
