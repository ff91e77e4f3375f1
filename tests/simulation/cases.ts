/** Stories kept by name: each of them goes wrong where what its name says is broken. A seed's own story changes with the deeds that there are; one of steps stays. */
import { storyOf, type Deed, type Step, type Story } from './story';

export type Case = { name: string; story: Story };

const step = (deed: Deed, who: number, dice: number, turns: number): Step => ({ deed, who, dice, turns });
const phoneOf = (owner: number) => ({ owner, hasLocks: true, changesHands: false, pushAtMost: 100 });

export const cases: readonly Case[] = [
  {
    name:
      'doors with two records of another phone look the same after the app was opened anew, ' +
      'and one that was approved is told open again after a revision',
    story: storyOf(5, 160),
  },
  {
    name: 'a phone out of use gives back what a restored backup lacks',
    story: {
      seed: 1,
      setting: { phones: [phoneOf(0), phoneOf(1)] },
      steps: [
        step('wait', 0, 1, 500),
        step('back up', 0, 2, 150),
        step('save', 1, 302, 500),
        step('sync', 1, 4, 500),
        step('go offline', 1, 5, 40),
        step('restore', 0, 6, 150),
        step('end an account', 0, 702, 500),
      ],
    },
  },
];
