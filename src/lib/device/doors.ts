/** Doors as screens show them: the feed's door with own undecided work laid over it (DEV-8), made when asked for and kept until it changes. */
import { lastVisitAt } from '../domain/knocks';
import { DwellingItem, GridItem, type RoundItem } from '../sync/items';
import { isObject } from './door-head';
import { layOver, proposedDoor } from './door-overlay';
import { isHandedOver } from './handed-over';
import type { HeldItem, ItemsMemory } from './items-memory';
import type { OwnWork } from './own-work';
import type { DoorView } from './phone';
import type { Standing } from './record-standing';

/** What a building's summary counts of one door. */
export type DoorCount = {
  outcome: string;
  changed: boolean;
  returned: boolean;
  handedOver: boolean;
  onlyHere: boolean;
  lastVisitAt: string | null;
};

export class Doors {
  #items: ItemsMemory;
  #work: OwnWork;
  #madeAt: (said: number) => number;
  #views = new Map<string, DoorView | null>();
  #registered = new WeakMap<HeldItem, DwellingItem | null>();
  #buildingOf = new Map<string, string>();
  #byBuilding = new Map<string, Set<string>>();

  /** `madeAt`: when own work was made, in the office's time, of the time written (ms). */
  constructor(items: ItemsMemory, work: OwnWork, madeAt: (said: number) => number) {
    this.#madeAt = madeAt;
    this.#items = items;
    this.#work = work;
  }

  /** Looks at one door again; answers with the buildings whose picture changed. */
  refresh(id: string): string[] {
    this.#views.delete(id);
    const before = this.#buildingOf.get(id);
    const now = this.#findBuilding(id);
    if (before !== now) {
      if (before !== undefined) this.#byBuilding.get(before)?.delete(id);
      if (now === null) this.#buildingOf.delete(id);
      else {
        this.#buildingOf.set(id, now);
        let doors = this.#byBuilding.get(now);
        if (!doors) this.#byBuilding.set(now, (doors = new Set()));
        doors.add(id);
      }
    }
    return [before, now].filter((building) => typeof building === 'string');
  }

  view(id: string): DoorView | null {
    const known = this.#views.get(id);
    if (known !== undefined) return known;
    const view = this.#make(id);
    this.#views.set(id, view);
    return view;
  }

  /** Null for a door that cannot be shown. Cheap: no schema where the register's word stands alone. */
  count(id: string): DoorCount | null {
    const standings = this.#work.standingsOn(id);
    if (!standings.some(isUndecided)) {
      const held = this.#items.get('dwelling', id);
      if (held && this.#registered.get(held) === null) return null;
      const head = held?.head ?? null;
      return (
        head && {
          outcome: head.outcome,
          changed: head.changed,
          returned: false,
          handedOver: this.#isHandedOver(standings, () => held?.body),
          onlyHere: false,
          lastVisitAt: lastVisitAt(head.verifiedAt, head.lastAttemptAt),
        }
      );
    }
    const view = this.view(id);
    if (!view) return null;
    const { state } = view.door;
    return {
      outcome: state.outcome,
      changed: state.changed,
      returned: view.record?.state === 'returned',
      handedOver: view.handedOver,
      onlyHere: view.onlyHere,
      lastVisitAt: lastVisitAt(state.verifiedAt, state.attempts.at(-1)?.at ?? null),
    };
  }

  /** All doors of a building, in no order. */
  inBuilding(buildingId: string): string[] {
    return [...(this.#byBuilding.get(buildingId) ?? [])];
  }

  /** Every door that is known here, proposed ones too. */
  ids(): IterableIterator<string> {
    return this.#buildingOf.keys();
  }

  /** Whether it is one of `ids`. */
  has(id: string): boolean {
    return this.#buildingOf.has(id);
  }

  /** The door as it came, or as it looks with own work on it: for search, which reads names of thousands. */
  surface(id: string): unknown {
    if (this.#undecidedOn(id).length > 0) return this.view(id)?.door ?? null;
    return this.#items.get('dwelling', id)?.body ?? null;
  }

  #undecidedOn(id: string): Standing[] {
    return this.#work.standingsOn(id).filter(isUndecided);
  }

  #make(id: string): DoorView | null {
    const held = this.#items.get('dwelling', id);
    const registered = held ? this.#parse(held) : null;
    const undecided = this.#undecidedOn(id);
    const overlays = undecided.flatMap(({ overlay }) => overlay ?? []);
    let door = registered;
    for (const overlay of overlays) {
      door ??= proposedDoor(id, overlay.body, (place) => this.#buildingAt(place));
      if (door) door = layOver(door, overlay, this.#roundsOf(door.gridId), this.#madeAt);
    }
    if (!door) return null;
    const newest = this.#newest(id);
    const standings = this.#work.standingsOn(id);
    return {
      door,
      registered,
      version: registered && held ? held.version : null,
      record: newest?.view ?? null,
      onlyHere: standings.some((standing) => standing.onlyHere),
      hasDraft: this.#work.hasDraftOn(id),
      handedOver: this.#isHandedOver(standings, () => door),
    };
  }

  /** `door` is read only where somebody handed it back. */
  #isHandedOver(standings: readonly Standing[], door: () => unknown): boolean {
    const rounds = () => {
      const body = door();
      return this.#roundsOf(isObject(body) && typeof body.gridId === 'string' ? body.gridId : '');
    };
    return isHandedOver(standings, rounds, this.#madeAt);
  }

  /** The record that a door shows: the newest verification, an undecided one before a decided one. */
  #newest(id: string): Standing | undefined {
    const own = this.#work.standingsOn(id).filter(({ view }) => view.kind === 'household-verification');
    return (
      own.findLast(({ overlay }) => overlay !== null) ??
      own.sort((one, other) => (one.view.decidedAt ?? '').localeCompare(other.view.decidedAt ?? '')).at(-1)
    );
  }

  #parse(held: HeldItem): DwellingItem | null {
    const known = this.#registered.get(held);
    if (known !== undefined) return known;
    const parsed = DwellingItem.safeParse(held.body);
    const door = parsed.success ? parsed.data : null;
    this.#registered.set(held, door);
    return door;
  }

  #roundsOf(gridId: string): readonly RoundItem[] {
    const grid = GridItem.safeParse(this.#items.get('grid', gridId)?.body);
    return grid.success ? grid.data.rounds : [];
  }

  #findBuilding(id: string): string | null {
    const held = this.#items.get('dwelling', id);
    if (held?.head) return held.head.buildingId;
    return this.view(id)?.door.buildingId ?? null;
  }

  #buildingAt(place: { gridId: string; compound: string; building: string }): string | null {
    for (const id of this.#items.ids('building')) {
      const body = this.#items.get('building', id)?.body;
      if (!isObject(body)) continue;
      if (body.gridId === place.gridId && body.compound === place.compound && body.building === place.building)
        return id;
    }
    return null;
  }
}

/** Laid over the door: a verification that nobody has decided yet. */
function isUndecided({ view, overlay }: Standing): boolean {
  return overlay !== null && view.kind === 'household-verification';
}
