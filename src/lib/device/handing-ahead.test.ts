import { describe, expect, it } from 'vitest';
import { HandingAhead } from './handing-ahead';
import { PAGES, type Asked, type SendOutcome } from './question';
import { makeTestWorld, settled } from './testing/test-world';

const answered: SendOutcome = { kind: 'refused', status: 503, retryAfterMs: null };

function asking(id: string): Asked {
  const queued = [{ id, revision: 1, bytes: 100 }];
  const push = [{ id, revision: 1, digest: `of ${id}`, text: '{}' }];
  return { queued, question: { epoch: null, have: {}, offer: [], push }, page: PAGES.none };
}

/** An office and a store that do nothing before they are told to. */
function slow() {
  const world = makeTestWorld();
  const asked: string[] = [];
  const settling: string[] = [];
  const answer = new Map<string, () => void>();
  const store = new Map<string, (error?: Error) => void>();
  const name = ({ queued }: Asked) => queued[0]?.id ?? '';
  const ahead = new HandingAhead({
    ask: (one) => {
      asked.push(name(one));
      return new Promise((came) => answer.set(name(one), () => came(answered)));
    },
    settle: (one) => {
      settling.push(name(one));
      return new Promise((done, failed) => store.set(name(one), (error) => (error ? failed(error) : done(1))));
    },
    world,
  });
  return { world, ahead, asked, settling, answer, store };
}

describe('handing ahead', () => {
  it('has two under way, and lets a third go at the answer of the first, before its receipts are stored', async () => {
    const { ahead, asked, settling, answer, store } = slow();
    expect(await ahead.room()).toBeNull();
    await ahead.go(asking('a'), 0);
    expect(await ahead.room()).toBeNull();
    await ahead.go(asking('b'), 0);
    expect(ahead.handed.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(ahead.without([...asking('a').queued, ...asking('c').queued])).toEqual(asking('c').queued);

    let made = false;
    const room = ahead.room().then((first) => ((made = true), first));
    await settled();
    expect(made).toBe(false);
    answer.get('a')?.();
    const first = await room;
    expect(first?.queued).toEqual(asking('a').queued);
    expect(settling).toEqual(['a']);
    await ahead.go(asking('c'), 0);
    expect(asked).toEqual(['a', 'b', 'c']);

    store.get('a')?.();
    expect(await first?.came).toMatchObject({ outcome: answered, receipts: 1 });
    for (const one of ['b', 'c']) answer.get(one)?.();
    await settled();
    for (const one of ['b', 'c']) store.get(one)?.();
    expect((await ahead.settled()).map(({ receipts }) => receipts)).toEqual([1, 1]);
    expect(ahead.handed).toEqual([]);
  });

  it('lets the second go a while after the first, never more than a second', async () => {
    const { world, ahead, asked } = slow();
    await ahead.go(asking('a'), 300);
    expect(asked).toEqual(['a']);
    const second = ahead.go(asking('b'), 300);
    await world.advance(299);
    expect(asked).toEqual(['a']);
    await world.advance(1);
    await second;
    expect(asked).toEqual(['a', 'b']);

    const slower = slow();
    await slower.ahead.go(asking('a'), 0);
    const late = slower.ahead.go(asking('b'), 20_000);
    await slower.world.advance(1_000);
    await late;
    expect(slower.asked).toEqual(['a', 'b']);
  });

  it('tells whoever waits for it that the store failed', async () => {
    const { ahead, answer, store } = slow();
    await ahead.go(asking('a'), 0);
    answer.get('a')?.();
    await settled();
    store.get('a')?.(new Error('no room'));
    await settled();
    await expect(ahead.settled()).rejects.toThrow('no room');
  });
});
