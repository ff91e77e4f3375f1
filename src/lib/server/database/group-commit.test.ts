import { expect, test } from 'vitest';
import type { Transaction } from './database';
import { GroupCommit } from './group-commit';

/** A database whose commit takes its time, and may fail. */
function makeGround(failing: { commit: boolean }) {
  const events: string[] = [];
  const group = new GroupCommit({
    async write(run) {
      const result = await run({} as Transaction);
      await new Promise((later) => setImmediate(later));
      if (failing.commit) throw new Error('the disk is full');
      events.push('commit');
      return result;
    },
    attempt: (_, run) => run(),
  });
  const join = (name: string) =>
    group
      .join(async () => name)
      .then(
        () => void events.push(`answer ${name}`),
        () => void events.push(`refuse ${name}`),
      );
  return { events, join };
}

test('[REC-1] a shared commit is answered after it, to all, and to none where it fails', async () => {
  const failing = { commit: false };
  const { events, join } = makeGround(failing);
  // The first goes alone; who comes while it is written shares the next.
  await Promise.all([join('a'), join('b'), join('c')]);
  expect(events).toEqual(['commit', 'answer a', 'commit', 'answer b', 'answer c']);
  events.length = 0;
  failing.commit = true;
  await Promise.all([join('d'), join('e')]);
  expect(events).toEqual(['refuse d', 'refuse e']);
});
