/** Phones and office together, from a seed (tests/simulation): crashes at any await, a network that loses and doubles, moved clocks and scopes, restores. */
import { expect, test } from 'vitest';
import { type Fault, faultNames } from '../simulation/faults';
import { simulateSet } from '../simulation/simulate-set';
import { score } from './ledger';
import { engines, minutes, seed } from './settings';

/** On whichever database. */
const everStruck = new Set<Fault>();

test.each(engines)('[REC-2] [DEV-3] [FEED-1] seeded simulation, %s', async (engine) => {
  // PostgreSQL's runs are long: beside SQLite its short form has few, and shorter ones: what none of them met has struck there.
  const few = engine === 'postgres' && engines.length > 1 ? { runs: 2, steps: 120 } : { runs: 2, untilAll: 40 };
  const outcome = await simulateSet({
    engine,
    seed,
    ...(minutes > 0 ? { minutes: minutes / engines.length, untilAll: 80 } : few),
  });
  console.log(faultNames.map((name) => `${String(outcome.faults[name]).padStart(7)}  ${name}`).join('\n'));
  // The report of a failing test comes when all the cases ran, in the long form an hour later.
  if (outcome.failure) console.log(outcome.failure);
  const struck = faultNames.filter((name) => outcome.faults[name] > 0);
  for (const name of struck) everStruck.add(name);
  const { tried, lost, doubled, runs, failure } = outcome;
  // Lost and doubled may be 0 in a run that fails otherwise: its row says so.
  const message = `${failure ? `FAILED: ${failure.split('\n', 2).join(' ')}; ` : ''}${runs} runs, ${struck.length} kinds of fault`;
  score({ case: 'seeded simulation', engine, tried, lost, doubled, message });
  expect(failure).toBeNull();
  expect(minutes > 0 ? outcome.missing : faultNames.filter((name) => !everStruck.has(name))).toEqual([]);
});
