/** Two ways for calls to share a run: who comes during a run gets that run, or waits for its turn. */

/** One run at a time; calls that come during it get its answer. */
export function once<T>(run: () => Promise<T>): () => Promise<T> {
  let current: Promise<T> | null = null;
  return () => {
    current ??= run().finally(() => {
      current = null;
    });
    return current;
  };
}

/** Calls run one after the other, in the order in which they came; one that fails stops none behind it. */
export function makeQueue(): <T>(run: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (run) => {
    const next = last.then(run, run);
    last = next.catch(() => {});
    return next;
  };
}
