/** Each value that a step would write, from its three sides. */
import { type DoorLike, findResident, isRegistered, type ResidentLike } from './door-like';
import { asRecord, isFilled, recordsOf, textOf } from './json';
import type { Missing } from './register';
import { isNothing, isSameAnswer } from './same-answer';
import type { Compared, Path, Seen, Sides, Take } from './sides';
import type { SinceChange } from './since';
import { headNamed, type RegisterStep } from './verification';

type Body = Record<string, unknown>;

const every: readonly Take[] = ['register', 'proposal', 'own'];
const either: readonly Take[] = ['register', 'proposal'];
/** Answers that no single field of a form takes. */
const notTyped = new Set(['headId', 'partOf', 'contacts', 'missing', 'householdId']);

type About = Pick<Compared, 'entity' | 'entityId' | 'name' | 'step'> & { path: Path | null };
type Place = { path: Path; body: Body };
/** A dwelling, a household, a person, or some of their fields. */
type WithReasons = { missing?: Missing | undefined };
type Held = { householdId: string; resident: ResidentLike; away: boolean };

/** Holds the sides while one record is compared. */
export class Comparison {
  readonly #sides: Sides;
  readonly #door: DoorLike;
  readonly #paths: ReadonlyMap<string, Place>;
  /** What the body says of the dwelling. */
  readonly #said: Body;
  readonly #since: ReadonlyMap<string, SinceChange> | null;
  /** Places in the body of households whose head it names. */
  readonly #headed: ReadonlySet<unknown>;

  constructor(from: Sides, door: DoorLike, body: Body) {
    this.#sides = from;
    this.#door = door;
    this.#paths = pathsOf(body);
    this.#said = asRecord(body['dwelling']) ?? {};
    const named = recordsOf(body['households']).filter(({ record }) => {
      const people = recordsOf(record['residents']).map((entry) => entry.record);
      return isFilled({ ...record, ...headNamed(record, people, undefined) }['headId']);
    });
    this.#headed = new Set(named.map(({ index }) => index));
    this.#since = from.since && new Map(from.since.map((change) => [`${change.entityId}/${change.field}`, change]));
  }

  of(step: RegisterStep, at: number): Compared[] {
    switch (step.type) {
      case 'create-dwelling':
      case 'restore-dwelling':
      case 'create-household':
      case 'end-household':
        return [];
      case 'set-dwelling':
        return this.#values(this.#dwelling(at), this.#door, step.fields, this.#said);
      case 'retire-dwelling':
        return [this.#retiring(step.reason, at)];
      case 'set-household': {
        const household = this.#door.households.find(({ id }) => id === step.id);
        const { path = null, body = {} } = this.#paths.get(step.id) ?? {};
        const about: About = { entity: 'household', entityId: step.id, name: '', path, step: at };
        return household ? this.#values(about, household, step.fields, body) : [];
      }
      case 'set-resident':
      case 'create-resident':
      case 'join-resident':
        return this.#resident(step, at);
    }
  }

  /** The register struck the door off, and somebody met people there. */
  retired(): Compared {
    const path: Path = ['outcome'];
    const about = { ...this.#dwelling(null), path };
    return { ...this.#asked(about, 'outcome', 'no-such-door', 'verified'), takes: ['proposal'] };
  }

  /** The door would go; whatever changed there since says that somebody knew of it. */
  #retiring(reason: string, at: number): Compared {
    const about = { ...this.#dwelling(at), path: ['outcome'] };
    const asked = { ...this.#asked(about, 'outcome', null, reason), takes: either };
    return this.#since?.size === 0 ? { ...asked, verdict: 'merge' } : asked;
  }

  #dwelling(step: number | null): About {
    return { entity: 'dwelling', entityId: this.#door.id, name: '', path: ['dwelling'], step };
  }

  #resident(step: Extract<RegisterStep, { type: 'set-resident' | 'create-resident' | 'join-resident' }>, at: number) {
    const held = this.#heldAt(step.id);
    // Who comes along from a door that was struck off is joined to the one who stands here.
    const own = held && this.#sides.former?.has(held.resident.id) ? null : held;
    const target = step.type === 'join-resident' ? (own ?? this.#heldAt(step.sameAs)) : held;
    if (!target) return [];
    const { resident, householdId, away } = target;
    const place = this.#paths.get(step.id);
    const about: About = {
      entity: 'resident',
      entityId: resident.id,
      name: resident.name,
      path: place?.path ?? null,
      step: at,
    };
    const joins = step.type === 'join-resident';
    const given = joins ? { presence: 'here' as const, ...withoutEmpty(step.fields) } : step.fields;
    const found = this.#values(about, resident, given, place?.body ?? {});
    if (given.presence !== undefined && !isRegistered({ presence: given.presence })) {
      // That somebody is gone from here is true already where the register found them elsewhere.
      if (away && given.presence === 'moved-away') return [];
      return this.#isAsSeenWhole(resident.id) ? found : found.map(leavingAsked);
    }
    if (given.presence === undefined && !isRegistered(resident)) {
      const said = this.#seen(resident.id, 'presence', resident.presence);
      const presence = said.known && said.value !== resident.presence ? said.value : 'here';
      found.push({ ...this.#asked(about, 'presence', resident.presence, presence), takes: either });
    }
    const isApart = (this.#sides.former?.has(step.householdId) ?? false) && !this.#sides.former?.has(householdId);
    return [...found, ...this.#place(about, householdId, step.householdId, (away || isApart) && !joins)];
  }

  /** Under which household somebody lives. `isElsewhere`: the register found them at another door meanwhile, or away from a household that is left. */
  #place(about: About, now: string, proposed: string, isElsewhere: boolean): Compared[] {
    if (now === proposed) return [];
    const compared = { ...this.#compare(about, 'householdId', now, proposed), takes: either };
    return [isElsewhere ? { ...compared, verdict: 'ask' } : compared];
  }

  /** Values with the reasons for missing ones, which come last. `body`: what the record says of it. */
  #values(about: About, held: WithReasons, { missing, ...fields }: WithReasons, body: Body): Compared[] {
    const found = this.#fields(about, held, fields);
    return missing === undefined ? found : [...found, ...this.#reasons(about, held, missing, body)];
  }

  /** Reasons for missing answers stand each for itself; one whose answer came meanwhile is a question. */
  #reasons(about: About, record: WithReasons, proposed: object, body: Body): Compared[] {
    const given: Body = asRecord(body['missing']) ?? {};
    const held: Body = { ...record };
    const compared = this.#compare(about, 'missing', record.missing ?? {}, proposed);
    const seen = compared.basis.known ? (asRecord(compared.basis.value) ?? {}) : null;
    const contradicts = Object.keys(given).some((name) => {
      const now = record.missing?.[name];
      if (now === given[name]) return false;
      return !seen || seen[name] !== now || !this.#isAsSeen(about.entityId, name, held[name]);
    });
    const verdict = compared.verdict === 'same' ? 'same' : contradicts ? 'ask' : 'merge';
    return [{ ...compared, verdict, takes: either }];
  }

  #fields(about: About, held: object, fields: object): Compared[] {
    const now: Body = { ...held };
    return Object.entries(fields).map(([field, proposed]) => this.#compare(about, field, now[field], proposed));
  }

  #compare(about: About, field: string, now: unknown, proposed: unknown): Compared {
    const asked = this.#asked(about, field, now, proposed);
    if (isSameAnswer(field, now, proposed)) return { ...asked, verdict: 'same' };
    // Nobody heads a household whose head left, and nobody is related to one: that is filled, not changed.
    const isOfHead = field === 'headId' || (field === 'relation' && this.#headed.has(about.path?.[1]));
    const isFilledIn = isOfHead && isNothing(now) && this.#since !== null;
    return isFilledIn || this.#isAsSeen(about.entityId, field, now) ? { ...asked, verdict: 'merge' } : asked;
  }

  #asked(about: About, field: string, now: unknown, proposed: unknown): Compared {
    const { path: at, ...rest } = about;
    const path = at && (field === 'outcome' ? at : [...at, field]);
    return {
      ...rest,
      key: path ? JSON.stringify(path) : `@${about.entityId}/${field}`,
      path,
      field,
      basis: this.#seen(about.entityId, field, now),
      now,
      proposed,
      verdict: 'ask',
      takes: path && !notTyped.has(field) ? every : either,
    };
  }

  #isAsSeen(id: string, field: string, now: unknown): boolean {
    if (!this.#since || this.#isUnsure(id, field) || this.#changeOf(id, field)) return false;
    // Of a record that is new since, what is empty was never there.
    return !this.#isNew(id) || isNothing(now);
  }

  /** Nobody corrected anything of this person since. */
  #isAsSeenWhole(id: string): boolean {
    return this.#sides.since?.every((change) => change.entityId !== id) ?? false;
  }

  #seen(id: string, field: string, now: unknown): Seen {
    if (!this.#since || this.#isUnsure(id, field)) return { known: false };
    const change = this.#changeOf(id, field);
    if (change) return { known: true, value: change.before };
    return { known: true, value: this.#isNew(id) ? undefined : now };
  }

  #isUnsure(id: string, field: string): boolean {
    return this.#sides.unsure.has(`${id}/${field}`) || this.#sides.unsure.has(`${id}/*`);
  }

  /** A basis tells a number masked alone. */
  #changeOf(id: string, field: string): SinceChange | undefined {
    const own = this.#since?.get(`${id}/${field}`);
    return own ?? (field === 'idNumber' ? this.#since?.get(`${id}/idNumberMasked`) : undefined);
  }

  #isNew(id: string): boolean {
    const change = this.#since?.get(`${id}/*`);
    return change !== undefined && change.before === undefined;
  }

  #heldAt(id: string): Held | null {
    const one = this.#sides.aliases.get(id) ?? id;
    const here = findResident(this.#door, one);
    if (here) return { householdId: here.household.id, resident: here.resident, away: false };
    const there = this.#sides.elsewhere.get(one);
    return there ? { ...there, away: true } : null;
  }
}

/** Gone, says one, of somebody whom another knew better since. */
function leavingAsked(value: Compared): Compared {
  return value.field === 'presence' && value.verdict === 'merge' ? { ...value, verdict: 'ask' } : value;
}

function withoutEmpty<Fields extends object>(fields: Fields): Partial<Fields> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => !isNothing(value))) as Partial<Fields>;
}

/** Where each household and person stands in the body, by the id that it gives them. */
export function pathsOf(body: Body): Map<string, Place> {
  const paths = new Map<string, Place>();
  for (const { record: household, index } of recordsOf(body['households'])) {
    const path: Path = ['households', index];
    paths.set(textOf(household['id']), { path, body: household });
    for (const { record: resident, index: at } of recordsOf(household['residents'])) {
      paths.set(textOf(resident['id']), { path: [...path, 'residents', at], body: resident });
    }
  }
  return paths;
}
