/** Stories kept by name: each of them once found something, and none may find it again. */
export type Case = { name: string; seed: number; steps: number };

export const cases: readonly Case[] = [
  {
    name: 'a phone shows two records of another phone in the same order after it was opened anew',
    seed: 5,
    steps: 160,
  },
];
