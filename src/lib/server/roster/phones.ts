/** Telephone cells: one number, several, with a name beside it, or none. */
import { isPhone, mendPhone } from '../../domain/phone-number';
import { isNothing } from './words';

/** `first` and `others` are mended numbers; `unclear`: the cell holds something that is none. */
export type ReadPhones = { first: string; others: string[]; unclear: boolean };

/** `13900007273/0936-4421234`, `139 0000 7273（儿子）`, `13900007273 15800007741`. */
export function readPhones(text: string): ReadPhones {
  if (text === '' || isNothing(text)) return { first: '', others: [], unclear: false };
  const found: string[] = [];
  let unclear = false;
  for (const part of text
    .normalize('NFKC')
    .replace(/\([^)\d]*\)/g, ' ')
    .split(/[/、,;|\n]+|\s+或\s*|或/)) {
    if (!/\d/.test(part)) continue;
    const numbers = numbersOf(part);
    if (numbers.length === 0) unclear = true;
    found.push(...numbers);
  }
  const [first = '', ...others] = [...new Set(found)];
  return { first, others, unclear: first === '' || unclear };
}

function numbersOf(part: string): string[] {
  const whole = mendPhone(part.replace(/[^\d+\-\s().]/g, ''));
  if (isPhone(whole)) return [whole];
  // two numbers with nothing but a space between them
  const pieces = part.split(/\s+/).map((piece) => mendPhone(piece.replace(/[^\d+\-()]/g, '')));
  const numbers = pieces.filter(isPhone);
  if (numbers.length > 0 && numbers.length === pieces.filter((piece) => /\d/.test(piece)).length) return numbers;
  const mobiles = whole.match(/1[3-9]\d{9}/g) ?? [];
  return mobiles.join('') === whole ? mobiles : [];
}
