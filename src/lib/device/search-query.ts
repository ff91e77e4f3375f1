/** What somebody typed into the search, read as all that it may mean. */
import { tidyAddress } from '../domain/address-parts';

export type Query = {
  /** As `fold` writes names. */
  folded: string;
  /** Initials of a name. */
  letters: string | null;
  /** The end of a telephone number. */
  digits: string | null;
  door: DoorQuery | null;
};
/** The beginning of a room's name, and the words before it: they name unit, building and compound, from the room upwards. */
export type DoorQuery = { room: string; above: { word: string; isName: boolean }[] };

/** Null when there is nothing to look for. */
export function readQuery(text: string): Query | null {
  const folded = fold(text);
  if (folded === '') return null;
  const digits = folded.replace(/[^\d]/g, '');
  return {
    folded,
    letters: /^[a-z]+$/.test(folded) ? folded : null,
    digits: /^[+\d -]+$/.test(text.normalize('NFKC').trim()) && digits.length >= 3 ? digits : null,
    door: readDoor(text),
  };
}

/** Full-width to ASCII, lower case, no spaces, one kind of dot in names. */
export function fold(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s]+/g, '')
    .replace(/[•‧・]/g, '·');
}

/** Null for what has no number in it. */
function readDoor(text: string): DoorQuery | null {
  const parts = addressParts(text);
  const room = parts.at(-1);
  if (room === undefined || !/\d/.test(parts.join(''))) return null;
  const above = parts.slice(0, -1).reverse();
  return { room, above: above.map((word) => ({ word, isName: /\p{Script=Han}{2,}/u.test(word) })) };
}

/** `2号楼3单元302`, `2-3-302`, `3单元 302` → the numbers and names in their order. */
function addressParts(text: string): string[] {
  const words = tidyAddress(text)
    .toLowerCase()
    .replace(/号楼|号院|号|栋|幢|座|楼|单元|单|门|层|室|户|#/g, ' ');
  return words.match(/\p{Script=Han}+|[^\P{L}\p{Script=Han}\d]+\d*|\d+[^\P{L}\p{Script=Han}]*/gu) ?? [];
}
