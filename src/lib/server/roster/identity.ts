/** Identity numbers as spreadsheets hold them: as they are, mistyped, or rounded to 15 digits by the spreadsheet itself. */
import type { Code } from '../../domain/codes/codes';
import { checkIdentityNumber, mendIdentityNumber, type IdentityNumberCode } from '../../domain/identity-number';
import { cellText, type Cell } from './cell';
import { isNothing } from './words';

export type IdentityCode = IdentityNumberCode | 'id_rounded';
export type ReadIdentity =
  | { state: 'none' }
  | { state: 'good'; number: string; birthDate: string; sex: '1' | '2' }
  /** Of another document than the resident identity card: nothing is known of its checksum. */
  | { state: 'other'; number: string }
  | { state: 'question'; code: IdentityCode };

/** A double holds 15 digits for certain: whatever is longer was rounded when it became a number. */
const CERTAIN = 1e15;

/**
 * A number that was rounded, or whose checksum or date fails, is a question and never a value.
 * `roundedElsewhere`: see `columnWasRounded`; then one ending in 000 is not believed even where its checksum happens to hold.
 */
export function readIdentity(cell: Cell, idType: Code<'id-type'> | null, roundedElsewhere: boolean): ReadIdentity {
  const number = mendIdentityNumber(cellText(cell));
  if (number === '' || isNothing(number)) return { state: 'none' };
  if (wasRounded(cell)) return { state: 'question', code: 'id_rounded' };
  if (idType !== null && idType !== 'resident-id') {
    const plain = /^[A-Z0-9]{4,20}$/.test(number) ? number : null;
    return plain ? { state: 'other', number: plain } : { state: 'question', code: 'id_characters' };
  }
  const check = checkIdentityNumber(number);
  const endsRounded = /^\d{15}000$/.test(number);
  if (endsRounded && (!check.ok || roundedElsewhere)) return { state: 'question', code: 'id_rounded' };
  if (!check.ok) return { state: 'question', code: check.code };
  return { state: 'good', number, birthDate: check.birthDate, sex: check.sex };
}

/** Surely rounded: a number of more than 15 digits, or one in powers of ten (`6.20799E+17`). */
export function wasRounded(cell: Cell): boolean {
  if (typeof cell === 'number') return Math.abs(cell) >= CERTAIN;
  const text = mendIdentityNumber(cellText(cell));
  return /^\d(?:\.\d+)?E\+?\d{2}$/.test(text);
}

/**
 * Whether a text column was rounded before it became text (a spreadsheet saved as CSV): then its other numbers ending in 000 are not believed
 * either. One such number may be a slip of the pen; a number cell says by itself that it was rounded, and nothing of its neighbours.
 */
export function columnWasRounded(cells: Cell[]): boolean {
  const marks = cells.filter((cell) => {
    if (typeof cell !== 'string') return false;
    const number = mendIdentityNumber(cellText(cell));
    return wasRounded(cell) || (/^\d{15}000$/.test(number) && !checkIdentityNumber(number).ok);
  });
  return marks.length >= 2;
}
