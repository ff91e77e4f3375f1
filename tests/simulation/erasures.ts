/**
 * People who are erased (REC-11): whoever asks at the office for it, the checker's own list of them, what may be emptied of a record on their account, and that
 * nothing of them is left when all have handed over and the command was run once more, as `docs/operations.md` has it.
 */
import type { ReadSnapshot } from '../../src/lib/server/database/open';
import { ownTables } from '../../src/lib/server/database/own-tables';
import type { Office } from '../../src/lib/server/office';
import { eraseResident } from '../../src/lib/server/register/erase';
import type { Chance } from './chance';
import type { Tally } from './faults';
import { canonical, type Ledger, type Saved } from './ledger';
import type { Restore } from './office-machine';
import type { RegisterKept } from './register-kept';

/** `isShared`: somebody else is registered under that number. `moment`: the office's count of what happened to it when it said so; null before it did. */
type Person = {
  id: string;
  name: string;
  number: string;
  isShared: boolean;
  moment: number | null;
  /** The office has never heard of them any more: a backup of before they came was put back, and no record that came in since lists their id. */
  isUnheardOf: boolean;
  /** A roster that lists somebody who was erased made them as somebody new, if what it wrote was kept. */
  isAnew: boolean;
  /** When they were erased, by the count of looks: from and to. */
  erased: { began: number; ended: number }[];
};

type Parts = {
  communityId: () => string;
  ledger: Ledger;
  faults: Tally;
  register: RegisterKept;
  moment: () => number;
  /** Counts on with each look. */
  tick: () => number;
  restores: () => readonly Restore[];
  told: (words: string) => void;
};

/** In one story: enough are left to work with. */
const most = 4;
/** Many bear these: they tell nobody apart. */
const sharedNames: readonly string[] = ['李秀英', '王芳'];

export class Erasures {
  #parts: Parts;
  readonly #people = new Map<string, Person>();
  /** What the office had when everybody was erased for the last time. */
  #heldThen: ReadonlySet<string> = new Set();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Often somebody of whom a phone still has something to send. */
  async erase(office: Office, dice: Chance): Promise<void> {
    const { communityId, ledger, told } = this.#parts;
    const residents = await office.database.read((db) =>
      db
        .selectFrom('resident')
        .select(['id', 'name', 'body'])
        .where('community_id', '=', communityId())
        .orderBy('id')
        .execute(),
    );
    const unsent = [...ledger.saved.values()].filter(
      ({ heldIn, thrownAway }) => heldIn.size === 0 && thrownAway === 'no',
    );
    const awaited = residents.filter(({ id }) => unsent.some((saved) => saved.canonical.includes(id)));
    const choices = awaited.length > 0 && dice.happens(0.6) ? awaited : residents;
    const asked = [...this.#people.values()].filter(({ isAnew }) => !isAnew);
    if (choices.length === 0 || asked.length === most) return;
    const { id, name, body } = dice.pick(choices);
    const { idNumber = '' }: { idNumber?: string } = JSON.parse(body);
    const isShared = residents.some((other) => other.id !== id && idNumber !== '' && other.body.includes(idNumber));
    const person = this.#people.get(id) ?? {
      ...{ id, name, number: idNumber, isShared, moment: null },
      ...{ isUnheardOf: false, isAnew: false, erased: [] },
    };
    this.#people.set(id, person);
    await this.#erase(office, person);
    told(`the office erased ${id}`);
  }

  /** Whoever was ever erased, once more: phones have sent what they still had, and a backup may have brought them back. */
  async eraseAgain(office: Office): Promise<void> {
    for (const person of this.#people.values()) await this.#erase(office, person);
  }

  /** `held`: the revisions that the office has by now, by the digests with which they were pushed. */
  restedWith(held: ReadonlySet<string>): void {
    this.#heldThen = held;
  }

  get some(): boolean {
    return this.#people.size > 0;
  }

  isErased(id: string): boolean {
    return this.#people.has(id);
  }

  /** People who were erased and whom their name and number tell, as a list of before has them. */
  known(): { name: string; number: string }[] {
    return this.#telling()
      .filter(({ name, moment }) => moment !== null && !sharedNames.includes(name))
      .map(({ name, number }) => ({ name, number }));
  }

  /** Whether this is somebody who was erased, or is just being. */
  names({ number }: { number: string }): boolean {
    return this.#telling().some((person) => person.number === number);
  }

  wasErasedWithin({ number }: { number: string }, from: number, to: number): boolean {
    return this.#telling()
      .filter((person) => person.number === number)
      .some(({ erased }) => erased.some(({ began, ended }) => began > from && ended < to));
  }

  /** They are to be erased under this id as well. */
  cameAnew(id: string, { name, number }: { name: string; number: string }): void {
    if (this.#people.has(id)) return;
    const anew = { isShared: false, moment: null, isUnheardOf: false, isAnew: true, erased: [] };
    this.#people.set(id, { id, name, number, ...anew });
  }

  /** Whom a number tells, whatever they are called. */
  #telling(): Person[] {
    return [...this.#people.values()].filter(({ number, isShared }) => number !== '' && !isShared);
  }

  /** What is wrong with a record of which something was emptied, in words; null where it speaks of somebody who was erased, and says nothing else than it said. */
  faultOf(whole: unknown, saved: Saved): string | null {
    const isAbout = ({ id, name, number }: Person) =>
      [id, name, number].some((trace) => trace !== '' && saved.canonical.includes(trace));
    if (![...this.#people.values()].some(isAbout)) return 'speaks of nobody who was erased, and something of it was';
    return saysLess(whole, JSON.parse(saved.canonical))
      ? null
      : 'says something else since somebody was erased from it';
  }

  /** What the office still has of people who were erased, in words. Only what came in after the last erasure may speak of them. */
  async left(db: ReadSnapshot): Promise<string[]> {
    const late = [...this.#parts.ledger.saved.values()].filter(
      ({ digest, heldIn }) => heldIn.size > 0 && !this.#heldThen.has(digest),
    );
    const people = [...this.#people.values()].filter(({ id }) => !late.some((saved) => saved.canonical.includes(id)));
    const words: string[] = [];
    for (const table of ownTables) {
      for (const row of await db.selectFrom(table).selectAll().execute()) {
        const text = JSON.stringify(row);
        for (const { id, name, number, isShared, isUnheardOf } of people) {
          const traces = [isShared ? '' : number, sharedNames.includes(name) ? '' : name];
          // Of whom the office has never heard, it cannot know what they are called where nothing says the id.
          const isKnowable = !isUnheardOf || text.includes(id);
          if ((isKnowable && traces.some((trace) => trace !== '' && text.includes(trace))) || isOf(table, row, id))
            words.push(`[REC-11] ${table} still speaks of ${id}, who was erased: ${text}`);
        }
      }
    }
    return words;
  }

  async #erase(office: Office, person: Person): Promise<void> {
    const { communityId, faults, ledger, register, moment, tick } = this.#parts;
    const wasGone = this.#isGone(person);
    const began = tick();
    const erased = await register.change(office, () => eraseResident(office, communityId(), person.id));
    // After a backup of before they came nobody has heard of them.
    if (!erased && !person.isAnew && this.#parts.restores().length === 0)
      ledger.failures.push(`the office does not know ${person.id}`);
    person.isUnheardOf = !erased;
    if (!wasGone) person.erased.push({ began, ended: tick() });
    if (!wasGone && person.isAnew && erased) faults['erased person by a roster'] += 1;
    else if (!wasGone && !person.isAnew) faults['person erased'] += 1;
    if (wasGone) faults['record of an erased person came in'] += erased?.revisions ?? 0;
    else faults['erased from a record'] += erased?.revisions ?? 0;
    person.moment = moment();
  }

  /** They were erased, and no backup in which they were was put back since. */
  #isGone({ moment }: Person): boolean {
    if (moment === null) return false;
    return !this.#parts.restores().some(({ taken, restored }) => restored > moment && taken <= moment);
  }
}

/** What names a person by their id and is to be gone; elsewhere, as in what was pushed, an id alone stays. */
function isOf(table: string, row: Readonly<Record<string, unknown>>, id: string): boolean {
  const has = (column: string) => String(row[column]).includes(id);
  switch (table) {
    case 'resident':
      return row['id'] === id;
    case 'care_plan':
      return row['resident_id'] === id;
    case 'feed_item':
      return row['gone'] === 0 && row['type'] !== 'submission' && has('body');
    case 'feed_past':
      return has('body');
    case 'register_change':
      return row['entity_id'] === id && (row['before'] !== 'null' || row['after'] !== 'null');
    default:
      return false;
  }
}

/** Something was taken out or emptied, and what is left is as it was. */
export function saysLess(left: unknown, was: unknown): boolean {
  if (left === null || left === '' || canonical(left) === canonical(was)) return true;
  if (Array.isArray(left) && Array.isArray(was)) {
    const parts: unknown[] = was;
    return left.length === parts.length && left.every((part, index) => saysLess(part, parts[index]));
  }
  if (typeof left !== 'object' || typeof was !== 'object' || was === null || Array.isArray(left)) return false;
  return Object.entries(left).every(([name, part]) => name in was && saysLess(part, Reflect.get(was, name)));
}
