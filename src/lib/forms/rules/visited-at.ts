/** When the visit took place, where it was typed in later. */
import type { Finding, FormContext } from '../finding';

const week = 7 * 24 * 3600 * 1000;

/** Not after `recordedAt`; more than seven days before is asked once. */
export function checkVisitedAt(
  body: Record<string, unknown>,
  context: FormContext,
): { problems: Finding[]; warnings: Finding[] } {
  const visited = typeof body['visitedAt'] === 'string' ? Date.parse(body['visitedAt']) : NaN;
  const recorded = Date.parse(context.recordedAt);
  const finding = (code: string): Finding => ({ path: ['visitedAt'], code });
  if (visited > recorded) return { problems: [finding('visited_after_recorded')], warnings: [] };
  return { problems: [], warnings: recorded - visited > week ? [finding('visited_long_ago')] : [] };
}
