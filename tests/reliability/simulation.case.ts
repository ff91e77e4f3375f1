/** Phones and office together, from a seed (tests/simulation): crashes at any await, a network that loses and doubles, moved clocks and scopes, restores. */
import { expect, test } from 'vitest';
import { faultNames } from '../simulation/faults';
import { simulateSet } from '../simulation/simulate-set';
import { score } from './ledger';
import { engines, minutes, seed } from './settings';

test.each(engines)('[REC-2] [DEV-3] [FEED-1] seeded simulation, %s', async (engine) => {
  // PostgreSQL's runs are long: its short form has shorter ones, and looks for what is missing from the second on.
  const few = engine === 'postgres' ? { runs: 1, steps: 120, untilAll: 40 } : { runs: 4, untilAll: 40 };
  const outcome = await simulateSet({
    engine,
    seed,
    ...(minutes > 0 ? { minutes: minutes / engines.length, untilAll: 80 } : few),
  });
  console.log(faultNames.map((name) => `${String(outcome.faults[name]).padStart(7)}  ${name}`).join('\n'));
  // The report of a failing test comes when all the cases ran, in the long form an hour later.
  if (outcome.failure) console.log(outcome.failure);
  const struck = Object.values(outcome.faults).filter((count) => count > 0).length;
  const { tried, lost, doubled, runs, failure } = outcome;
  // Lost and doubled may be 0 in a run that fails otherwise: its row says so.
  const message = `${failure ? `FAILED: ${failure.split('\n', 2).join(' ')}; ` : ''}${runs} runs, ${struck} kinds of fault`;
  score({ case: 'seeded simulation', engine, tried, lost, doubled, message });
  expect(failure).toBeNull();
  expect(outcome.missing).toEqual([]);
});
