/** Signs that are pasted into notes, or that a keyboard sends, and that some program on the way takes for something else. */
import type { Draft } from '../../src/lib/device/phone';
import { chance } from './chance';

/** Ends of lines to some programs and not to JSON, what turns the writing round, what takes two units or more, and what is quoted. */
const odd = ['\u2028', '\u2029', '\u0085', '\ufeff', '\u202e', '\r\n', '👩‍👩‍👧', '𠮷', '"\\u2028\\', '\u007f', '\u0000'];
/** No app saves these (REC-8): in a draft they stand until the save is refused. */
const half = ['\ud83d', '\udc69'];

/** Every third form has one in its note. From the id alone: the story's own dice are thrown as ever. */
export function oddlyTyped({ id, kind, body }: Pick<Draft, 'id' | 'kind' | 'body'>): Draft['body'] {
  const dice = chance(id, 'odd signs');
  const field = kind === 'concern' ? 'description' : 'note';
  const typed = body[field] ?? '';
  if (typeof typed !== 'string' || !dice.happens(1 / 3)) return body;
  return { ...body, [field]: `${typed}甲${dice.pick(odd)}乙` };
}

/** A draft's note, which half of a sign ends at times. */
export function oddNote(text: string): string {
  return `${text}${chance(text).pick(['', ...odd, ...half])}`;
}
