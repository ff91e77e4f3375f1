import { describe, expect, it } from 'vitest';
import { cases } from './cases';
import { simulate } from './simulate';
import { simulateSet } from './simulate-set';

describe('[REC-2] [DEV-3] [FEED-1] nothing is lost and nothing is doubled', () => {
  it.each(cases)('$name', async ({ seed, steps }) => {
    const outcome = await simulate({ seed, steps, engine: 'sqlite' });
    expect(outcome.failures).toEqual([]);
  });

  it('whatever strikes', async () => {
    const outcome = await simulateSet({ engine: 'sqlite', seed: 2, runs: 12 });
    expect(outcome.failure).toBeNull();
    expect(outcome).toMatchObject({ lost: 0, doubled: 0, missing: [] });
  });

  it('with seeds that nobody tried before', async () => {
    const seed = Date.now() % 1_000_000_000;
    const outcome = await simulateSet({ engine: 'sqlite', seed, runs: 4 });
    expect(outcome.failure, `first seed ${seed}`).toBeNull();
  });
});

describe('a seed', () => {
  it('replays step for step', async () => {
    const [once, again] = [
      await simulate({ seed: 2, engine: 'sqlite' }),
      await simulate({ seed: 2, engine: 'sqlite' }),
    ];
    expect(again.trace).toBe(once.trace);
    expect(again.told).toEqual(once.told);
  });
});
