/** Stories kept by name: each of them goes wrong where what its name says is broken. A seed's own story changes with the deeds that there are; one of steps stays. */
import type { Deed, Step, Story } from './story';
import long from './story-of-seed-5.json';

export type Case = { name: string; story: Story };

const step = (deed: Deed, who: number, dice: number, turns: number): Step => ({ deed, who, dice, turns });
const phoneOf = (owner: number, own: Partial<Story['setting']['phones'][number]> = {}) => ({
  ...{ owner, hasLocks: true, changesHands: false, pushAtMost: 100, pullAtMost: 2000 },
  ...own,
});

export const cases: readonly Case[] = [
  {
    name:
      'doors with two records of another phone look the same after the app was opened anew, ' +
      'and one that was approved is told open again after a revision',
    story: {
      seed: long.seed,
      setting: long.setting,
      steps: long.steps.map(([deed, who, dice, turns]) => step(deed as Deed, Number(who), Number(dice), Number(turns))),
    },
  },
  {
    name: 'two phones of a person have corrected one record, and after a restore both copies come back',
    story: {
      seed: 2,
      setting: { phones: [phoneOf(0), phoneOf(0)] },
      steps: [
        step('wait', 0, 1, 500),
        step('save', 0, 302, 500),
        step('sync', 0, 4, 500),
        step('sync', 1, 5, 500),
        step('back up', 0, 6, 150),
        step('correct', 0, 9, 500),
        step('sync', 0, 8, 500),
        step('sync', 1, 9, 500),
        step('restore', 0, 10, 150),
        step('sync', 0, 11, 500),
        step('sync', 1, 12, 500),
      ],
    },
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
        phones: [phoneOf(0, { hasLocks: false }), phoneOf(0, { hasLocks: false, changesHands: true, pushAtMost: 2 })],
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
  {
    name: 'a phone out of use for longer than it may hand over keeps what a restored backup lacks',
    story: {
      seed: 20261205,
      setting: {
        phones: [phoneOf(0, { pushAtMost: 2 }), phoneOf(0, { changesHands: true })],
      },
      steps: [
        step('back up', 9, 2249494196, 150),
        step('change hands', 11, 3651988353, 10),
        step('wait', 56, 2787396152, 0),
        step('save', 38, 2718777662, 0),
        step('save', 37, 1731582546, 3),
        step('draft', 61, 3253763957, 150),
        step('correct', 7, 3107021009, 3),
        step('restore', 30, 3377093360, 0),
        step('change hands', 9, 3179759812, 500),
        step('end an account', 6, 1252373374, 10),
        step('review', 17, 2770346075, 10),
        step('kill the office', 29, 3513932950, 500),
        step('sleep long', 4, 2841313257, 10),
      ],
    },
  },
];
