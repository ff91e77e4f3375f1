/**
 * A working copy of the rows that one decision touches. Steps change it in memory; `write` puts down each row once, so that a
 * decision makes one version of a row however many steps named it, and knows what every row was before.
 */
import type { EntityType, Provenance } from '../../domain/register';
import type { Transaction } from '../database/database';
import { provenanceOfNew, type Origin } from './provenance';
import { loadDoor, loadRecords, resolveAlias } from './read';
import { livesOn, valuesOf, type HouseholdRecord, type RecordOf, type RegisterRecord } from './records';
import { insertRecords, writeRecord, type Writing } from './rows';

/** What a decision did to one row: null where there was none; version 0 where only an alias was made. */
export type DecisionEffect = {
  entityType: EntityType;
  entityId: string;
  before: RegisterRecord | null;
  versionAfter: number;
  /** The care plan of this person went to the record it was joined to. */
  planMoved?: boolean;
};

type Entry = {
  before: RegisterRecord | null;
  now: RegisterRecord;
  confirm: Set<string>;
  confirmAll: boolean;
  /** Of all: what was not said again. */
  except: Set<string>;
  /** What it was does not count: it comes in as a new record does. */
  anew: boolean;
  /** Values that came from a record joined to this one keep how they came to be known. */
  kept: Map<string, Provenance>;
};

export class RegisterDraft {
  readonly #entries = new Map<string, Entry>();
  readonly #aliases: { type: 'dwelling' | 'resident'; id: string; sameAs: string; planMoved: boolean }[] = [];
  readonly #tx: Transaction;
  readonly #communityId: string;

  constructor(tx: Transaction, communityId: string) {
    this.#tx = tx;
    this.#communityId = communityId;
  }

  /** Takes a door with all that lives in it into the copy. */
  async openDoor(id: string): Promise<void> {
    const door = await loadDoor(this.#tx, this.#communityId, id);
    if (!door) return;
    for (const record of [door.dwelling, ...door.households, ...door.residents]) this.#hold(record);
  }

  /** The record of that id as it stands in the copy, loaded where it was not yet; null when the register has none. */
  async find<Type extends EntityType>(type: Type, id: string): Promise<RecordOf<Type> | null> {
    const known = this.#entries.get(id)?.now;
    if (known) return isOf(known, type) ? known : null;
    const record = (await loadRecords(this.#tx, this.#communityId, type, [id])).get(id);
    if (!record) return null;
    const found: RegisterRecord = record;
    if (found.type === 'resident') await this.openDoor(found.dwellingId);
    this.#hold(found);
    return record;
  }

  /** As `find`, for an id that may be an alias of another (TWO-5). */
  async findOne<Type extends EntityType>(type: Type, id: string): Promise<RecordOf<Type> | null> {
    return this.find(type, await resolveAlias(this.#tx, this.#communityId, type, id));
  }

  /** A new record, or in the place of one that left the register. */
  add(record: RegisterRecord): void {
    const held = this.#entries.get(record.id);
    if (held) Object.assign(held, { now: { ...record, version: held.now.version }, anew: true });
    else this.#entries.set(record.id, { before: null, now: record, ...nothingSaid() });
  }

  set(record: RegisterRecord): void {
    const entry = this.#entries.get(record.id);
    if (!entry) throw new Error(`${record.type} ${record.id} was not taken into the copy`);
    entry.now = record;
  }

  /** Marks values as said again: all of them but those in `except`, or the named fields. */
  confirm(id: string, fields: 'all' | readonly string[], except: readonly string[] = []): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    for (const field of except) entry.except.add(field);
    if (fields === 'all') entry.confirmAll = true;
    else for (const field of fields) entry.confirm.add(field);
  }

  /** A value that this record takes over from another with its provenance. */
  keep(id: string, field: string, provenance: Provenance): void {
    this.#entries.get(id)?.kept.set(field, provenance);
  }

  addAlias(type: 'dwelling' | 'resident', id: string, sameAs: string, planMoved = false): void {
    this.#aliases.push({ type, id, sameAs, planMoved });
  }

  all<Type extends EntityType>(type: Type): RecordOf<Type>[] {
    return [...this.#entries.values()].map(({ now }) => now).filter((now) => isOf(now, type));
  }

  /** Households that somebody left in this copy and where nobody is now: they end by themselves. */
  endEmptyHouseholds(at: string): void {
    for (const household of this.all('household')) {
      if (household.endedAt !== null || !this.#wasLeft(household)) continue;
      const remaining = this.all('resident').some(
        (resident) => resident.householdId === household.id && livesOn(resident),
      );
      if (!remaining) this.set({ ...household, endedAt: at });
    }
  }

  #wasLeft(household: HouseholdRecord): boolean {
    return [...this.#entries.values()].some(({ before, now }) => {
      if (before?.type !== 'resident' || now.type !== 'resident') return false;
      const stayed = now.householdId === household.id && livesOn(now);
      return before.householdId === household.id && livesOn(before) && !stayed;
    });
  }

  /** Doors and buildings of every record that differs from what it was, before and after. */
  touched(): { doors: string[]; buildings: string[] } {
    const doors = new Set<string>();
    const buildings = new Set<string>();
    for (const { before, now } of this.#entries.values()) {
      if (before === now) continue;
      for (const record of before ? [before, now] : [now]) {
        if (record.type === 'building') buildings.add(record.id);
        else doors.add(record.type === 'dwelling' ? record.id : record.dwellingId);
      }
    }
    return { doors: [...doors].sort(), buildings: [...buildings].sort() };
  }

  /**
   * Writes what changed, aliases last. `originOf` says where a value of a record comes from; `unseen`: `<id>/<field>` (`*`: all) of what
   * was not confirmed by a word about the whole.
   */
  async write(
    originOf: (record: RegisterRecord, field: string) => Origin,
    unseen: ReadonlySet<string> = new Set(),
  ): Promise<DecisionEffect[]> {
    const effects: DecisionEffect[] = [];
    for (const type of ['building', 'dwelling', 'household', 'resident'] as const) {
      for (const entry of this.#entries.values()) {
        if (entry.now.type !== type) continue;
        const effect = await this.#writeEntry(entry, originOf, unseen);
        if (effect) effects.push(effect);
      }
    }
    for (const alias of this.#aliases) await this.#writeAlias(alias, effects);
    return effects;
  }

  async #writeEntry(
    entry: Entry,
    originOf: (record: RegisterRecord, field: string) => Origin,
    unseen: ReadonlySet<string>,
  ): Promise<DecisionEffect | null> {
    const { before, now, anew } = entry;
    const head = { entityType: now.type, entityId: now.id };
    if (!before) {
      await insertRecords(this.#tx, this.#communityId, [withOrigins(now, originOf)], originOf(now, '*'));
      return { ...head, before: null, versionAfter: now.version };
    }
    const said: Writing = anew ? { provenance: 'as-given' } : confirmedOf(entry, unseen);
    const origin = (field: string) => ({ ...originOf(now, field), ...entry.kept.get(field) });
    const after = anew ? withOrigins(now, originOf) : now;
    const written = await writeRecord(this.#tx, this.#communityId, before, after, origin, said);
    if (written.version === before.version) return null;
    return { ...head, before, versionAfter: written.version };
  }

  async #writeAlias(
    { type, id, sameAs, planMoved }: { type: 'dwelling' | 'resident'; id: string; sameAs: string; planMoved: boolean },
    effects: DecisionEffect[],
  ): Promise<void> {
    await this.#tx.insertInto('alias').values({ community_id: this.#communityId, type, id, same_as: sameAs }).execute();
    const effect = effects.find((known) => known.entityId === id);
    const held = (await loadRecords<EntityType>(this.#tx, this.#communityId, type, [id])).get(id) ?? null;
    if (effect) effect.planMoved = planMoved;
    // One that had left the register stays as it is.
    else effects.push({ entityType: type, entityId: id, before: held, versionAfter: held?.version ?? 0, planMoved });
  }

  #hold(record: RegisterRecord): void {
    if (this.#entries.has(record.id)) return;
    this.#entries.set(record.id, { before: record, now: record, ...nothingSaid() });
  }
}

/** What was said again, as far as whoever said so had seen it. */
function confirmedOf({ now, confirm, confirmAll, except }: Entry, unseen: ReadonlySet<string>): Writing {
  if (unseen.has(`${now.id}/*`)) return {};
  const hidden = Object.keys(valuesOf(now)).filter((field) => unseen.has(`${now.id}/${field}`));
  if (confirmAll) return { confirm: 'all', except: [...except, ...hidden] };
  return { confirm: [...confirm].filter((field) => !hidden.includes(field)) };
}

function nothingSaid() {
  return {
    confirm: new Set<string>(),
    confirmAll: false,
    anew: false,
    except: new Set<string>(),
    kept: new Map<string, Provenance>(),
  };
}

/** A new record whose single values may come from somebody else than the rest: what the coordinator corrected. */
function withOrigins(
  record: RegisterRecord,
  originOf: (record: RegisterRecord, field: string) => Origin,
): RegisterRecord {
  if (record.type === 'building') return record;
  const rest = originOf(record, '*');
  const fields = Object.fromEntries(
    Object.keys(record.fields)
      .map((field) => [field, originOf(record, field)] as const)
      .filter(([, origin]) => origin.by !== rest.by || origin.from !== rest.from)
      .map(([field, origin]) => [field, provenanceOfNew(origin).default]),
  );
  return { ...record, provenance: { default: provenanceOfNew(rest).default, fields } };
}

function isOf<Type extends EntityType>(record: RegisterRecord, type: Type): record is RecordOf<Type> {
  return record.type === type;
}
