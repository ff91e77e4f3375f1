/** Who of a roster is whom in the register: by identity number, else by name and birth date at the same door. */
import { partDateAgrees } from '../../domain/part-date';
import { livesOn, type ResidentRecord } from '../register/records';
import type { RosterPerson } from './person';

export type PeopleMatch = {
  /** Of this door or, by their number, of another one. */
  known: Map<RosterPerson, ResidentRecord>;
  /** Brought here by an import once, and since then moved elsewhere or joined to another record by people. */
  settled: Set<RosterPerson>;
  /** Registered and living at the door, and not in the roster. */
  left: ResidentRecord[];
};

/** Who somebody was when an import brought them to a door: names and numbers may have been corrected since. */
export type ImportedPerson = { id: string; name: string; idNumber: string; birthDate: string };

/** `elsewhere`: the one of another door who has this number, if the roster does not list them there too. */
export function matchPeople(
  people: readonly RosterPerson[],
  here: readonly ResidentRecord[],
  elsewhere: (idNumber: string) => ResidentRecord | undefined,
  imported: readonly ImportedPerson[],
): PeopleMatch {
  const known = new Map<RosterPerson, ResidentRecord>();
  const free = new Set(here);
  const take = (person: RosterPerson, record: ResidentRecord | undefined) => {
    if (!record) return;
    known.set(person, record);
    free.delete(record);
  };
  const unmatched = () => people.filter((person) => !known.has(person));
  for (const person of people) {
    const number = person.stated.idNumber;
    if (number)
      take(
        person,
        [...free].find(({ fields }) => fields.idNumber === number),
      );
  }
  // exact dates first, then names alone where nothing speaks against it
  for (const person of unmatched()) take(person, only([...free].filter((record) => isSame(person, record, true))));
  for (const person of unmatched()) take(person, only([...free].filter((record) => isSame(person, record, false))));
  const settled = new Set<RosterPerson>();
  for (const person of unmatched()) {
    const was = imported.find((one) => wasImportedAs(person, one));
    if (!was) continue;
    const record = [...free].find(({ id }) => id === was.id);
    if (record) take(person, record);
    else if (!here.some(({ id }) => id === was.id)) settled.add(person);
  }
  for (const person of unmatched()) {
    if (settled.has(person)) continue;
    const number = person.stated.idNumber;
    if (number) take(person, elsewhere(number));
  }
  return { known, settled, left: [...free].filter(livesOn) };
}

function isSame({ name, stated }: RosterPerson, { fields }: ResidentRecord, exactly: boolean): boolean {
  if (name !== fields.name) return false;
  if (stated.idNumber && fields.idNumber && stated.idNumber !== fields.idNumber) return false;
  const [birth, held] = [stated.birthDate ?? '', fields.birthDate];
  if (exactly) return birth !== '' && birth === held;
  return birth === '' || held === '' || partDateAgrees(birth, held);
}

function wasImportedAs({ name, stated }: RosterPerson, was: ImportedPerson): boolean {
  if (stated.idNumber && was.idNumber) return stated.idNumber === was.idNumber;
  return name === was.name && (stated.birthDate ?? '') === was.birthDate;
}

/** Two of one name and nothing to tell them apart: neither is taken. */
function only<T>(list: T[]): T | undefined {
  return list.length === 1 ? list[0] : undefined;
}
