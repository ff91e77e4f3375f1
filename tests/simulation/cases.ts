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
  {
    name: 'a tab dies amid a save, the one beside it sends what was saved, and the office voids it before the phone is looked at again',
    story: {
      seed: 20261484,
      setting: {
        phones: [
          { owner: 0, hasLocks: false, changesHands: false, pushAtMost: 100 },
          { owner: 0, hasLocks: false, changesHands: true, pushAtMost: 2 },
        ],
      },
      steps: [
        step('kill the office', 6, 217177362, 500),
        step('save', 24, 3265663709, 3),
        step('open a tab', 52, 3361450968, 0),
        step('correct the register', 60, 935279591, 40),
        step('kill a tab', 22, 4290287034, 40),
        step('wait', 16, 277928709, 40),
        step('review together', 13, 2140869744, 3),
        step('sleep long', 22, 1602430306, 3),
      ],
    },
  },
];
