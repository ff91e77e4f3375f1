/** Attempts at a door where nobody answered: how many count, whether that is enough, and when to try again. */
import { dayOf } from './calendar';
import type { Code } from './codes/codes';

export type AttemptLike = { at: string; band: string; weekend: boolean };

/** Two in one band of one day are one attempt; oldest first. */
export function countAttempts<A extends AttemptLike>(attempts: A[]): A[] {
  const seen = new Set<string>();
  return [...attempts]
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at))
    .filter((attempt) => {
      const key = `${dayOf(attempt.at)} ${attempt.band}`;
      return !seen.has(key) && seen.add(key);
    });
}

/** Tried enough 多次未遇: three attempts in two bands, one of them in the evening or at a weekend. */
export function triedEnough(attempts: AttemptLike[]): boolean {
  const counted = countAttempts(attempts);
  const bands = new Set(counted.map(({ band }) => band));
  return counted.length >= 3 && bands.size >= 2 && counted.some(isLateOrWeekend);
}

/** After two attempts: the time of another kind that was tried least. Null before. */
export function betterTime(attempts: AttemptLike[]): { band: Code<'hour-band'>; weekend: boolean } | null {
  const counted = countAttempts(attempts);
  if (counted.length < 2) return null;
  const candidates: { band: Code<'hour-band'>; weekend: boolean }[] = [
    { band: 'evening', weekend: false },
    { band: 'morning', weekend: true },
    { band: 'midday', weekend: false },
    { band: 'afternoon', weekend: true },
    { band: 'evening', weekend: true },
  ];
  const tries = ({ band, weekend }: { band: string; weekend: boolean }) =>
    counted.filter((attempt) => attempt.band === band && attempt.weekend === weekend).length +
    counted.filter((attempt) => attempt.band === band).length;
  return candidates.reduce((best, next) => (tries(next) < tries(best) ? next : best));
}

function isLateOrWeekend({ band, weekend }: AttemptLike): boolean {
  return band === 'evening' || weekend;
}
