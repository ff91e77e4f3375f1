/** Search over who and what is on this phone: by name, initials, door, or end of a phone number; a linear look at short strings. */
import { tidyAddress } from '../domain/address-parts';
import { placeLabel } from '../domain/door-label';
import { isObject } from './door-head';
import type { Doors } from './doors';
import { findDuplicates } from './duplicates';
import { initialsOf, matchInitials } from './initials';
import type { PossibleDuplicate, SearchHit } from './phone';

type Person = { id: string; name: string; folded: string; phone: string; initials: string[] | null };
type Entry = {
  dwellingId: string;
  label: string;
  /** Compound, building, unit, room, folded. */
  address: [string, string, string, string];
  people: Person[];
};
type Match = { rank: number; by: SearchHit['by'] };

/** Best first: exact, from the start, within. */
const RANKS = 6;

export class Search {
  #doors: Doors;
  #entries = new Map<string, Entry | null>();
  /** Doors whose people's initials are known. */
  #warm = new Set<string>();

  constructor(doors: Doors) {
    this.#doors = doors;
  }

  refresh(dwellingId: string): void {
    this.#entries.delete(dwellingId);
    this.#warm.delete(dwellingId);
  }

  /** Reads a share of the doors ahead of the first key; false when all are read. */
  warm(share: number): boolean {
    let left = share;
    for (const id of this.#doors.ids()) {
      if (this.#warm.has(id)) continue;
      if (left === 0) return true;
      left -= 1;
      this.#warm.add(id);
      for (const person of this.#entry(id)?.people ?? []) person.initials ??= initialsOf(person.name);
    }
    return false;
  }

  /** At most `limit` hits, best first. */
  find(text: string, limit: number): SearchHit[] {
    const query = readQuery(text);
    if (!query) return [];
    const ranked: SearchHit[][] = Array.from({ length: RANKS }, () => []);
    const add = (match: Match, hit: Omit<SearchHit, 'by'>) => {
      const bucket = ranked[match.rank];
      if (bucket && bucket.length < limit) bucket.push({ ...hit, by: match.by });
    };
    for (const id of this.#doors.ids()) {
      const entry = this.#entry(id);
      if (!entry) continue;
      const place = { dwellingId: entry.dwellingId, label: entry.label };
      const door = matchDoor(entry, query);
      if (door) add(door, { ...place, kind: 'door', residentId: null, name: entry.people[0]?.name ?? '' });
      for (const person of entry.people) {
        const match = matchPerson(person, query);
        if (match) add(match, { ...place, kind: 'resident', residentId: person.id, name: person.name });
      }
    }
    return ranked.flat().slice(0, limit);
  }

  /** As `findDuplicates`, over the same doors. */
  duplicates(query: { birthDate: string; idNumber: string; exceptId: string }): PossibleDuplicate[] {
    return findDuplicates(this.#doors, query);
  }

  #entry(id: string): Entry | null {
    const known = this.#entries.get(id);
    if (known !== undefined) return known;
    const entry = readEntry(id, this.#doors.surface(id));
    this.#entries.set(id, entry);
    return entry;
  }
}

type Query = { folded: string; letters: string | null; digits: string | null; parts: string[] };

/** Null when there is nothing to look for. */
function readQuery(text: string): Query | null {
  const folded = fold(text);
  if (folded === '') return null;
  const digits = folded.replace(/[^\d]/g, '');
  return {
    folded,
    letters: /^[a-z]+$/.test(folded) ? folded : null,
    digits: /^[+\d -]+$/.test(text.normalize('NFKC').trim()) && digits.length >= 3 ? digits : null,
    parts: addressParts(text),
  };
}

/** `2号楼3单元302`, `2-3-302`, `3单元 302` → the numbers and names in their order. */
function addressParts(text: string): string[] {
  const words = tidyAddress(text)
    .toLowerCase()
    .replace(/号楼|号院|号|栋|幢|座|楼|单元|单|门|层|室|户|#/g, ' ');
  return words.match(/\p{Script=Han}+|[^\P{L}\p{Script=Han}\d]+\d*|\d+[^\P{L}\p{Script=Han}]*/gu) ?? [];
}

/** The last part begins the room; those before it name unit, building and compound from there upwards. */
function matchDoor(entry: Entry, { parts }: Query): Match | null {
  const room = parts.at(-1);
  if (room === undefined || !/\d/.test(parts.join(''))) return null;
  const [compound, building, unit, number] = entry.address;
  const above = parts.slice(0, -1);
  if (number === '' ? building !== room : !number.startsWith(room)) return null;
  const levels = number === '' ? [compound] : [unit, building, compound].filter(Boolean);
  let level = 0;
  for (const part of above.reverse()) {
    while (level < levels.length && !levelMatches(levels[level] ?? '', part)) level += 1;
    if (level === levels.length) return null;
    level += 1;
  }
  return { rank: number === room || number === '' ? 1 : 3, by: 'door' };
}

function levelMatches(level: string, part: string): boolean {
  return level === part || (/\p{Script=Han}{2,}/u.test(part) && level.includes(part));
}

function matchPerson(person: Person, query: Query): Match | null {
  const at = person.folded.indexOf(query.folded);
  if (at === 0) return { rank: person.folded.length === query.folded.length ? 0 : 1, by: 'name' };
  if (at > 0) return { rank: 3, by: 'name' };
  if (query.letters) {
    person.initials ??= initialsOf(person.name);
    const match = matchInitials(person.initials, query.letters);
    if (match === 0) return { rank: person.initials.length === query.letters.length ? 1 : 2, by: 'initials' };
    if (match === 1) return { rank: 4, by: 'initials' };
  }
  if (query.digits && person.phone.endsWith(query.digits))
    return { rank: query.digits.length > 3 ? 2 : 4, by: 'phone' };
  return null;
}

function readEntry(id: string, door: unknown): Entry | null {
  if (!isObject(door) || typeof door.building !== 'string' || typeof door.room !== 'string') return null;
  const text = (value: unknown) => (typeof value === 'string' ? value : '');
  const floor = typeof door.floor === 'number' ? door.floor : 1;
  const people: Person[] = [];
  for (const household of Array.isArray(door.households) ? door.households : []) {
    const residents: unknown = isObject(household) ? household.residents : [];
    for (const resident of Array.isArray(residents) ? residents : []) {
      if (!isObject(resident) || typeof resident.id !== 'string' || typeof resident.name !== 'string') continue;
      if (resident.presence === 'moved-away' || resident.presence === 'died') continue;
      people.push({
        id: resident.id,
        name: resident.name,
        folded: fold(resident.name),
        phone: text(resident.phone).replace(/\D/g, ''),
        initials: null,
      });
    }
  }
  const [compound, building, unit, room] = [text(door.compound), door.building, text(door.unit), door.room];
  return {
    dwellingId: id,
    label: placeLabel({ compound, building, unit, floor, room }),
    address: [fold(compound), fold(building), fold(unit), fold(room)],
    people,
  };
}

/** Full-width to ASCII, lower case, no spaces, one kind of dot in names. */
function fold(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s]+/g, '')
    .replace(/[•‧・]/g, '·');
}
