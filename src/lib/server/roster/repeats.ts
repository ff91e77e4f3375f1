/** Rows that say the same person at the same door again; and identity numbers that two people share. */
import type { RosterPerson } from './person';
import { question, type RosterQuestion } from './questions';
import type { ResidentRow } from './resident-rows';

export class Repeats {
  count = 0;
  private readonly rows = new Set<string>();
  private readonly numbers = new Map<string, { name: string; door: string; row: number }[]>();

  constructor(private readonly ask: (question: RosterQuestion) => void) {}

  /** The same number and name at the same door, or the same words in every column that is read. */
  isRepeated(row: ResidentRow, person: RosterPerson | null, door: string): boolean {
    const number = person?.stated.idNumber;
    if (person && number) return this.repeatsNumber(row, person, number, door);
    const words = JSON.stringify([door, ...Object.entries(row.values).map(([field, value]) => [field, value.text])]);
    if (person === null && !row.values.name && !row.values.idNumber) return false;
    const repeated = this.rows.has(words);
    this.rows.add(words);
    if (repeated) this.count++;
    return repeated;
  }

  private repeatsNumber(row: ResidentRow, person: RosterPerson, number: string, door: string): boolean {
    const earlier = this.numbers.get(number) ?? [];
    if (earlier.some((one) => one.name === person.name && one.door === door)) {
      this.count++;
      return true;
    }
    const [first] = earlier;
    if (first) {
      this.ask(question(row, 'id_twice', row.values.idNumber, String(first.row)));
      // one number, two names: one of them is wrong, and nobody can say which
      if (first.name !== person.name) delete person.stated.idNumber;
    }
    this.numbers.set(number, [...earlier, { name: person.name, door, row: row.row }]);
    return false;
  }
}
