/** Search over who and what is on this phone: by name, initials, door, or end of a phone number. */
import type { Doors } from './doors';
import { findDuplicates } from './duplicates';
import type { PossibleDuplicate, SearchHit } from './phone';
import { linesOf, type Line } from './search-lines';
import { looksOf, RANKS } from './search-looks';
import { SearchPage } from './search-page';
import { readQuery } from './search-query';

/** So many doors are read anew together when one of them changes. */
const SHELF_DOORS = 50;
type Shelf = { doors: Set<string>; page: SearchPage | null };

export class Search {
  #doors: Doors;
  #lines = new Map<string, Line[]>();
  /** Every door, in the register's order. */
  #shelves: Shelf[] = [];
  #shelfOf = new Map<string, Shelf>();

  constructor(doors: Doors) {
    this.#doors = doors;
    for (const id of doors.ids()) this.#shelve(id);
  }

  refresh(dwellingId: string): void {
    this.#lines.delete(dwellingId);
    const shelf = this.#shelfOf.get(dwellingId);
    if (shelf) shelf.page = null;
    if (!this.#doors.has(dwellingId)) this.#unshelve(dwellingId);
    else if (!shelf) this.#shelve(dwellingId);
  }

  /** Reads a share of the doors ahead of the first key; false when all are read. */
  warm(share: number): boolean {
    let left = share;
    for (const shelf of this.#shelves) {
      if (shelf.page?.hasInitials) continue;
      if (left <= 0) return true;
      left -= shelf.doors.size;
      this.#page(shelf).readInitials();
    }
    return false;
  }

  /** At most `limit` hits, best first. */
  find(text: string, limit: number): SearchHit[] {
    const query = readQuery(text);
    if (!query) return [];
    const pages = this.#shelves.map((shelf) => this.#page(shelf));
    if (query.letters !== null) for (const page of pages) page.readInitials();
    const looks = looksOf(query);
    const ranked: SearchHit[][] = Array.from({ length: RANKS }, () => []);
    const isWanted = (rank: number) => (ranked[rank]?.length ?? limit) < limit;
    for (const page of pages) for (const { rank, hit } of page.find(looks, isWanted)) ranked[rank]?.push(hit);
    return ranked.flatMap((hits) => hits.slice(0, limit)).slice(0, limit);
  }

  /** As `findDuplicates`, over the same doors. */
  duplicates(query: { birthDate: string; idNumber: string; exceptId: string }): PossibleDuplicate[] {
    return findDuplicates(this.#doors, query);
  }

  #shelve(id: string): void {
    let shelf = this.#shelves.at(-1);
    if (!shelf || shelf.doors.size >= SHELF_DOORS) this.#shelves.push((shelf = { doors: new Set(), page: null }));
    shelf.doors.add(id);
    shelf.page = null;
    this.#shelfOf.set(id, shelf);
  }

  #unshelve(id: string): void {
    const shelf = this.#shelfOf.get(id);
    if (!shelf) return;
    this.#shelfOf.delete(id);
    shelf.doors.delete(id);
    if (shelf.doors.size === 0) this.#shelves.splice(this.#shelves.indexOf(shelf), 1);
  }

  #page(shelf: Shelf): SearchPage {
    shelf.page ??= new SearchPage([...shelf.doors].flatMap((id) => this.#linesOf(id)));
    return shelf.page;
  }

  #linesOf(id: string): Line[] {
    let lines = this.#lines.get(id);
    if (!lines) this.#lines.set(id, (lines = linesOf(id, this.#doors.surface(id))));
    return lines;
  }
}
