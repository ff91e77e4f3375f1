/** The body of a concern while it is being filled in. */
import { codesOf, type Code } from '$lib/domain/codes/codes';

export type Party = { name: string; phone: string };
export type ConcernBody = {
  category: Code<'concern-category'> | null;
  title: string;
  description: string;
  where: string;
  raisedBy: { name: string; phone: string; own: boolean } | 'anonymous' | 'worker' | null;
  urgency: Code<'urgency'> | null;
  parties?: Party[];
  solvedOnSpot: { how: string } | null;
};

export function emptyConcern(where: string): ConcernBody {
  return { category: null, title: '', description: '', where, raisedBy: null, urgency: null, solvedOnSpot: null };
}

/** What people come with most; the rest stands behind "more". */
export const usualCategories: readonly Code<'concern-category'>[] = [
  'dispute-neighbour',
  'environment',
  'facility',
  'safety',
  'heating-water-power',
  'traffic',
  'noise',
  'livelihood',
];

export const otherCategories: readonly Code<'concern-category'>[] = codesOf('concern-category').filter(
  (code) => !usualCategories.includes(code),
);

export function isDispute(category: ConcernBody['category']): boolean {
  return category?.startsWith('dispute-') === true;
}

/** Parties of a dispute only, and none without a name. */
export function wholeConcern(body: ConcernBody): ConcernBody {
  const { parties, ...rest } = body;
  const named = (parties ?? []).filter(({ name }) => name.trim() !== '');
  return isDispute(body.category) && named.length ? { ...rest, parties: named } : rest;
}
