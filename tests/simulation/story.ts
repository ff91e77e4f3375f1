/** A story: the setting of a run and its steps. Each step carries its own dice, so that taking one out shifts no other. */
import { chance, hash } from './chance';
import type { Fault } from './faults';
import { deedsTowards } from './towards';

export type Deed =
  | 'save'
  | 'correct'
  | 'draft'
  | 'save a draft'
  | 'drop a draft'
  | 'discard'
  | 'sync'
  | 'kill a phone'
  | 'kill a tab'
  | 'open a tab'
  | 'close a tab'
  | 'close connections'
  | 'change hands'
  | 'session ends'
  | 'sign in again'
  | 'move a phone clock'
  | 'new app'
  | 'go offline'
  | 'weather'
  | 'wait'
  | 'sleep long'
  | 'kill the office'
  | 'start the office'
  | 'move the office clock'
  | 'back up'
  | 'restore'
  | 'review'
  | 'review together'
  | 'approve with corrections'
  | 'undo'
  | 'choose a copy'
  | 'set a care plan'
  | 'make a rescue file'
  | 'take in a rescue file'
  | 'erase a person'
  | 'correct the register'
  | 'change grids'
  | 'end an account'
  | 'revoke a phone'
  | 'allow a phone'
  | 'round'
  | 'publish a form'
  | 'bring a roster'
  | 'decide on a roster'
  | 'break off a roster';

export type Step = {
  deed: Deed;
  /** Which phone or whose desk. */
  who: number;
  /** All that is chosen in this step comes from it. */
  dice: number;
  /** Tasks that go on after the deed, before the next step. */
  turns: number;
};

export type Setting = {
  /**
   * `pushAtMost`: revisions in one request; with few, several requests are needed, and two are under way at once. `pullAtMost`: changes asked for in one
   * answer; with few, a feed comes in pages.
   */
  phones: { owner: number; hasLocks: boolean; changesHands: boolean; pushAtMost: number; pullAtMost: number }[];
};

export type Story = { seed: number; setting: Setting; steps: Step[] };

/** How often each deed comes, against the others. */
const weights: Record<Deed, number> = {
  save: 24,
  correct: 9,
  draft: 6,
  'save a draft': 3,
  'drop a draft': 1,
  discard: 3,
  sync: 18,
  'kill a phone': 4,
  'kill a tab': 2,
  'open a tab': 2,
  'close a tab': 1,
  'close connections': 1,
  'change hands': 2,
  'session ends': 1,
  'sign in again': 2,
  'move a phone clock': 2,
  'new app': 1,
  'go offline': 1,
  weather: 4,
  wait: 10,
  'sleep long': 0.3,
  'kill the office': 4,
  'start the office': 3,
  'move the office clock': 1,
  'back up': 2.5,
  restore: 2,
  review: 10,
  'review together': 4,
  'approve with corrections': 6,
  undo: 3,
  'choose a copy': 3,
  'set a care plan': 1,
  'make a rescue file': 2.5,
  'take in a rescue file': 2,
  'erase a person': 1.5,
  'correct the register': 3,
  'change grids': 3,
  'end an account': 0.3,
  'revoke a phone': 0.5,
  'allow a phone': 1,
  round: 0.5,
  'publish a form': 1.5,
  'bring a roster': 3,
  'decide on a roster': 3,
  'break off a roster': 1.5,
};

/** The story of a seed: always the same. `towards`: faults that are looked for, whose deeds come in their order, between the others. */
export function storyOf(seed: number, steps: number, towards: readonly Fault[] = []): Story {
  const dice = chance(seed, 'story');
  // With few phones their ways cross more often.
  const count = 2 + dice.below(towards.length > 0 ? 2 : 7);
  const phones = Array.from({ length: count }, (_, index) => ({
    // The first two phones are of one person; after that everybody has some.
    owner: index < 2 ? 0 : dice.below(4),
    hasLocks: dice.happens(0.5),
    changesHands: index === count - 1,
    pushAtMost: chance(seed, 'push', index).pick([1, 2, 3, 100]),
    pullAtMost: chance(seed, 'pull', index).pick([4, 20, 2000]),
  }));
  const deeds = Object.keys(weights) as Deed[];
  const sum = deeds.reduce((total, deed) => total + weights[deed], 0);
  const drawn = (): Deed => {
    let left = dice.next() * sum;
    return deeds.find((deed) => (left -= weights[deed]) < 0) ?? 'wait';
  };
  const planned: Pick<Step, 'deed' | 'who'>[] = [];
  const next = (): Pick<Step, 'deed' | 'who'> => {
    if (towards.length > 0 && dice.happens(0.7)) {
      if (planned.length === 0) {
        const who = dice.below(64);
        planned.push(...deedsTowards(dice.pick(towards)).map((deed) => ({ deed, who })));
      }
      const step = planned.shift();
      if (step) return step;
    }
    return { deed: drawn(), who: dice.below(64) };
  };
  return {
    seed,
    setting: { phones },
    steps: Array.from({ length: steps }, (_, index) => ({
      ...next(),
      dice: hash(seed, 'step', index),
      turns: dice.pick([0, 3, 10, 40, 150, 500]),
    })),
  };
}

export function tellStep({ deed, who, dice, turns }: Step): string {
  return `${deed} (who ${who}, dice ${dice}, then ${turns} turns)`;
}
