/** The clock, chance and ids of one side, all of them from the seed. */
import { v7 } from 'uuid';
import type { World } from '../../src/lib/domain/world';
import type { Chance } from './chance';
import type { Life } from './life';

/** `ahead`: milliseconds that this side's clock is ahead of an exact one. */
export function worldOf(life: Life, chance: Chance, ahead: () => number): World {
  const { clockwork } = life;
  const now = () => clockwork.now + ahead();
  let last = -1;
  let sequence = 0;
  return {
    now,
    random: () => chance.next(),
    randomBytes: (length) => chance.bytes(length),
    uuid() {
      // Ascending also within a millisecond and when the clock goes back, as the office's own are.
      const random = chance.bytes(16);
      if (now() > last) {
        last = now();
        sequence = chance.below(2 ** 30);
      } else sequence += 1;
      return v7({ msecs: last, seq: sequence, random });
    },
    after: (milliseconds, task) => clockwork.later(life, milliseconds, 'timer', task),
  };
}
