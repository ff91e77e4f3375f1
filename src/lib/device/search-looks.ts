/** The ways in which a query finds somebody: each looks through a text that has a line for every person or door. */
import { initialsPattern } from './initials';
import type { SearchHit } from './phone';
import { isUnder, type Line } from './search-lines';
import type { Query } from './search-query';

export type Look = {
  by: SearchHit['by'];
  /** Where in the text it stands next, at `from` or later; -1 where it does not. */
  next: (text: string, from: number) => number;
  /** Of what `next` finds, in characters. */
  length: number;
  /** 0 is best: exact before from the line's start before within. */
  rank: (isStart: boolean, isEnd: boolean) => number;
  fits: (line: Line) => boolean;
};
export const RANKS = 5;

/** Initials are found of those whose initials were read before. */
export function looksOf({ folded, letters, digits, door }: Query): Look[] {
  const isNamed = ({ name }: Line) => name.includes(folded);
  const looks: Look[] = [
    {
      by: 'name',
      next: (text, from) => text.indexOf(folded, from),
      length: folded.length,
      rank: (isStart, isEnd) => (isStart ? (isEnd ? 0 : 1) : 3),
      fits: isNamed,
    },
  ];
  if (letters !== null) {
    const pattern = initialsPattern(letters);
    looks.push({
      by: 'initials',
      next: (text, from) => {
        pattern.lastIndex = from;
        return pattern.test(text) ? pattern.lastIndex - letters.length : -1;
      },
      length: letters.length,
      rank: (isStart, isEnd) => (isStart ? (isEnd ? 1 : 2) : 4),
      fits: (line) => !isNamed(line),
    });
  }
  if (digits !== null)
    looks.push({
      by: 'phone',
      next: (text, from) => text.indexOf(`${digits}\n`, from),
      length: digits.length,
      rank: () => (digits.length > 3 ? 2 : 4),
      fits: (line) => !isNamed(line),
    });
  if (door !== null)
    looks.push({
      by: 'door',
      next: (text, from) => {
        const before = text.indexOf(`\n${door.room}`, from);
        return before === -1 ? -1 : before + 1;
      },
      length: door.room.length,
      rank: (_, isEnd) => (isEnd ? 1 : 3),
      fits: ({ place }) => place !== null && isUnder(place, door),
    });
  return looks;
}
