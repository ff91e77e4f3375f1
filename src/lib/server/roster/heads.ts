/** Who is the head of each household of a door, and what is asked where the file does not say. */
import type { RosterDoor, RosterHousehold } from './build';
import { question, type RosterQuestion } from './questions';

export function settleHeads(door: RosterDoor, ask: (question: RosterQuestion) => void): void {
  for (const household of door.households) {
    household.head = headOf(household);
    const [first] = household.people;
    if (!first || household.kind === 'collective') continue;
    if (household.head) {
      const gone = household.head.stated.presence === 'died' || household.head.stated.presence === 'moved-away';
      if (gone && household.people.length > 1) {
        ask(question(household.head.row, 'head_gone', household.head.row.values.name, household.head.name));
      }
    } else if (first.row.values.relation ?? first.row.values.head) {
      ask(
        question(first.row, 'no_head', first.row.values.relation ?? first.row.values.head, JSON.stringify(door.place)),
      );
    }
  }
}

/** By the relation, else by the name in the head's column, else the only one there. */
function headOf(household: RosterHousehold) {
  const { people } = household;
  const stated = people.find((person) => person.stated.relation === '02');
  if (stated) return stated;
  const named = people.find((person) => person.name === person.row.values.head?.text);
  const only = people.length === 1 ? people[0] : undefined;
  const head = named ?? (only?.stated.relation === undefined ? only : undefined);
  if (head) head.stated.relation = '02';
  return head ?? null;
}
