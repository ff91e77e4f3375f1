/**
 * One knock at one door, as the screens of `/door/[id]` share it: what the register says, what was found, who still lacks an answer.
 * The edits are the form engine's; here they are kept at each change.
 */
import { createContext } from 'svelte';
import type { PhoneRegister } from '$lib/device/phone';
import type { Missing } from '$lib/domain/register';
import type { World } from '$lib/domain/world';
import * as edits from '$lib/forms/verification-edits';
import type { Change, Departure, FillingBody, HouseholdEntry, ResidentEntry } from '$lib/forms/verification-body';
import { answeredAndGone, putOnto, saysTheSame } from '$lib/forms/verification-onto';
import * as filling from '$lib/forms/verification-people';
import type { DwellingItem } from '$lib/sync/items';
import type { DraftKeeper } from './draft-keeper.svelte';

export type Person = filling.Person<DwellingItem>;
export type House = filling.House<DwellingItem>;

/** What a form needs of the app: the register as it is now, and ids. */
type Around = { register: Pick<PhoneRegister, 'door'>; world: Pick<World, 'uuid'> };

export class Verification {
  readonly app: Around;
  readonly keeper: DraftKeeper;

  constructor(app: Around, keeper: DraftKeeper) {
    this.app = app;
    this.keeper = keeper;
  }

  /** The door that the form was prefilled from. */
  get door(): DwellingItem {
    return this.keeper.draft.prefilledFrom as DwellingItem;
  }

  get body(): FillingBody {
    return this.keeper.draft.body as FillingBody;
  }

  /** What would be saved of an answered door: partly verified as long as somebody is to do. */
  get outcome(): FillingBody['outcome'] {
    const { outcome } = this.body;
    return outcome === 'verified' && this.waiting.length > 0 ? 'partly-verified' : outcome;
  }

  /** The register's state of this door that came after the one on which the form stands; null as long as there is none. */
  get newer(): { door: DwellingItem; version: number } | null {
    const view = this.app.register.door(this.door.id);
    if (!view?.registered || view.version === null) return null;
    const version = this.keeper.draft.basis[this.door.id];
    if (version === view.version || (version !== undefined && saysTheSame(this.door, view.registered))) return null;
    return { door: view.registered, version: view.version };
  }

  /** Those whose answers would become others if the form stood on the newer register. */
  get goneSince(): string[] {
    return this.newer ? answeredAndGone(this.door, this.newer.door, this.body) : [];
  }

  startFromNewer(): void {
    const { newer } = this;
    if (!newer) return;
    const begun = $state.snapshot(this.body) as FillingBody;
    const body = putOnto(this.door, newer.door, begun, () => this.app.world.uuid());
    this.keeper.standOn({ basis: { [newer.door.id]: newer.version }, prefilledFrom: newer.door, body });
  }

  edit(change: (body: FillingBody) => void): void {
    change(this.body);
    this.keeper.touch();
  }

  get houses(): House[] {
    return filling.housesOf(this.door, this.body);
  }

  get newHouses(): House[] {
    return filling.newHousesOf(this.door, this.body);
  }

  get people(): Person[] {
    return filling.peopleOf(this.door, this.body);
  }

  person(id: string): Person | null {
    return this.people.find((person) => person.id === id) ?? null;
  }

  get waiting(): Person[] {
    return filling.waitingOf(this.door, this.body);
  }

  /** Who lives here after this form. */
  get staying(): Person[] {
    return this.people.filter(filling.stays);
  }

  get openRelations(): filling.OpenRelations<DwellingItem>[] {
    return filling.openRelations(this.door, this.body);
  }

  answer(person: Person, change: Change): void {
    this.edit((body) => edits.answer(body, person, change));
  }

  restUnchanged(): void {
    this.edit((body) => edits.restUnchanged(this.door, body));
  }

  withdraw(person: Person): void {
    this.edit((body) => edits.withdraw(this.door, body, person));
  }

  setField(person: Person, name: edits.EntryField, value: unknown): void {
    this.edit((body) => edits.setField(body, this.door, person, name, value));
  }

  setEntry(person: Person, part: Partial<ResidentEntry>): void {
    this.edit((body) => edits.setEntry(body, person, part));
  }

  setDeparture(part: Departure): void {
    this.edit((body) => edits.setDeparture(body, part));
  }

  departOneByOne(): void {
    this.edit((body) => edits.departOneByOne(this.door, body));
  }

  setMissing(person: Person, field: string, reason: Missing[string] | null): void {
    this.edit((body) => edits.setMissing(body, person, field, reason));
  }

  withoutNameAndPapers(person: Person): void {
    this.edit((body) => edits.withoutNameAndPapers(body, this.door, person));
  }

  /** Answers the new person's id. */
  add(change: 'moved-in' | 'born', householdId: string): string {
    const id = this.app.world.uuid();
    this.edit((body) => edits.add(body, id, change, householdId));
    return id;
  }

  /** Answers the new household's id. */
  addHousehold(): string {
    const id = this.app.world.uuid();
    this.edit((body) => edits.addHousehold(body, id));
    return id;
  }

  /** Answers the id of the other person. */
  anotherPerson(person: Person): string {
    const id = this.app.world.uuid();
    this.edit((body) => edits.anotherPerson(body, person, id));
    return id;
  }

  moveTo(person: Person, householdId: string): void {
    this.edit((body) => edits.moveTo(body, person, householdId));
  }

  setHead(house: House, person: Person): void {
    this.edit((body) => edits.setHead(body, this.door, house, person.id));
  }

  editHousehold(id: string, change: (household: HouseholdEntry) => void): void {
    this.edit((body) => change(edits.householdIn(body, id)));
  }

  isRegistered(householdId: string): boolean {
    return this.door.households.some(({ id }) => id === householdId);
  }

  nameOf(person: Person): string {
    return person.entry?.name || person.registered?.name || '';
  }

  birthOf(person: Person): string {
    return person.entry?.birthDate ?? person.registered?.birthDate ?? '';
  }
}

export const [useVerification, setVerification] = createContext<{ readonly current: Verification }>();
