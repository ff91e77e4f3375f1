/** No feed carries a whole identity number (SCO-7): neither under its own name nor inside what somebody wrote. */
import { checkIdentityNumber, maskIdentityNumber } from '../../../domain/identity-number';

/** The value with each `idNumber`, of whatever type, as `idNumberMasked`, and every number of GB 11643 inside a text masked. */
export function masked(value: unknown): unknown {
  if (typeof value === 'string') return maskedText(value);
  if (Array.isArray(value)) return value.map(masked);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, held]) =>
      key === 'idNumber' ? ['idNumberMasked', maskedNumber(held)] : [key, masked(held)],
    ),
  );
}

/** The value at `path` as it may leave the office. */
export function maskedAt(path: readonly (string | number)[], value: unknown): unknown {
  return path.includes('idNumber') ? maskedNumber(value) : masked(value);
}

export function maskedText(text: string): string {
  return text.replace(/(?<![0-9])[1-9][0-9]{16}[0-9Xx](?![0-9])/g, (digits) =>
    checkIdentityNumber(digits.toUpperCase()).ok ? maskIdentityNumber(digits) : digits,
  );
}

/** A record in quarantine may hold anything under the name. */
function maskedNumber(value: unknown): unknown {
  if (value === null) return null;
  return maskIdentityNumber(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
}
