/** Stories kept by name: each of them once found something, and none may find it again. */
export type Case = { name: string; seed: number; steps: number };

export const cases: readonly Case[] = [
  { name: 'doors with two records of another phone look the same after the app was opened anew', seed: 5, steps: 160 },
  { name: 'a door is told open again after a revision on what was approved', seed: 8, steps: 160 },
  { name: 'a phone out of use gives back what a restored backup lacks', seed: 159, steps: 160 },
];
