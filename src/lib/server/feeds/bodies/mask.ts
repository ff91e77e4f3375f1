/** No feed carries a whole identity number (SCO-7): neither under its own name, which this sees to, nor inside what somebody wrote (`toldText`). */
import { isCode } from '../../../domain/codes/codes';
import { maskIdentityNumber, maskNumbersIn } from '../../../domain/identity-number';

/** Beside the answers, by their names: why one is missing. */
const reasons = 'missing';

/**
 * The value with each `idNumber`, of whatever type, as `idNumberMasked`, and every number of GB 11643 inside a text masked. Why a number is missing
 * stands under the same name among the `missing`, and is no number: a reason that the code list has stays.
 */
export function masked(value: unknown): unknown {
  return maskedIn(value, '');
}

/** The value at `path` as it may leave the office. */
export function maskedAt(path: readonly (string | number)[], value: unknown): unknown {
  const at = path.indexOf('idNumber');
  if (at < 0) return maskedIn(value, path.at(-1) ?? '');
  const isReason = path[at - 1] === reasons && at === path.length - 1;
  return isReason ? maskedReason(value) : maskedNumber(value);
}

/** `under`: the name of what holds it. */
function maskedIn(value: unknown, under: string | number): unknown {
  if (typeof value === 'string') return maskNumbersIn(value);
  if (Array.isArray(value)) return value.map(masked);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, held]) => {
      if (key !== 'idNumber') return [key, maskedIn(held, key)];
      return under === reasons ? [key, maskedReason(held)] : ['idNumberMasked', maskedNumber(held)];
    }),
  );
}

/** A record in quarantine may hold anything under the name. */
function maskedNumber(value: unknown): unknown {
  if (value === null) return null;
  return maskIdentityNumber(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
}

/** Anything but a reason may be a number that somebody wrote there. */
function maskedReason(value: unknown): unknown {
  return isCode('missing-reason', value) ? value : maskedNumber(value);
}

/** Digits enough for a number of GB 11643, wherever they stand in JSON text: behind an escaped sign they seem to be more. */
const enoughDigits = /[0-9]{17}/;

/**
 * An item's body as its feed tells it: JSON text, numbers that somebody wrote into words masked before it becomes one. Nearly every body has none,
 * and a push writes one for each of its records: only one that may is walked through.
 */
export function toldText(body: object): string {
  const text = JSON.stringify(body);
  return enoughDigits.test(text) ? JSON.stringify(maskedWords(body)) : text;
}

/** An app may have sent a number as a number, or under a name that is one. */
function maskedWords(value: unknown): unknown {
  if (typeof value === 'string') return maskNumbersIn(value);
  if (typeof value === 'number') return maskNumbersIn(`${value}`) === `${value}` ? value : maskNumbersIn(`${value}`);
  if (Array.isArray(value)) return value.map(maskedWords);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, held]) => [maskNumbersIn(key), maskedWords(held)]));
}
