/** The identity number of GB 11643: 17 digits and a check character by ISO 7064 MOD 11-2. */
import { isDay } from './part-date';

export type IdentityNumberCode = 'id_length' | 'id_characters' | 'id_checksum' | 'id_date' | 'id_first_card';

export type IdentityNumberCheck =
  | { ok: true; birthDate: string; sex: '1' | '2'; knownProvince: boolean }
  | { ok: false; code: IdentityNumberCode; params?: Record<string, string | number> };

const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const checkCharacters = '10X98765432';
/** First two digits in use by GB/T 2260, residence permits of Hong Kong, Macao and Taiwan (81–83) and foreign permanent residents (9x) included. */
const provinces = new Set(
  '11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83 91 92 93 94'.split(
    ' ',
  ),
);

/** Full-width characters to ASCII, spaces and dashes out, `x` to `X`. Never changes a digit. */
export function mendIdentityNumber(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[\s\-‐-―−\u200b-\u200f\ufeff'’‘]/gu, '')
    .toUpperCase();
}

/** The check character for 17 digits. */
export function checkCharacter(seventeen: string): string {
  const sum = weights.reduce((total, weight, index) => total + weight * Number(seventeen[index]), 0);
  return checkCharacters.charAt(sum % 11);
}

/** Checks a mended number. `id_first_card`: 15 digits are never taken, 18 are proposed by `proposeEighteen`. */
export function checkIdentityNumber(text: string): IdentityNumberCheck {
  if (/^\d{15}$/.test(text)) return { ok: false, code: 'id_first_card', params: { proposed: proposeEighteen(text) } };
  if (!/^[0-9X]*$/.test(text)) return { ok: false, code: 'id_characters' };
  if (text.length !== 18)
    return { ok: false, code: 'id_length', params: { missing: 18 - text.length, length: text.length } };
  if (!/^\d{17}[0-9X]$/.test(text)) return { ok: false, code: 'id_characters' };
  const birthDate = `${text.slice(6, 10)}-${text.slice(10, 12)}-${text.slice(12, 14)}`;
  if (!isDay(birthDate)) return { ok: false, code: 'id_date', params: { date: birthDate } };
  if (checkCharacter(text) !== text.charAt(17)) return { ok: false, code: 'id_checksum' };
  return {
    ok: true,
    birthDate,
    sex: Number(text.charAt(16)) % 2 === 1 ? '1' : '2',
    knownProvince: provinces.has(text.slice(0, 2)),
  };
}

/** The 18 digits that a first card's 15 stand for, born in the twentieth century; to be compared with the card, never taken unseen. */
export function proposeEighteen(fifteen: string): string {
  const seventeen = `${fifteen.slice(0, 6)}19${fifteen.slice(6)}`;
  return seventeen + checkCharacter(seventeen);
}

/** All but the last four characters replaced by `*`; '' stays ''. */
export function maskIdentityNumber(text: string): string {
  return '*'.repeat(Math.max(0, text.length - 4)) + text.slice(-4);
}

const perhapsNumber = /(?<![0-9])[1-9][0-9]{16}[0-9Xx](?![0-9])/g;
const stars = '*'.repeat(14);
const perhapsMasked = /(?<![0-9*])[*]{14}[0-9]{3}[0-9Xx](?![0-9])/g;

/** The text with every whole number of GB 11643 in it masked. */
export function maskNumbersIn(text: string): string {
  if (text.length < 18) return text;
  return text.replace(perhapsNumber, (digits) => (isNumber(digits) ? maskIdentityNumber(digits) : digits));
}

/** Whether a masked number may stand in it. */
export function hasMasked(text: string): boolean {
  return text.includes(stars);
}

/** The text with every masked number in it as `held` has it whole: where exactly one number there looks like it. */
export function putNumbersBack(text: string, held: string): string {
  if (!hasMasked(text)) return text;
  const numbers = [...new Set(held.match(perhapsNumber))].filter(isNumber);
  return text.replace(perhapsMasked, (masked) => {
    const [only, ...more] = numbers.filter((number) => maskIdentityNumber(number) === masked);
    return only !== undefined && more.length === 0 ? only : masked;
  });
}

function isNumber(digits: string): boolean {
  return checkIdentityNumber(digits.toUpperCase()).ok;
}
