/** Phones and office together, from a seed (tests/simulation): crashes at any await, a network that loses and doubles, moved clocks and scopes, restores. */
import { expect, test } from 'vitest';
import { simulateSet } from '../simulation/simulate-set';
import { score } from './ledger';
import { engines, minutes, seed } from './settings';

test.each(engines)('[REC-2] [DEV-3] [FEED-1] seeded simulation, %s', async (engine) => {
  const wish =
    minutes > 0 ? { minutes: minutes / engines.length } : engine === 'sqlite' ? { runs: 4 } : { runs: 2, steps: 100 };
  const outcome = await simulateSet({ engine, seed, ...wish });
  expect(outcome.failure).toBeNull();
  // A few runs need not meet everything; the long form does, and the test suite's own set is chosen so that it does.
  if (minutes > 0) expect(outcome.missing).toEqual([]);
  const struck = Object.values(outcome.faults).filter((count) => count > 0).length;
  const { tried, lost, doubled, runs } = outcome;
  score({
    case: 'seeded simulation',
    engine,
    tried,
    lost,
    doubled,
    message: `${runs} runs, ${struck} kinds of fault`,
  });
});
