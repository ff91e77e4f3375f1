/**
 * Some doors and their people as texts, with a line for each of them in every text. A key looks through a few long texts, at the browser's
 * own speed, and only then at what was found there: to look at thousands of people one by one is slow above all when it is done for the
 * first time.
 */
import { initialsOf } from './initials';
import type { SearchHit } from './phone';
import type { Line } from './search-lines';
import type { Look } from './search-looks';

export type Match = { rank: number; hit: SearchHit };

export class SearchPage {
  #lines: Line[];
  #texts: Record<SearchHit['by'], string>;

  constructor(lines: Line[]) {
    this.#lines = lines;
    this.#texts = {
      name: textOf(lines.map(({ name }) => name)),
      phone: textOf(lines.map(({ phone }) => phone)),
      door: textOf(lines.map(({ place }) => place?.room ?? '')),
      initials: '',
    };
  }

  get hasInitials(): boolean {
    return this.#texts.initials !== '';
  }

  /** Until then nobody is found by them: the first that are read cost more than all else here. */
  readInitials(): void {
    this.#texts.initials ||= textOf(
      this.#lines.map(({ hit }) => (hit.residentId === null ? '' : initialsOf(hit.name))),
    );
  }

  /** In the order of the lines; nothing of a rank that is not `wanted`. */
  find(looks: Look[], wanted: (rank: number) => boolean): Match[] {
    const found: (Match & { at: number })[] = [];
    for (const { by, next, length, rank: rankOf, fits } of looks) {
      const text = this.#texts[by];
      const numberOf = lineNumbers(text);
      for (let at = next(text, 0); at !== -1; at = next(text, text.indexOf('\n', at))) {
        const rank = rankOf(text[at - 1] === '\n', text[at + length] === '\n');
        if (!wanted(rank)) continue;
        const number = numberOf(at);
        const line = this.#lines[number];
        if (line && fits(line)) found.push({ at: number, rank, hit: { ...line.hit, by } });
      }
    }
    return found.sort((one, other) => one.at - other.at);
  }
}

/** Every line between two breaks. */
function textOf(lines: string[]): string {
  return `\n${lines.join('\n')}\n`;
}

/** Tells in which line a place stands, asked from the first place to the last. */
function lineNumbers(text: string): (at: number) => number {
  let number = 0;
  let end = text.indexOf('\n', 1);
  return (at) => {
    for (; end < at; end = text.indexOf('\n', end + 1)) number += 1;
    return number;
  };
}
