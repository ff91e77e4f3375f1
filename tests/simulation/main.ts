/** The simulation as a program: seeds for as long as one likes, how often each fault struck, and a failing story made short. */
import { parseArgs } from 'node:util';
import { faultNames } from './faults';
import { simulateSet } from './simulate-set';

export async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      seed: { type: 'string' },
      runs: { type: 'string' },
      minutes: { type: 'string' },
      steps: { type: 'string' },
    },
  });
  const seed = Number(values.seed ?? Date.now() % 1_000_000_000);
  console.log(`first seed ${seed}`);
  const outcome = await simulateSet({
    engine: 'sqlite',
    seed,
    ...(values.minutes ? { minutes: Number(values.minutes) } : { runs: Number(values.runs ?? 1) }),
    ...(values.steps && { steps: Number(values.steps) }),
    ran: ({ seed: ran, tried, turns, failures }) =>
      console.log(`seed ${ran}: ${tried} records, ${turns} tasks${failures[0] ? `, ${failures[0]}` : ''}`),
  });
  for (const name of faultNames) console.log(`${String(outcome.faults[name]).padStart(7)}  ${name}`);
  console.log(`${outcome.runs} runs: ${outcome.tried} tried, ${outcome.lost} lost, ${outcome.doubled} doubled`);
  if (outcome.failure) console.log(outcome.failure);
  return outcome.failure ? 1 : 0;
}
