/**
 * What a worker typed at a screen, told apart by its own words, and what the screen had said of it: the list of a case whose phone is a browser.
 * It asks neither phone nor office; what became of the words is read in the rows of the office's database.
 */
import { seed } from './settings';

type Said =
  /** Typed; the screen had not said anything of it yet. */
  | 'nothing'
  /** The screen said that the draft is kept: it must be found again. */
  | 'draft'
  | 'draft found'
  /** The screen said that it is saved. */
  | 'saved'
  /** The screen said that it is at the office, and the phone was emptied afterwards: it must be shown again. */
  | 'at the office'
  | 'shown again';

export class Notes {
  readonly #said = new Map<string, Said>();

  /** Words that no other record has, as many as a worker in a hurry would be sorry for. */
  fresh(): string {
    const words = `第${this.#said.size + 1}次敲门，种子${seed}。${'楼道里的灯坏了，老人说夜里不敢下楼。'.repeat(30)}`;
    this.#said.set(words, 'nothing');
    return words;
  }

  kept(words: string): void {
    this.#said.set(words, 'draft');
  }

  found(words: string): void {
    this.#said.set(words, 'draft found');
  }

  saved(words: string): void {
    this.#said.set(words, 'saved');
  }

  atTheOffice(words: string): void {
    this.#said.set(words, 'at the office');
  }

  shownAgain(words: string): void {
    this.#said.set(words, 'shown again');
  }

  /** Compares with the rows that the database holds. A draft that was not found again is lost, and so is what was not shown again. */
  compare(rows: readonly { text: string }[]): { tried: number; lost: number; doubled: number } {
    const all = [...this.#said].map(([words, said]) => ({
      said,
      times: rows.filter(({ text }) => text.includes(words)).length,
    }));
    return {
      tried: all.filter(({ said }) => said !== 'nothing').length,
      lost: all.filter(({ said, times }) => {
        const mustBeThere = said === 'saved' || said === 'shown again';
        return said === 'draft' || said === 'at the office' || (mustBeThere && times === 0);
      }).length,
      doubled: all.filter(({ times }) => times > 1).length,
    };
  }
}
