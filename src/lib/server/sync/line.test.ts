import { expect, test } from 'vitest';
import { Line, longestWaitMs } from './line';
import { Refusal } from './refusal';

type Place = () => Promise<void>;

/** A line whose clock is moved by hand; `join` takes a place that is left by calling what it answers. */
function aLine() {
  let now = 0;
  const later = new Set<() => void>();
  const line = new Line({
    now: () => now,
    after: (_, task) => {
      later.add(task);
      return () => void later.delete(task);
    },
  });
  const join = async (bytes = 0, who = 'somebody'): Promise<Place | number> => {
    const gate = Promise.withResolvers<null>();
    const answer = line.pass(
      who,
      bytes,
      () => Promise.resolve(),
      () => gate.promise,
    );
    const refused = await Promise.race([
      answer.then(
        () => null,
        (error: unknown) => (error instanceof Refusal ? (error.says.retryAfter ?? 0) : -1),
      ),
      new Promise<null>((resolve) => setImmediate(() => resolve(null))),
    ]);
    if (refused !== null) return refused;
    return async () => {
      gate.resolve(null);
      await answer;
    };
  };
  /** Until one is sent away; answers the places that were taken. */
  const fill = async () => {
    const places: Place[] = [];
    for (;;) {
      const place = await join();
      if (typeof place === 'number') return places;
      places.push(place);
    }
  };
  /** Names what came, when it came. */
  const lull = (name: string, came: string[]) => line.lull().then(() => void came.push(name));
  const aSecondLater = () => [...later].forEach((task) => task());
  return { line, join, fill, lull, aSecondLater, later, forward: (ms: number) => void (now += ms) };
}

test('[LIM-2] a line takes as many as it can answer in time at its own pace, more of the quick ones', async () => {
  const { fill, forward } = aLine();
  const first = await fill();
  expect(first.length).toBeGreaterThan(100);
  for (const leave of first) {
    forward(100);
    await leave();
  }
  const slow = (await fill()).length;
  expect(slow).toBeLessThan(first.length);
  expect(Math.abs(slow - longestWaitMs / 100)).toBeLessThan(5);
});

test('[LIM-2] each who is sent away is told a later time, up to a bound', async () => {
  const { join, fill } = aLine();
  await fill();
  const told: unknown[] = [];
  for (let away = 0; away < 20_000; away += 1) told.push(await join());
  const times = told.filter((time) => typeof time === 'number');
  expect(times).toHaveLength(told.length);
  expect(times).toEqual([...times].sort((one, other) => one - other));
  expect(times[0]).toBeGreaterThanOrEqual(longestWaitMs / 1000);
  expect(new Set(times.slice(0, 200)).size).toBeGreaterThan(4);
  expect(Math.max(...times)).toBe(300);
});

test('[LIM-2] a line that does not move takes nobody, however short it is; when it has moved, it does', async () => {
  const { join, forward } = aLine();
  const first = await join();
  forward(longestWaitMs + 1);
  expect(await join()).toBeGreaterThanOrEqual(longestWaitMs / 1000);
  if (typeof first !== 'number') await first();
  expect(typeof (await join())).toBe('function');
});

test('[LIM-2] bodies on their way are held up to a bound, and given back', async () => {
  const { join } = aLine();
  const mebibyte = 1024 * 1024;
  const held: Place[] = [];
  for (;;) {
    const place = await join(mebibyte, `worker ${Math.floor(held.length / 8)}`);
    if (typeof place === 'number') break;
    held.push(place);
  }
  expect(held).toHaveLength(128);
  const greedy: unknown[] = [];
  for (let sent = 0; sent < 1000; sent += 1) greedy.push(await join(mebibyte, 'worker 0'));
  expect(new Set(greedy).size).toBe(1);
  await held[0]?.();
  expect(typeof (await join(mebibyte, 'worker 1'))).toBe('number');
  expect(typeof (await join(mebibyte, 'worker 0'))).toBe('function');
});

test('a clock that jumps by a day does not shut the line for long', async () => {
  const { join, fill, forward } = aLine();
  const place = await join();
  forward(24 * 3600_000);
  if (typeof place !== 'number') await place();
  forward(-48 * 3600_000);
  const next = await join();
  expect(typeof next).toBe('function');
  expect((await fill()).length).toBeGreaterThan(20);
});

test('what is not urgent waits a little for the next part of what is handed over in parts', async () => {
  const { join, lull, line, aSecondLater, later, forward } = aLine();
  const came: string[] = [];
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  const [part] = [await join()] as Place[];
  void lull('after all parts', came);
  line.awaitMore();
  await part?.();
  forward(100);
  const [next] = [await join()] as Place[];
  line.awaitMore();
  await next?.();
  await turn();
  expect(came).toEqual([]);
  forward(1000);
  aSecondLater();
  await turn();
  expect(came).toEqual(['after all parts']);
  expect(later.size).toBe(0);
});

test('what is not urgent waits until nobody stands in line, and on a busy day not for ever', async () => {
  const { join, lull, aSecondLater, later } = aLine();
  const came: string[] = [];
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  await lull('at once', came);
  const [one, two] = [await join(), await join()] as Place[];
  void lull('after both', came);
  await one?.();
  await turn();
  expect(came).toEqual(['at once']);
  await two?.();
  await turn();
  expect(came).toEqual(['at once', 'after both']);
  expect(later.size).toBe(0);
  await join();
  void lull('a second later', came);
  aSecondLater();
  await turn();
  expect(came).toEqual(['at once', 'after both', 'a second later']);
});
