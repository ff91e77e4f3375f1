/** Identity numbers of a roster that the register knows as somebody else's: asked about, and not taken. */
import { doorKey } from '../../domain/door-key';
import type { Reader } from '../register/read';
import type { ResidentRecord } from '../register/records';
import type { Roster, RosterDoor } from './build';
import { importedPeople } from './known-news';
import type { ImportedPerson } from './match-people';
import type { RosterPerson } from './person';
import { question, type RosterQuestion } from './questions';
import type { RegisterIndex } from './register-index';

/**
 * A number fixes birth date and sex, and it is one person's; where the names differ, one of the two is wrong and nobody can say which. Who
 * stands in the file is then taken in without the number, and who has it stays as they are. At one door it may be a new name of the same
 * person: that is a change, which is asked (see `planDoor`). Answers the roster without such numbers, its questions first.
 */
export async function withoutTakenNumbers(
  db: Reader,
  communityId: string,
  roster: Roster,
  index: RegisterIndex,
): Promise<Roster> {
  const doubtful = roster.doors.filter((door) =>
    peopleOf(door).some((person) => ownerOf(person, door, index) !== undefined),
  );
  if (doubtful.length === 0) return roster;
  const idOf = (door: RosterDoor) => index.doors.get(doorKey(door.place))?.id ?? '';
  const imported = await importedPeople(db, communityId, doubtful.map(idOf));
  const questions: RosterQuestion[] = [];
  const mended = new Map<RosterDoor, RosterDoor>();
  for (const door of doubtful) {
    const here = imported.get(idOf(door)) ?? [];
    mended.set(
      door,
      withPeople(door, (person) => {
        const owner = ownerOf(person, door, index);
        if (!owner || movedOn(owner, door, here, index)) return person;
        questions.push(asked(person, owner, index));
        const { idNumber: _taken, ...stated } = person.stated;
        return { ...person, stated };
      }),
    );
  }
  return {
    ...roster,
    doors: roster.doors.map((door) => mended.get(door) ?? door),
    questions: [...questions, ...roster.questions],
  };
}

/** Who of the register has this person's number under another name, and cannot be the same by the door. */
function ownerOf(person: RosterPerson, door: RosterDoor, index: RegisterIndex): ResidentRecord | undefined {
  const owners = index.byNumber.get(person.stated.idNumber ?? '') ?? [];
  if (owners.some(({ fields }) => fields.name === person.name)) return undefined;
  const key = doorKey(door.place);
  const mayBeRenamed = owners.some(
    ({ dwellingId, fields }) =>
      index.doorKeys.get(dwellingId) === key && !peopleOf(door).some(({ name }) => name === fields.name),
  );
  return mayBeRenamed ? undefined : owners[0];
}

/** An import brought them to this very door; since then people corrected the name and moved them to another. */
function movedOn(
  { id, dwellingId }: ResidentRecord,
  { place }: RosterDoor,
  imported: readonly ImportedPerson[],
  index: RegisterIndex,
): boolean {
  return imported.some((one) => one.id === id) && index.doorKeys.get(dwellingId) !== doorKey(place);
}

function asked(person: RosterPerson, { dwellingId, fields }: ResidentRecord, index: RegisterIndex): RosterQuestion {
  const place = index.places.get(dwellingId);
  return question(
    person.row,
    'id_of_another',
    person.row.values.idNumber,
    JSON.stringify({ name: fields.name, place: place ?? null }),
  );
}

function peopleOf({ households }: RosterDoor): RosterPerson[] {
  return households.flatMap(({ people }) => people);
}

function withPeople(door: RosterDoor, change: (person: RosterPerson) => RosterPerson): RosterDoor {
  return {
    ...door,
    households: door.households.map((household) => {
      const people = household.people.map(change);
      const head = people[household.people.findIndex((person) => person === household.head)] ?? null;
      return { ...household, people, head };
    }),
  };
}
