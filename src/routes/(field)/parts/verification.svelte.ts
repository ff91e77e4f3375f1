/**
 * One knock at one door, as the screens of `/door/[id]` share it: what the register says, what was found, who still lacks an answer.
 * The body holds only what somebody touched; what did not change is taken out again when it is saved.
 */
import { createContext } from 'svelte';
import type { ResidentFields } from '$lib/domain/register';
import type { DwellingItem, HouseholdItem, ResidentItem } from '$lib/sync/items';
import type { DraftKeeper } from './draft-keeper.svelte';
import type { FieldApp } from './field-app.svelte';
import type { Change, HouseholdEntry, ResidentEntry, VerificationBody } from './verification-body';

export type Person = {
  id: string;
  householdId: string;
  registered: ResidentItem | null;
  entry: ResidentEntry | null;
};
export type House = { id: string; registered: HouseholdItem | null; entry: HouseholdEntry | null; people: Person[] };

/** Somebody who was and is no longer of this household. */
const leaving: readonly Change[] = ['moved-away', 'died', 'unknown-here'];

export class Verification {
  readonly app: FieldApp;
  readonly keeper: DraftKeeper;

  constructor(app: FieldApp, keeper: DraftKeeper) {
    this.app = app;
    this.keeper = keeper;
  }

  /** The door that the form was prefilled from. */
  get door(): DwellingItem {
    return this.keeper.draft.prefilledFrom as DwellingItem;
  }

  get body(): VerificationBody {
    return this.keeper.draft.body as VerificationBody;
  }

  edit(change: (body: VerificationBody) => void): void {
    change(this.body);
    this.keeper.touch();
  }

  /** The register's households, then the new ones; each person where this form has put them. */
  get houses(): House[] {
    const { households } = this.body;
    const registered = this.door.households;
    const ids = [...registered.map(({ id }) => id), ...households.map(({ id }) => id)];
    const people = this.people;
    return [...new Set(ids)].map((id) => ({
      id,
      registered: registered.find((one) => one.id === id) ?? null,
      entry: households.find((one) => one.id === id) ?? null,
      people: people.filter((person) => person.householdId === id),
    }));
  }

  /** Everybody registered here who has not moved away or died, then those who were found. */
  get people(): Person[] {
    const entries = this.body.households.flatMap((household) =>
      household.residents.map((entry) => ({ entry, householdId: household.id })),
    );
    const known = this.door.households.flatMap((household) =>
      household.residents
        .filter(({ presence }) => presence === 'here' || presence === 'away')
        .map((registered) => ({ registered, householdId: household.id })),
    );
    const found = known.map(({ registered, householdId }) => {
      const listed = entries.find(({ entry }) => entry.id === registered.id);
      return {
        id: registered.id,
        householdId: listed?.householdId ?? householdId,
        registered,
        entry: listed?.entry ?? null,
      };
    });
    const added = entries
      .filter(({ entry }) => !known.some(({ registered }) => registered.id === entry.id))
      .map(({ entry, householdId }) => ({ id: entry.id, householdId, registered: null, entry }));
    return [...found, ...added];
  }

  person(id: string): Person | null {
    return this.people.find((person) => person.id === id) ?? null;
  }

  get waiting(): Person[] {
    return this.people.filter((person) => person.entry === null);
  }

  /** Who lives here after this form. */
  get staying(): Person[] {
    return this.people.filter((person) => !person.entry || !leaving.includes(person.entry.change));
  }

  /** Gives a registered person an answer; fields of another answer are forgotten, notes on what is missing stay. */
  answer(person: Person, change: Change): void {
    this.edit((body) => {
      const household = place(body, person.householdId);
      const old = household.residents.find(({ id }) => id === person.id);
      const next: ResidentEntry =
        change === 'corrected' && old
          ? { ...old, change }
          : { id: person.id, change, ...(old?.missing ? { missing: old.missing } : {}) };
      if (change === 'unchanged') delete next.missing;
      replace(household, next);
    });
  }

  /** Takes the answer back: this person is to do again. A person who was added here is gone with it. */
  withdraw(person: Person): void {
    this.edit((body) => {
      for (const household of body.households)
        household.residents = household.residents.filter(({ id }) => id !== person.id);
      body.households = body.households.filter(
        (household) =>
          household.residents.length > 0 || Object.keys(household).length > 2 || this.isRegistered(household.id),
      );
      if (body.informant?.residentId === person.id) body.informant = null;
    });
  }

  setField<Name extends keyof ResidentFields>(
    person: Person,
    name: Name,
    value: ResidentFields[Name] | undefined,
  ): void {
    this.edit((body) => {
      const household = place(body, person.householdId);
      let entry = household.residents.find(({ id }) => id === person.id);
      if (!entry) {
        entry = { id: person.id, change: 'corrected' };
        household.residents.push(entry);
        entry = household.residents[household.residents.length - 1] ?? entry;
      }
      if (entry.change === 'unchanged') entry.change = 'corrected';
      if (name === 'idNumber') delete entry.idNumberMasked;
      if (name === 'relation' && value === '02' && !this.isRegistered(household.id)) household.headId = person.id;
      if (value === undefined) delete entry[name];
      else Object.assign(entry, { [name]: value });
    });
  }

  setEntry(person: Person, part: Partial<ResidentEntry>): void {
    this.edit((body) => {
      const entry = place(body, person.householdId).residents.find(({ id }) => id === person.id);
      if (entry) Object.assign(entry, part);
    });
  }

  /** Why an answer was not had; null takes it back. */
  setMissing(person: Person, field: string, reason: string | null): void {
    this.edit((body) => {
      const entry = place(body, person.householdId).residents.find(({ id }) => id === person.id);
      if (!entry) return;
      const missing: Record<string, string> = { ...entry.missing };
      if (reason === null) delete missing[field];
      else missing[field] = reason;
      if (Object.keys(missing).length) Object.assign(entry, { missing });
      else delete entry.missing;
    });
  }

  /** A person whom the register does not have here; answers the new id. */
  add(change: 'moved-in' | 'born', householdId: string): string {
    const id = this.app.world.uuid();
    this.edit((body) => {
      place(body, householdId).residents.push({
        id,
        change,
        name: '',
        presence: 'here',
        careGroups: [],
        ...(change === 'born' ? { residence: 'not-registered' as const } : {}),
      });
    });
    return id;
  }

  /** A household that the register does not have at this door; answers its id. */
  addHousehold(): string {
    const id = this.app.world.uuid();
    this.edit((body) => {
      body.households.push({ id, kind: 'family', tenure: null, headId: null, phone: '', residents: [] });
    });
    return id;
  }

  /** Lists a person under another household of this door: they live and eat there now. */
  moveTo(person: Person, householdId: string): void {
    const entry: ResidentEntry = person.entry
      ? {
          ...$state.snapshot(person.entry),
          change: person.entry.change === 'unchanged' ? 'corrected' : person.entry.change,
        }
      : { id: person.id, change: 'corrected' };
    this.edit((body) => {
      for (const household of body.households)
        household.residents = household.residents.filter(({ id }) => id !== person.id);
      delete entry.relation;
      place(body, householdId).residents.push(entry);
    });
  }

  editHousehold(id: string, change: (household: HouseholdEntry) => void): void {
    this.edit((body) => change(place(body, id)));
  }

  headOf(house: House): string | null {
    return house.entry?.headId !== undefined ? house.entry.headId : (house.registered?.headId ?? null);
  }

  kindOf(house: House): string {
    return house.entry?.kind ?? house.registered?.kind ?? 'family';
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

function place(body: VerificationBody, householdId: string): HouseholdEntry {
  const known = body.households.find(({ id }) => id === householdId);
  if (known) return known;
  body.households.push({ id: householdId, residents: [] });
  const made = body.households[body.households.length - 1];
  if (!made) throw new Error('a household that was just added is there');
  return made;
}

function replace(household: HouseholdEntry, entry: ResidentEntry): void {
  const index = household.residents.findIndex(({ id }) => id === entry.id);
  if (index === -1) household.residents.push(entry);
  else household.residents[index] = entry;
}

export const [useVerification, setVerification] = createContext<{ readonly current: Verification }>();
