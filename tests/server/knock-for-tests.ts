/**
 * A worker at a door: the form is prefilled from what the phone's feed holds, filled in with the form engine's own verbs, checked as the
 * phone checks it, and sent through sync. People are called by their names.
 */
import { expect } from 'vitest';
import { askedOnly, begin } from '../../src/lib/forms/answers';
import { checkBody } from '../../src/lib/forms/check';
import { concern } from '../../src/lib/forms/definitions/concern';
import { newestForm } from '../../src/lib/forms/definitions';
import {
  emptyBody,
  type Change,
  type FillingBody,
  type Informant,
  type VisitOutcome,
} from '../../src/lib/forms/verification-body';
import { bodyToSend } from '../../src/lib/forms/verification-draft';
import * as edits from '../../src/lib/forms/verification-edits';
import * as filling from '../../src/lib/forms/verification-people';
import { DwellingItem } from '../../src/lib/sync/items';
import type { World } from '../../src/lib/domain/world';
import type { PhoneForTests } from './phone-for-tests';

type Person = filling.Person<DwellingItem>;
type Fields = Record<string, unknown>;
type Reasons = Record<string, 'refused' | 'not-shown' | 'none-yet' | 'unknown'>;

export class Knock {
  readonly #phone: PhoneForTests;
  readonly #world: World;
  readonly door: DwellingItem;
  readonly body: FillingBody = { ...emptyBody(), outcome: 'verified' };
  /** The feed version that the form was prefilled from; null for a door that the register lacks. */
  readonly #version: number | null;

  private constructor(phone: PhoneForTests, world: World, door: DwellingItem, version: number | null) {
    this.#phone = phone;
    this.#world = world;
    this.door = door;
    this.#version = version;
  }

  /** Opens the form at a door of the phone's feeds, as they are now. */
  static async at(phone: PhoneForTests, world: World, doorId: string): Promise<Knock> {
    const answer = await phone.ask({ have: {}, limit: 5000 });
    const change = answer.feeds
      .flatMap(({ changes }) => changes)
      .find((one) => one.type === 'dwelling' && one.id === doorId);
    if (!change || 'gone' in change) throw new Error('the phone does not hold this door');
    return new Knock(phone, world, DwellingItem.parse(change.body), change.version);
  }

  /** Opens it at a door beside `like` that the register lacks. */
  static atNewDoor(phone: PhoneForTests, world: World, like: Knock, address: Fields): Knock {
    const { gridId, compound, building, unit } = like.door;
    const whole = { gridId, compound, building, unit, ...address };
    const door = DwellingItem.parse({ ...like.door, ...whole, id: world.uuid(), households: [] });
    const knock = new Knock(phone, world, door, null);
    Object.assign(knock.body.dwelling, whole);
    return knock;
  }

  person(name: string): Person {
    const people = filling.peopleOf(this.door, this.body);
    const found = people.find(({ registered, entry }) => (entry?.name || registered?.name) === name);
    if (!found) throw new Error(`nobody is called ${name} here`);
    return found;
  }

  outcome(outcome: VisitOutcome, fields: Partial<FillingBody> = {}): this {
    edits.chooseOutcome(this.body, outcome);
    Object.assign(this.body, fields);
    return this;
  }

  /** Nothing changed with these, or with everybody of whom nothing was said yet. */
  unchanged(...names: string[]): this {
    for (const name of names) edits.answer(this.body, this.person(name), 'unchanged');
    if (names.length === 0) edits.restUnchanged(this.door, this.body);
    return this;
  }

  corrected(name: string, fields: Fields): this {
    const person = this.person(name);
    edits.answer(this.body, person, 'corrected');
    return this.#set(person, fields);
  }

  /** Why answers were not had; the field is opened and left empty. */
  missing(name: string, reasons: Reasons): this {
    const person = this.person(name);
    if (person.registered && !person.entry) edits.answer(this.body, person, 'corrected');
    for (const [field, reason] of Object.entries(reasons)) edits.setMissing(this.body, person, field, reason);
    return this;
  }

  left(name: string, change: Extract<Change, 'moved-away' | 'died' | 'unknown-here'>, fields: Fields = {}): this {
    edits.answer(this.body, this.person(name), change);
    edits.setEntry(this.body, this.person(name), fields);
    return this;
  }

  /** Somebody new, in the household of `beside` or in one of their own where nobody is named. Answers the new id. */
  added(change: 'moved-in' | 'born', fields: Fields, beside?: string): string {
    const id = this.#world.uuid();
    const householdId = beside === undefined ? this.newHousehold() : this.person(beside).householdId;
    edits.add(this.body, id, change, householdId);
    this.#set({ id, householdId, registered: null, entry: null }, fields);
    return id;
  }

  /** A newborn whom nobody has named yet, recorded in one tap beside `beside`. */
  unnamed(fields: Fields, beside: string): string {
    const { householdId } = this.person(beside);
    const person = { id: this.#world.uuid(), householdId, registered: null, entry: null };
    edits.add(this.body, person.id, 'born', householdId);
    edits.withoutNameAndPapers(this.body, this.door, person);
    this.#set(person, fields);
    return person.id;
  }

  newHousehold(): string {
    const id = this.#world.uuid();
    edits.addHousehold(this.body, id);
    return id;
  }

  movedTo(householdId: string, ...names: string[]): this {
    for (const name of names) edits.moveTo(this.body, this.person(name), householdId);
    return this;
  }

  household(name: string, fields: Fields): this {
    Object.assign(edits.householdIn(this.body, this.person(name).householdId), fields);
    return this;
  }

  /** Names the head of the household and tells everybody's relation to them. */
  head(name: string, relations: Record<string, string>): this {
    const { id, householdId } = this.person(name);
    const house = filling.housesOf(this.door, this.body).find((one) => one.id === householdId);
    if (!house) throw new Error(`${name} belongs to no household`);
    edits.setHead(this.body, this.door, house, id);
    for (const [other, relation] of Object.entries(relations)) this.#set(this.person(other), { relation });
    expect(filling.openRelations(this.door, this.body).filter((one) => one.house.id === householdId)).toEqual([]);
    return this;
  }

  /** Asked of the household that `name` belongs to, or of the dwelling, and not had. */
  notTold(of: { household: string } | 'dwelling', reasons: Reasons): this {
    const about =
      of === 'dwelling' ? this.body.dwelling : edits.householdIn(this.body, this.person(of.household).householdId);
    for (const [field, reason] of Object.entries(reasons)) edits.setReason(about, field, reason);
    return this;
  }

  dwelling(fields: FillingBody['dwelling']): this {
    Object.assign(this.body.dwelling, fields);
    return this;
  }

  /** Who said so, with the notice given; a resident by name, or somebody else. */
  toldBy(informant: string | Informant, more: Partial<FillingBody> = {}): this {
    const residentId = typeof informant === 'string' ? this.person(informant).id : null;
    this.body.informant = typeof informant === 'string' ? { residentId, name: informant } : informant;
    return this.outcome(this.body.outcome ?? 'verified', { noticeGiven: true, ...more });
  }

  /** The body that is sent, with what the phone says of it. */
  check(): { body: Fields; problems: string[]; warnings: string[] } {
    const isNew = this.#version === null;
    const body: Fields = JSON.parse(JSON.stringify(bodyToSend(this.door, this.body, isNew)));
    const context = { recordedAt: new Date(this.#world.now()).toISOString(), door: isNew ? null : this.door };
    const { problems, warnings } = checkBody(newestForm('household-verification'), body, context);
    const words = (found: typeof problems) => found.map(({ path, code }) => `${path.slice(-1).join()} ${code}`);
    return { body, problems: words(problems), warnings: words(warnings) };
  }

  /** Saves and sends; answers the submission's id. Nothing must stand in the way. */
  async sent(): Promise<string> {
    const { body, problems } = this.check();
    expect(problems).toEqual([]);
    const revision = await this.#phone.revision({
      target: { type: 'dwelling', id: this.door.id },
      basis: this.#version === null ? {} : { [this.door.id]: this.#version },
      body,
    });
    expect(await this.#phone.push(revision)).toMatchObject([{ status: 'stored' }]);
    return revision.id;
  }

  #set(person: Person, fields: Fields): this {
    for (const [name, value] of Object.entries(fields)) {
      if (name === 'missing' || name === 'on' || name === 'sameAs')
        edits.setEntry(this.body, person, { [name]: value });
      else edits.setField(this.body, this.door, person, name as edits.EntryField, value);
    }
    return this;
  }
}

/** A concern about the door, by the form engine; answers the submission's id. */
export async function concernAbout(phone: PhoneForTests, door: { id: string }, answers: Fields): Promise<string> {
  const body = askedOnly(concern, { ...begin(concern), raisedBy: 'worker', urgency: 'week', ...answers });
  expect(checkBody(concern, body, { recordedAt: '2026-11-23T14:30:00+08:00', door: null })).toEqual(nothingWrong);
  const revision = await phone.revision({ kind: 'concern', target: { type: 'dwelling', id: door.id }, body });
  expect(await phone.push(revision)).toMatchObject([{ status: 'stored' }]);
  return revision.id;
}

const nothingWrong = { problems: [], warnings: [] };
